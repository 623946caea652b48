import type { CloseCause } from './close-cause.js';

/** How many sockets a second all nodes together open now, and when that was last cut. Instants by the monotonic clock, milliseconds. */
export interface Pace {
  readonly rate: number;
  readonly cutAt: number;
}

/** Where nothing is known of how WhatsApp answers today. */
const START_RATE = 10;
const LEAST_RATE = 1;
/** Refusals of one moment are one refusal. */
const ONE_CUT_MS = 1_000;
/** After a cut the pace grows by one a second, no longer by one an answer. */
const CAUTIOUS_MS = 10_000;

export const startingPace = (ceiling: number): Pace => ({ rate: Math.min(START_RATE, ceiling), cutAt: -Infinity });

/** WhatsApp answered well: as fast as it does so, up to the ceiling. Meanwhile it answers each of the other nodes once, too. */
export function faster({ rate, cutAt }: Pace, ceiling: number, now: number, nodes: number): Pace {
  const step = nodes * (now - cutAt < CAUTIOUS_MS ? 1 / rate : 1);
  return { rate: Math.min(ceiling, rate + step), cutAt };
}

/** WhatsApp refused or was slow: half of it. */
export function slower(pace: Pace, now: number): Pace {
  if (now - pace.cutAt < ONE_CUT_MS) return pace;
  return { rate: Math.max(LEAST_RATE, pace.rate / 2), cutAt: now };
}

/** How many may be opened in a row: of `burst`, what was allowed at the starting pace, less where the pace was cut below it. */
export const burstAt = ({ rate }: Pace, burst: number, ceiling: number): number =>
  Math.max(1, Math.floor(burst * Math.min(1, rate / startingPace(ceiling).rate)));

/** Somebody on the way, not WhatsApp. */
const NEVER_GOT_THERE = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'TLS certificate']);

/** Whether an attempt that ended was answered well; `null` where it did not get to WhatsApp. What is about one account is an answer. */
export function answeredWell(cause: CloseCause): boolean | null {
  if (cause.kind === 'unavailable') return false;
  if (cause.kind !== 'lost') return true;
  return NEVER_GOT_THERE.has(cause.detail) ? null : false;
}
