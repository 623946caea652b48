import { randomUUID } from 'node:crypto';
import type { Repeat } from '@koneksi/contracts/blast-preview';
import type { AudienceCount, BlastVocabulary, CountAudience, CreateBlast } from '@koneksi/contracts/blast-requests';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { holdSender } from '../auth/hold-caller.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { Gate } from '../common/gate.js';
import { violatesUnique } from '../common/postgres-errors.js';
import { waitShortly } from '../common/short-wait.js';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';
import { Config } from '../config/config.js';
import type { MadeOnce } from '../idempotency/idempotency-key.js';
import { Audience } from './audience.js';
import { BlastAudit } from './blast-audit.js';
import { BlastKeys } from './blast-keys.js';
import { BlastPlanner, requestOf, type BlastPlan, type Due, type PlannedOutlet } from './blast-plan.js';
import { BlastPreviewer } from './blast-preview.js';
import { BlastReader } from './blast-reader.js';
import { BlastEntity, ONE_BLAST_PER_KEY, type KeptAudience } from './blast.entity.js';
import { comparable } from './domain/same-words.js';
import { Ledger } from './ledger.js';
import { MadeInADay } from './made-in-a-day.js';
import { moveBlasts, refused } from './move-blasts.js';
import { OpenWork } from './open-work.js';
import { PreviewIds } from './preview-ids.js';
import { COUNT_MET, MET, type PeopleMet } from './met-people.js';
import { isLargely, Repeats, toRepeat } from './repeats.js';
import { BlastRunner } from './sending/blast-runner.js';
import { lowerTags } from './domain/tags.js';

/** What a creation found different from what was agreed to; nothing of it was written. */
class Differs extends Error {}

/** One that is made because its time has come, even where that is a little past. */
export interface Repetition extends Due {
  /** The blast's. */
  id: string;
  /** Done in the transaction that makes it. */
  also: (manager: EntityManager) => Promise<void>;
  /** What its audience is meant by, where those are people by name only as of now. */
  meant: Pick<KeptAudience, 'birthday' | 'tags' | 'exceptTags' | 'exceptWithin'>;
}

/** Makes blasts. */
@Injectable()
export class BlastsService {
  /** Each reads every contact meant, and holds a connection of the database meanwhile. */
  private readonly creations = new Gate({ atOnce: 2, waiting: 20, patienceMs: 30_000 });
  private readonly looks = new Gate({ atOnce: 2, waiting: 5, patienceMs: 10_000 });

