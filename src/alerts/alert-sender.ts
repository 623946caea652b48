import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { AlertRecipient, AlertTry } from '@koneksi/contracts/alerts';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { Gate } from '../common/gate.js';
import { Config } from '../config/config.js';
import { AlertOutbox, type Message } from './alert-outbox.js';
import { Roads } from './roads.js';

/** What another process wrote is found this soon. Milliseconds. */
const LOOK_EVERY_MS = 5_000;
const SOONEST_MS = 50;
/** Mail servers take few connections of one sender. */
const AT_ONCE = 4;

/** Sends what the outbox holds: woken by whoever writes to it, and by time where something waits for its next try. */
@Injectable()
export class AlertSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Alerts');
  private readonly tests = new Gate({ atOnce: 2, waiting: 5, patienceMs: 20_000 });
  private readonly underWay = new Map<string, Promise<void>>();
  private running: Promise<void> | null = null;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  private stopping = true;
  private isFailing = false;
  private waits = true;
  private readonly unsubscribe: (() => void)[];

  constructor(
    private readonly outbox: AlertOutbox,
    private readonly roads: Roads,
    private readonly config: Config,
    private readonly clock: Clock,
    events: EventBus,
  ) {
    this.unsubscribe = [events.on('clock.stepped', () => this.anew()), events.on('store.back', () => this.wake())];
  }

  onApplicationBootstrap(): void {
    this.stopping = false;
    this.anew();
  }

  /** What is under way is waited for; what waits is kept. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    for (const end of this.unsubscribe) end();
    await this.running;
    await Promise.all(this.underWay.values());
  }

  /** Waits are by a clock that may have been set. */
  private anew(): void {
    this.waits = true;
    this.wake();
  }

  /** There may be something to send. */
  wake(): void {
    if (this.stopping) return;
    this.again = true;
    if (this.running) return;
    clearTimeout(this.timer);
    this.running = this.work().finally(() => {
      this.running = null;
      if (this.again) this.wake();
    });
  }

  /** Sends one now, once; answers its id in the log, which says what came of it. @throws {TooManyAttempts} */
  async test(caller: Caller, rule: { id: string; name: string } | null, recipient: AlertRecipient): Promise<string> {
    return this.tests.pass(caller.id, async () => {
      const message = await this.outbox.addTest(rule, recipient);
      await this.outbox.settleTest(message, (await this.try(message)).tried);
      this.wake();
      return message.id;
    });
  }

  private async work(): Promise<void> {
    let next = LOOK_EVERY_MS;
    try {
      while (this.again && !this.stopping) {
        this.again = false;
        if (this.waits) await this.outbox.stopWaiting();
        this.waits = false;
        const free = AT_ONCE - this.underWay.size;
        for (const message of await this.outbox.take(free, this.roads.longestMs, [...this.underWay.keys()]))
          this.begin(message);
      }
      const dueIn = (await this.outbox.nextDueIn()) ?? LOOK_EVERY_MS;
      // Due and not taken: all places are, and whoever ends wakes us.
      if (dueIn > 0 || this.underWay.size === 0) next = Math.min(LOOK_EVERY_MS, Math.max(SOONEST_MS, dueIn));
    } catch {
      // The database is away, which others tell.
    }
    if (this.stopping) return;
    this.timer = setTimeout(() => this.wake(), next);
    this.timer.unref();
  }

  private begin(message: Message): void {
    const delivery = this.deliver(message)
      // Its lease ends, and it is tried again.
      .catch(() => undefined)
      .finally(() => {
        this.underWay.delete(message.id);
        this.wake();
      });
    this.underWay.set(message.id, delivery);
  }

  private async deliver(message: Message): Promise<void> {
    const { tried, isFinal } = await this.try(message);
    await this.outbox.settle(message, tried, this.config.alerts.retryMs, isFinal);
    const isFailing = tried.fault !== null && tried.fault !== 'WAITING_TURN';
    if (isFailing && !this.isFailing)
      this.logger.warn(`An alert could not be sent by ${message.channel}: ${tried.fault} ${tried.code ?? ''}`);
    this.isFailing = isFailing;
  }

  private async try(message: Message): Promise<{ tried: AlertTry; isFinal: boolean }> {
    const at = new Date(this.clock.wall()).toISOString();
    const { fault, code, isFinal = false } = await this.roads.send(message);
    return { tried: { at, fault, code }, isFinal };
  }
}
