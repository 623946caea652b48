import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Duties } from '../common/duties.js';
import { EventBus, type IncidentFact } from '../common/event-bus.js';
import { messageOf } from '../common/message-of.js';
import { Config } from '../config/config.js';
import { conditionOf } from './domain/condition.js';
import { decide } from './domain/decide.js';
import {
  NOTHING,
  type Decision,
  type IncidentTimings,
  type OpenIncident,
  type Sighting,
} from './domain/incident-state.js';
import { IncidentStore } from './incident-store.js';

/** After a failed write. Milliseconds. */
const RETRY_MS = 1_000;
const LONGEST_TIMER_MS = 60_000;
const RELAPSE_WITHIN_MS = 30 * 60_000;
/** How much longer than others an outlet that keeps falling has to stay well. */
const SHAKY = 10;

/**
 * Follows every change of status and keeps incidents by it. What was seen waits until its decision is committed; a
 * decision that could not be written is made anew, of all that was seen meanwhile. One process of a cluster does so; its
 * heir goes on from the rows, as after a restart.
 */
@Injectable()
export class IncidentTracker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Incidents');
  private readonly timings: IncidentTimings;
  private state = NOTHING;
  private waiting: (Sighting & { cursor: number })[] = [];
  /** What the rows told at the start; an older change on the bus says nothing new. `null` until they were read. */
  private started: ReadonlyMap<string, number> | null = null;
  private seeded: Sighting[] = [];
  private nextAt: number | null = null;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private stopping = false;

  constructor(
    private readonly store: IncidentStore,
    private readonly clock: Clock,
    private readonly bus: EventBus,
    private readonly duties: Duties,
    config: Config,
  ) {
    const { afterMs, wellForMs } = config.incidents;
    this.timings = { afterMs, wellForMs, shakyWellForMs: wellForMs * SHAKY, relapseWithinMs: RELAPSE_WITHIN_MS };
    bus.on('duties.taken', () => this.takeOver());
    bus.on('node.resumed', () => this.wake());
    bus.on('outlet-status.changed', ({ cursor, at, status }) => {
      const { outletId, outlet } = status;
      this.heard({ cursor, outletId, name: outlet.name, at: Date.parse(at), condition: conditionOf(status) });
    });
    bus.on('outlet-status.removed', ({ cursor, outletId }) => {
      this.heard({ cursor, outletId, name: '', at: this.clock.wall(), condition: { kind: 'off' } });
    });
  }

  onApplicationBootstrap(): void {
    this.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Whoever kept them before wrote what it decided. */
  private takeOver(): void {
    this.started = null;
    this.wake();
  }

  private heard(change: Sighting & { cursor: number }): void {
    if (!this.duties.areOurs) return this.standBy();
    this.waiting.push({ ...change, at: Math.min(change.at - this.clock.skew(), this.clock.now()) });
    // Whoever commits many at once tells them in one turn.
    setImmediate(() => this.wake());
  }

  /** What is not followed is read where it is to be known. */
  private standBy(): void {
    this.started = null;
    this.waiting = [];
  }

  private wake(): void {
    if (this.stopping || !this.duties.areOurs) return;
    this.running ??= this.run().finally(() => {
      this.running = null;
      this.schedule();
    });
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.stopping || !this.duties.areOurs) return;
    const isBehind = this.started === null || this.seeded.length + this.waiting.length > 0;
    const wait = isBehind ? RETRY_MS : this.nextAt === null ? null : Math.max(0, this.nextAt - this.clock.now());
    if (wait === null) return;
    this.timer = setTimeout(() => this.wake(), Math.min(wait, LONGEST_TIMER_MS));
    this.timer.unref();
  }

  private async run(): Promise<void> {
    try {
      if (!this.started) await this.resume();
      do await this.decide();
      while (this.waiting.length > 0 && !this.stopping);
    } catch (error) {
      this.logger.warn(`Incidents are behind, trying again: ${messageOf(error)}`);
    }
  }

  private async resume(): Promise<void> {
    const { state, sightings, cursors } = await this.store.resume(RELAPSE_WITHIN_MS);
    this.state = state;
    this.seeded = sightings;
    this.started = cursors;
  }

  private async decide(): Promise<void> {
    const sightings = this.waiting.filter(({ outletId, cursor }) => cursor > (this.started?.get(outletId) ?? 0));
    const [taken, seeded] = [this.waiting.length, this.seeded.length];
    const seen = [...this.seeded, ...sightings];
    const decision = decide(this.state, seen, this.clock.now(), this.timings, randomUUID);
    const isNews = decision.opened.length + decision.changed.length + decision.closed.length > 0;
    if (isNews)
      await this.store.save(decision).catch((error: unknown) => {
        // It may have been committed although the answer was lost: what is so is read anew.
        this.started = null;
        throw error;
      });
    this.waiting.splice(0, taken);
    this.seeded.splice(0, seeded);
    this.state = decision.state;
    this.nextAt = decision.nextAt;
    this.publish(decision);
  }

  private publish({ opened, changed, closed }: Decision): void {
    for (const incident of opened) this.bus.publish('incident.opened', factOf(incident));
    for (const incident of changed) this.bus.publish('incident.changed', factOf(incident));
    for (const { incident } of closed) this.bus.publish('incident.closed', factOf(incident));
  }
}

function factOf({ id, members }: OpenIncident): IncidentFact {
  return { incidentId: id, outletIds: [...members.keys()] };
}
