import * as z from 'zod';
import { BlastMedia, checkContent, content } from './blast-content.ts';
import { Next } from './paging.ts';
import { shortText } from './short-text.ts';

/** Every outlet sees these; beyond, people look for what they want and do not find it. */
export const MAX_SAVED_MESSAGES = 200;

const form = {
  name: shortText(60).describe('What it is found by; no two have the same, whatever their case.'),
  message: content.message,
  mediaId: content.mediaId,
};

export const SaveMessage = z.strictObject(form).superRefine((body, context) => checkContent(body, context));
export type SaveMessage = z.infer<typeof SaveMessage>;

export const UpdateSavedMessage = z.strictObject({ ...form, mediaId: form.mediaId.unwrap() }).partial();
export type UpdateSavedMessage = z.infer<typeof UpdateSavedMessage>;

export const SavedMessage = z.object({
  id: z.uuid(),
  name: z.string(),
  message: z.string().describe('As typed, variables included; empty, too, where what it said is damaged.'),
  mediaId: z.uuid().nullable(),
  media: BlastMedia.nullable(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
});
export type SavedMessage = z.infer<typeof SavedMessage>;

export const SavedMessageList = z.object({ items: z.array(SavedMessage), next: Next });
export type SavedMessageList = z.infer<typeof SavedMessageList>;
