import * as z from 'zod';
import { MESSAGE_MAX } from './blast-limits.ts';
import { RECIPIENT_REASONS, RECIPIENT_STATUSES, type RecipientReason } from './blast-states.ts';
import { Message } from './blast-content.ts';
import type { FieldTextCode } from './field-texts.ts';
import { Id } from './id.ts';
import { PhoneNumber } from './phone-number-schema.ts';
import { isBlank } from './plain-text.ts';

const Instant = z.iso.datetime();

/** One message to one person: an order that is ready, a receipt. */
export const SendMessage = z.strictObject({
  outletId: Id,
  phone: PhoneNumber,
  text: Message.max(MESSAGE_MAX)
    .refine((text) => !isBlank(text), { params: { text: 'REQUIRED' satisfies FieldTextCode } })
    .describe('As it stands: nothing in it is filled in.'),
});
export type SendMessage = z.infer<typeof SendMessage>;

export const MessageAccepted = z.object({ id: z.uuid() });
export type MessageAccepted = z.infer<typeof MessageAccepted>;

export const SentMessage = z.object({
  id: z.uuid(),
  outletId: z.uuid(),
  status: z.enum(RECIPIENT_STATUSES),
  reason: z.enum(Object.keys(RECIPIENT_REASONS) as RecipientReason[]).nullable(),
  sentAt: Instant.nullable(),
  deliveredAt: Instant.nullable(),
  readAt: Instant.nullable(),
});
export type SentMessage = z.infer<typeof SentMessage>;

const Policy = {
  perWeek: z
    .int()
    .min(1)
    .max(100)
    .nullable()
    .describe('Blasts that one number gets at most in any seven days, from all outlets together; `null`: no limit.'),
  confirmStop: z
    .boolean()
    .describe('Whether who writes STOP is told once that nothing more comes; an outlet may do otherwise.'),
  keepReplies: z
    .boolean()
    .describe(
      'Whether what people reply to a blast within 72 hours is kept: sealed, cut at 1,000 characters, 20 messages of each recipient, no longer than what the blast said. Off, only who replied and when. What was kept before stays until then.',
    ),
};
export const BlastPolicy = z.object({
  ...Policy,
  contentDays: z.int().describe('How many days after its end what a blast said is kept, and what was replied to it.'),
});
export type BlastPolicy = z.infer<typeof BlastPolicy>;
export const UpdateBlastPolicy = z.strictObject(Policy).partial();
export type UpdateBlastPolicy = z.infer<typeof UpdateBlastPolicy>;
