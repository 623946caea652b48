import type { ErrorCode, FieldFault } from '@koneksi/contracts/errors';

/** An expected failure: a stable code, the HTTP status it maps to, and a sentence for people. */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly httpStatus: number,
    message: string,
    readonly fields?: FieldFault[],
    /** What the code's reader needs to decide; nothing secret. */
    readonly details?: Record<string, unknown>,
  ) {
    super(message);
    this.name = 'DomainError';
  }
}
