import * as z from 'zod';
import { RECIPIENT_REASONS, RECIPIENT_STATUSES, type RecipientReason } from './blast-states.ts';
import { Id } from './id.ts';
import { Instant } from './instant.ts';
import { Next, pages } from './paging.ts';
import { Count, keysOf } from './schema-parts.ts';

export const BlastRecipient = z.object({
  id: z.string(),
  outletId: z.uuid(),
  phone: z.string().describe('Digits with country code, no `+`.'),
  name: z.string().nullable(),
  status: z.enum(RECIPIENT_STATUSES),
  reason: (z.enum(keysOf(RECIPIENT_REASONS)) satisfies z.ZodType<RecipientReason>).nullable(),
  code: z.string().nullable().describe('What WhatsApp answered, such as `463`.'),
  messageId: z.string().nullable(),
  sentAt: Instant.nullable(),
  deliveredAt: Instant.nullable(),
  readAt: Instant.nullable(),
  repliedAt: Instant.nullable().describe('When they first wrote to the outlet after it, within 72 hours.'),
});
export type BlastRecipient = z.infer<typeof BlastRecipient>;

/** Their place in the blast: within what the database counts places with. */
const RecipientId = z.string().regex(/^\d{1,9}$/);

export const RecipientQuery = z.strictObject({
  status: z.enum(RECIPIENT_STATUSES).optional(),
  replied: z.enum(['true', 'false']).optional().describe('Only those who answered, or only those who did not.'),
  outletId: Id.optional(),
  ...pages(500, 50),
  after: RecipientId.optional().describe('`next` of the page before.'),
});
export type RecipientQuery = z.infer<typeof RecipientQuery>;

export const KeptReply = z.object({ at: Instant, text: z.string().describe('At most 1,000 characters; cut by `…`.') });
export type KeptReply = z.infer<typeof KeptReply>;

export const ListedRecipient = BlastRecipient.extend({
  replies: z
    .array(KeptReply)
    .describe(
      'What they wrote, oldest first, where `blast-policy` keeps that. It is answered here alone, never pushed.',
    ),
});
export type ListedRecipient = z.infer<typeof ListedRecipient>;

export const RecipientPage = z.object({
  recipients: z.array(ListedRecipient),
  keepsReplies: z
    .boolean()
    .describe('Whether what people write now is kept, so that news of a reply is worth reading again.'),
  next: Next,
});
export type RecipientPage = z.infer<typeof RecipientPage>;

/** What a person says of recipients nobody can be sure about. */
export const ResolveUnknown = z.strictObject({
  recipientId: RecipientId.optional().describe('One recipient; without it, all unknown ones.'),
  as: z
    .enum(['sent', 'failed', 'resend'])
    .describe('It arrived; it did not; or send it again, under the same message id.'),
});
export type ResolveUnknown = z.infer<typeof ResolveUnknown>;

export const ChangedRecipients = z.object({
  success: z.literal(true),
  recipients: Count.describe('How many changed.'),
  outletGone: Count.describe('How many could not be queued again because their outlet no longer exists.'),
});
export type ChangedRecipients = z.infer<typeof ChangedRecipients>;

export const RecipientChanges = z
  .object({
    blastId: z.uuid(),
    outletId: z.uuid(),
    revision: z.int(),
    recipients: z.array(BlastRecipient.omit({ name: true })),
    complete: z.boolean().describe('False where too many changed at once: read the page again.'),
  })
  .describe('Recipients that changed, to watchers of the blast only; at most four times a second.');
export type RecipientChanges = z.infer<typeof RecipientChanges>;
