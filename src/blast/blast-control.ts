import type { RecipientStatus } from '@koneksi/contracts/blast-states';
import type { ChangedRecipients, ResolveUnknown } from '@koneksi/contracts/blast-recipients';
import type { Blast } from '@koneksi/contracts/blasts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { Presses } from '../outlets/presses.js';
import { tooOften } from './asked-again.js';
import { BlastAudit, type Deed } from './blast-audit.js';
import { BlastReader } from './blast-reader.js';
import { afterwards, type BlastEvent } from './domain/blast-moves.js';
import { Ledger } from './ledger.js';
import { moveBlasts, moveParts, refused } from './move-blasts.js';
import { BlastRunner } from './sending/blast-runner.js';
import { BlastStart } from './sending/blast-start.js';

/** Of a recipient `r`. */
const OUTLET_EXISTS = 'EXISTS (SELECT 1 FROM outlets WHERE outlets.id = r.outlet_id)';
/** The same, where there is still something to send. */
const SENDABLE = `${OUTLET_EXISTS} AND EXISTS (SELECT 1 FROM blasts b WHERE b.id = r.blast_id AND b.purged_at IS NULL)`;

/** Few enough to be judged, and then moved, in a fraction of a statement's time. */
const JUDGED_AT_ONCE = 1_000;

/** Who was left out of blast `$1` as written to too often, after `$2`, and whether they still are. */
const JUDGED = `
  SELECT r.seq, ${tooOften('r.number', '$4::timestamptz')} AS still
  FROM (
    SELECT seq, number FROM blast_recipients
    WHERE blast_id = $1 AND status = 'skipped' AND reason = 'TOO_OFTEN' AND seq > $2 ORDER BY seq LIMIT $3) r
  ORDER BY r.seq`;

