import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { StatusSnapshot } from '@koneksi/contracts/realtime';
import { DataSource } from 'typeorm';
import { maySee, type Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { StatusView } from './status-view.js';

/**
 * What has been pushed so far, as one board: a snapshot is read off it in one turn together with its cursor, so that
 * no change can fall between the snapshot a client gets and the changes that follow.
 */
@Injectable()
export class StatusBoard implements OnApplicationBootstrap {
  private readonly statuses = new Map<string, OutletStatus>();
  private cursor = 0;

  constructor(
    private readonly view: StatusView,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    bus: EventBus,
  ) {
    bus.on('outlet-status.changed', ({ cursor, status }) => {
      this.statuses.set(status.outletId, status);
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

  async onApplicationBootstrap(): Promise<void> {
    const [statuses, [row]] = await Promise.all([
      this.view.read('all', 'id'),
      this.dataSource.query<{ value: string }[]>('SELECT value FROM status_cursor WHERE id = 1'),
    ]);
    for (const status of statuses) {
      if (!this.statuses.has(status.outletId)) this.statuses.set(status.outletId, status);
    }
    this.cursor = Math.max(this.cursor, Number(row?.value ?? 0));
  }

  snapshot(caller: Caller): StatusSnapshot {
    const statuses = [...this.statuses.values()].filter((status) => maySee(caller, status.outletId));
    return { cursor: this.cursor, at: new Date(this.clock.now()).toISOString(), statuses };
  }
}
