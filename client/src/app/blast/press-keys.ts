/** What a press is known by: the request that was meant, and the key it goes under. */
export interface PressKey {
  intention: string;
  key: string;
}

interface Kept {
  owner: string | null;
  digest: string;
  key: string;
  at: number;
}

const PLACE = 'koneksi.blast-presses';
const KEPT_MS = 24 * 3_600_000;
const MOST_KEPT = 20;

/**
 * Keys of presses that nobody has acknowledged yet, over all tabs of this browser: whoever writes the same again in
 * another tab, because the answer never came, repeats the press instead of making a second blast. Of what was meant only
 * a digest is kept.
 */
export function keyOf(owner: string | null, intention: string): PressKey {
  const digest = digestOf(intention);
  const kept = read();
  const known = kept.find((one) => one.owner === owner && one.digest === digest);
  const key = known?.key ?? randomKey();
  if (!known) write([{ owner, digest, key, at: Date.now() }, ...kept].slice(0, MOST_KEPT));
  return { intention, key };
}

/** The answer came: the same again is another blast. */
export function forgetKey(key: string): void {
  write(read().filter((one) => one.key !== key));
}

function read(): Kept[] {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? '[]') as Kept[];
    return kept.filter(({ at }) => Date.now() - at < KEPT_MS);
  } catch {
    return [];
  }
}

function write(kept: readonly Kept[]): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(kept));
  } catch {
    // A browser that refuses storage keeps them for as long as the page lives, with the draft.
  }
}

/** `crypto.subtle` is there on secure pages only; two texts that a person types do not meet in these 128 bits. */
function digestOf(text: string): string {
  return [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f]
    .map((seed) => {
      let hash = seed;
      for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) ^ (hash >>> 13);
      return (hash >>> 0).toString(36);
    })
    .join('-');
}

/** `crypto.randomUUID` is there on secure pages only, and a shop may open Koneksi over plain HTTP. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