  constructor(
    private readonly dataSource: DataSource,
    private readonly planner: BlastPlanner,
    private readonly previewer: BlastPreviewer,
    private readonly previewIds: PreviewIds,
    private readonly repeats: Repeats,
    private readonly open: OpenWork,
    private readonly made: MadeInADay,
    private readonly audience: Audience,
    private readonly keys: BlastKeys,
    private readonly audit: BlastAudit,
    private readonly reader: BlastReader,
    private readonly ledger: Ledger,
    private readonly runner: BlastRunner,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** @throws {TooManyAttempts} */
  vocabulary(caller: Caller): Promise<BlastVocabulary> {
    return this.looks.pass(caller.id, () => this.planner.vocabulary(caller));
  }

  /** How many a blast to an audience would reach. @throws {TooManyAttempts} */
  count(caller: Caller, body: CountAudience): Promise<AudienceCount> {
    return this.looks.pass(caller.id, () => this.planner.count(caller, body));
  }

  /**
   * Same key and same request: the same blast.
   * @throws {TooManyAttempts}; `IDEMPOTENCY_CONFLICT` for another request under the key; `PREVIEW_OUTDATED` with the new
   * preview; {QuotaReached}; `BLAST_REPEATED` with who had the same words; `TAG_UNKNOWN` with which; `BLAST_STARTED` where what it replaces has begun
   */
  create(
    caller: Caller,
    body: CreateBlast,
    idempotencyKey: string | null,
    locale: Locale,
    repetition: Repetition | null = null,
  ): Promise<MadeOnce> {
    return this.creations.pass(caller.id, () => this.createOnce(caller, body, idempotencyKey, locale, repetition));
  }

  private async createOnce(
    caller: Caller,
    body: CreateBlast,
    idempotencyKey: string | null,
    locale: Locale,
    repetition: Repetition | null,
  ): Promise<MadeOnce> {
    const earlier = await this.findByKey(caller, idempotencyKey, body);
    if (earlier) return earlier;
    if (body.replaces !== null) await this.reader.requireToChange(caller, body.replaces);
    const plan = await this.planner.plan(caller, body, 'id', repetition);
    const id = repetition?.id ?? randomUUID();
    try {
      if (body.previewId === null && !plan.outlets.some(({ sends }) => sends))
        throw new ValidationFailed([fieldProblem('outletIds', 'NO_HEALTHY_OUTLET')]);
      await this.insert(caller, id, body, plan, idempotencyKey, repetition);
    } catch (error) {
      // Of two at once with the same key the database lets one in.
      const winner = violatesUnique(error, ONE_BLAST_PER_KEY)
        ? await this.findByKey(caller, idempotencyKey, body)
        : null;
      if (winner) return winner;
      if (error instanceof Differs) throw await this.outdated(caller, body, locale);
      throw error;
    }
    if (body.replaces !== null) {
      await this.ledger.moveMany('skipped', 'CANCELED', ['queued'], 'r.blast_id = $6', [body.replaces]);
      this.ledger.touched([body.replaces]);
    }
    this.ledger.touched([id]);
    this.runner.wake(plan.outlets.map((outlet) => outlet.id));
    return { id, isEarlier: false };
  }

  private async findByKey(caller: Caller, key: string | null, body: CreateBlast): Promise<MadeOnce | null> {
    if (key === null) return null;
    const [found] = await this.dataSource.manager.find(BlastEntity, {
      select: { id: true, wrappedKey: true, requestHash: true },
      where: { createdBy: caller.id, idempotencyKey: key },
    });
    if (!found) return null;
    const { id: blastId, wrappedKey, requestHash } = found;
    if (this.keys.hashRequest({ blastId, wrappedKey }, intentionOf(body)) !== requestHash)
      throw new DomainError('IDEMPOTENCY_CONFLICT', 409, 'the key was used for another request');
    return { id: found.id, isEarlier: true };
  }

  /** Blast, recipients, totals and audit, or nothing at all. */
  private async insert(
    caller: Caller,
    id: string,
    body: CreateBlast,
    plan: BlastPlan,
    idempotencyKey: string | null,
    repetition: Repetition | null,
  ): Promise<void> {
    const runner = this.dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      const now = this.clock.wall();
      const outletIds = plan.outlets.map((outlet) => outlet.id);
      // A repetition is withdrawn in the transaction that ends its right.
      if (repetition === null) await holdSender(runner.manager, caller, outletIds, now);
      if (body.replaces === null) await this.open.refuseWhereFull(runner.manager, caller);
      const undoMs = body.scheduledAt === null ? Math.min(body.undoSeconds * 1_000, this.config.blastUndoMs) : 0;
      const undoUntil = undoMs > 0 ? new Date(now + undoMs) : null;
      const starts = body.scheduledAt === null && undoUntil === null;
      const { blastId: _, ...key } = this.keys.issue(id);
      const row = {
        id,
        title: body.title,
        status: starts ? ('running' as const) : ('scheduled' as const),
        revision: '1',
        createdAt: new Date(now),
        createdBy: caller.id,
        createdByName: caller.name,
        scheduledAt: body.scheduledAt,
        notAfter: body.notAfter,
        undoUntil,
        wayOut: plan.wayOut,
        audience: { ...keptAudience(body, plan), ...repetition?.meant },
        startedAt: starts ? new Date(now) : null,
        finishedAt: null,
        recipients: 0,
        mediaId: body.mediaId,
        ...key,
        message: this.keys.sealMessage({ blastId: id, ...key }, body.message),
        idempotencyKey,
        requestHash: this.keys.hashRequest({ blastId: id, ...key }, intentionOf(body)),
      };
      // Another of the same key, or that takes the same one's place, holds these until it is made.
      await waitShortly(runner.manager, async () => {
        await this.standFor(runner, body);
        await runner.manager.insert(BlastEntity, row);
      });
      const { counts, noNumbers, gone, filled } = await this.audience.enrol(runner, id, plan.request, plan.slots);
      const isAgreed =
        body.previewId === null ||
        this.previewIds.matches(body.previewId, caller, requestOf(body), { counts, noNumbers, gone });
      if (!isAgreed) throw new Differs();
      this.planner.checkLength(plan, body, filled);
      const recipients = await insertOutlets(runner, id, plan.outlets, undoUntil);
      if (recipients.queued === 0) throw new ValidationFailed([fieldProblem('audience', 'NO_RECIPIENTS')]);
      if (!body.unknownTagsAcknowledged) await this.planner.requireKnownTags(plan.request);
      const repeat = await this.findRepeat(runner, caller, id, body, recipients.queued);
      if (isLargely(repeat) && !body.repeatAcknowledged) throw repeated(repeat);
      const duplicates = counts
        .filter(({ reason }) => reason === 'DUPLICATE')
        .reduce((sum, { count }) => sum + count, 0);
      const skipped = {
        ...(duplicates > 0 && { DUPLICATE: duplicates }),
        ...(noNumbers.count > 0 && { INVALID: noNumbers.count }),
        ...(gone > 0 && { CONTACT_GONE: gone }),
      };
      await runner.manager.update(BlastEntity, { id }, { recipients: recipients.all, skipped });
      await keepOutlets(runner, outletIds);
      const detail = {
        skipped,
        scheduledAt: body.scheduledAt,
        notAfter: body.notAfter,
        mediaId: body.mediaId,
        replaces: body.replaces,
        ...(repeat && { repeats: repeat.people }),
        ...(body.noWayOut !== null && { noWayOut: body.noWayOut }),
      };
      const deed = {
        action: 'created',
        blastId: id,
        outletIds,
        recipients: recipients.queued,
        message: body.message,
        detail,
      } as const;
      await this.audit.write(caller, deed, runner.manager);
      await repetition?.also(runner.manager);
      await this.open.requireRoomForBlast(runner.manager, caller, recipients.all, body.replaces);
      // One that comes again was counted when it was ordered, and comes once a day.
      if (repetition === null) await this.made.requireRoom(runner.manager, caller);
      await runner.commitTransaction();
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
    }
  }

