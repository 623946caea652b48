/** Characters WhatsApp's own clients take in one message, and under a file. */
export const MESSAGE_MAX = 4_096;
export const CAPTION_MAX = 1_024;
/** Of one reply what is kept, in characters, where it is kept at all; and of one recipient of a blast how many. */
export const REPLY_WORDS_MAX = 1_000;
export const REPLIES_KEPT = 20;
/** Bytes. */
export const MEDIA_MAX_BYTES = 16 * 1024 * 1024;
/** Of a picture that shows a film. Bytes. */
export const THUMBNAIL_MAX_BYTES = 1024 * 1024;
/** What may be sent, judged by what is in the file, never by its name. */
export const MEDIA_TYPES = {
  'image/jpeg': 'image',
  'image/png': 'image',
  'image/webp': 'image',
  'video/mp4': 'video',
  'application/pdf': 'document',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'document',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'document',
} as const;
export type MediaType = keyof typeof MEDIA_TYPES;
