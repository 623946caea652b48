import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';

interface Waiting {
  grant: () => void;
  signal: AbortSignal;
}

/**
 * How fast this process may knock on WhatsApp's door: so many sockets on their way at once, and a token bucket of
 * new ones per second. After an outage a thousand outlets come back in turn instead of all together.
 */
@Injectable()
export class ConnectGate {
  private readonly waiting: Waiting[] = [];
  private underWay = 0;
  private tokens: number;
  private refilledAt: number;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
  ) {
    this.tokens = config.whatsapp.connectBurst;
    this.refilledAt = clock.now();
  }

  /** Resolves with a release to call once the socket is open, shows its QR or is gone; `null` where aborted before. */
  async acquire(signal: AbortSignal): Promise<(() => void) | null> {
    if (signal.aborted) return null;
    const granted = await new Promise<boolean>((resolve) => {
      const onAbort = (): void => resolve(false);
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiting.push({
        signal,
        grant: () => {
          signal.removeEventListener('abort', onAbort);
          resolve(true);
        },
      });
      this.admit();
    });
    if (!granted) return null;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.underWay--;
      this.admit();
    };
  }

  private admit(): void {
    this.refill();
    while (this.waiting.length > 0 && this.underWay < this.config.whatsapp.connectingMax) {
      const next = this.waiting[0];
      if (next?.signal.aborted) {
        this.waiting.shift();
        continue;
      }
      if (this.tokens < 1) return this.admitLater();
      this.waiting.shift();
      this.tokens--;
      this.underWay++;
      next?.grant();
    }
  }

  private refill(): void {
    const now = this.clock.now();
    const { connectsPerSecond, connectBurst } = this.config.whatsapp;
    this.tokens = Math.min(connectBurst, this.tokens + ((now - this.refilledAt) / 1_000) * connectsPerSecond);
    this.refilledAt = now;
  }

  private admitLater(): void {
    this.timer ??= setTimeout(
      () => {
        this.timer = null;
        this.admit();
      },
      Math.ceil(((1 - this.tokens) / this.config.whatsapp.connectsPerSecond) * 1_000),
    );
  }
}
