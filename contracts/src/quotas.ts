import * as z from 'zod';
import { Id } from './id.ts';

/** How much of each there may be: of one caller, but for `contacts` and `reconnect-links`, which are of one outlet, `presses`, of one caller on one, and `saved-messages`, `webhooks` and `alert-rules`, of the chain. */
export const QUOTA_NAMES = [
  'files',
  'blasts',
  'recipients',
  'repeating-blasts',
  'saved-messages',
  'messages',
  'blasts-a-day',
  'recipients-a-day',
  'idempotency-keys',
  'opt-outs',
  'contacts',
  'presses',
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
        'of these blasts together. `blasts-a-day`, `recipients-a-day`: made within the last 24 hours, whatever became of them. ' +
        '`idempotency-keys`, `opt-outs`: in a day; `opt-outs` by hand, of a USER. `contacts`: of the outlet that was asked ' +
        'for; `reconnect-links`: those that are open for it, made by people; `presses`: yours on it, in a day. ' +
        '`saved-messages`, `webhooks`, `alert-rules`: those that there are, told to an ADMIN.',
    ),
  limit: z.int(),
  used: z.int(),
});
export type Quota = z.infer<typeof Quota>;

export const QuotaQuery = z.strictObject({ outletId: Id.optional().describe('With what is counted by outlet.') });
export type QuotaQuery = z.infer<typeof QuotaQuery>;

export const QuotaList = z.object({ items: z.array(Quota) });
export type QuotaList = z.infer<typeof QuotaList>;
