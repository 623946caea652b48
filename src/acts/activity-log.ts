import type { ActChange, ActName } from '@koneksi/contracts/activity';
import { actKindOf } from '@koneksi/contracts/activity';
import { RECORD_KINDS } from '@koneksi/contracts/realtime';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { ActivityEntity } from './activity.entity.js';
import { SharedLines } from './shared-lines.js';
import { subjectSql } from './subject-sql.js';

export interface Actor {
  id: string;
  kind: 'user' | 'api-key' | 'reconnect-link';
  name: string;
}

/** Who does what, from where, and to what as far as that is known before it is done. */
export interface Begun {
  action: ActName;
  actor: Actor | null;
  address: string | null;
  agent: string | null;
  subject: Subject;
}

/** Of what was done without a request nobody knows from where. */
type Noted = Omit<Begun, 'address' | 'agent'> & Partial<Begun>;

export interface Subject {
  id: string | null;
  name: string | null;
  outletIds: readonly string[];
  /** Numbers of customers. */
  people: readonly string[];
}

export interface Ended {
  actor: Actor | null;
  subject: Subject;
  changes: readonly ActChange[];
}

/** A line that is written down and not ended yet. */
export interface Line {
  id: string;
  action: ActName;
  people: readonly string[];
  /** Whose it is, where it is known before the end. */
  actorId: string | null;
  /** It counts equal acts. */
  isShared: boolean;
}

/** The lines of the activity log as they are written; nobody changes one that is ended, but who erases a customer. */
@Injectable()
export class ActivityLog {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly shared: SharedLines,
    private readonly facts: EventBus,
  ) {}

  /** Before anything is done. What it is done to is named as it is called now: afterwards it may be gone. */
  async begin(begun: Begun): Promise<Line> {
    const { action, actor } = begun;
    if (!actor || !(await this.shared.mustShare(actor.id, action))) return this.beginOwn(begun);
    return { id: await this.shared.begin({ ...begun, actor }), action, people: [], actorId: actor.id, isShared: true };
  }

  private async beginOwn({ action, actor, address, agent, subject }: Begun): Promise<Line> {
    const named = await this.look(this.dataSource.manager, action, subject);
    const { identifiers } = await this.dataSource.manager.insert(ActivityEntity, {
      at: new Date(this.clock.wall()),
      action,
      ...actorColumns(actor),
      address,
      agent,
      ...subjectColumns(named),
    });
    const { id } = identifiers[0] as { id: string };
    return { id, action, people: named.people, actorId: actor?.id ?? null, isShared: false };
  }

  /** It was done. Of a customer who was erased meanwhile it says no more. */
  async end(line: Line, ended: Ended): Promise<void> {
    let { outletIds } = ended.subject;
    try {
      if (line.isShared) await this.shared.end(line.id, outletIds);
      else outletIds = await this.endOwn(line, ended);
    } finally {
      // It was done, whether its line could be ended or not.
      this.tell(line, ended, outletIds);
    }
  }

  private tell({ action, actorId }: Line, { actor, subject }: Ended, outletIds: readonly string[]): void {
    const kind = RECORD_KINDS.find((told) => told === actKindOf(action));
    if (!kind) return;
    const self = actor?.id ?? actorId;
    const personId = kind === 'profile' ? self : kind === 'user' ? subject.id : null;
    if (kind !== 'profile') this.facts.publish('records.changed', { kind, outletIds });
    if (personId !== null) this.facts.publish('records.changed', { kind: 'profile', personId });
  }

  /** Answers which outlets it was about. */
  private async endOwn({ id, action, people }: Line, { actor, subject, changes }: Ended): Promise<readonly string[]> {
    const named = await this.look(this.dataSource.manager, action, subject);
    const all = [...new Set([...people, ...named.people])];
    await this.dataSource.query(END_SQL, [
      id,
      new Date(this.clock.wall()),
      actor?.id ?? null,
      actor?.kind ?? null,
      actor?.name ?? null,
      named.id,
      named.name,
      named.outletIds,
      all,
      JSON.stringify(changes),
      people,
    ]);
    return named.outletIds;
  }

  /** Nothing was done. */
  async drop({ id, action, actorId, isShared }: Line): Promise<void> {
    if (actorId !== null) await this.shared.giveBack(actorId, action);
    if (isShared) return this.shared.drop(id);
    await this.dataSource.manager.delete(ActivityEntity, { id });
  }

  /** What was done without a request that is the act, in the transaction that does it. */
  async note(manager: EntityManager, acts: readonly Noted[]): Promise<void> {
    const at = new Date(this.clock.wall());
    for (const { action, actor, address = null, agent = null, subject } of acts) {
      const named = await this.look(manager, action, subject);
      const line = { at, endedAt: at, action, ...actorColumns(actor), address, agent, ...subjectColumns(named) };
      await manager.insert(ActivityEntity, line);
    }
  }

  private async look(manager: EntityManager, action: ActName, subject: Subject): Promise<Subject> {
    const sql = subject.id === null ? null : subjectSql(actKindOf(action));
    const [found] = sql ? await manager.query<Found[]>(sql, [subject.id]) : [];
    return {
      id: subject.id,
      name: found?.name ?? subject.name,
      outletIds: [...new Set([...(found?.outlets ?? []), ...subject.outletIds])],
      people: [...new Set([...(found?.people ?? []), ...subject.people])],
    };
  }
}

interface Found {
  name: string | null;
  outlets: string[] | null;
  people: string[] | null;
}

type ActorColumns = Pick<ActivityEntity, 'actorId' | 'actorKind' | 'actorName'>;
const actorColumns = (actor: Actor | null): ActorColumns => ({
  actorId: actor?.id ?? null,
  actorKind: actor?.kind ?? null,
  actorName: actor?.name ?? null,
});

type SubjectColumns = Pick<ActivityEntity, 'subjectId' | 'subjectName' | 'outletIds' | 'people'>;
const subjectColumns = ({ id, name, outletIds, people }: Subject): SubjectColumns => ({
  subjectId: id,
  subjectName: name,
  outletIds: [...outletIds],
  people: [...people],
});

/** `people` of the beginning are gone where a customer was erased since; then the rest of the end would tell of them again. */
const END_SQL = `
  UPDATE activity SET ended_at = $2,
    actor_id = coalesce(actor_id, $3), actor_kind = coalesce(actor_kind, $4), actor_name = coalesce(actor_name, $5),
    subject_id = coalesce(subject_id, $6),
    subject_name = CASE WHEN people @> $11::text[] THEN coalesce(subject_name, $7) END,
    outlet_ids = ARRAY(SELECT DISTINCT o FROM unnest(outlet_ids || $8::uuid[]) AS o),
    changes = CASE WHEN people @> $11::text[] THEN $10::jsonb ELSE '[]' END,
    people = CASE WHEN people @> $11::text[] THEN $9::text[] ELSE '{}' END
  WHERE id = $1`;
