import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

/** The header as it came, or `null` without one. @throws `VALIDATION_FAILED` */
export function idempotencyKeyOf(header: string | undefined): string | null {
  if (header !== undefined && !IDEMPOTENCY_KEY.test(header))
    throw new ValidationFailed([fieldProblem('Idempotency-Key', 'INVALID')]);
  return header ?? null;
}
