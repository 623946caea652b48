import { Injectable } from '@nestjs/common';
import type { SnapshotFacts, StatusFacts } from '@koneksi/contracts/status-facts';
import { maySee, type Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { StatusLog } from './status-log.js';

/**
 * What has been pushed so far, as one board: a snapshot is read off it in one turn together with its cursor, so that
 * no change can fall between the snapshot a client gets and the changes that follow.
 */
@Injectable()
export class StatusBoard {
  private readonly statuses = new Map<string, StatusFacts>();
  private cursor = 0;

  constructor(
    private readonly log: StatusLog,
    private readonly clock: Clock,
    bus: EventBus,
  ) {
    bus.on('outlet-status.changed', ({ cursor, status }) => {
      // The rows may have told of a later one already.
      const known = this.statuses.get(status.outletId);
      if (!known || known.revision <= status.revision) this.statuses.set(status.outletId, status);
      this.cursor = cursor;
    });
    bus.on('outlet-status.removed', ({ cursor, outletId }) => {
      this.statuses.delete(outletId);
      this.cursor = cursor;
    });
    bus.on('outlet-status.seen', ({ lastSeen }) => {
      for (const [outletId, at] of Object.entries(lastSeen)) {
        const status = this.statuses.get(outletId);
        if (status) this.statuses.set(outletId, { ...status, session: { ...status.session, lastSeen: at } });
      }
    });
  }

  /** What the rows say as the process begins; what was pushed meanwhile is newer. */
  async begin(read: () => Promise<readonly StatusFacts[]>): Promise<void> {
    // In this order, or a change in between would be in neither.
    const newest = await this.log.newest();
    for (const status of await read()) {
      if (!this.statuses.has(status.outletId)) this.statuses.set(status.outletId, status);
    }
    this.cursor = Math.max(this.cursor, newest);
  }

  /** What was pushed so far is not what is. */
  async beginAnew(read: () => Promise<readonly StatusFacts[]>): Promise<void> {
    this.statuses.clear();
    this.cursor = 0;
    await this.begin(read);
  }

  status(outletId: string): StatusFacts | undefined {
    return this.statuses.get(outletId);
  }

  all(): Iterable<StatusFacts> {
    return this.statuses.values();
  }

  /** Of the newest change that was pushed. */
  get newest(): number {
    return this.cursor;
  }

  snapshot(caller: Caller): SnapshotFacts {
    const statuses = [...this.statuses.values()].filter((status) => maySee(caller, status.outletId));
    return { cursor: this.cursor, at: new Date(this.clock.wall()).toISOString(), statuses };
  }
}
