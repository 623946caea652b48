import * as z from 'zod';
import type { FieldTextCode } from './field-texts.ts';
import { normalizePhoneNumber } from './phone-number.ts';

/** A number as people type it, which becomes its digits: `0812-3456-7890` is `6281234567890`. */
export const PhoneNumber = z
  .string()
  .max(40)
  .transform((typed, context) => {
    const digits = normalizePhoneNumber(typed);
    if (digits) return digits;
    context.addIssue({
      code: 'custom',
      message: 'not a phone number; write it as 0812…, 62812… or +62812…',
      params: { text: 'PHONE_NUMBER' satisfies FieldTextCode },
    });
    return z.NEVER;
  });
