import { randomBytes } from 'node:crypto';
import { hashToken } from './secret-tokens.js';

const COUNT = 10;
const BYTES = 10;
const GROUP = 4;
/** Base32 without what is mistaken for something else on paper (Crockford's). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SHAPE = /^[0-9A-HJKMNP-TV-Z]{16}$/;

export type CodeKind = 'app' | 'recovery';

/** What it is meant to be, by its shape alone. */
export const kindOf = (typed: string): CodeKind => (SHAPE.test(spelled(typed)) ? 'recovery' : 'app');

/** Ten codes of 80 random bits, as `XXXX-XXXX-XXXX-XXXX`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: COUNT }, () => grouped([...toBase32(randomBytes(BYTES))].join('')));
}

/** What is kept of one, however it was typed. */
export function hashRecoveryCode(typed: string): string {
  return hashToken(spelled(typed));
}

/** Without the blanks and dashes that people and apps put in between. */
export function plain(typed: string): string {
  return typed.replace(/[\s-]/g, '');
}

/** As it was made, whatever it was mistaken for. */
function spelled(typed: string): string {
  return plain(typed).toUpperCase().replaceAll('O', '0').replaceAll('I', '1').replaceAll('L', '1');
}

function toBase32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[parseInt(five, 2)]).join('');
}

function grouped(code: string): string {
  return Array.from({ length: code.length / GROUP }, (_, at) => code.slice(at * GROUP, (at + 1) * GROUP)).join('-');
}
