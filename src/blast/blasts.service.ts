import { randomUUID } from 'node:crypto';
import type { SkipReason } from '@koneksi/contracts/blast-states';
import { renderMessage } from '@koneksi/contracts/blast-template';
import type {
  BlastCreated,
  BlastPreview,
  BlastVocabulary,
  CreateBlast,
  OutletPreview,
  PreviewBlast,
} from '@koneksi/contracts/blasts';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { Injectable } from '@nestjs/common';
import { DataSource, type QueryRunner } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { Gate } from '../common/gate.js';
import { violatesUnique } from '../common/postgres-errors.js';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';
import { Audience, type AudienceCounts, type SampleRow } from './audience.js';
import { BlastAudit } from './blast-audit.js';
import { BlastKeys } from './blast-keys.js';
import { BlastPlanner, type BlastPlan, type PlannedOutlet } from './blast-plan.js';
import { BlastEntity } from './blast.entity.js';
import { finishesAt } from './domain/careful.js';
import { localDay } from './domain/local-time.js';
import { Ledger } from './ledger.js';
import { BlastRunner } from './sending/blast-runner.js';

const ONE_BLAST_PER_KEY = 'blasts_idempotency';

/** Makes blasts, and shows beforehand what they would do. */
@Injectable()
export class BlastsService {
  /** Both read every contact meant, and each holds a connection of the database meanwhile. */
  private readonly previews = new Gate({ atOnce: 2, waiting: 5, patienceMs: 10_000 });
  private readonly creations = new Gate({ atOnce: 2, waiting: 20, patienceMs: 30_000 });

  constructor(
    private readonly dataSource: DataSource,
    private readonly planner: BlastPlanner,
    private readonly audience: Audience,
    private readonly keys: BlastKeys,
    private readonly audit: BlastAudit,
    private readonly ledger: Ledger,
    private readonly runner: BlastRunner,
    private readonly clock: Clock,
  ) {}

  /** @throws {TooManyAttempts} */
  preview(caller: Caller, body: PreviewBlast, locale: Locale): Promise<BlastPreview> {
    return this.previews.pass(caller.id, () => this.foresee(caller, body, locale));
  }

  /** @throws {TooManyAttempts} */
  vocabulary(caller: Caller): Promise<BlastVocabulary> {
    return this.previews.pass(caller.id, () => this.planner.vocabulary(caller));
  }

  /**
   * Same key and same request: the same blast.
   * @throws {TooManyAttempts}; `IDEMPOTENCY_CONFLICT` for another request under the key
   */
  create(caller: Caller, body: CreateBlast, idempotencyKey: string | null): Promise<BlastCreated> {
    return this.creations.pass(caller.id, () => this.createOnce(caller, body, idempotencyKey));
  }

  private async foresee(caller: Caller, body: PreviewBlast, locale: Locale): Promise<BlastPreview> {
    const plan = await this.planner.plan(caller, body, locale);
    const { counts, samples, missing, invalid } = await this.audience.count(plan.request);
    const outlets = plan.outlets.map((outlet) =>
      this.toPreview(
        outlet,
        body.message,
        counts.filter((row) => row.outlet_id === outlet.id),
        samples.find((row) => row.outlet_id === outlet.id),
      ),
    );
    const skipped: Partial<Record<SkipReason, number>> = invalid > 0 ? { INVALID: invalid } : {};
    for (const { reason, count } of counts) if (reason) skipped[reason] = (skipped[reason] ?? 0) + count;
    const ends = outlets.flatMap(({ estimate }) => (estimate ? [estimate.finishesAt] : []));
    return {
      success: true,
      outlets,
      recipients: outlets.reduce((sum, { recipients }) => sum + recipients, 0),
      skipped,
      missing,
      finishesAt: ends.includes(null) ? null : (ends.sort().at(-1) ?? null),
    };
  }

  private async createOnce(caller: Caller, body: CreateBlast, idempotencyKey: string | null): Promise<BlastCreated> {
    const earlier = await this.findByKey(caller, idempotencyKey, body);
    if (earlier) return earlier;
    const plan = await this.planner.plan(caller, body, 'id');
    if (!plan.outlets.some(({ sends }) => sends))
      throw new ValidationFailed([fieldProblem('outletIds', 'NO_HEALTHY_OUTLET')]);
    const id = randomUUID();
    try {
      await this.insert(caller, id, body, plan, idempotencyKey);
    } catch (error) {
      // Of two at once with the same key the database lets one in.
      const winner = violatesUnique(error, ONE_BLAST_PER_KEY)
        ? await this.findByKey(caller, idempotencyKey, body)
        : null;
      if (winner) return winner;
      throw error;
    }
    this.ledger.touched([id]);
    this.runner.wake(plan.outlets.map((outlet) => outlet.id));
    return { id };
  }

  private async findByKey(caller: Caller, key: string | null, body: CreateBlast): Promise<BlastCreated | null> {
    if (key === null) return null;
    const [found] = await this.dataSource.manager.find(BlastEntity, {
      select: { id: true, wrappedKey: true, requestHash: true },
      where: { createdBy: caller.id, idempotencyKey: key },
    });
    if (!found) return null;
    const { id: blastId, wrappedKey, requestHash } = found;
    if (this.keys.hashRequest({ blastId, wrappedKey }, JSON.stringify(body)) !== requestHash)
      throw new DomainError('IDEMPOTENCY_CONFLICT', 409, 'the key was used for another request');
    return { id: found.id };
  }