/** What people do with a blast that exists. Every verb may be pressed twice. */
@Injectable()
export class BlastControl {
  constructor(
    private readonly reader: BlastReader,
    private readonly ledger: Ledger,
    private readonly runner: BlastRunner,
    private readonly starter: BlastStart,
    private readonly audit: BlastAudit,
    private readonly presses: Presses,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** One that has not begun, now; also where it was paused meanwhile. */
  async start(caller: Caller, id: string): Promise<Blast> {
    const blast = await this.require(caller, id, 'start');
    if (blast.startedAt === null) {
      await this.ledger.between(() =>
        this.dataSource.query('UPDATE blast_outlets SET not_before = NULL WHERE blast_id = $1', [id]),
      );
      const began = await this.starter.start(id, 'start', caller.id);
      await this.runner.finish([id]);
      if (began) await this.note(caller, 'started', blast, blast.counts.queued);
    }
    return this.awake(caller, id);
  }

  async pause(caller: Caller, id: string): Promise<Blast> {
    const blast = await this.require(caller, id, 'pause');
    if (await this.move(id, 'pause')) await this.note(caller, 'paused', blast, blast.counts.queued);
    return this.reader.require(caller, id);
  }

  /** One that has not begun waits for its time again. Also lifts a stop after refusals. */
  async resume(caller: Caller, id: string): Promise<Blast> {
    const blast = await this.require(caller, id, 'resume');
    await this.ledger.between(() => moveParts(this.dataSource.manager, 'resume', [id]));
    await this.move(id, 'resume', caller);
    // The last message may have arrived meanwhile.
    await this.runner.finish([id]);
    await this.note(caller, 'resumed', blast, blast.counts.queued);
    return this.awake(caller, id);
  }

  /** What is on its way still arrives; nothing else leaves. */
  async cancel(caller: Caller, id: string): Promise<Blast> {
    const blast = await this.requirePress(caller, id);
    const changed = await this.move(id, 'cancel');
    const skipped = await this.ledger.moveMany('skipped', 'CANCELED', ['queued'], 'r.blast_id = $6', [id]);
    if (changed) await this.note(caller, 'canceled', blast, skipped);
    else check(caller, blast, 'cancel');
    return this.reader.require(caller, id);
  }

  /** Queues again those who failed, and those left out as written to too often who are not any more. They keep their ids, so that a phone that has one shows it once. */
  async retry(caller: Caller, id: string): Promise<ChangedRecipients> {
    const blast = await this.require(caller, id, 'retry');
    let recipients = 0;
    try {
      for await (const queued of this.queuedAgain(id)) {
        recipients += queued;
        // They leave, whatever becomes of the others.
        await this.goOn(caller, id);
        this.runner.wake(blast.outlets.map(({ outletId }) => outletId));
      }
    } finally {
      if (recipients > 0) await this.note(caller, 'retried', blast, recipients);
    }
    return { success: true, recipients, outletGone: await this.countGone(id, 'failed', null) };
  }

  /** What a person says of the uncertain ones, all or one. */
  async resolve(caller: Caller, id: string, { recipientId, as }: ResolveUnknown): Promise<ChangedRecipients> {
    const isResend = as === 'resend';
    const blast = await (isResend ? this.require(caller, id, 'retry') : this.requirePress(caller, id));
    const to = isResend ? 'queued' : as;
    const where = `r.blast_id = $6 AND ($7::int IS NULL OR r.seq = $7::int) ${isResend ? `AND ${SENDABLE}` : ''}`;
    const recipients = await this.ledger.moveMany(to, null, ['unknown'], where, [id, recipientId ?? null]);
    if (isResend) await this.goOn(caller, id);
    if (recipients > 0)
      await this.note(caller, 'resolved', blast, recipients, { as, recipientId: recipientId ?? null });
    if (isResend) this.runner.wake(blast.outlets.map(({ outletId }) => outletId));
    const outletGone = isResend ? await this.countGone(id, 'unknown', recipientId ?? null) : 0;
    return { success: true, recipients, outletGone };
  }

  /** Each verb leaves a line of who pressed it. @throws {TooManyAttempts} */
  private async requirePress(caller: Caller, id: string): Promise<Blast> {
    const blast = await this.reader.requireToChange(caller, id);
    await this.presses.take(caller.id, blast.id);
    return blast;
  }

  /** @throws {TooManyAttempts} or {BlastRefusal} */
  private async require(caller: Caller, id: string, event: BlastEvent): Promise<Blast> {
    const blast = await this.requirePress(caller, id);
    check(caller, blast, event);
    return blast;
  }

  /**
   * How many at a time. Those who are not written to too often any more are judged beside the ledger, whose turn all
   * sending waits for; the claim judges them once more.
   */
  private async *queuedAgain(id: string): AsyncGenerator<number> {
    yield this.ledger.moveMany('queued', null, ['failed'], `r.blast_id = $6 AND ${SENDABLE}`, [id]);
    const where = `r.blast_id = $6 AND r.seq = ANY ($7::int[]) AND r.reason = 'TOO_OFTEN' AND ${SENDABLE}`;
    for (let after = 0; ;) {
      const values = [id, after, JUDGED_AT_ONCE, new Date(this.clock.wall())];
      const rows = await this.dataSource.query<{ seq: number; still: boolean }[]>(JUDGED, values);
      const seqs = rows.filter(({ still }) => !still).map(({ seq }) => seq);
      if (seqs.length > 0) yield this.ledger.moveMany('queued', null, ['skipped'], where, [id, seqs]);
      if (rows.length < JUDGED_AT_ONCE) return;
      after = rows.at(-1)!.seq;
    }
  }

  /** A finished blast with something to send runs again, also where an earlier try was cut off before it could. */
  private async goOn(caller: Caller, id: string): Promise<void> {
    const { queued } = (await this.reader.progress(id))?.counts ?? { queued: 0 };
    if (queued === 0) return;
    await this.move(id, 'retry', caller);
    await this.runner.finish([id]);
  }

  /** How many stay as they are because nobody can send to them any more. */
  private async countGone(id: string, status: RecipientStatus, recipientId: string | null): Promise<number> {
    const [row] = await this.dataSource.query<[{ count: number }]>(
      `SELECT count(*)::int AS count FROM blast_recipients r
       WHERE r.blast_id = $1 AND r.status = $2 AND ($3::int IS NULL OR r.seq = $3::int) AND NOT ${OUTLET_EXISTS}`,
      [id, status, recipientId],
    );
    return row.count;
  }

  private async awake(caller: Caller, id: string): Promise<Blast> {
    const blast = await this.reader.require(caller, id);
    this.runner.wake(blast.outlets.map(({ outletId }) => outletId));
    return blast;
  }

  /** @param sender who sends it on, by whose right it is sent from now on */
  private async move(id: string, event: BlastEvent, sender: Caller | null = null): Promise<boolean> {
    const moved = await this.ledger.between(() =>
      moveBlasts(this.dataSource.manager, event, [id], this.clock.wall(), { by: sender?.id ?? null }),
    );
    this.ledger.touched([id]);
    return moved.length > 0;
  }

  private note(
    caller: Caller,
    action: Deed['action'],
    blast: Blast,
    recipients: number,
    detail: Record<string, unknown> = {},
  ): Promise<void> {
    const outletIds = blast.outlets.map(({ outletId }) => outletId);
    return this.audit.write(caller, { action, blastId: blast.id, outletIds, recipients, detail });
  }
}

/** @throws {BlastRefusal} Only an ADMIN sends on what was sent by a right that has ended. */
function check({ role }: Caller, { status, startedAt, awaitsAdmin, purgedAt }: Blast, event: BlastEvent): void {
  const facts = { begun: startedAt !== null, purged: purgedAt !== null, single: false, done: false };
  const after = afterwards({ status, ...facts, awaitsAdmin: awaitsAdmin && role === 'USER' }, event);
  if (typeof after === 'object') throw refused(after.refused);
}