  /** What this blast replaces must not have begun; from here on it does not. */
  private async standFor(runner: QueryRunner, { replaces }: CreateBlast): Promise<void> {
    if (replaces === null) return;
    const moved = await moveBlasts(runner.manager, 'replace', [replaces], this.clock.wall());
    if (moved.length === 0) throw refused('BLAST_STARTED');
  }

  /** Two at once with the same words wait for each other here, so that the second sees the first. */
  private async findRepeat(
    runner: QueryRunner,
    caller: Caller,
    id: string,
    body: CreateBlast,
    of: number,
  ): Promise<Repeat | null> {
    const words = this.keys.hash(`words|${comparable(body.message)}`);
    await waitShortly(runner.manager, () =>
      runner.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 2))', [words]),
    );
    const same = (await this.repeats.of(caller, body, body.replaces, runner.manager)).filter((each) => each.id !== id);
    if (same.length === 0) return null;
    const ids = same.map((each) => each.id);
    const met = (await runner.query(`SELECT x.blast_id, count(*)::int AS people ${MET_AGAIN} GROUP BY x.blast_id`, [
      id,
      ids,
    ])) as { blast_id: string; people: number }[];
    const [all] = (await runner.query(`SELECT ${COUNT_MET} ${MET_AGAIN}`, [id, ids])) as [PeopleMet];
    return toRepeat(same, met, all, of);
  }

  /** With what the numbers are now, for another look. */
  private async outdated(caller: Caller, body: CreateBlast, locale: Locale): Promise<DomainError> {
    const preview = await this.previewer.preview(caller, body, locale);
    return new DomainError('PREVIEW_OUTDATED', 409, 'the blast differs from its preview', undefined, { preview });
  }
}

/** Of a new blast: whom blasts that said the same have met, or will. */
const MET_AGAIN = `
  FROM blast_recipients n JOIN blast_recipients x ON x.number = n.number AND x.blast_id = ANY ($2::uuid[]) AND ${MET}
  WHERE n.blast_id = $1 AND n.status = 'queued'`;

function repeated(repeat: Repeat): DomainError {
  return new DomainError('BLAST_REPEATED', 409, 'most recipients had the same words within a week', undefined, {
    repeat,
  });
}

/** What makes two presses one: not which preview was agreed to, nor how long the press may be taken back. */
const intentionOf = (body: CreateBlast): string =>
  JSON.stringify({
    ...(JSON.parse(requestOf(body)) as object),
    title: body.title,
    ...(body.replaces && { replaces: body.replaces }),
  });

function keptAudience({ audience }: CreateBlast, { outlets, request: { exceptWithin } }: BlastPlan): KeptAudience {
  const outletIds = outlets.map(({ id }) => id);
  if (audience === 'all') return { kind: 'all', outletIds };
  if ('contactIds' in audience) return { kind: 'contacts', outletIds };
  if ('phones' in audience) return { kind: 'phones', outletIds };
  if ('ofBlast' in audience) return { kind: 'ofBlast', ofBlast: audience.ofBlast, outletIds };
  return {
    kind: 'tags' in audience ? 'tags' : 'all',
    ...('tags' in audience && { tags: lowerTags(audience.tags) }),
    ...(audience.exceptTags && { exceptTags: lowerTags(audience.exceptTags) }),
    ...(audience.exceptTags && exceptWithin && { exceptWithin: [...exceptWithin] }),
    outletIds,
  };
}

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
  undoUntil: Date | null,
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
      outlets.map(({ notBefore }) => (notBefore === null ? undoUntil : new Date(notBefore))),
    ],
  )) as { queued: number; skipped: number }[];
  const queued = rows.reduce((sum, row) => sum + row.queued, 0);
  return { queued, all: queued + rows.reduce((sum, row) => sum + row.skipped, 0) };
}
