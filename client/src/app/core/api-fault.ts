import { HttpErrorResponse } from '@angular/common/http';
import type { ErrorBody, ErrorCode, FieldFault } from '@koneksi/contracts/errors';

/** Every request that did not succeed, as one thing pages can switch on. */
export class ApiFault extends Error {
  constructor(
    /** `UNREACHABLE` is ours: no answer came, or not from Koneksi. */
    readonly code: ErrorCode | 'UNREACHABLE',
    readonly fields: readonly FieldFault[] = [],
    readonly requestId: string | null = null,
    /** How long the server asks to wait. */
    readonly retryAfterSeconds: number | null = null,
    /** What some codes tell besides. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(code);
    this.name = 'ApiFault';
  }

  static of(thrown: unknown): ApiFault {
    if (thrown instanceof ApiFault) return thrown;
    if (!(thrown instanceof HttpErrorResponse)) return new ApiFault('INTERNAL');
    const body = thrown.error as Partial<ErrorBody> | null;
    // A proxy in front of a stopped server answers with a page of its own.
    if (!body?.error?.code) return new ApiFault('UNREACHABLE');
    const { code, fields, requestId, details } = body.error;
    const retryAfter = Number(thrown.headers.get('Retry-After'));
    return new ApiFault(code, fields, requestId ?? null, retryAfter > 0 ? retryAfter : null, details);
  }
}
