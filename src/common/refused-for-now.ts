import type { ErrorCode } from '@koneksi/contracts/errors';
import { DomainError } from './domain-error.js';

/** 429: refused for now; `Retry-After` says for how long. */
export class RefusedForNow extends DomainError {
  constructor(
    code: ErrorCode,
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(code, 429, message);
  }
}
