import * as z from 'zod';
import { Id } from './id.ts';
import { Next, pages } from './paging.ts';
import { KnownNumber } from './phone-number-schema.ts';
import { shortText } from './short-text.ts';

/** What the ledger knows: a number wants no more messages, or a person let it back in. */
export const OPT_OUT_ACTIONS = ['OPT_OUT', 'OPT_IN'] as const;
export type OptOutAction = (typeof OPT_OUT_ACTIONS)[number];

/** By a customer's own message, by hand, or by a file of the tool before. */
export const OPT_OUT_MEANS = ['KEYWORD', 'STAFF', 'IMPORT'] as const;
export type OptOutMeans = (typeof OPT_OUT_MEANS)[number];

/** What customers write to hear no more, as the ledger names it. */
export const OPT_OUT_KEYWORDS = ['STOP', 'BERHENTI', 'UNSUBSCRIBE'] as const;
export type OptOutKeyword = (typeof OPT_OUT_KEYWORDS)[number];

const Note = shortText(500);

/** One change, as this caller may see it: of an outlet that does not exist for them neither name nor note is told. */
export const OptOutLedgerEntry = z.object({
  id: z.string(),
  phone: z.string().describe('Digits with country code, no `+`.'),
  action: z.enum(OPT_OUT_ACTIONS),
  means: z.enum(OPT_OUT_MEANS),
  at: z.iso.datetime(),
  outletId: z.uuid().nullable().describe('Whom the customer wrote to, or for whom it was done.'),
  outletName: z.string().nullable(),
  keyword: z.enum(OPT_OUT_KEYWORDS).nullable(),
  by: z.string().nullable().describe('The person or API key that did it by hand.'),
  note: z.string().nullable(),
});
export type OptOutLedgerEntry = z.infer<typeof OptOutLedgerEntry>;

export const OptOut = z.object({
  phone: z.string().describe('Digits with country code, no `+`.'),
  name: z.string().nullable().describe('What a contact of an outlet of yours calls them.'),
  since: z.iso.datetime(),
  /** The ledger entry that opted the number out. */
  entry: OptOutLedgerEntry,
});
export type OptOut = z.infer<typeof OptOut>;

export const OptOutQuery = z.strictObject({
  search: z.string().trim().max(80).optional().describe('Part of a number.'),
  ...pages(200, 50),
});
export type OptOutQuery = z.infer<typeof OptOutQuery>;

export const OptOutPage = z.object({
  count: z.int().describe('How many match in all.'),
  optOuts: z.array(OptOut),
  next: Next,
});
export type OptOutPage = z.infer<typeof OptOutPage>;

export const OptOutHistory = z.object({
  phone: z.string(),
  optedOut: z.boolean(),
  ledger: z.array(OptOutLedgerEntry).describe('Newest first.'),
});
export type OptOutHistory = z.infer<typeof OptOutHistory>;

/** Opting a number out by hand. */
export const RecordOptOut = z.strictObject({
  phone: KnownNumber,
  outletId: Id.optional().describe('The outlet the customer told. Required of a USER, whose contact it must be.'),
  note: Note.optional(),
});
export type RecordOptOut = z.infer<typeof RecordOptOut>;

/** Letting a number back in; only a person does, and says why. */
export const RevokeOptOut = z.strictObject({ phone: KnownNumber, note: Note });
export type RevokeOptOut = z.infer<typeof RevokeOptOut>;

/** What somebody wrote that looks like a wish to hear no more. The message itself is kept nowhere. */
export const HeldWish = z.object({
  phone: z.string().describe('Digits with country code, no `+`.'),
  name: z.string().nullable().describe('What a contact of an outlet of yours calls them.'),
  outletId: z.uuid().describe('Whom they wrote to; the chat is on that phone.'),
  outletName: z.string().nullable(),
  words: z.string().describe('Words of our lists that stand in it, such as `tidak minat`.'),
  at: z.iso.datetime(),
});
export type HeldWish = z.infer<typeof HeldWish>;

export const HeldWishList = z.object({
  count: z.int().describe('How many wait in all.'),
  wishes: z.array(HeldWish).describe('Newest first.'),
  next: Next,
});
export type HeldWishList = z.infer<typeof HeldWishList>;

export const HeldWishQuery = z.strictObject(pages(200, 200));
export type HeldWishQuery = z.infer<typeof HeldWishQuery>;

export const DecideWish = z.strictObject({ stop: z.boolean().describe('Whether they want no messages.') });
export type DecideWish = z.infer<typeof DecideWish>;
