import {
  ACT_KINDS,
  ACTS,
  actKindOf,
  type Activity,
  type ActivityFileQuery,
  type ActivityPage,
  type ActivityQuery,
  type ActKind,
  type ActName,
} from '@koneksi/contracts/activity';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import * as z from 'zod';
import type { ActivityEntity } from '../acts/activity.entity.js';
import type { Caller } from '../auth/caller.js';
import { includesRole } from '../auth/rights.js';
import { pageOfRows, readCursor } from '../common/page-cursor.js';
import { isUuid } from '../common/uuid.js';

/** The id of the last line of a page: PostgreSQL counts them up, and shows them as text. */
const Position = z.tuple([z.string().regex(/^\d{1,18}$/)]);

/** What only a SUPERADMIN manages; others see of it what they did themselves. */
const OF_PEOPLE: readonly ActKind[] = ['user', 'api-key', 'sign-in', 'profile', 'node'];
const namesOf = (kind: ActKind): ActName[] => ACTS[kind].map((act) => `${kind}.${act}` as ActName);
const OPEN = ACT_KINDS.filter((kind) => !OF_PEOPLE.includes(kind)).flatMap(namesOf);

/** Who changed what, as a caller may see it: nothing of outlets that do not exist for them, nor how others sign in. */
@Injectable()
export class ActivityReader {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first. */
  async page(caller: Caller, { after, limit, ...wanted }: ActivityQuery): Promise<ActivityPage> {
    const [before] = after === undefined ? [null] : readCursor(Position, after, 'after');
    const lines = await this.read(caller, wanted, before, limit + 1);
    const { shown: items, next } = pageOfRows(lines, limit, ({ id }) => [id]);
    return { items, next };
  }

  /** Those before the line `before`, or from the newest on. */
  async read(caller: Caller, wanted: ActivityFileQuery, before: string | null, limit: number): Promise<Activity[]> {
    const { actor, outletId, kind, action, search, from, to } = wanted;
    const [actorId, actorName] = actor === undefined ? [null, null] : isUuid(actor) ? [actor, null] : [null, actor];
    const rows = await this.dataSource.query<ActivityRow[]>(READ_SQL, [
      caller.outletIds === 'all' ? null : caller.outletIds,
      includesRole(caller.role, 'SUPERADMIN') ? null : OPEN,
      caller.id,
      before,
      actorId,
      actorName,
      outletId ?? null,
      actionsOf(kind, action),
      search ?? null,
      from ?? null,
      to ?? null,
      limit,
    ]);
    return rows.map(toActivity);
  }
}

type ActivityRow = {
  [Column in keyof ActivityEntity as Column extends 'people' ? never : Column]: ActivityEntity[Column];
};

/** `null`: any. Both asked for is what both are. */
function actionsOf(kind: ActKind | undefined, action: ActName | undefined): ActName[] | null {
  if (kind === undefined) return action === undefined ? null : [action];
  return namesOf(kind).filter((name) => action === undefined || name === action);
}

const READ_SQL = `
  SELECT id, at, ended_at AS "endedAt", action, actor_id AS "actorId", actor_kind AS "actorKind", actor_name AS "actorName",
    address, agent, subject_id AS "subjectId", subject_name AS "subjectName", outlet_ids AS "outletIds", changes,
    times, shared_until AS "sharedUntil"
  FROM activity
  WHERE ($1::uuid[] IS NULL OR outlet_ids && $1)
    AND ($2::text[] IS NULL OR action = ANY ($2) OR actor_id = $3)
    AND ($4::bigint IS NULL OR id < $4)
    AND ($5::uuid IS NULL OR actor_id = $5)
    AND ($6::text IS NULL OR position(lower($6) IN lower(actor_name)) > 0)
    AND ($7::uuid IS NULL OR outlet_ids @> ARRAY[$7::uuid])
    AND ($8::text[] IS NULL OR action = ANY ($8))
    AND ($9::text IS NULL OR position(lower($9) IN lower(subject_name)) > 0)
    AND ($10::timestamptz IS NULL OR at >= $10)
    AND ($11::timestamptz IS NULL OR at < $11)
  ORDER BY id DESC LIMIT $12`;

function toActivity(row: ActivityRow): Activity {
  const { id, at, endedAt, action, actorId, actorKind, actorName, address, agent, outletIds, changes } = row;
  return {
    id,
    at: at.toISOString(),
    action,
    outcome: endedAt === null ? 'unknown' : 'done',
    actor: actorId === null ? null : { id: actorId, kind: actorKind ?? 'user', name: actorName ?? '' },
    address,
    agent,
    subject: { kind: actKindOf(action), id: row.subjectId, name: row.subjectName },
    outletIds,
    changes,
    ...(row.sharedUntil !== null && { times: row.times, until: (endedAt ?? at).toISOString() }),
  };
}
