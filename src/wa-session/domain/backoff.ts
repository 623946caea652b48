const BASE_MS = 1_000;
const CEILING_MS = 60_000;

/** An open that lasted this long proves the link; only then does the count of failures start anew. */
export const STABLE_AFTER_MS = 5 * 60_000;

/** The next pseudo-random number in 0..1 and the seed that follows (mulberry32). */
export function draw(seed: number): { chance: number; seed: number } {
  const next = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(next ^ (next >>> 15), 1 | next);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return { chance: ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296, seed: next };
}

/** Full jitter: anywhere between nothing and a ceiling that doubles with each failure. Milliseconds. */
export function backoff(failures: number, chance: number): number {
  return chance * Math.min(CEILING_MS, BASE_MS * 2 ** Math.min(failures, 16));
}

/** From this many on, links that are lost together come back spread out. */
const MANY = 4;
const SPREAD_EACH_MS = 5;
const WIDEST_SPREAD_MS = 500;

/** Over how long `together` links that held until now come back: alone at once. Milliseconds. */
export const spread = (together: number): number =>
  together < MANY ? 0 : Math.min(WIDEST_SPREAD_MS, together * SPREAD_EACH_MS);
