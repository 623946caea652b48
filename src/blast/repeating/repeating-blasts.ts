import { randomUUID } from 'node:crypto';
import type {
  BirthdayField,
  BirthdayFields,
  CountBirthdays,
  CreateRepeatingBlast,
  RepeatingBlast,
  RepeatingBlastCreated,
  RepeatingBlastList,
} from '@koneksi/contracts/repeating-blasts';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { variableName } from '@koneksi/contracts/blast-template';
import type { OptionalPage } from '@koneksi/contracts/paging';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import * as z from 'zod';
import { maySee, type Caller } from '../../auth/caller.js';
import { holdSender } from '../../auth/hold-caller.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/domain-error.js';
import { Gate } from '../../common/gate.js';
import { pageOfRows, readCursor } from '../../common/page-cursor.js';
import { QuotaReached, type QuotaFact } from '../../common/quota-reached.js';
import { takeQuotaTurn } from '../../common/quota-turn.js';
import { isUuid } from '../../common/uuid.js';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import { Audience } from '../audience.js';
import { Birthdays } from '../birthdays.js';
import { BlastKeys } from '../blast-keys.js';
import { BlastPlanner, type BlastPlan } from '../blast-plan.js';
import { outletsOf, shownOf } from '../blast-reader.js';
import { BlastEntity } from '../blast.entity.js';
import { MadeInADay } from '../made-in-a-day.js';
import { BlastMediaEntity } from '../media/blast-media.entity.js';
import { toMedia } from '../media/media-store.js';
import { localDay } from '../domain/local-time.js';
import { dayAfter } from './domain/days.js';
import { firstDay, nextDay, passedAt, passedSince } from './domain/occurrences.js';
import { RepeatingBlastEntity } from './repeating-blast.entity.js';
import { RepeatingStore, ROWS_SQL, skipped, type RepeatingRow } from './repeating-store.js';
import { Repetitions } from './repetitions.js';

const OPEN_EACH = 50;
const SHOWN = 200;

const Position = z.tuple([z.string(), z.string()]);

/** Of those that reach an outlet of the caller's; `$1` is null for who may see all. */
const VISIBLE =
  '($1::uuid[] IS NULL OR (r.outlet_ids IS NULL AND cardinality($1::uuid[]) > 0) OR r.outlet_ids && $1::uuid[])';

/** What comes next first, and what was stopped last. */
const TURN = `(CASE r.status WHEN 'stopped' THEN 'stopped' ELSE coalesce(to_char(r.next_on, 'YYYY-MM-DD'), '') END COLLATE "C")`;
const ID = '(r.id::text COLLATE "C")';
const PAGE_SQL = `${ROWS_SQL} WHERE ${VISIBLE} AND ($2::text IS NULL OR (${TURN}, ${ID}) > ($2, $3)) ORDER BY ${TURN}, ${ID} LIMIT $4`;
const turnOf = ({ status, nextOn, id }: RepeatingRow): [string, string] => [
  status === 'stopped' ? 'stopped' : (nextOn ?? ''),
  id,
];

/** What is kept of whom they mean: who is left out, among the contacts of outlets that they may see. */
function meantBy(
  caller: Caller,
  { audience }: Pick<CreateRepeatingBlast, 'audience'>,
): RepeatingBlastEntity['audience'] {
  const { tags, exceptTags }: RepeatingBlastEntity['audience'] = audience === 'all' ? {} : audience;
  const exceptWithin = outletsOf(caller);
  return { ...(tags && { tags }), ...(exceptTags && { exceptTags, ...(exceptWithin && { exceptWithin }) }) };
}

/** Blasts that come again, and what people do with them. Every verb may be pressed twice. */
@Injectable()
export class RepeatingBlasts {
  /** Each reads every contact of its outlets. */
  private readonly looks = new Gate({ atOnce: 2, waiting: 5, patienceMs: 10_000 });

