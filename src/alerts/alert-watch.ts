import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { messageOf } from '../common/message-of.js';
import { Config } from '../config/config.js';
import { AlertFactsReader } from './alert-facts.js';
import { AlertOutbox } from './alert-outbox.js';
import { AlertSender } from './alert-sender.js';
import { decideAlerts } from './domain/decide-alerts.js';
import { OrphanedRules } from './orphaned-rules.js';

/** A clock that was set, or an incident that another process wrote, is noticed this soon. Milliseconds. */
const LOOK_EVERY_MS = 15_000;
/** What changes in one breath is looked at once. */
const GATHER_MS = 100;

/**
 * Looks at what broke, whenever that changes or time makes something due, and writes down what each rule has to say of
 * it. It keeps nothing: whatever was due when the process died is still due when it is back.
 */
@Injectable()
export class AlertWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Alerts');
  private running: Promise<void> | null = null;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  private stopping = true;
  private isBehind = false;
  private readonly unsubscribe: (() => void)[];

  constructor(
    private readonly facts: AlertFactsReader,
    private readonly outbox: AlertOutbox,
    private readonly sender: AlertSender,
    private readonly orphans: OrphanedRules,
    private readonly config: Config,
    private readonly clock: Clock,
    events: EventBus,
  ) {
    const told = ['incident.opened', 'incident.changed', 'incident.closed', 'clock.stepped', 'store.back'] as const;
    this.unsubscribe = told.map((name) => events.on(name, () => this.soon()));
  }

  onApplicationBootstrap(): void {
    this.stopping = false;
    this.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    for (const end of this.unsubscribe) end();
    await this.running;
  }

  /** Rules or incidents changed. */
  soon(): void {
    this.schedule(GATHER_MS);
  }

  private schedule(inMs: number): void {
    if (this.stopping) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake(), inMs);
    this.timer.unref();
  }

  private wake(): void {
    if (this.stopping) return;
    this.again = true;
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
  }

  private async run(): Promise<void> {
    let next = LOOK_EVERY_MS;
    try {
      while (this.again && !this.stopping) {
        this.again = false;
        next = await this.look();
      }
      this.isBehind = false;
    } catch (error) {
      if (!this.isBehind) this.logger.warn(`Alerts are behind, trying again: ${messageOf(error)}`);
      this.isBehind = true;
    }
    if (this.again) return this.run();
    this.schedule(next);
  }

  /** Answers in how many ms to look again. */
  private async look(): Promise<number> {
    await this.orphans.pauseEnded();
    const rules = await this.facts.rules();
    if (rules.length === 0) return LOOK_EVERY_MS;
    const factsOf = await this.facts.read(rules.map(({ id }) => id));
    const timings = { spacingMs: this.config.alerts.spacingMs, settledMs: this.config.incidents.wellForMs };
    let next = LOOK_EVERY_MS;
    for (const rule of rules) {
      const now = this.clock.wall();
      const { due, nextAt } = decideAlerts(rule, factsOf(rule.id), now, timings);
      for (const message of due) if (await this.outbox.write(rule, message)) this.sender.wake();
      // What was said now may make something else due.
      if (due.length > 0) this.again = true;
      if (nextAt !== null) next = Math.min(next, Math.max(GATHER_MS, nextAt - now));
    }
    return next;
  }
}
