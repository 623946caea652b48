import * as z from 'zod';
import { IMPORT_REASONS, type ImportReason } from './contact-import.ts';
import { Count } from './schema-parts.ts';

/** Why what was pasted is no number to write to. */
type Why = Extract<ImportReason, `PHONE_${string}` | 'SEVERAL_PHONES'>;
const isWhy = (reason: ImportReason): reason is Why => reason.startsWith('PHONE_') || reason === 'SEVERAL_PHONES';

export const NoNumbers = z
  .object({
    count: Count,
    lines: z.array(
      z.object({
        line: z.int().positive().describe('Its place in `phones`, from 1.'),
        typed: z.string().describe('Cut short at 60 characters.'),
        reason: z.enum(IMPORT_REASONS.filter(isWhy)) satisfies z.ZodType<Why>,
      }),
    ),
  })
  .describe('What was pasted and is no number: how many, and the first 50 of them.');
export type NoNumbers = z.infer<typeof NoNumbers>;
