import * as z from 'zod';
import { KnownNumber } from './phone-number-schema.ts';

/** Rows as they are kept, by what they are about; without what only machines read. */
export const PersonalDataFile = z.object({
  phone: z.string(),
  at: z.iso.datetime(),
  about: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
});
export type PersonalDataFile = z.infer<typeof PersonalDataFile>;

export const EraseCustomer = z.strictObject({ confirm: KnownNumber.describe('The number once more.') });
export type EraseCustomer = z.infer<typeof EraseCustomer>;

export const ErasedCustomer = z.object({
  phone: z.string(),
  erased: z.record(z.string(), z.int()).describe('How many rows, by what they were about.'),
});
export type ErasedCustomer = z.infer<typeof ErasedCustomer>;
