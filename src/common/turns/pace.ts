/** Turns a second. So many for one caller are no limit at all, and as many are left however busy the process is. */
const MOST = 200;
export const LEAST = 20;
/** Turns at once, before one after the other: a page that opens asks for a dozen things. */
const BURST = 15;
/** Above the one, callers are slowed down; below the other, let go again, by a third in a second. */
const BUSY = 0.85;
const CALM = 0.7;
const FASTER = 1.07;
/** How long somebody who asked counts as being there. Milliseconds. */
const PRESENT_MS = 10_000;

/** By how busy the event loop was since the last look, 0 to 1. */
export function nextPace(pace: number, busy: number): number {
  if (busy > BUSY) return Math.max(LEAST, pace / 2);
  return busy < CALM ? Math.min(MOST, pace * FASTER) : pace;
}

interface Request {
  caller: string;
  costs: number;
  patienceMs: number;
  /** Milliseconds, steady. */
  now: number;
}

interface Asked {
  at: number;
  /** When the next turn is due. */
  next: number;
}

/**
 * How fast one caller's turns may begin. Turns of different kinds at once, each cheap by itself, hold the event loop
 * together, and every step of everybody else's answer waits for it. Nobody is slowed down who asks alone.
 */
export class Pace {
  private pace = MOST;
  private readonly asked = new Map<string, Asked>();

  look(busy: number, now: number): void {
    this.pace = nextPace(this.pace, busy);
    for (const [caller, { at, next }] of this.asked)
      if (now - Math.max(at, next) > PRESENT_MS) this.asked.delete(caller);
  }

  /** Milliseconds until it may begin; `null` where that is longer than anybody waits. */
  waitOf({ caller, costs, patienceMs, now }: Request): number | null {
    const last = this.asked.get(caller)?.next ?? 0;
    const interval = 1_000 / this.pace;
    const isAlone = this.asked.size <= (this.asked.has(caller) ? 1 : 0);
    const next = this.pace === MOST || isAlone ? now : Math.max(last, now - BURST * interval);
    const wait = Math.max(0, next - now);
    if (wait > patienceMs) return null;
    this.asked.set(caller, { at: now, next: next + costs * interval });
    return wait;
  }
}
