import { Injectable } from '@nestjs/common';
import { EventBus, type Facts } from '../common/event-bus.js';
import { ClusterBus } from './cluster-bus.js';

/**
 * The few facts of one node that others must know at once, for the pages and sessions they have. What is told of
 * statuses goes by the log, what is decided by many goes by the database.
 */
const SHARED = [
  'access.changed',
  'blast.progressed',
  'blast.woken',
  'blast-recipients.changed',
  'incident.opened',
  'incident.changed',
  'incident.closed',
  'outlet.removed',
  'outlets.let-go',
  'outlet-status.seen',
  'planned-work.changed',
  'records.changed',
  'reconnect-link.ended',
] as const satisfies (keyof Facts)[];

/** Repeats to this node what others told, as if it had happened here. */
@Injectable()
export class FactBridge {
  /** Heard from another node, which has told everybody. */
  private isRepeating = false;

  constructor(
    private readonly facts: EventBus,
    private readonly bus: ClusterBus,
  ) {
    if (bus.reachesOthers) for (const name of SHARED) this.share(name);
  }

  private share<Name extends (typeof SHARED)[number]>(name: Name): void {
    this.facts.on(name, (fact) => {
      if (!this.isRepeating) this.bus.publish(name, fact);
    });
    this.bus.subscribe(name, (fact) => {
      this.isRepeating = true;
      this.facts.publish(name, fact as Facts[Name]);
      this.isRepeating = false;
    });
  }
}
