import * as z from 'zod';
import { MESSAGE_MAX } from './blast-limits.ts';
import { RECIPIENT_REASONS, RECIPIENT_STATUSES, type RecipientReason } from './blast-states.ts';
import { Message } from './blasts.ts';
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

export const BlastPolicy = z.object({
  perWeek: z
    .int()
    .min(1)
    .max(100)
    .nullable()
    .describe('Blasts that one number gets at most in any seven days, from all outlets together; `null`: no limit.'),
  confirmStop: z
    .boolean()
    .describe('Whether who writes STOP is told once that nothing more comes; an outlet may do otherwise.'),
});
export type BlastPolicy = z.infer<typeof BlastPolicy>;
export const UpdateBlastPolicy = z.strictObject(BlastPolicy.shape).partial();
export type UpdateBlastPolicy = z.infer<typeof UpdateBlastPolicy>;
