import type { EventEmitter } from 'node:events';

/** What rc14 is given for its own interval, whose first turn never comes. Milliseconds: the longest that a timer takes. */
export const NEVER_MS = 2 ** 31 - 1;
/** WhatsApp may be silent for so long beyond an interval, as with rc14. Milliseconds. */
const GRACE_MS = 5_000;

interface KeepAliveOptions {
  /** Milliseconds. */
  everyMs: number;
  ping: () => Promise<unknown>;
  /** WhatsApp is not heard any more. */
  onSilence: (error: Error) => void;
}

/**
 * Asks WhatsApp for a sign of life now and then. rc14 reckons its silence by the wall's clock (`startKeepAliveRequest`):
 * set ahead by a minute, it ends every healthy link at its next turn; set back, it takes a dead one for alive until that
 * time has come again. Here no clock is looked at: questions are counted that were asked since anything was heard.
 */
export class KeepAlive {
  private timer: NodeJS.Timeout | undefined;
  private asked = 0;
  private isOver = false;

  constructor(
    ws: EventEmitter,
    private readonly options: KeepAliveOptions,
  ) {
    ws.on('frame', () => this.heard());
  }

  end(): void {
    this.isOver = true;
    clearInterval(this.timer);
  }

  private heard(): void {
    this.asked = 0;
    if (!this.isOver) this.timer ??= setInterval(() => this.ask(), this.options.everyMs);
  }

  private get isSilent(): boolean {
    return this.asked * this.options.everyMs > GRACE_MS;
  }

  private ask(): void {
    // After a stall of our own its answer is there, and is read in this very turn.
    if (this.isSilent) return void setImmediate(() => this.judge());
    this.asked++;
    this.options.ping().catch(() => undefined);
  }

  private judge(): void {
    if (!this.isSilent || this.isOver) return;
    this.options.onSilence(Object.assign(new Error('Connection was lost'), { output: { statusCode: 408 } }));
  }
}