  constructor(
    private readonly dataSource: DataSource,
    private readonly planner: BlastPlanner,
    private readonly audience: Audience,
    private readonly birthdays: Birthdays,
    private readonly keys: BlastKeys,
    private readonly store: RepeatingStore,
    private readonly repetitions: Repetitions,
    private readonly made: MadeInADay,
    private readonly clock: Clock,
  ) {}

  /** @throws `VALIDATION_FAILED`, `OUTLET_NOT_FOUND`, `TAG_UNKNOWN`, {QuotaReached}, {TooManyAttempts} */
  async create(caller: Caller, body: CreateRepeatingBlast, locale: Locale): Promise<RepeatingBlastCreated> {
    const plan = await this.check(caller, body, locale);
    const birthdays = await this.birthdaysOf(caller, body, plan);
    const now = new Date(this.clock.wall());
    const at = plan.outlets.map(({ id, limits }) => ({ id, zone: limits.careful.zone }));
    const nextOn = firstDay(
      body.rule,
      at.map(({ zone }) => zone),
      now.getTime(),
    );
    if (nextOn === null) throw new ValidationFailed([fieldProblem('rule', 'NEVER_COMES')]);
    const nextNotAt = passedAt(body.rule, nextOn, at, now.getTime()).map(({ id }) => id);
    const id = randomUUID();
    const { blastId: _, ...key } = this.keys.issue(id);
    await this.dataSource.transaction(async (manager) => {
      const outletIds = plan.outlets.map((outlet) => outlet.id);
      await holdSender(manager, caller, outletIds, now.getTime());
      await manager.insert(BlastEntity, {
        id,
        kind: 'repeating',
        title: body.title,
        // Never sent itself: whatever looks for what is open finds none of these.
        status: 'canceled',
        createdAt: now,
        createdBy: caller.id,
        createdByName: caller.name,
        recipients: 0,
        mediaId: body.mediaId,
        wayOut: plan.wayOut,
        ...key,
        message: this.keys.sealMessage({ blastId: id, ...key }, body.message),
        requestHash: '',
      });
      await manager.insert(RepeatingBlastEntity, {
        id,
        status: 'active',
        rule: body.rule,
        // Of whoever has some outlets only, these are meant: others they get later were never looked at.
        outletIds: body.outletIds === 'all' && caller.outletIds === 'all' ? null : outletIds,
        audience: meantBy(caller, body),
        wayOutLanguage: body.wayOutLanguage,
        nextOn,
        notAt: nextNotAt,
        byId: caller.id,
        byName: caller.name,
      });
      await this.requireRoom(manager, caller);
      await this.made.requireRoom(manager, caller);
    });
    void this.repetitions.look();
    return { id, nextOn, nextNotAt, birthdays };
  }

  /** In which fields contacts have birthdays. @throws `OUTLET_NOT_FOUND`, {TooManyAttempts} */
  async fields(caller: Caller, { outletIds, audience }: CountBirthdays): Promise<BirthdayFields> {
    const picked = await this.planner.pick(caller, outletIds);
    const ids = picked.map(({ id }) => id);
    return { fields: await this.birthdaysAmong(caller, ids, audience) };
  }

  async list(caller: Caller, { after, limit = SHOWN }: OptionalPage): Promise<RepeatingBlastList> {
    const [turn, id] = after === undefined ? [null, null] : readCursor(Position, after, 'after');
    const rows = await this.dataSource.query<RepeatingRow[]>(PAGE_SQL, [outletsOf(caller), turn, id, limit + 1]);
    const { shown, next } = pageOfRows(rows, limit, turnOf);
    return { items: await Promise.all(shown.map((row) => this.toView(caller, row))), next };
  }

  /** @throws `NOT_FOUND` alike for unknown, foreign and malformed ids. */
  async find(caller: Caller, id: string): Promise<RepeatingBlast> {
    return this.toView(caller, await this.require(caller, id));
  }

