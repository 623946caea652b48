import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { nameSender } from '../common/bodies/senders.js';
import { DomainError } from '../common/domain-error.js';
import { Gate } from '../common/gate.js';
import { networkOf } from '../common/network.js';
import { SharedLooks } from '../common/shared-looks.js';
import { ACCESS_POLICY, BEFORE_PASSWORD_CHANGE, type AccessPolicy } from './access.js';
import { Authenticator, isApiKey } from './authenticator.js';
import type { Caller } from './caller.js';
import { JwtStrategy } from './jwt.strategy.js';
import { KnownBrowsers } from './known-browsers.js';
import { includesRole } from './rights.js';
import { scopeFor } from './scopes.js';
import { runStrategy } from './run-strategy.js';

/** Stands before every route of every module, and lets nothing through that declares no policy. */
@Injectable()
export class AccessGuard implements CanActivate {
  /** Who somebody is costs a look into the database before anybody knows whose turn it would be. */
  private readonly gate = new Gate({ atOnce: 8, each: 4, waiting: 250, patienceMs: 10_000 });
  /** A page, or a program with many hands, asks for several things at once. */
  private readonly callers = new SharedLooks<Caller | null>();

  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly accessTokens: JwtStrategy,
    private readonly browsers: KnownBrowsers,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // A socket was authenticated at its handshake, before any event of it comes here.
    if (context.getType() !== 'http') return true;
    const policy = this.reflector.getAllAndOverride<AccessPolicy | undefined>(ACCESS_POLICY, [
      context.getHandler(),
      context.getClass(),
    ]);
    const request = context.switchToHttp().getRequest<Request & { user: Caller }>();
    if (policy === 'public') {
      const sender = this.browsers.senderOf(request);
      if (sender !== null) nameSender(request, sender);
      return true;
    }
    const caller = await this.callers.at(bearerTokenOf(request) ?? '', () => this.look(request));
    if (!caller) throw new DomainError('UNAUTHENTICATED', 401, 'no valid access token or API key');
    if (!policy) throw new DomainError('FORBIDDEN', 403, 'the route declares no access policy');
    if (policy !== 'all' && !includesRole(caller.role, policy)) {
      throw new DomainError('FORBIDDEN', 403, `${caller.role} called a route for ${policy}`);
    }
    refuseBeyond(
      caller,
      request,
      this.reflector.getAllAndOverride<boolean>(BEFORE_PASSWORD_CHANGE, [context.getHandler()]),
    );
    request.user = caller;
    return true;
  }

  private async look(request: Request): Promise<Caller | null> {
    const token = bearerTokenOf(request);
    if (!token) return null;
    return this.gate.pass(whoseTurn(token, request), async () => {
      if (!isApiKey(token)) return runStrategy<Caller>(this.accessTokens, request);
      return (await this.authenticator.authenticate(token))?.caller ?? null;
    });
  }
}

function refuseBeyond(caller: Caller, request: Request, mayBeforeChange = false): void {
  if (caller.mustChangePassword && !mayBeforeChange) {
    throw new DomainError('PASSWORD_CHANGE_REQUIRED', 403, 'the password was given by somebody else');
  }
  if (!caller.scopes) return;
  const { path } = request.route as { path: string };
  const needed = scopeFor(request.method, path);
  if (needed === 'any' || (needed && caller.scopes.includes(needed))) return;
  throw new DomainError('SCOPE_MISSING', 403, `the key lacks the scope ${needed ?? 'for this, which none has'}`);
}

/** A token that was signed by us is its own; keys are many to invent, so those from one place share a turn. */
function whoseTurn(token: string, request: Request): string {
  return isApiKey(token) ? networkOf(request.ip ?? '') : token;
}

export function bearerTokenOf(request: Request): string | null {
  return /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}
