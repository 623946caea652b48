import type { Audience } from '@koneksi/contracts/blast-requests';
import type { NoNumbers } from '@koneksi/contracts/no-numbers';
import { readPhone } from '../../spreadsheets/domain/import-phone.js';

/** Of what is no number, as many lines are told as anybody reads. */
const MOST_TOLD = 50;
/** Enough of a line to know it by. Characters. */
const MOST_OF_A_LINE = 60;

/** What was pasted as numbers: which ones can be written to, and which lines are none, with why. */
export function readPasted(audience: Audience): { numbers: string[]; noNumbers: NoNumbers } {
  const numbers: string[] = [];
  const lines: NoNumbers['lines'] = [];
  let count = 0;
  const phones = typeof audience === 'object' && 'phones' in audience ? audience.phones : [];
  for (const [at, typed] of phones.entries()) {
    const read = readPhone(typed);
    if ('phone' in read) numbers.push(read.phone);
    else if (++count <= MOST_TOLD) lines.push({ line: at + 1, typed: cutShort(typed), reason: read.reason });
  }
  return { numbers, noNumbers: { count, lines } };
}

function cutShort(typed: string): string {
  const characters = [...typed];
  return characters.length > MOST_OF_A_LINE ? `${characters.slice(0, MOST_OF_A_LINE - 1).join('')}…` : typed;
}
