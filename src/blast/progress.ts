import type { RecipientChanges } from '@koneksi/contracts/blasts';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { EventBus } from '../common/event-bus.js';
import { BlastReader } from './blast-reader.js';
import { Ledger, type MovedRow } from './ledger.js';

/** At most four times a second for each blast. */
const EVERY_MS = 250;
const MAX_ROWS = 200;

interface Pending {
  rows: Map<string, MovedRow>;
  timer: NodeJS.Timeout | null;
  /** Something changed since the last word. */
  dirty: boolean;
}

/** Tells where blasts stand: at once, then as often as is allowed, and never less than the latest. */
@Injectable()
export class Progress implements OnModuleDestroy {
  private readonly pending = new Map<string, Pending>();
  private over = false;

  constructor(
    private readonly reader: BlastReader,
    private readonly bus: EventBus,
    ledger: Ledger,
  ) {
    ledger.onMoved(({ moved, blastIds }) => {
      for (const blastId of blastIds) this.note(blastId, moved);
    });
  }

  onModuleDestroy(): void {
    this.over = true;
    for (const { timer } of this.pending.values()) if (timer) clearTimeout(timer);
  }

  private note(blastId: string, moved: readonly MovedRow[]): void {
    const pending = this.pending.get(blastId) ?? { rows: new Map<string, MovedRow>(), timer: null, dirty: false };
    this.pending.set(blastId, pending);
    for (const row of moved) if (row.blast_id === blastId) pending.rows.set(`${row.outlet_id} ${row.seq}`, row);
    pending.dirty = true;
    if (!pending.timer) this.tell(blastId, pending);
  }

  private tell(blastId: string, pending: Pending): void {
    if (this.over) return;
    if (!pending.dirty) return void this.pending.delete(blastId);
    pending.dirty = false;
    const rows = [...pending.rows.values()];
    pending.rows.clear();
    pending.timer = setTimeout(() => this.tell(blastId, pending), EVERY_MS);
    for (const changes of toChanges(blastId, rows)) this.bus.publish('blast-recipients.changed', changes);
    this.reader.progress(blastId).then(
      (progress) => {
        if (progress && !this.over) this.bus.publish('blast.progressed', progress);
      },
      // The database is away; what follows its return tells the latest.
      () => (pending.dirty = true),
    );
  }
}

function toChanges(blastId: string, rows: readonly MovedRow[]): RecipientChanges[] {
  return [...Map.groupBy(rows, (row) => row.outlet_id)].map(([outletId, ofOutlet]) => ({
    blastId,
    outletId,
    revision: Math.max(...ofOutlet.map(({ revision }) => Number(revision))),
    recipients: ofOutlet.slice(0, MAX_ROWS).map((row) => ({
      id: String(row.seq),
      outletId,
      phone: row.number,
      status: row.status,
      reason: row.reason,
      code: row.code,
      messageId: row.message_id,
      sentAt: row.sent_at?.toISOString() ?? null,
      deliveredAt: row.delivered_at?.toISOString() ?? null,
      readAt: row.read_at?.toISOString() ?? null,
    })),
    complete: ofOutlet.length <= MAX_ROWS,
  }));
}
