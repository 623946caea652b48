import * as z from 'zod';
import type { FieldTextCode } from './field-texts.ts';
import { canonicalNumber, normalizeOutletNumber, normalizePhoneNumber, readPhoneNumber } from './phone-number.ts';

function numberBy(read: (typed: string) => string | null): z.ZodType<string, string> {
  return z
    .string()
    .max(40)
    .transform((typed, context) => {
      const digits = read(typed);
      if (digits) return digits;
      const isLandline = readPhoneNumber(typed).kind === 'landline';
      context.addIssue({
        code: 'custom',
        message: isLandline
          ? 'a landline, not a mobile number'
          : 'not a phone number; write it as 0812…, 62812… or +62812…',
        params: { text: (isLandline ? 'PHONE_LANDLINE' : 'PHONE_NUMBER') satisfies FieldTextCode },
      });
      return z.NEVER;
    });
}

/** A number to write to, as people type it, which becomes its digits: `0812-3456-7890` is `6281234567890`. */
export const PhoneNumber = numberBy(normalizePhoneNumber);

/** An outlet's own number, which may be a landline. */
export const OutletNumber = numberBy(normalizeOutletNumber);

/**
 * A number that is asked about or must not be written to: whatever may have been kept once, landlines and numbers that
 * no longer count as valid included.
 */
export const KnownNumber = numberBy((typed) => {
  const read = readPhoneNumber(typed);
  if (read.kind !== 'none') return canonicalNumber(read.digits);
  const digits = /^\+?(\d{6,16})$/.exec(typed.replace(/[\s().-]/g, ''))?.[1];
  return digits ? canonicalNumber(digits.replace(/^0(?=8)/, '62')) : null;
});
