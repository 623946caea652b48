import type { RecipientChanges } from '@koneksi/contracts/blast-recipients';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { EventBus } from '../common/event-bus.js';
import { BlastReader } from './blast-reader.js';
import { Ledger, type MovedPart, type RepliedRow } from './ledger.js';
import { toRecipient } from './recipient-view.js';

/** At most four times a second for each blast. */
const EVERY_MS = 250;
const MAX_ROWS = 200;

interface Pending {
  rows: Map<string, RepliedRow>;
  /** By outlet: where so many moved together that nobody names them. */
  parts: Map<string, MovedPart>;
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
    ledger.onMoved(({ moved, marked, parts, counts, blastIds }) => {
      bus.publish('blast-recipients.moved', counts);
      for (const blastId of blastIds) this.note(blastId, [...moved, ...marked], parts);
    });
  }

  onModuleDestroy(): void {
    this.over = true;
    for (const { timer } of this.pending.values()) if (timer) clearTimeout(timer);
  }

  private note(blastId: string, changed: readonly RepliedRow[], parts: readonly MovedPart[]): void {
    const pending: Pending = this.pending.get(blastId) ?? {
      rows: new Map(),
      parts: new Map(),
      timer: null,
      dirty: false,
    };
    this.pending.set(blastId, pending);
    for (const row of changed) if (row.blast_id === blastId) pending.rows.set(`${row.outlet_id} ${row.seq}`, row);
    for (const part of parts) if (part.blast_id === blastId) pending.parts.set(part.outlet_id, part);
    pending.dirty = true;
    if (!pending.timer) this.tell(blastId, pending);
  }

  private tell(blastId: string, pending: Pending): void {
    if (this.over) return;
    if (!pending.dirty) return void this.pending.delete(blastId);
    pending.dirty = false;
    const changes = toChanges(blastId, [...pending.rows.values()], [...pending.parts.values()]);
    pending.rows.clear();
    pending.parts.clear();
    pending.timer = setTimeout(() => this.tell(blastId, pending), EVERY_MS);
    for (const change of changes) this.bus.publish('blast-recipients.changed', change);
    this.reader.progress(blastId).then(
      (progress) => {
        if (progress && !this.over) this.bus.publish('blast.progressed', progress);
      },
      // The database is away. This may have been the last change, so it is told once the database is back.
      () => this.note(blastId, [], []),
    );
  }
}

function toChanges(blastId: string, rows: readonly RepliedRow[], parts: readonly MovedPart[]): RecipientChanges[] {
  return [...Map.groupBy([...rows, ...parts], (row) => row.outlet_id)].map(([outletId, ofOutlet]) => {
    const named = ofOutlet.filter((row): row is RepliedRow => 'seq' in row);
    return {
      blastId,
      outletId,
      revision: Math.max(...ofOutlet.map(({ revision }) => Number(revision))),
      recipients: named.slice(0, MAX_ROWS).map(toRecipient),
      complete: named.length === ofOutlet.length && named.length <= MAX_ROWS,
    };
  });
}
