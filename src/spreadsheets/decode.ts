import { isUtf8 } from 'node:buffer';
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
export function decode(file: Buffer, chosen?: ImportEncoding): Decoded | null {
  const bytes = withoutEnd(file);
  const guess = chosen ? { encoding: chosen, isMixed: false } : guessEncoding(bytes);
  if (!guess) return null;
  const { encoding, isMixed } = guess;
  const text = isMixed ? decodeMixed(bytes) : new TextDecoder(DECODERS[encoding]).decode(bytes);
  return { text: text.replaceAll('\0', '\ufffd'), encoding };
}

/** Of old programs: the end of the file in its text, and blocks filled up with zeros; half a character of UTF-16. */
function withoutEnd(bytes: Buffer): Buffer {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isWide) return bytes.subarray(0, bytes.length - (bytes.length % 2));
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0x1a) end--;
  let filled = end;
  while (filled > 0 && bytes[filled - 1] === 0) filled--;
  // One zero at the end may be half of a letter.
  return bytes.subarray(0, end - filled > 2 ? filled : end);
}

interface Guess {
  encoding: ImportEncoding;
  /** Parts of it were written by a program of UTF-8, parts by one of Windows-1252. */
  isMixed: boolean;
}

const surely = (encoding: ImportEncoding): Guess => ({ encoding, isMixed: false });

function guessEncoding(bytes: Buffer): Guess | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return surely('UTF-16');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return surely('UTF-16BE');
  // Latin letters in UTF-16 have a zero beside them; workbooks and pictures have them anywhere.
  if (bytes.includes(0)) {
    const half = guessHalf(bytes.subarray(0, LOOKED_AT));
    if (half) return surely(half);
    if (!isTextButForZeros(bytes)) return null;
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return surely('UTF-8');
  // Almost every file, and at once; what must be counted takes a while of a large one.
  if (isUtf8(bytes)) return surely('UTF-8');
  const { whole, broken } = countUtf8(bytes);
  // Letters of Windows-1252 hardly ever stand so that they make up characters of UTF-8.
  if (broken === 0 || whole >= broken) return surely('UTF-8');
  return { encoding: 'Windows-1252', isMixed: whole > 0 };
}

/** A zero among letters is one broken byte; among bytes of control it is a picture or a program. */
function isTextButForZeros(bytes: Buffer): boolean {
  const looked = bytes.subarray(0, LOOKED_AT);
  const count = (is: (byte: number) => boolean): number => looked.reduce((sum, byte) => sum + (is(byte) ? 1 : 0), 0);
  const controls = count((byte) => byte > 0 && byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13);
  return count((byte) => byte === 0) <= Math.max(3, looked.length * 0.02) && controls <= looked.length * 0.005;
}

/** Whole characters of UTF-8 as these, any other byte as Windows-1252 has it. */
function decodeMixed(bytes: Buffer): string {
  const windows = new TextDecoder('windows-1252');
  return bytes.toString('latin1').replace(/[\x80-\xff]+/g, (run) =>
    run
      .split(/([\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})/)
      .map((part, at) =>
        at % 2 === 1 ? Buffer.from(part, 'latin1').toString() : windows.decode(Buffer.from(part, 'latin1')),
      )
      .join(''),
  );
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