  async pause(caller: Caller, id: string): Promise<RepeatingBlast> {
    await this.requireToChange(caller, id);
    await this.dataSource.query(`UPDATE repeating_blasts SET status = 'paused' WHERE id = $1 AND status = 'active'`, [
      id,
    ]);
    return this.find(caller, id);
  }

  /** From its next day on; what passed meanwhile is told and not made up for. By the right of who resumes it. */
  async resume(caller: Caller, id: string): Promise<RepeatingBlast> {
    const row = await this.requireToChange(caller, id);
    if (row.awaitsAdmin && caller.role === 'USER') throw new DomainError('AWAITS_ADMIN', 403, 'only an ADMIN may');
    const now = this.clock.wall();
    const day = firstDay(row.rule, row.zones, now);
    // What was made already for its day is not made again.
    const made = row.repetitions[0]?.on ?? '';
    const nextOn = day !== null && day <= made ? nextDay(row.rule, made) : day;
    const notAt = nextOn === null ? [] : passedAt(row.rule, nextOn, await this.store.outletsOf(row), now);
    const passed = row.nextOn === null ? [] : passedSince(row.rule, row.nextOn, nextOn, row.zones, now);
    const { outcome, reason } = skipped(row);
    await this.dataSource.query(
      `WITH resumed AS (
         UPDATE repeating_blasts SET status = 'active', awaits_admin = false, next_on = $2::date, not_at = $9, by_id = $3, by_name = $4
         WHERE id = $1 AND status = 'paused' RETURNING id)
       INSERT INTO blast_repetitions (repeating_id, due_on, outcome, reason, at)
       SELECT id, day, $5, $6, $7 FROM resumed, unnest($8::date[]) AS day ON CONFLICT DO NOTHING`,
      [id, nextOn, caller.id, caller.name, outcome, reason, new Date(now), passed, notAt.map((each) => each.id)],
    );
    void this.repetitions.look();
    return this.find(caller, id);
  }

  /** For good. What it made so far goes on. */
  async stop(caller: Caller, id: string): Promise<RepeatingBlast> {
    await this.require(caller, id, true);
    await this.dataSource.transaction(async (manager) => {
      const sql = `UPDATE repeating_blasts SET status = 'stopped', next_on = NULL WHERE id = $1 AND status <> 'stopped'`;
      await manager.query(sql, [id]);
      // What it said is removed as that of any blast that ended.
      await manager.query('UPDATE blasts SET finished_at = coalesce(finished_at, $2) WHERE id = $1', [
        id,
        new Date(this.clock.wall()),
      ]);
    });
    return this.find(caller, id);
  }

  private async check(caller: Caller, body: CreateRepeatingBlast, locale: Locale): Promise<BlastPlan> {
    const { outletIds, message, mediaId, audience, wayOutLanguage, noWayOut, rule } = body;
    // When it comes first is told by the outlets' zones; tomorrow its time is ahead at each of them.
    const tomorrow = dayAfter(localDay(this.clock.wall(), 'Asia/Jayapura'));
    const first = { scheduledAt: `${tomorrow}T${rule.time}`, notAfter: null, replaces: null };
    const request = { outletIds, message, mediaId, audience, wayOutLanguage, noWayOut, ...first };
    const plan = await this.planner.plan(caller, request, locale);
    const seen = await this.audience.count(plan.request, plan.slots);
    this.planner.checkLength(plan, request, seen.filled);
    if (!body.unknownTagsAcknowledged) await this.planner.requireKnownTags(plan.request);
    return plan;
  }

