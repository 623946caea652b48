/** Pauses between tries, as multiples of the first: with 5 s, half a minute, 2 and 10 minutes, then half an hour. */
const PAUSES = [1, 6, 24, 120, 360];
/** Over about a day. What nobody could be told by then is no alert any more. */
const TRIES = 50;

/**
 * When a message is tried again that could not be handed over; `null` where it is given up.
 * @param tries so far, at least one
 * @param random from 0 to 1: who fail together must not come back together
 */
export function nextTryAt(tries: number, now: number, retryMs: number, random: number): number | null {
  if (tries >= TRIES) return null;
  const pause = PAUSES[Math.min(tries, PAUSES.length) - 1]! * retryMs;
  return now + Math.round(pause * (0.8 + 0.4 * random));
}
