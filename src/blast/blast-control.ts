import type { BlastStatus, RecipientStatus } from '@koneksi/contracts/blast-states';
import type { ChangedRecipients, ResolveUnknown } from '@koneksi/contracts/blast-recipients';
import type { Blast } from '@koneksi/contracts/blasts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { BlastAudit, type Deed } from './blast-audit.js';
import { BlastReader } from './blast-reader.js';
import { Presses } from '../outlets/presses.js';
import { Ledger } from './ledger.js';
import { BlastRunner } from './sending/blast-runner.js';
import { BlastStart } from './sending/blast-start.js';

/** Of a recipient `r`. */
const OUTLET_EXISTS = 'EXISTS (SELECT 1 FROM outlets WHERE outlets.id = r.outlet_id)';
/** The same, where there is still something to send. */
const SENDABLE = `${OUTLET_EXISTS} AND EXISTS (SELECT 1 FROM blasts b WHERE b.id = r.blast_id AND b.purged_at IS NULL)`;

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
    const blast = await this.requireToSend(caller, id);
    if (blast.startedAt === null) {
      await this.ledger.between(() =>
        this.dataSource.query('UPDATE blast_outlets SET not_before = NULL WHERE blast_id = $1', [id]),
      );
      const began = await this.starter.start(id, ['scheduled', 'paused'], caller.id);
      await this.runner.finish([id]);
      if (began) await this.note(caller, 'started', blast, blast.counts.queued);
    }
    return this.awake(caller, id);
  }

  async pause(caller: Caller, id: string): Promise<Blast> {
    const blast = await this.requireOpen(caller, id);
    const changed = await this.setStatus(id, 'paused', ['running', 'scheduled']);
    if (changed) await this.note(caller, 'paused', blast, blast.counts.queued);
    return this.reader.require(caller, id);
  }

  /** One that has not begun waits for its time again. Also lifts a stop after refusals. */
  async resume(caller: Caller, id: string): Promise<Blast> {
    const blast = await this.requireToSend(caller, id);
    await this.ledger.between(() =>
      this.dataSource.query(
        `UPDATE blast_outlets SET stopped = false, hold_code = NULL, hold_until = NULL WHERE blast_id = $1 AND stopped`,
        [id],
      ),
    );
    await this.setStatus(id, blast.startedAt === null ? 'scheduled' : 'running', ['paused', 'running'], caller);
    // The last message may have arrived meanwhile.
    await this.runner.finish([id]);
    await this.note(caller, 'resumed', blast, blast.counts.queued);
    return this.awake(caller, id);
  }

  /** What is on its way still arrives; nothing else leaves. */
  async cancel(caller: Caller, id: string): Promise<Blast> {
    const blast = await this.requirePress(caller, id);
    const changed = await this.setStatus(id, 'canceled', ['running', 'scheduled', 'paused']);
    const skipped = await this.ledger.moveMany('skipped', 'CANCELED', ['queued'], 'r.blast_id = $6', [id]);
    if (changed) await this.note(caller, 'canceled', blast, skipped);
    else if (blast.status === 'finished') throw ended();
    return this.reader.require(caller, id);
  }

  /** Queues the failed ones again. They keep their ids, so that a phone that has one shows it once. */
  async retry(caller: Caller, id: string): Promise<ChangedRecipients> {
    const blast = await this.requireRetryable(caller, id);
    const where = `r.blast_id = $6 AND ${SENDABLE}`;
    const recipients = await this.ledger.moveMany('queued', null, ['failed'], where, [id]);
    await this.goOn(caller, id);
    if (recipients > 0) await this.note(caller, 'retried', blast, recipients);
    this.runner.wake(blast.outlets.map(({ outletId }) => outletId));
    return { success: true, recipients, outletGone: await this.countGone(id, 'failed', null) };
  }

  /** What a person says of the uncertain ones, all or one. */
  async resolve(caller: Caller, id: string, { recipientId, as }: ResolveUnknown): Promise<ChangedRecipients> {
    const blast = await (as === 'resend' ? this.requireRetryable(caller, id) : this.requirePress(caller, id));
    const to = as === 'resend' ? 'queued' : as;
    const isResend = as === 'resend';
    const where = `r.blast_id = $6 AND ($7::int IS NULL OR r.seq = $7::int) ${isResend ? `AND ${SENDABLE}` : ''}`;
    const recipients = await this.ledger.moveMany(to, null, ['unknown'], where, [id, recipientId ?? null]);
    if (isResend) await this.goOn(caller, id);
    if (recipients > 0)
      await this.note(caller, 'resolved', blast, recipients, { as, recipientId: recipientId ?? null });
    if (isResend) this.runner.wake(blast.outlets.map(({ outletId }) => outletId));
    const outletGone = isResend ? await this.countGone(id, 'unknown', recipientId ?? null) : 0;
    return { success: true, recipients, outletGone };
  }

  /** @throws `AWAITS_ADMIN` where the right by which it was sent has ended, and this is nobody who may decide. */
  private async requireToSend(caller: Caller, id: string): Promise<Blast> {
    const blast = await this.requireOpen(caller, id);
    if (blast.awaitsAdmin && caller.role === 'USER') throw new DomainError('AWAITS_ADMIN', 403, 'only an ADMIN may');
    return blast;
  }

  /** Each verb leaves a line of who pressed it. @throws {TooManyAttempts} */
  private async requirePress(caller: Caller, id: string): Promise<Blast> {
    const blast = await this.reader.requireToChange(caller, id);
    await this.presses.take(caller.id, blast.id);
    return blast;
  }

  private async requireOpen(caller: Caller, id: string): Promise<Blast> {
    const blast = await this.requirePress(caller, id);
    if (blast.status === 'canceled' || blast.status === 'finished') throw ended();
    return blast;
  }

  private async requireRetryable(caller: Caller, id: string): Promise<Blast> {
    const blast = await this.requirePress(caller, id);
    if (blast.status === 'canceled') throw ended();
    if (blast.purgedAt !== null) throw new DomainError('BLAST_PURGED', 409, 'what the blast said has been removed');
    return blast;
  }

  /** A finished blast with something to send runs again, also where an earlier try was cut off before it could. */
  private async goOn(caller: Caller, id: string): Promise<void> {
    const { queued } = (await this.reader.progress(id))?.counts ?? { queued: 0 };
    if (queued === 0) return;
    await this.setStatus(id, 'running', ['finished'], caller);
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
  private async setStatus(
    id: string,
    to: BlastStatus,
    from: readonly BlastStatus[],
    sender: Caller | null = null,
  ): Promise<boolean> {
    const [, changed] = await this.ledger.between(() =>
      this.dataSource.query<[unknown, number]>(
        `UPDATE blasts SET status = $2, revision = revision + 1, awaits_admin = awaits_admin AND $2 NOT IN ('running', 'scheduled'),
           sent_on_by = coalesce($5, sent_on_by),
           started_at = CASE WHEN $2 = 'running' THEN coalesce(started_at, $4) ELSE started_at END,
           finished_at = CASE WHEN $2 = 'canceled' THEN $4 WHEN $2 = 'running' THEN NULL ELSE finished_at END
         WHERE id = $1 AND status = ANY ($3::text[])`,
        [id, to, from, new Date(this.clock.wall()), sender?.id ?? null],
      ),
    );
    this.ledger.touched([id]);
    return changed > 0;
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

const ended = (): DomainError => new DomainError('BLAST_ENDED', 409, 'the blast has ended');
