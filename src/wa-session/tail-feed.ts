import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { ClusterBus } from '../cluster/cluster-bus.js';
import { StatusTail } from '../status-log/status-tail.js';
import { STATUS_TOPIC } from './session-journal.js';

/** What the bus loses costs this long at most. */
const POKE_EVERY_MS = 1_000;

/** Lets the tail look at the log when another node says that it has grown, and now and then without being told. */
@Injectable()
export class TailFeed implements OnApplicationBootstrap {
  constructor(
    private readonly tail: StatusTail,
    private readonly bus: ClusterBus,
    private readonly schedule: SchedulerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.bus.reachesOthers) return;
    this.bus.subscribe(STATUS_TOPIC, () => this.tail.poke());
    this.bus.onGap(() => this.tail.poke());
    this.schedule.addInterval(
      'poke-status-tail',
      setInterval(() => this.tail.poke(), POKE_EVERY_MS),
    );
  }
}
