import type { ImportEncoding } from '@koneksi/contracts/contact-import';

export interface Decoded {
  text: string;
  encoding: ImportEncoding;
}

/** Bytes looked at to tell text of two bytes a character from what is no text. */
const LOOKED_AT = 4_096;
const DECODERS: Record<ImportEncoding, string> = {
  'UTF-8': 'utf-8',
  'UTF-16': 'utf-16le',
  'UTF-16BE': 'utf-16be',
  'Windows-1252': 'windows-1252',
};

/**
 * The text of a file as spreadsheets and tills save it, without its byte order mark; `null` for what is no text. A byte
 * that is no character becomes U+FFFD, and does not change how the others are read.
 */
export function decode(bytes: Buffer, chosen?: ImportEncoding): Decoded | null {
  const encoding = chosen ?? guessEncoding(bytes);
  return encoding && { text: new TextDecoder(DECODERS[encoding]).decode(bytes), encoding };
}

function guessEncoding(bytes: Buffer): ImportEncoding | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'UTF-16';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'UTF-16BE';
  // Latin letters in UTF-16 have a zero beside them; workbooks and pictures have them anywhere.
  if (bytes.includes(0)) return guessHalf(bytes.subarray(0, LOOKED_AT));
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'UTF-8';
  const { whole, broken } = countUtf8(bytes);
  // Letters of Windows-1252 hardly ever stand so that they make up characters of UTF-8.
  return broken === 0 || whole >= broken ? 'UTF-8' : 'Windows-1252';
}

function guessHalf(bytes: Buffer): ImportEncoding | null {
  const zeros = [0, 0];
  for (const [at, byte] of bytes.entries()) if (byte === 0) zeros[at % 2]! += 1;
  const half = bytes.length / 2;
  const [even, odd] = [zeros[0]! / half, zeros[1]! / half];
  if (odd > 0.4 && even < 0.05) return 'UTF-16';
  return even > 0.4 && odd < 0.05 ? 'UTF-16BE' : null;
}

/** Characters of several bytes, and bytes that belong to none. */
function countUtf8(bytes: Buffer): { whole: number; broken: number } {
  let whole = 0;
  let broken = 0;
  for (let at = 0; at < bytes.length; at++) {
    const first = bytes[at]!;
    if (first < 0x80) continue;
    const more = first >= 0xf0 && first < 0xf5 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
    const rest = bytes.subarray(at + 1, at + 1 + more);
    if (more > 0 && first < 0xf5 && rest.length === more && rest.every((byte) => byte >= 0x80 && byte < 0xc0)) {
      whole += 1;
      at += more;
    } else broken += 1;
  }
  return { whole, broken };
}
