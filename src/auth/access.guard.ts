import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import { DomainError } from '../common/domain-error.js';
import { ACCESS_POLICY, type AccessPolicy } from './access.js';
import { Authenticator, isApiKey } from './authenticator.js';
import type { Caller } from './caller.js';
import { includesRole } from './rights.js';

/** Stands before every route of every module, and lets nothing through that declares no policy. */
@Injectable()
export class AccessGuard extends AuthGuard('jwt') {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    // A socket was authenticated at its handshake, before any event of it comes here.
    if (context.getType() !== 'http') return true;
    const policy = this.reflector.getAllAndOverride<AccessPolicy | undefined>(ACCESS_POLICY, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (policy === 'public') return true;
    const caller = await this.identify(context);
    if (!policy) throw new DomainError('FORBIDDEN', 403, 'the route declares no access policy');
    if (policy !== 'all' && !includesRole(caller.role, policy)) {
      throw new DomainError('FORBIDDEN', 403, `${caller.role} called a route for ${policy}`);
    }
    return true;
  }

  override handleRequest<User>(error: unknown, user: User | false): User {
    if (error) throw error;
    if (!user) throw unauthenticated();
    return user;
  }

  private async identify(context: ExecutionContext): Promise<Caller> {
    const request = context.switchToHttp().getRequest<Request & { user: Caller }>();
    const token = bearerTokenOf(request);
    if (token && isApiKey(token)) {
      const known = await this.authenticator.authenticate(token);
      if (!known) throw unauthenticated();
      request.user = known.caller;
    } else {
      await super.canActivate(context);
    }
    return request.user;
  }
}

export function bearerTokenOf(request: Request): string | null {
  return /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function unauthenticated(): DomainError {
  return new DomainError('UNAUTHENTICATED', 401, 'no valid access token or API key');
}
