import type { ErrorCode, FieldFault } from '@koneksi/contracts/errors';

/** An expected failure: a stable code, the HTTP status it maps to, and a sentence for people. */
export class DomainError extends Error {
  private hasBeenDone = false;

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

  /** Whether what was asked for has been done all the same: the error is of what should have followed. */
  get wasDone(): boolean {
    return this.hasBeenDone;
  }

  afterDone(): this {
    this.hasBeenDone = true;
    return this;
  }
}
