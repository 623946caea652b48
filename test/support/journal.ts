import { randomBytes, randomUUID } from 'node:crypto';
import type { ChangeFacts, StatusFacts } from '@koneksi/contracts/status-facts';
import type { StatusRemoval } from '@koneksi/contracts/realtime';
import type { DataSource } from 'typeorm';
import { NobodyElse } from '../../src/cluster/cluster-bus.js';
import { EventBus } from '../../src/common/event-bus.js';
import { StatusView } from '../../src/outlet-status/status-view.js';
import { StatusLog } from '../../src/status-log/status-log.js';
import { StatusTail } from '../../src/status-log/status-tail.js';
import type { Ownership } from '../../src/wa-session/fence.js';
import { claimAway } from './claims.js';
import { OutletRows } from '../../src/wa-session/outlet-rows.js';
import type { StatusDesk } from '../../src/wa-session/desk/status-desk.js';
import { NO_SOCKET } from '../../src/wa-session/domain/live-proof.js';
import { SessionJournal } from '../../src/wa-session/session-journal.js';
import type { OutletSettings } from '../../src/wa-session/domain/session-state.js';
import type { SessionRecord } from '../../src/wa-session/domain/session-record.js';
import { toOutletStatus } from '../../src/wa-session/domain/outlet-status-view.js';

/** An outlet of this database that is ours to write for. */
export async function claimNewOutlet(dataSource: DataSource): Promise<Ownership> {
  const outletId = randomUUID();
  await dataSource.query(`INSERT INTO outlets (id, name, whatsapp_number) VALUES ($1, 'Outlet', $2)`, [
    outletId,
    `62${randomBytes(5).readUIntBE(0, 5)}`,
  ]);
  return claimAway(dataSource, outletId);
}

export interface Journal {
  journal: SessionJournal;
  bus: EventBus;
  /** What was pushed, in order. */
  pushed: (ChangeFacts | StatusRemoval)[];
  tail: StatusTail;
}

export function journalOn(dataSource: Pick<DataSource, 'query'>): Journal {
  const bus = new EventBus();
  const pushed: Journal['pushed'] = [];
  bus.on('outlet-status.changed', (change) => pushed.push(change));
  bus.on('outlet-status.removed', (removal) => pushed.push(removal));
  const tail = new StatusTail(new StatusLog(dataSource as DataSource), bus);
  return { journal: new SessionJournal(dataSource as DataSource, bus, tail, new NobodyElse()), bus, pushed, tail };
}

/** Both truths as read from the rows, of outlets that have no socket. */
export function viewOn(dataSource: DataSource): StatusView {
  const desk: Pick<StatusDesk, 'proof'> = { proof: () => NO_SOCKET };
  return new StatusView(new OutletRows(dataSource), desk as StatusDesk);
}

/** The element that is pushed with this record, of an outlet that has no socket. */
export function elementOf(
  outletId: string,
  outlet: OutletSettings,
  record: SessionRecord,
): Omit<StatusFacts, 'revision'> {
  return toOutletStatus(outletId, outlet, record, NO_SOCKET);
}
