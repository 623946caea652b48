import type { MediaType } from '@koneksi/contracts/blast-limits';
import { zipNames } from './zip-names.js';

/** By the file in the archive that holds the text, sheets or slides. */
const OFFICE: Record<string, MediaType> = {
  'word/document.xml': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'xl/workbook.xml': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'ppt/presentation.xml': 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};
/** Of pictures in the same boxes as films. */
const HEIF = /^(?:hei[cfmsx]|hev[cmsx]|mif1|msf1|avif|avis)$/;
/** In programs for Android and Java, and in documents with macros. */
const PROGRAM = /^(?:AndroidManifest\.xml|classes\d*\.dex|META-INF\/.*)$|(?:^|\/)vbaProject\.bin$/i;

/** HEIC and AVIF are opened like any picture, and never sent as they are. */
export type FileType = MediaType | 'image/heif';

/** What a file is by its first bytes; `null` for whatever may not be sent. Its name proves nothing. */
export function fileTypeOf(content: Buffer): FileType | null {
  const begins = (text: string, at = 0): boolean => content.subarray(at, at + text.length).toString('latin1') === text;
  if (begins('\xff\xd8\xff')) return 'image/jpeg';
  if (begins('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (begins('RIFF') && begins('WEBP', 8)) return 'image/webp';
  if (begins('ftyp', 4)) return HEIF.test(content.toString('latin1', 8, 12)) ? 'image/heif' : 'video/mp4';
  if (begins('%PDF-')) return 'application/pdf';
  return begins('PK\x03\x04') ? officeTypeOf(content) : null;
}

/** An Office file is a ZIP that names its content types and holds one of three files; a program may pretend to. */
function officeTypeOf(content: Buffer): MediaType | null {
  const names = zipNames(content);
  if (!names?.includes('[Content_Types].xml') || names.some((name) => PROGRAM.test(name))) return null;
  const main = Object.keys(OFFICE).filter((name) => names.includes(name));
  return main.length === 1 ? (OFFICE[main[0]!] ?? null) : null;
}
