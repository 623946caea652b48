import { DomainError } from '../domain-error.js';
import { fieldProblem, ValidationFailed } from '../validation-failed.js';

/** Far beyond what any request of ours names: two hundred columns of a file, each with what it means. */
const MAX_NAMES = 2_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * The value, or `MALFORMED_BODY`. Ten thousand names of fields cost a hundred times what ten thousand values do, so they
 * are counted before anything is made of them.
 */
export function parseJson(bytes: Buffer): unknown {
  if (hasMoreNames(bytes, MAX_NAMES)) throw new ValidationFailed([fieldProblem('body', 'TOO_MANY_NAMES')]);
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch {
    throw new DomainError('MALFORMED_BODY', 400, 'the body is no JSON');
  }
}

/** By the colons that stand in no text. */
function hasMoreNames(bytes: Buffer, most: number): boolean {
  let names = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) inText = !inText;
    else if (byte === BACKSLASH) at++;
    else if (byte === COLON && !inText && ++names > most) return true;
  }
  return false;
}