  private async birthdaysOf(
    caller: Caller,
    { rule, audience }: CreateRepeatingBlast,
    { outlets }: BlastPlan,
  ): Promise<BirthdayField | null> {
    if (rule.every !== 'birthday') return null;
    const ids = outlets.map(({ id }) => id);
    const name = variableName(rule.field);
    const fields = await this.birthdaysAmong(caller, ids, audience);
    const theirs = fields.find(({ field }) => field === name);
    if (theirs) return theirs;
    const isThere = (await this.audience.fieldsOf(ids)).includes(name);
    throw new ValidationFailed([fieldProblem('rule.field', isThere ? 'NO_BIRTHDAYS' : 'NO_SUCH_FIELD')]);
  }

  private birthdaysAmong(
    caller: Caller,
    outletIds: readonly string[],
    audience: CountBirthdays['audience'],
  ): Promise<BirthdayField[]> {
    return this.looks.pass(caller.id, () => this.birthdays.fieldsOf(outletIds, meantBy(caller, { audience })));
  }

  /** Of those that they made, by whoever's right they are sent since. */
  async quota({ id }: Caller, manager: EntityManager = this.dataSource.manager): Promise<QuotaFact> {
    const [{ open }] = await manager.query<[{ open: number }]>(
      `SELECT count(*)::int AS open FROM repeating_blasts r JOIN blasts b ON b.id = r.id
       WHERE b.created_by = $1 AND r.status <> 'stopped'`,
      [id],
    );
    return { name: 'repeating-blasts', limit: OPEN_EACH, used: open };
  }

  /** Once it is among them. */
  private async requireRoom(manager: EntityManager, caller: Caller): Promise<void> {
    await takeQuotaTurn(manager, 'blasts', caller.id);
    const fact = await this.quota(caller, manager);
    if (fact.used > fact.limit) throw new QuotaReached({ ...fact, of: 'repeating blasts of one caller' });
  }

  private async requireToChange(caller: Caller, id: string): Promise<RepeatingRow> {
    const row = await this.require(caller, id, true);
    if (row.status === 'stopped') throw new DomainError('BLAST_ENDED', 409, 'it was stopped');
    return row;
  }

  private async require(caller: Caller, id: string, toChange = false): Promise<RepeatingRow> {
    const [row] = isUuid(id)
      ? await this.dataSource.query<RepeatingRow[]>(`${ROWS_SQL} WHERE ${VISIBLE} AND r.id = $2`, [
          outletsOf(caller),
          id,
        ])
      : [];
    if (!row) throw new DomainError('NOT_FOUND', 404, 'no such repeating blast for this caller');
    if (toChange && !mayChange(caller, row)) throw new DomainError('FORBIDDEN', 403, 'it reaches outlets of others');
    return row;
  }

  private async toView(caller: Caller, row: RepeatingRow): Promise<RepeatingBlast> {
    const { id, title, wayOut, rule, status, nextOn, createdBy, byName: by, awaitsAdmin, mediaId, wrappedKey } = row;
    const [media] = mediaId
      ? await this.dataSource.manager.find(BlastMediaEntity, {
          select: { id: true, kind: true, mimeType: true, fileName: true, bytes: true },
          where: { id: mediaId },
        })
      : [];
    return {
      id,
      title,
      message: (row.message && this.keys.messageIfWhole({ blastId: id, wrappedKey }, row.message)) ?? '',
      wayOut,
      media: media ? toMedia(media) : null,
      outletIds: row.outletIds?.filter((outletId) => maySee(caller, outletId)) ?? 'all',
      audience: shownOf(row.audience),
      rule,
      status,
      nextOn,
      nextNotAt: row.notAt.filter((outletId) => maySee(caller, outletId)),
      createdAt: row.createdAt.toISOString(),
      createdBy,
      by,
      awaitsAdmin,
      mayChange: mayChange(caller, row),
      repetitions: row.repetitions.map((each) => ({ ...each, at: new Date(each.at).toISOString() })),
    };
  }
}

function mayChange(caller: Caller, { outletIds }: RepeatingRow): boolean {
  return outletIds === null ? caller.outletIds === 'all' : outletIds.every((outletId) => maySee(caller, outletId));
}
