import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { LoginRequest } from '@koneksi/contracts/auth';
import type { Request } from 'express';
import { JsonBodies } from '../common/bodies/json-bodies.js';
import { DomainError } from '../common/domain-error.js';
import { parseOrRefuse } from '../common/schema-validation.pipe.js';
import { KnownBrowsers } from './known-browsers.js';
import { LocalStrategy } from './local.strategy.js';
import { LoginLimiter } from './login-limiter.js';
import { runStrategy } from './run-strategy.js';
import type { UserEntity } from './user.entity.js';

/** Checks email and password; the user is on the request afterwards. */
@Injectable()
export class LoginGuard implements CanActivate {
  constructor(
    private readonly credentials: LocalStrategy,
    private readonly limiter: LoginLimiter,
    private readonly bodies: JsonBodies,
    private readonly browsers: KnownBrowsers,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request & { user: UserEntity }>();
    // An address that may not try any more costs us no more than its headers.
    if (!this.browsers.isKnown(request)) await this.limiter.requireLeft(request.ip ?? '');
    // Guards run before pipes, and Passport looks into the body.
    request.body = await this.read(context, request);
    const user = await runStrategy<UserEntity>(this.credentials, request);
    if (!user) throw new DomainError('INVALID_CREDENTIALS', 401, 'no email or no password');
    request.user = user;
    return true;
  }

  /** What is no log-in at all counts as one for an account that nobody has, so that it is not tried for ever. */
  private async read(context: ExecutionContext, request: Request): Promise<LoginRequest> {
    try {
      await this.bodies.read(context);
      return parseOrRefuse(LoginRequest, request.body ?? {});
    } catch (refusal) {
      await this.limiter.admit('', request.ip ?? '');
      throw refusal;
    }
  }
}
