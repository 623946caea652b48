import * as z from 'zod';
import { Id } from './id.ts';
import { Next, pages } from './paging.ts';

/** How long what was removed can be brought back. */
export const BIN_DAYS = 30;

const removal = {
  removedAt: z.iso.datetime(),
  removedBy: z.string().describe('Who removed it, as they were called then.'),
  expiresAt: z.iso.datetime().describe('After this it is gone for good.'),
};

/** An outlet that was removed; it exists for nobody until it is brought back, and then under the id it had. */
export const BinnedOutlet = z.object({
  id: z.uuid(),
  name: z.string(),
  whatsappNumber: z.string(),
  city: z.string().nullable(),
  contacts: z.int().describe('How many contacts come back with it.'),
  ...removal,
});
export type BinnedOutlet = z.infer<typeof BinnedOutlet>;

export const OutletBinQuery = z.strictObject({
  search: z.string().trim().max(80).optional().describe('Part of a name or number.'),
  ...pages(200, 50),
});
export type OutletBinQuery = z.infer<typeof OutletBinQuery>;

export const OutletBinPage = z.object({
  count: z.int().describe('How many match in all.'),
  items: z.array(BinnedOutlet).describe('Removed last, first.'),
  next: Next,
});
export type OutletBinPage = z.infer<typeof OutletBinPage>;

/** A contact that was removed, of an outlet that is still there. */
export const BinnedContact = z.object({
  id: z.uuid(),
  phone: z.string().describe('Digits with country code, no `+`.'),
  name: z.string().nullable(),
  tags: z.array(z.string()),
  optedOut: z.boolean().describe('They stay so, wherever the contact is.'),
  removalId: z.uuid().describe('The same for all that were removed together.'),
  ...removal,
});
export type BinnedContact = z.infer<typeof BinnedContact>;

export const ContactBinQuery = z.strictObject({
  search: z.string().trim().max(80).optional().describe('Part of a name or number.'),
  ...pages(200, 50),
});
export type ContactBinQuery = z.infer<typeof ContactBinQuery>;

export const ContactBinPage = z.object({
  count: z.int().describe('How many match in all.'),
  items: z.array(BinnedContact).describe('Removed last, first.'),
  next: Next,
});
export type ContactBinPage = z.infer<typeof ContactBinPage>;

const byIds = z.strictObject({ contactIds: z.array(Id).min(1).max(1000) });

/** Either those named, or all that went with one removal. */
export const RestoreContacts = z.union([byIds, z.strictObject({ removalId: Id })]);
export type RestoreContacts = z.infer<typeof RestoreContacts>;

export const RestoredContacts = z.object({
  restored: z.int(),
  left: z.int().describe('Stay in the bin: the outlet has a contact with their number again.'),
});
export type RestoredContacts = z.infer<typeof RestoredContacts>;

/** Either those named, or all that there are of the outlet: `{"everything": true}`. */
export const PurgeContacts = z.union([byIds, z.strictObject({ everything: z.literal(true) })]);
export type PurgeContacts = z.infer<typeof PurgeContacts>;

export const PurgedContacts = z.object({ deleted: z.int() });
export type PurgedContacts = z.infer<typeof PurgedContacts>;
