import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { ALERT_CHANNELS, type AlertChannel, type AlertTry } from '@koneksi/contracts/alerts';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { windDown } from '../common/winding-down.js';
import { Config } from '../config/config.js';
import { AlertOutbox, type Message } from './alert-outbox.js';
import type { Outcome } from './outcome.js';
import { Roads } from './roads.js';

/** What another process wrote is found this soon. Milliseconds. */
const LOOK_EVERY_MS = 5_000;
const SOONEST_MS = 50;
/** Of each channel, so that none waits for another's. Mail servers take few connections of one sender. */
const AT_ONCE = 4;

/** Sends what the outbox holds: woken by whoever writes to it, and by time where something waits for its next try. */
@Injectable()
export class AlertSender implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('Alerts');
  private readonly underWay = new Map<Message, Promise<void>>();
  private running: Promise<void> | null = null;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  private stopping = true;
  private ending: Promise<void> | null = null;
  private readonly failing = new Set<AlertChannel>();
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

  /** What waits is kept. What is under way has a little time, beside that of others, and is then tried after the next start. */
  onModuleDestroy(): void {
    this.stopping = true;
    clearTimeout(this.timer);
    for (const end of this.unsubscribe) end();
    this.ending = windDown(
      () => Promise.all([this.running, ...this.underWay.values()]),
      () => this.roads.cutOff(),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.ending;
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

  private async work(): Promise<void> {
    let next = LOOK_EVERY_MS;
    try {
      while (this.again && !this.stopping) {
        this.again = false;
        if (this.waits) await this.outbox.stopWaiting();
        this.waits = false;
        const underWay = [...this.underWay.keys()].map(({ id }) => id);
        for (const id of await this.outbox.unwanted(underWay)) await this.takeBack(id);
        for (const message of await this.outbox.take(this.room(), this.roads.longestMs, underWay)) this.begin(message);
      }
      // Whoever ends wakes us: those without a place need not be looked for.
      const open = Object.entries(this.room()).flatMap(([channel, places]) => (places > 0 ? [channel] : []));
      const dueIn = (await this.outbox.nextDueIn(open)) ?? LOOK_EVERY_MS;
      next = Math.min(LOOK_EVERY_MS, Math.max(SOONEST_MS, dueIn));
    } catch {
      // The database is away, which others tell.
    }
    if (this.stopping) return;
    this.timer = setTimeout(() => this.wake(), next);
    this.timer.unref();
  }

  private async takeBack(id: string): Promise<void> {
    // Whatever is wrong with one holds up no other.
    const { fault } = await this.roads.takeBack(id).catch((): Outcome => ({ fault: 'WAITING_TURN', code: null }));
    await this.outbox.settleUnwanted(id, fault);
  }

  /** How many more of each channel may be under way. */
  private room(): Record<AlertChannel, number> {
    const room = Object.fromEntries(ALERT_CHANNELS.map((channel) => [channel, AT_ONCE])) as Record<
      AlertChannel,
      number
    >;
    for (const { channel } of this.underWay.keys()) room[channel]--;
    return room;
  }

  private begin(message: Message): void {
    const delivery = this.deliver(message)
      // Its lease ends, and it is tried again.
      .catch(() => undefined)
      .finally(() => {
        this.underWay.delete(message);
        this.wake();
      });
    this.underWay.set(message, delivery);
  }

  private async deliver(message: Message): Promise<void> {
    const { channel } = message;
    const at = new Date(this.clock.wall()).toISOString();
    const { fault, code, isFinal } = await this.roads.send(message);
    const tried: AlertTry = { at, fault, code };
    await this.outbox.settle(message, tried, this.config.alerts.retryMs, isFinal);
    const isFailing = fault !== null && fault !== 'WAITING_TURN';
    if (isFailing && !this.failing.has(channel))
      this.logger.warn(`An alert could not be sent by ${channel}: ${fault} ${code ?? ''}`);
    if (isFailing) this.failing.add(channel);
    else this.failing.delete(channel);
  }
}
