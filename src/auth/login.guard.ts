import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { LoginRequest } from '@koneksi/contracts/auth';
import type { Request } from 'express';
import { DomainError } from '../common/domain-error.js';
import { parseOrRefuse } from '../common/schema-validation.pipe.js';

/** Checks email and password; the user is on the request afterwards. */
@Injectable()
export class LoginGuard extends AuthGuard('local') {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    // Guards run before pipes, and Passport reads the body.
    request.body = parseOrRefuse(LoginRequest, request.body);
    return (await super.canActivate(context)) === true;
  }

  override handleRequest<User>(error: unknown, user: User | false): User {
    if (error) throw error;
    if (!user) throw new DomainError('INVALID_CREDENTIALS', 401, 'no email or no password');
    return user;
  }
}