  /** Blast, recipients, totals and audit, or nothing at all. */
  private async insert(
    caller: Caller,
    id: string,
    body: CreateBlast,
    plan: BlastPlan,
    idempotencyKey: string | null,
  ): Promise<void> {
    const runner = this.dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      const now = new Date(this.clock.now());
      const { blastId: _, ...key } = this.keys.issue(id);
      await runner.manager.insert(BlastEntity, {
        id,
        title: body.title,
        status: body.scheduledAt === null ? 'running' : 'scheduled',
        revision: '1',
        createdAt: now,
        createdBy: caller.id,
        createdByName: caller.name,
        scheduledAt: body.scheduledAt,
        startedAt: body.scheduledAt === null ? now : null,
        finishedAt: null,
        recipients: 0,
        mediaId: body.mediaId,
        ...key,
        message: this.keys.sealMessage({ blastId: id, ...key }, body.message),
        idempotencyKey,
        requestHash: this.keys.hashRequest({ blastId: id, ...key }, JSON.stringify(body)),
      });
      const { duplicates, invalid } = await this.audience.enrol(runner, id, plan.request);
      const recipients = await insertOutlets(runner, id, plan.outlets);
      if (recipients.queued === 0) throw new ValidationFailed([fieldProblem('audience', 'NO_RECIPIENTS')]);
      const skipped = { ...(duplicates > 0 && { DUPLICATE: duplicates }), ...(invalid > 0 && { INVALID: invalid }) };
      await runner.manager.update(BlastEntity, { id }, { recipients: recipients.all, skipped });
      const outletIds = plan.outlets.map((outlet) => outlet.id);
      await keepOutlets(runner, outletIds);
      const detail = { skipped, scheduledAt: body.scheduledAt, mediaId: body.mediaId };
      const deed = {
        action: 'created',
        blastId: id,
        outletIds,
        recipients: recipients.queued,
        message: body.message,
        detail,
      } as const;
      await this.audit.write(caller, deed, runner.manager);
      await runner.commitTransaction();
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
    }
  }

  private toPreview(
    outlet: PlannedOutlet,
    message: string,
    counts: readonly AudienceCounts[],
    sample: SampleRow | undefined,
  ): OutletPreview {
    const { careful, usage } = outlet.limits;
    const reached = counts.find(({ reason }) => reason === null);
    const recipients = reached?.count ?? 0;
    const newChats = reached?.new_chats ?? 0;
    const now = this.clock.now();
    const start = Math.max(now, outlet.notBefore ?? 0);
    // What went out today leaves another day's caps alone.
    const isToday = localDay(start, careful.zone) === localDay(now, careful.zone);
    const usageThen = isToday ? usage : { ...usage, newChats: 0, knownChats: 0 };
    const span = finishesAt(start, { newChats, knownChats: recipients - newChats }, careful, usageThen);
    return {
      outletId: outlet.id,
      outletName: outlet.name,
      healthy: outlet.healthy,
      reason: outlet.reason,
      recipients,
      newChats,
      skipped: Object.fromEntries(counts.flatMap(({ reason, count }) => (reason ? [[reason, count]] : []))),
      sample: sample
        ? {
            phone: sample.number,
            name: sample.name,
            text: renderMessage(message, { ...sample.params, nama: sample.name ?? '', outlet: outlet.name }),
          }
        : null,
      estimate:
        recipients === 0
          ? null
          : {
              startsAt: isoOf(span.startsAt),
              finishesAt: isoOf(span.finishesAt),
              zone: careful.zone,
              waitsFor: span.waitsFor,
            },
    };
  }
}

const isoOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/**
 * From here to the commit no outlet can be removed; what its removal gives up includes this blast. Only at the end,
 * since enrolling takes long.
 * @throws `OUTLET_NOT_FOUND` where one was removed before.
 */
async function keepOutlets(runner: QueryRunner, outletIds: readonly string[]): Promise<void> {
  const kept = (await runner.query('SELECT 1 FROM outlets WHERE id = ANY ($1::uuid[]) FOR KEY SHARE', [
    outletIds,
  ])) as object[];
  if (kept.length < outletIds.length)
    throw new DomainError('OUTLET_NOT_FOUND', 404, 'an outlet was removed while the blast was being made');
}

/** One row per outlet that has recipients, with their totals. */
async function insertOutlets(
  runner: QueryRunner,
  blastId: string,
  outlets: readonly PlannedOutlet[],
): Promise<{ queued: number; all: number }> {
  const rows = (await runner.query(
    `INSERT INTO blast_outlets (blast_id, outlet_id, outlet_name, not_before, queued, skipped)
     SELECT $1, p.id, p.name, p.not_before, count(*) FILTER (WHERE r.status = 'queued'),
       count(*) FILTER (WHERE r.status = 'skipped')
     FROM unnest($2::uuid[], $3::text[], $4::timestamptz[]) AS p(id, name, not_before)
     JOIN blast_recipients r ON r.blast_id = $1 AND r.outlet_id = p.id
     GROUP BY p.id, p.name, p.not_before
     RETURNING queued, skipped`,
    [
      blastId,
      outlets.map(({ id }) => id),
      outlets.map(({ name }) => name),
      outlets.map(({ notBefore }) => (notBefore === null ? null : new Date(notBefore))),
    ],
  )) as { queued: number; skipped: number }[];
  const queued = rows.reduce((sum, row) => sum + row.queued, 0);
  return { queued, all: queued + rows.reduce((sum, row) => sum + row.skipped, 0) };
}
