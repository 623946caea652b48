import { FIELD_TEXTS, type FieldTextCode } from '@koneksi/contracts/field-texts';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { DomainError } from './domain-error.js';

/** One wrong field, worded in every language we speak. */
export interface FieldProblem {
  field: string;
  text: Record<Locale, string>;
}

/** A request whose fields are wrong. */
export class ValidationFailed extends DomainError {
  constructor(
    readonly problems: readonly FieldProblem[],
    details?: Record<string, unknown>,
  ) {
    super(
      'VALIDATION_FAILED',
      400,
      `wrong fields: ${problems.map(({ field }) => field).join(', ')}`,
      problems.map(({ field, text }) => ({ field, message: text.en })),
      details,
    );
  }
}

export function fieldProblem(field: string, code: FieldTextCode): FieldProblem {
  return { field, text: FIELD_TEXTS[code] };
}
