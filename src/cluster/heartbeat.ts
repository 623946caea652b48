import { withDeadline } from '../common/deadline.js';

const BEAT_EVERY_MS = 3_000;
const BEAT_AGAIN_MS = 500;
/** After so long without a beat that was confirmed a node ends its sockets, well before anybody may open them. */
const FENCE_AFTER_MS = 8_000;
const FENCE_EVERY_MS = 100;

interface HeartbeatOptions {
  /** Answers whether the node is still there; one that was buried beats no more. */
  beat: () => Promise<boolean>;
  /** The node was taken for dead. Resolves once it began anew. */
  onBuried: () => Promise<void>;
  /** Between two beats was more than a node may be silent for: it saw nothing meanwhile. */
  onBlind: () => void;
  /** No beat was confirmed for too long, or one is again. */
  onFence: (suspended: boolean) => void;
}

/**
 * Proof that this process lives, by the monotonic clock alone. A beat counts from before it was sent, since its row may
 * have been written at any time from then on.
 */
export class Heartbeat {
  private confirmedAt = Number.NEGATIVE_INFINITY;
  private suspended = false;
  private stopped = false;
  private beating: NodeJS.Timeout | undefined;
  private fencing: NodeJS.Timeout | undefined;

  constructor(private readonly options: HeartbeatOptions) {}

  /** Answered at once: a process that stood still asks before it does anything. */
  get isConfirmed(): boolean {
    return this.ageMs < FENCE_AFTER_MS;
  }

  /** How long ago the newest beat that was confirmed was sent. Milliseconds. */
  get ageMs(): number {
    return performance.now() - this.confirmedAt;
  }

  /** Counts from when the row was asked for. Milliseconds of the monotonic clock. */
  start(enteredAt: number): void {
    this.confirmedAt = enteredAt;
    this.fencing = setInterval(() => this.fence(), FENCE_EVERY_MS);
    this.beatIn(BEAT_EVERY_MS);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.beating);
    clearInterval(this.fencing);
  }

  private beatIn(ms: number): void {
    this.beating = setTimeout(() => void this.beat().then((next) => this.stopped || this.beatIn(next)), ms);
  }

  /** Answers when the next is due. */
  private async beat(): Promise<number> {
    const sentAt = performance.now();
    try {
      const isThere = await withDeadline(this.options.beat(), BEAT_EVERY_MS, 'a beat');
      if (this.stopped) return 0;
      if (!isThere) await this.options.onBuried();
      this.confirm(isThere ? sentAt : performance.now());
      return Math.max(0, BEAT_EVERY_MS - (performance.now() - sentAt));
    } catch {
      // The database is away; the fence counts on.
      return BEAT_AGAIN_MS;
    }
  }

  private confirm(sentAt: number): void {
    // It may have lapsed since the last look: whoever was refused meanwhile hears why, and that it is over.
    this.fence();
    if (sentAt - this.confirmedAt > FENCE_AFTER_MS) this.options.onBlind();
    this.confirmedAt = sentAt;
    if (!this.suspended || !this.isConfirmed) return;
    this.suspended = false;
    this.options.onFence(false);
  }

  private fence(): void {
    if (this.suspended || this.isConfirmed) return;
    this.suspended = true;
    this.options.onFence(true);
  }
}
