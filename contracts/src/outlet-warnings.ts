import * as z from 'zod';

/** What is not in order with an outlet although it may be connected; each with who must do what. */
export const WARNING_CODES = ['PHONE_NOT_SEEN', 'INBOUND_STALLED', 'UNSTABLE', 'CLIENT_OLD', 'PHONE_NOT_TOLD'] as const;
export type WarningCode = (typeof WARNING_CODES)[number];

const Instant = z.iso.datetime();

export const WarningFact = z.object({
  code: z.enum(WARNING_CODES),
  level: z
    .enum(['warning', 'problem'])
    .describe('`problem`: without a person the link will be lost; counts like one even while all works.'),
  since: Instant.describe(
    '`PHONE_NOT_SEEN`: when the phone was last heard of. `UNSTABLE`: the first of the four latest losses within a day. `CLIENT_OLD`: when the version was last known to be the newest. `PHONE_NOT_TOLD`: when the link ended.',
  ),
  until: Instant.nullable().describe(
    '`PHONE_NOT_SEEN`: from when on WhatsApp may end the link, 14 days after `since`; gone by where Koneksi was away meanwhile, for then the phone may have been online.',
  ),
  number: z
    .string()
    .optional()
    .describe('`PHONE_NOT_TOLD`: whose phone lists a device that nobody uses. Digits with country code.'),
});
export type WarningFact = z.infer<typeof WarningFact>;

export const Warning = WarningFact.extend({
  message: z.string().describe('What is not in order, for people.'),
  action: z.string().describe('Who must do what.'),
});
export type Warning = z.infer<typeof Warning>;

export const Limits = z
  .object({
    newChats: z.enum(['open', 'locked', 'capped']).describe('Whether WhatsApp lets this number start chats.'),
    until: Instant.nullable().describe('When it may again, as far as WhatsApp says.'),
    left: z.int().nonnegative().nullable().describe('How many more it may start; `null` where WhatsApp counts none.'),
  })
  .describe('Known chats go on in any case.');
export type Limits = z.infer<typeof Limits>;
