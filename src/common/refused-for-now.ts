import type { ErrorCode } from '@koneksi/contracts/errors';
import { DomainError } from './domain-error.js';

/** Refused for now; `Retry-After` says for how long. */
export class RefusedForNow extends DomainError {
  constructor(
    code: ErrorCode,
    message: string,
    readonly retryAfterSeconds: number,
    httpStatus = 429,
  ) {
    super(code, httpStatus, message);
  }
}
