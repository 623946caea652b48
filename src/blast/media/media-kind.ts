import type { MediaType } from '@koneksi/contracts/blast-limits';
import { zipNames } from './zip-names.js';

/** By the file in the archive that holds the text, sheets or slides. */
const OFFICE: Record<string, MediaType> = {
  'word/document.xml': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'xl/workbook.xml': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'ppt/presentation.xml': 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};
/** In programs for Android and Java, and in documents with macros. */
const PROGRAM = /^(?:AndroidManifest\.xml|classes\d*\.dex|META-INF\/.*)$|(?:^|\/)vbaProject\.bin$/i;

/** What a file is by its first bytes; `null` for whatever may not be sent. Its name proves nothing. */
export function mediaTypeOf(content: Buffer): MediaType | null {
  const begins = (text: string, at = 0): boolean => content.subarray(at, at + text.length).toString('latin1') === text;
  if (begins('\xff\xd8\xff')) return 'image/jpeg';
  if (begins('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (begins('RIFF') && begins('WEBP', 8)) return 'image/webp';
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
