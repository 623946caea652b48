import type { TryFault, WebhookPause } from '@koneksi/contracts/webhooks';

/** What came of one try. */
export interface Outcome {
  /** HTTP status of the answer; `null` without one. */
  status: number | null;
  fault: TryFault | null;
  /** What the receiver asked for by `Retry-After`. */
  retryAfterMs: number | null;
}

export interface Standing {
  /** Tries in a row that came to nothing, of whatever event. */
  failures: number;
  /** Since when, in ms of the epoch. */
  failingSince: number | null;
}

interface Verdict {
  delivery: { status: 'delivered' | 'dead' | 'pending'; nextTryAt: number | null };
  webhook: Standing & { notBefore: number | null; pause: WebhookPause | null };
  /** The receiver is back after it was away: what waits need not wait any longer. */
  isBack: boolean;
}

interface Circumstances {
  /** Tries of this event, this one included. */
  tries: number;
  before: Standing;
  outcome: Outcome;
  now: number;
  /** From 0 to 1. */
  random: number;
  /** The first pause. */
  retryMs: number;
}

const HOUR_MS = 3_600_000;
/** Pauses between tries, as multiples of the first: with 5 s, half a minute, 2 and 10 minutes, half an hour, 1 and 2 hours. */
const PAUSES = [1, 6, 24, 120, 360, 720, 1_440];
/** Whoever is there and says no eight times, over almost four hours, will not say yes. */
const REFUSED_TRIES = 8;
/** Whoever takes other events but fails over this one, for almost two days. */
const FAILED_TRIES = 24;
/** After so many tries in a row the receiver is taken to be away, and asked one event at a time. */
export const AWAY_AFTER = 3;
/** Asked so often at least, so that it is soon noticed when it is back. */
const ASK_EVERY = 180;
const PAUSE_AFTER_MS = 72 * HOUR_MS;
/** In that time it was asked this often at least; with fewer it was a clock that was set, or a machine that slept. */
const PAUSE_AFTER_TRIES = 48;
const LONGEST_WISH_MS = HOUR_MS;
const GONE = 410;

export function judge({ tries, before, outcome, now, random, retryMs }: Circumstances): Verdict {
  if (isTaken(outcome)) {
    return {
      delivery: { status: 'delivered', nextTryAt: null },
      webhook: { failures: 0, failingSince: null, notBefore: null, pause: null },
      isBack: before.failures >= AWAY_AFTER,
    };
  }
  const failures = before.failures + 1;
  // A clock that was set back makes it begin now.
  const failingSince = Math.min(before.failingSince ?? now, now);
  const wish = Math.min(outcome.retryAfterMs ?? 0, LONGEST_WISH_MS);
  // Who fail together must not come back together.
  const jitter = 0.8 + 0.4 * random;
  const wait = (times: number, most = Infinity): number =>
    now + Math.max(wish, Math.round(Math.min(pauseAfter(times), most) * retryMs * jitter));
  const isAway = failures >= AWAY_AFTER;
  const isDead = isRefusal(outcome) ? tries >= REFUSED_TRIES : !isAway && tries >= FAILED_TRIES;
  return {
    delivery: isDead ? { status: 'dead', nextTryAt: null } : { status: 'pending', nextTryAt: wait(tries) },
    webhook: {
      failures,
      failingSince,
      notBefore: isAway ? wait(failures - AWAY_AFTER + 1, ASK_EVERY) : null,
      pause: pauseFor(outcome, failures, now - failingSince),
    },
    isBack: false,
  };
}

function isTaken({ status }: Outcome): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** An answer that says no to this event, as against one that could not. A redirect is no: it is not followed. */
function isRefusal({ status }: Outcome): boolean {
  return status !== null && status >= 300 && status < 500 && ![408, 425, 429].includes(status);
}

function pauseFor({ status }: Outcome, failures: number, failingForMs: number): WebhookPause | null {
  if (status === GONE) return 'GONE';
  return failures >= PAUSE_AFTER_TRIES && failingForMs >= PAUSE_AFTER_MS ? 'FAILING' : null;
}

function pauseAfter(times: number): number {
  return PAUSES[Math.min(times, PAUSES.length) - 1]!;
}
