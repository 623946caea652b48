import type { ResumeAnswer, StatusChange, StatusRemoval, StatusSnapshot } from '@koneksi/contracts/realtime';

export type NumberedEvent = StatusChange | StatusRemoval;

/** What a subscriber gets, in this order. */
export type Delivery = { type: 'snapshot'; snapshot: StatusSnapshot } | { type: 'event'; event: NumberedEvent };

/**
 * Every numbered event once and in order, over any number of connections. Pure bookkeeping: what arrives goes in, what
 * may be told comes out. After a connect live events wait until what was missed before them is known.
 */
export class ChangeQueue {
  /** The newest cursor that was handed out; `null` where nothing is known yet. */
  #delivered: number | null;
  #state: 'disconnected' | 'waiting' | 'live' = 'disconnected';
  #snapshot: StatusSnapshot | null = null;
  #held: NumberedEvent[] = [];

  /** @param cursor where an earlier process left off; `null` for none. */
  constructor(cursor: number | null) {
    this.#delivered = cursor;
  }

  /** Whether everything that happens is handed out at once. */
  get isLive(): boolean {
    return this.#state === 'live';
  }

  /** From where to resume; `null` where the connection's snapshot is the beginning. */
  connected(): number | null {
    this.#state = 'waiting';
    this.#snapshot = null;
    this.#held = [];
    return this.#delivered;
  }

  disconnected(): void {
    this.#state = 'disconnected';
  }

  /** The snapshot that follows each connect. */
  snapshot(snapshot: StatusSnapshot): Delivery[] {
    if (this.#state !== 'waiting') return [];
    this.#snapshot = snapshot;
    return this.#delivered === null ? this.beginAnew() : [];
  }

  event(event: NumberedEvent): Delivery[] {
    if (this.#state === 'waiting') this.#held.push(event);
    return this.#state === 'live' ? this.#pass([event]) : [];
  }

  /** What was missed, or a snapshot where that is too long ago; `false` where the server refused: ask again. */
  resumed(answer: ResumeAnswer): Delivery[] | false {
    if (this.#state !== 'waiting') return [];
    if (!answer.success) return false;
    if ('snapshot' in answer) {
      this.#snapshot = answer.snapshot;
      return this.beginAnew();
    }
    const missed = this.#pass(answer.changes);
    this.#delivered = Math.max(this.#delivered ?? 0, answer.cursor);
    return [...missed, ...this.#goLive()];
  }

  /** Takes the snapshot for the whole truth, whatever was missed before it. */
  beginAnew(): Delivery[] {
    const snapshot = this.#snapshot;
    if (this.#state !== 'waiting' || !snapshot) return [];
    this.#delivered = snapshot.cursor;
    return [{ type: 'snapshot', snapshot }, ...this.#goLive()];
  }

  #goLive(): Delivery[] {
    this.#state = 'live';
    const held = this.#held;
    this.#held = [];
    return this.#pass(held);
  }

  #pass(events: readonly NumberedEvent[]): Delivery[] {
    return events.flatMap((event): Delivery[] => {
      if (this.#delivered !== null && event.cursor <= this.#delivered) return [];
      this.#delivered = event.cursor;
      return [{ type: 'event', event }];
    });
  }
}
