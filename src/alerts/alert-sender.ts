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
import { OutboxLoop } from '../common/outbox-loop.js';
import { Config } from '../config/config.js';
import { AlertOutbox, type Message } from './alert-outbox.js';
import type { Outcome } from './outcome.js';
import { Roads } from './roads.js';

/** Of each channel, so that none waits for another's. Mail servers take few connections of one sender. */
const AT_ONCE = 4;

/** Sends what the outbox holds: woken by whoever writes to it, and by time where something waits for its next try. */
@Injectable()
export class AlertSender implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('Alerts');
  private readonly failing = new Set<AlertChannel>();
  private waits = true;
  private readonly unsubscribe: (() => void)[];
  private readonly loop = new OutboxLoop<Message>({
    take: (underWay) => this.take(underWay),
    deliver: (message) => this.deliver(message),
    nextDueIn: (underWay) => this.nextDueIn(underWay),
    cutOff: () => this.roads.cutOff(),
  });

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
    this.loop.start();
  }

  /** What waits is kept. What is under way has a little time, beside that of others, and is then tried after the next start. */
  onModuleDestroy(): void {
    for (const end of this.unsubscribe) end();
    void this.loop.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** There may be something to send. */
  wake(): void {
    this.loop.wake();
  }

  /** Waits are by a clock that may have been set. */
  private anew(): void {
    this.waits = true;
    this.wake();
  }

  private async take(underWay: readonly Message[]): Promise<Message[]> {
    if (this.waits) await this.outbox.stopWaiting();
    this.waits = false;
    const ids = underWay.map(({ id }) => id);
    for (const id of await this.outbox.unwanted(ids)) await this.takeBack(id);
    return this.outbox.take(roomBeside(underWay), this.roads.longestMs, ids);
  }

  private nextDueIn(underWay: readonly Message[]): Promise<number | null> {
    const room = roomBeside(underWay);
    return this.outbox.nextDueIn(ALERT_CHANNELS.filter((channel) => room[channel] > 0));
  }

  private async takeBack(id: string): Promise<void> {
    // Whatever is wrong with one holds up no other.
    const { fault } = await this.roads.takeBack(id).catch((): Outcome => ({ fault: 'WAITING_TURN', code: null }));
    await this.outbox.settleUnwanted(id, fault);
  }

  private async deliver(message: Message): Promise<void> {
    const { channel } = message;
    const at = new Date(this.clock.wall()).toISOString();
    const outcome = await this.roads.send(message);
    const { fault, code } = outcome;
    const tried: AlertTry = { at, fault, code };
    await this.outbox.settle(message, tried, this.config.alerts.retryMs, outcome);
    const isFailing = fault !== null && fault !== 'WAITING_TURN';
    if (isFailing && !this.failing.has(channel))
      this.logger.warn(`An alert could not be sent by ${channel}: ${fault} ${code ?? ''}`);
    if (isFailing) this.failing.add(channel);
    else this.failing.delete(channel);
  }
}

/** How many more of each channel may be under way. */
function roomBeside(underWay: readonly Message[]): Record<AlertChannel, number> {
  const room = Object.fromEntries(ALERT_CHANNELS.map((channel) => [channel, AT_ONCE])) as Record<AlertChannel, number>;
  for (const { channel } of underWay) room[channel]--;
  return room;
}
