import { sameNumber } from './same-number.js';
import type { Ending, LinkMethod, LinkTries, OutletSettings } from './session-state.js';

export const NO_TRIES: LinkTries = { refusal: null, ranOut: null, codeLimit: null };

/** Nobody tries any more; only what WhatsApp grants a number goes on by itself. */
export const triedNoMore = ({ codeLimit }: LinkTries): LinkTries => ({ ...NO_TRIES, codeLimit });

export const isUntried = ({ refusal, ranOut }: LinkTries): boolean => refusal === null && ranOut === null;

export const refusedWith = (tries: LinkTries, refusal: Ending): LinkTries => ({ ...triedNoMore(tries), refusal });

/** A person tries again, and will see anew how that goes. */
export const triedAgain = (tries: LinkTries): LinkTries => (tries.ranOut === null ? tries : { ...tries, ranOut: null });

/** By what nobody linked this outlet; `null` where that is not how it is. A QR is for any phone, a code for one number's. */
export function ranOutBy({ ranOut }: LinkTries, outlet: OutletSettings): LinkMethod | null {
  if (ranOut === null || (ranOut.method !== 'qr' && !sameNumber(ranOut.number, outlet.number))) return null;
  return ranOut.method;
}

/** Our version is no longer the one that was refused. */
export const withNewerVersion = (tries: LinkTries): LinkTries =>
  tries.refusal?.code === 'OUTDATED' ? { ...tries, refusal: null } : tries;
