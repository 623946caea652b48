import type { ErrorCode } from '@koneksi/contracts/errors';
import { DomainError } from './domain-error.js';
import type { RateLimit } from './rate-limits.js';

/** Refused for now; `Retry-After` says for how long. */
export class RefusedForNow extends DomainError {
  constructor(
    code: ErrorCode,
    message: string,
    readonly retryAfterSeconds: number,
    httpStatus = 429,
    /** Which limit it was, where it is ours. */
    readonly limit?: RateLimit,
  ) {
    super(code, httpStatus, message);
  }
}
