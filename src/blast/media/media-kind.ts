import type { MediaType } from '@koneksi/contracts/blast-limits';

const OFFICE: Record<string, MediaType> = {
  'word/': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'xl/': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'ppt/': 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};

/** What a file is by its first bytes; `null` for whatever may not be sent. Its name proves nothing. */
export function mediaTypeOf(content: Buffer): MediaType | null {
  const begins = (text: string, at = 0): boolean => content.subarray(at, at + text.length).toString('latin1') === text;
  if (begins('\xff\xd8\xff')) return 'image/jpeg';
  if (begins('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (begins('RIFF') && begins('WEBP', 8)) return 'image/webp';
  if (begins('%PDF-')) return 'application/pdf';
  return begins('PK\x03\x04') ? officeTypeOf(content) : null;
}

/** An Office file is a ZIP that names its content types and one of three folders. */
function officeTypeOf(content: Buffer): MediaType | null {
  if (!content.includes('[Content_Types].xml')) return null;
  const folder = Object.keys(OFFICE).find((name) => content.includes(name));
  return folder ? (OFFICE[folder] ?? null) : null;
}
