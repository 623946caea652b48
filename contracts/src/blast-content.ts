import * as z from 'zod';
import { CAPTION_MAX, MEDIA_TYPES, MESSAGE_MAX } from './blast-limits.ts';
import { Id } from './id.ts';
import { isBlank } from './plain-text.ts';
import { keysOf, problem } from './schema-parts.ts';
import { shortText } from './short-text.ts';
import { TEXT_LANGUAGES } from './text-language.ts';
import type { WayOut as WayOutOffered } from './way-out.ts';

/** Line breaks and tabs belong in a message; other control characters nowhere. */
export const Message = z.string().regex(/^[^\p{Cc}\n\r\t]*(?:[\n\r\t][^\p{Cc}\n\r\t]*)*$/u);

/** What a blast says, whenever it is said. */
export const content = {
  message: Message.max(MESSAGE_MAX).describe('With `{{nama}}`, `{{outlet}}` and fields of the contacts.'),
  mediaId: Id.nullable().default(null).describe('From `POST /blasts/media`; the message is its caption.'),
  wayOutLanguage: z
    .enum(TEXT_LANGUAGES)
    .nullable()
    .default(null)
    .describe('Of the line below the message that says how to hear no more; `null`: the language of the message.'),
  noWayOut: shortText(200)
    .nullable()
    .default(null)
    .describe('Why there is no such line; kept with the blast. A message that says it by itself needs none.'),
};

export function checkContent(
  { message, mediaId }: { message: string; mediaId: string | null },
  context: z.core.$RefinementCtx,
): void {
  if (isBlank(message) && mediaId === null) context.addIssue({ ...problem('REQUIRED'), path: ['message'] });
  if (mediaId !== null && message.length > CAPTION_MAX)
    context.addIssue({ ...problem('CAPTION_TOO_LONG'), path: ['message'] });
}

export const WayOut = z
  .object({
    how: z.enum(['APPENDED', 'TYPED', 'OFF']),
    line: z.string().nullable().describe('What stands below the message, where it is appended.'),
    reason: z.string().nullable().describe('Why there is none, where it was switched off.'),
    words: z
      .array(z.string())
      .optional()
      .describe(
        'Words beside STOP and its like that the message itself names for it, and that are obeyed in answers to it.',
      ),
    unsure: z
      .array(z.string())
      .optional()
      .describe(
        'Words that the message names for declining (`Balas TIDAK jika tidak tertarik`), which may mean it: whoever answers with one waits for a person, and is sent no blast until then.',
      ),
  })
  .describe('How recipients are told to hear no more.') satisfies z.ZodType<WayOutOffered>;

export const BlastMedia = z.object({
  id: z.uuid(),
  kind: z.enum(['image', 'video', 'document']),
  mimeType: z.enum(keysOf(MEDIA_TYPES)),
  fileName: z.string(),
  bytes: z.int(),
});
export type BlastMedia = z.infer<typeof BlastMedia>;

export const UploadMediaQuery = z.strictObject({ fileName: shortText(120) });
export type UploadMediaQuery = z.infer<typeof UploadMediaQuery>;
