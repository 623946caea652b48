import { Injectable } from '@nestjs/common';
import { Membership } from '../cluster/membership.js';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import { burstAt, faster, slower, startingPace, type Pace } from './domain/connect-pace.js';
import type { Urgency } from './domain/session-state.js';

const ORDER: readonly Urgency[] = ['person', 'first', 'later'];
/** Whoever waits longer than this for a place says so. */
const TELL_AFTER_MS = 250;
/** From the socket's start until QR or open. */
const SLOW_ANSWER_MS = 10_000;
/** One outlet alone that is refused again and again says nothing of the others. */
const REFUSED_ALIKE = 2;
/** Refusals that are further apart are no sign of WhatsApp's own trouble. */
const ALIKE_WITHIN_MS = 60_000;
/** Longer than any outlet waits for its next try; who was not heard of for so long was paused or removed. */
const FORGOTTEN_AFTER_MS = 2 * 3_600_000;

interface Asking {
  outletId: string;
  urgency: Urgency;
  signal: AbortSignal;
  /** Called once where no place is free for the moment. */
  onWaiting: () => void;
}

interface Waiting extends Asking {
  grant: () => void;
}

/** A place at WhatsApp's door. Each of its calls counts once. */
export interface Place {
  /** WhatsApp shook hands, or the socket is gone: the next may knock. */
  leave(): void;
  /** How WhatsApp took it; `null` where that says nothing of WhatsApp. */
  answered(well: boolean | null): void;
}

/**
 * How fast this process may knock on WhatsApp's door: so many handshakes at once, and as many new sockets a second as
 * WhatsApp answers well. People's go first, then links that just dropped; after an outage all others follow in turn.
 */
@Injectable()
export class ConnectGate {
  /** A handshake that takes longer holds its place no more, and tells that WhatsApp is slow. Milliseconds. */
  slowHandshakeMs = 3_000;
  private readonly waiting: Record<Urgency, Waiting[]> = { person: [], first: [], later: [] };
  /** When those were refused last who have not been let in since. */
  private readonly refused = new Map<string, number>();
  private underWay = 0;
  private pace: Pace;
  private tokens: number;
  private refilledAt: number;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly membership: Membership,
  ) {
    this.pace = startingPace(config.whatsapp.connectsPerSecond);
    this.tokens = config.whatsapp.connectBurst;
    this.refilledAt = clock.now();
  }

  /** New sockets a second of this node, as of now. */
  get rate(): number {
    return this.shareOf(this.pace.rate);
  }

  /** Resolves with a place once there is one; `null` where aborted before. */
  async acquire(asking: Asking): Promise<Place | null> {
    const { signal, urgency } = asking;
    if (signal.aborted) return null;
    const granted = await new Promise<boolean>((resolve) => {
      const told = setTimeout(asking.onWaiting, TELL_AFTER_MS);
      const onAbort = (): void => settle(false);
      const settle = (got: boolean): void => {
        clearTimeout(told);
        signal.removeEventListener('abort', onAbort);
        resolve(got);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiting[urgency].push({ ...asking, grant: () => settle(true) });
      this.admit();
    });
    return granted ? this.placeOf(asking.outletId) : null;
  }

  private placeOf(outletId: string): Place {
    const beganAt = this.clock.now();
    let [left, judged] = [false, false];
    const answered = (well: boolean | null): void => {
      if (judged) return;
      judged = true;
      this.judge(outletId, well === true ? this.clock.now() - beganAt < SLOW_ANSWER_MS : well);
    };
    const leave = (): void => {
      if (left) return;
      left = true;
      clearTimeout(slow);
      this.underWay--;
      this.admit();
    };
    const slow = setTimeout(() => {
      answered(false);
      leave();
    }, this.slowHandshakeMs);
    return { leave, answered };
  }

  private judge(outletId: string, well: boolean | null): void {
    if (well === null) return;
    this.refill();
    const now = this.clock.now();
    if (well) {
      this.refused.delete(outletId);
      this.pace = faster(this.pace, this.ceiling, now, this.membership.nodes);
      return this.admit();
    }
    const again = this.refusedAt(outletId, now);
    const alike = [...this.refused.values()].filter((at) => now - at < ALIKE_WITHIN_MS).length;
    if (again && alike <= REFUSED_ALIKE) return;
    this.pace = slower(this.pace, now);
    this.tokens = Math.min(this.tokens, this.burst);
  }

  /** Notes it; whether it was refused before. */
  private refusedAt(outletId: string, now: number): boolean {
    for (const [id, at] of this.refused) if (now - at > FORGOTTEN_AFTER_MS) this.refused.delete(id);
    const again = this.refused.has(outletId);
    this.refused.set(outletId, now);
    return again;
  }

  private admit(): void {
    this.refill();
    for (let next = this.next(); next; next = this.next()) {
      if (this.tokens < 1) return this.admitLater();
      this.waiting[next.urgency].shift();
      this.tokens--;
      this.underWay++;
      next.grant();
    }
  }

  /** Who may go now, but for the pace. A few places are kept for people. */
  private next(): Waiting | undefined {
    const connectingMax = Math.ceil(this.shareOf(this.config.whatsapp.connectingMax));
    for (const urgency of ORDER) {
      const queue = this.waiting[urgency];
      while (queue[0]?.signal.aborted) queue.shift();
      const places = urgency === 'person' ? connectingMax + Math.ceil(connectingMax / 4) : connectingMax;
      if (queue[0] && this.underWay < places) return queue[0];
    }
    return undefined;
  }

  private refill(): void {
    const now = this.clock.now();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.refilledAt) / 1_000) * this.rate);
    this.refilledAt = now;
  }

  private get ceiling(): number {
    return this.config.whatsapp.connectsPerSecond;
  }

  private get burst(): number {
    return burstAt(this.pace, this.shareOf(this.config.whatsapp.connectBurst), this.ceiling);
  }

  /** All nodes come to WhatsApp from one address, as far as anybody knows. */
  private shareOf(allowed: number): number {
    return allowed / this.membership.nodes;
  }

  private admitLater(): void {
    this.timer ??= setTimeout(
      () => {
        this.timer = null;
        this.admit();
      },
      Math.ceil(((1 - this.tokens) / this.rate) * 1_000),
    );
  }
}
