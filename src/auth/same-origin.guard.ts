import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { DomainError } from '../common/domain-error.js';
import { AllowedOrigins } from '../config/allowed-origins.js';

/** For the routes that a cookie speaks for: pages of other sites are refused, whatever the cookie's own rules. */
@Injectable()
export class SameOriginGuard implements CanActivate {
  constructor(private readonly origins: AllowedOrigins) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<Request>();
    const isCrossSite = headers['sec-fetch-site'] === 'cross-site';
    if (isCrossSite || !this.origins.allows(headers.origin)) {
      throw new DomainError('ORIGIN_REFUSED', 403, 'a page of another site called');
    }
    return true;
  }
}
