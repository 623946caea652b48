import * as z from 'zod';
import { Id } from './id.ts';

/** How much of each there may be: of one caller, but for `contacts` and `reconnect-links`, which are of one outlet. */
export const QUOTA_NAMES = [
  'files',
  'blasts',
  'recipients',
  'repeating-blasts',
  'saved-messages',
  'messages',
  'idempotency-keys',
  'opt-outs',
  'contacts',
  'reconnect-links',
  'webhooks',
  'alert-rules',
] as const;
export type QuotaName = (typeof QUOTA_NAMES)[number];

export const Quota = z.object({
  name: z
    .enum(QUOTA_NAMES)
    .describe(
      '`files`: bytes of files that you uploaded. `blasts`, `messages`: those of yours that have not ended; `recipients`: ' +
        'of these blasts together. `idempotency-keys`, `opt-outs`: in a day; `opt-outs` by hand, of a USER. `contacts`: of the ' +
        'outlet that was asked for.',
    ),
  limit: z.int(),
  used: z.int(),
});
export type Quota = z.infer<typeof Quota>;

export const QuotaQuery = z.strictObject({ outletId: Id.optional().describe('With what is counted by outlet.') });
export type QuotaQuery = z.infer<typeof QuotaQuery>;

export const QuotaList = z.object({ items: z.array(Quota) });
export type QuotaList = z.infer<typeof QuotaList>;
