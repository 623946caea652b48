import * as z from 'zod';
import { isFieldName, isReservedFieldName } from './field-name.ts';
import type { FieldTextCode } from './field-texts.ts';
import { Id } from './id.ts';
import { Next, pages } from './paging.ts';
import { PhoneNumber } from './phone-number-schema.ts';
import { plainLine } from './plain-text.ts';
import { shortText } from './short-text.ts';

export const MAX_TAGS = 20;
export const MAX_FIELDS = 20;

export const ContactName = shortText(80);

/** Always in lower case and without what nobody sees, so that tags which look alike are one. */
export const ContactTag = shortText(30).overwrite(plainLine).toLowerCase().min(1);

const ContactTags = z
  .array(ContactTag)
  .max(MAX_TAGS)
  .superRefine((tags, context) => {
    for (const [index, tag] of tags.entries()) {
      if (tags.indexOf(tag) === index) continue;
      const params = { text: 'DUPLICATE' satisfies FieldTextCode };
      context.addIssue({ code: 'custom', path: [index], message: 'named twice', params });
    }
  });

/** The name of a field as messages use it. */
export const FieldName = z
  .string()
  .refine(isFieldName)
  .refine((name) => !isReservedFieldName(name), {
    params: { text: 'RESERVED_NAME' satisfies FieldTextCode },
  });

export const FieldValue = shortText(200);

const ContactFields = z.record(FieldName, FieldValue).refine((fields) => Object.keys(fields).length <= MAX_FIELDS, {
  params: { text: 'TOO_MANY_FIELDS' satisfies FieldTextCode },
});

export const CreateContact = z.strictObject({
  phone: PhoneNumber,
  name: ContactName.nullable().default(null),
  fields: ContactFields.default({}),
  tags: ContactTags.default([]),
});
export type CreateContact = z.infer<typeof CreateContact>;

export const UpdateContact = z
  .strictObject({ phone: PhoneNumber, name: ContactName.nullable(), fields: ContactFields, tags: ContactTags })
  .partial();
export type UpdateContact = z.infer<typeof UpdateContact>;

export const Contact = z.object({
  id: z.uuid(),
  outletId: z.uuid(),
  phone: z.string().describe('Digits with country code, no `+`.'),
  name: z.string().nullable(),
  fields: z.record(z.string(), z.string()),
  tags: z.array(z.string()),
  optedOut: z.boolean().describe('They asked for no more messages; no outlet sends them any.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Contact = z.infer<typeof Contact>;

const Matching = {
  search: z.string().trim().max(80).optional().describe('Part of a name or number.'),
  tag: ContactTag.optional(),
};

export const ContactQuery = z.strictObject({
  ...Matching,
  ...pages(200, 50),
});
export type ContactQuery = z.infer<typeof ContactQuery>;

export const ContactExportQuery = z.strictObject(Matching);
export type ContactExportQuery = z.infer<typeof ContactExportQuery>;

export const ContactPage = z.object({
  count: z.int().describe('How many match in all.'),
  contacts: z.array(Contact).describe('By name, nameless ones last.'),
  next: Next,
});
export type ContactPage = z.infer<typeof ContactPage>;

/** Either those named, or all that match: `{"matching": {}}` is everyone. */
export const DeleteContacts = z.union([
  z.strictObject({ contactIds: z.array(Id).min(1).max(1000) }),
  z.strictObject({ matching: z.strictObject(Matching) }),
]);
export type DeleteContacts = z.infer<typeof DeleteContacts>;

export const DeletedContacts = z.object({
  deleted: z.int(),
  removalId: z.uuid().describe('What they are brought back by, all together.'),
});
export type DeletedContacts = z.infer<typeof DeletedContacts>;

export const TagCount = z.object({ tag: z.string(), count: z.int() });
export type TagCount = z.infer<typeof TagCount>;
