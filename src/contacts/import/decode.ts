import type { ImportPreview } from '@koneksi/contracts/contact-import';

type Decoded = { text: string; encoding: ImportPreview['encoding'] };

/** The text of a file as spreadsheets save it, without its byte order mark; `null` for what is no text. */
export function decode(bytes: Buffer): Decoded | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'UTF-16' };
  }
  // Workbooks are ZIP or OLE files, which hold zeros.
  if (bytes.includes(0)) return null;
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'UTF-8' };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Windows-1252' };
  }
}
