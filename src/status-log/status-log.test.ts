import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { SchedulerRegistry } from '@nestjs/schedule';
import { REASON_STATUS, type ReasonCode } from '@koneksi/contracts/outlet-status';
import type { StatusRemoval } from '@koneksi/contracts/realtime';
import { sayChange, saySnapshot, sayStatus } from '@koneksi/contracts/status-facts';
import type { ChangeFacts, SnapshotFacts, StatusFacts } from '@koneksi/contracts/status-facts';
import { StatusReplica } from '@koneksi/client/status-replica';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { claimNewOutlet, elementOf, journalOn, viewOn, type Journal } from '../../test/support/journal.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import type { Config } from '../config/config.js';
import type { SessionRecord } from '../wa-session/domain/session-record.js';
import type { OutletSettings } from '../wa-session/domain/session-state.js';
import { OutletRows } from '../wa-session/outlet-rows.js';
import type { Ownership } from '../wa-session/fence.js';
import { claimAway } from '../../test/support/claims.js';
import type { JournalEntry } from '../wa-session/session-journal.js';
import { StatusBoard } from './status-board.js';
import { StatusLog } from './status-log.js';
import { StatusRetention } from './status-retention.js';

const DAY_MS = 86_400_000;
const BEGINNING = Date.parse('2026-11-21T00:00:00.000Z');
const REASONS = Object.keys(REASON_STATUS) as ReasonCode[];

let database: TestDatabase;
let log: StatusLog;

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createTestDatabase();
  log = new StatusLog(database.dataSource);
});
afterAll(() => database.drop());

async function settingsOf(outletId: string): Promise<OutletSettings> {
  return (await new OutletRows(database.dataSource).some([outletId]))[0]!.outlet;
}

type Numbered = ChangeFacts | StatusRemoval;

interface KnownOutlet {
  owner: Ownership;
  element: Omit<StatusFacts, 'revision'> | null;
  record: SessionRecord;
  isGone: boolean;
}

function recordOf(reason: ReasonCode | null, retryCount: number, lastSeen: number | null): SessionRecord {
  return {
    status: reason === null ? 'CONNECTED' : REASON_STATUS[reason],
    reason,
    params: {},
    sessionName: retryCount % 2 === 0 ? 'Toko' : null,
    connectedAt: reason === null ? BEGINNING : null,
    lastSeen,
    retryCount,
    nextRetryAt: retryCount > 0 ? BEGINNING + retryCount : null,
    qrShown: reason === 'PAIRING',
    limits: null,
    warnings: [],
    phoneSeenAt: null,
    listeningSince: null,
    since: BEGINNING,
    lastEnding: null,
    tries: { refusal: null, ranOut: null, codeLimit: null },
    everLinked: reason === null,
    conflictAt: null,
    leaving: false,
  };
}

/** What a page or a service keeps from its snapshot on. */
interface Reader {
  outletIds: Caller['outletIds'];
  snapshot: SnapshotFacts;
  /** Follows what is pushed. */
  live: StatusReplica;
}

/** A process that writes status, with everybody who reads it. Its database loses statements when told to. */
class Life {
  readonly outlets: KnownOutlet[] = [];
  readonly readers: Reader[] = [];
  forgot = 0;
  private readonly told: Promise<unknown>[] = [];
  private seconds = 0;

  private constructor(
    readonly dataSource: DataSource,
    readonly board: StatusBoard,
    readonly beganAt: number,
    private readonly io: Journal,
    private readonly failing: { statements: number },
  ) {}

  static async begin(dataSource: DataSource): Promise<Life> {
    const failing = { statements: 0 };
    const io = journalOn({
      query: (...args: Parameters<DataSource['query']>) =>
        failing.statements-- > 0 ? Promise.reject(new Error('connection lost')) : dataSource.query(...args),
    } as Pick<DataSource, 'query'>);
    const board = new StatusBoard(log, new Clock(), io.bus);
    await board.begin(() => Promise.resolve([]));
    return new Life(dataSource, board, await log.newest(), io, failing);
  }

  get pushed(): readonly Numbered[] {
    return this.io.pushed;
  }

  get ids(): string[] {
    return this.outlets.map(({ owner }) => owner.outletId);
  }

  async add(): Promise<void> {
    const owner = await claimNewOutlet(this.dataSource);
    const outlet = { owner, element: null, record: recordOf('NEVER_LINKED', 0, null), isGone: false };
    this.outlets.push(outlet);
    await this.write(outlet, outlet.record);
  }

  /** Also by somebody who does not know yet that the outlet is gone. */
  async change(outlet: KnownOutlet, reason: ReasonCode | null, retryCount: number): Promise<void> {
    await this.write(outlet, recordOf(reason, retryCount, outlet.record.lastSeen));
  }

  async rename(outlet: KnownOutlet, name: string): Promise<void> {
    await this.dataSource.query('UPDATE outlets SET name = $2 WHERE id = $1', [outlet.owner.outletId, name]);
    await this.write(outlet, outlet.record);
  }

  async remove(outlet: KnownOutlet): Promise<void> {
    if (outlet.isGone) return;
    outlet.isGone = true;
    const { outletId } = outlet.owner;
    await this.io.journal.flushed();
    await this.dataSource.query('DELETE FROM outlets WHERE id = $1', [outletId]);
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.io.bus.on('outlet-status.removed', (removal) => removal.outletId === outletId && resolve(removal));
    this.told.push(promise);
    this.io.journal.recordRemoval(outletId);
  }

  async seen(outlet: KnownOutlet): Promise<void> {
    if (outlet.isGone) return;
    await this.io.journal.flushed();
    const lastSeen = BEGINNING + 1_000 * ++this.seconds;
    const at = new Date(lastSeen).toISOString();
    this.failing.statements = 0;
    await this.io.journal.writeLastSeen([{ owner: outlet.owner, at, phoneAt: null }]);
    outlet.record = { ...outlet.record, lastSeen };
    this.io.bus.publish('outlet-status.seen', { at, lastSeen: { [outlet.owner.outletId]: at } });
  }

  fail(): void {
    this.failing.statements = 1;
  }

  /** A page opens, in whatever moment. */
  look(outletIds: Caller['outletIds']): void {
    const sees = (id: string): boolean => outletIds === 'all' || outletIds.includes(id);
    const live = new StatusReplica({ rows: () => undefined });
    const snapshot = this.board.snapshot({ outletIds } as Caller);
    live.connected();
    live.applySnapshot(saySnapshot(snapshot, 'en'));
    this.io.bus.on(
      'outlet-status.changed',
      (change) => sees(change.status.outletId) && live.applyChange(sayChange(change, 'en')),
    );
    this.io.bus.on('outlet-status.removed', (removal) => sees(removal.outletId) && live.applyRemoval(removal));
    this.io.bus.on('outlet-status.seen', ({ at, lastSeen }) => {
      const visible = Object.entries(lastSeen).filter(([id]) => sees(id));
      live.applySeen({ at, lastSeen: Object.fromEntries(visible) });
    });
    this.readers.push({ outletIds, snapshot, live });
  }

  async forget(): Promise<void> {
    const later = { wall: () => Date.now() + 31 * DAY_MS } as Clock;
    const config = { statusRetentionDays: 30 } as Config;
    this.forgot += await new StatusRetention(this.dataSource, later, config, {} as SchedulerRegistry).run();
  }

  async settled(): Promise<void> {
    await Promise.all(this.told);
    await this.io.journal.flushed();
  }

  private async write(outlet: KnownOutlet, record: SessionRecord): Promise<void> {
    const { outletId } = outlet.owner;
    const element = outlet.isGone ? outlet.element! : elementOf(outletId, await settingsOf(outletId), record);
    const { status: previous, reason } = outlet.record;
    Object.assign(outlet, { record, element });
    const milestone = previous !== record.status || reason !== record.reason;
    this.io.journal.write({ owner: outlet.owner, record, previous, milestone, element, settled: () => undefined });
  }
}

const reasons = fc.option(fc.constantFrom(...REASONS));
const who = fc.nat();
const deeds = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('change' as const), who, reason: reasons, retries: fc.nat(5) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('rename' as const), who, name: fc.constantFrom('A', 'Tòko', '') }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('add' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('seen' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('look' as const), sees: fc.option(fc.array(who)) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const) }) },
);
type Deed = typeof deeds extends fc.Arbitrary<infer T> ? T : never;

async function live(life: Life, history: readonly Deed[]): Promise<void> {
  for (let n = 0; n < 3; n++) await life.add();
  const pick = (index: number): KnownOutlet => life.outlets[index % life.outlets.length]!;
  for (const deed of history) {
    if (deed.do === 'add') await life.add();
    else if (deed.do === 'change') await life.change(pick(deed.who), deed.reason, deed.retries);
    else if (deed.do === 'rename') await life.rename(pick(deed.who), deed.name);
    else if (deed.do === 'remove') await life.remove(pick(deed.who));
    else if (deed.do === 'seen') await life.seen(pick(deed.who));
    else if (deed.do === 'fail') life.fail();
    else if (deed.do === 'forget') await life.forget();
    else life.look(deed.sees === null ? 'all' : deed.sees.map((index) => pick(index).owner.outletId));
  }
  await life.settled();
}

const byId = <Status extends { outletId: string }>(statuses: Iterable<Status>): Map<string, Status> =>
  new Map([...statuses].map((status) => [status.outletId, status]));

/** `lastSeen` travels apart from the numbered changes. */
const numberedPart = (statuses: ReadonlyMap<string, StatusFacts>): Map<string, StatusFacts> =>
  byId([...statuses.values()].map((status) => ({ ...status, session: { ...status.session, lastSeen: null } })));

function fold({ statuses }: SnapshotFacts, changes: readonly Numbered[]): Map<string, StatusFacts> {
  const folded = byId(statuses);
  for (const change of changes) {
    if ('status' in change) folded.set(change.status.outletId, change.status);
    else folded.delete(change.outletId);
  }
  return folded;
}

test('SL7 an old snapshot with the events since then equals a new one, and the rows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deeds, { minLength: 1, maxLength: 30 }), async (history) => {
      const life = await Life.begin(database.dataSource);
      await live(life, history);
      const view = viewOn(database.dataSource);
      const rows = byId(await view.facts(life.ids));
      const now = life.board.snapshot({ outletIds: 'all' } as Caller);
      expect(byId(now.statuses)).toEqual(rows);

      const reborn = new StatusBoard(log, new Clock(), new EventBus());
      await reborn.begin(() => view.facts(life.ids));
      expect(reborn.snapshot({ outletIds: 'all' } as Caller).cursor).toBe(now.cursor);

      for (const { outletIds, snapshot, live } of life.readers) {
        const visible = byId(
          [...rows.values()].filter(({ outletId }) => outletIds === 'all' || outletIds.includes(outletId)),
        );
        const told = byId([...visible.values()].map((facts) => sayStatus(facts, 'en')));
        expect(byId([...live.rows.values()].map(({ status }) => status))).toEqual(told);
        const missed = await log.since(outletIds, snapshot.cursor, now.cursor);
        if (missed) expect(numberedPart(fold(snapshot, missed))).toEqual(numberedPart(visible));
        else expect(life.forgot).toBeGreaterThan(0);
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);

test('SL1 SL8 whoever reads on from their cursor gets what was pushed, once, without a gap, in portions of any size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        deeds.filter((deed) => deed.do !== 'forget'),
        { minLength: 1, maxLength: 15 },
      ),
      fc.integer({ min: 1, max: 5 }),
      async (history, most) => {
        const life = await Life.begin(database.dataSource);
        await live(life, history);
        const newest = await log.newest();
        const read: Numbered[] = [];
        for (let portion = null, cursor = life.beganAt; portion === null || portion.length > 0;) {
          portion = (await log.next('all', cursor, newest, most))!;
          read.push(...portion);
          cursor = portion.at(-1)?.cursor ?? cursor;
        }
        expect(read).toEqual(life.pushed);
        expect(read.map(({ cursor }) => cursor)).toEqual(read.map((_, index) => life.beganAt + index + 1));
        expect(newest).toBe(life.beganAt + read.length);
      },
    ),
    { numRuns: 20 },
  );
}, 120_000);

/** Writes one change, and answers with what became of it. */
async function write(
  { journal }: Journal,
  owner: Ownership,
  reason: ReasonCode,
): Promise<Parameters<JournalEntry['settled']>[0]> {
  const record = recordOf(reason, 0, null);
  const element = elementOf(owner.outletId, await settingsOf(owner.outletId), record);
  return new Promise((settled) =>
    journal.write({ owner, record, previous: 'CONNECTED', milestone: true, element, settled }),
  );
}

test('SL1 a change is committed before it is pushed, in all its places', async () => {
  const io = journalOn(database.dataSource);
  const found: Promise<unknown[]>[] = [];
  io.bus.on('outlet-status.changed', ({ cursor, status: { outletId, revision } }) =>
    found.push(
      database.dataSource.query(
        `SELECT c.cursor FROM outlet_status_change c
         JOIN wa_session s ON s.outlet_id = c.outlet_id AND s.revision = c.revision AND s.status = c.status
         JOIN status_cursor n ON n.value >= c.cursor
         WHERE c.cursor = $1 AND c.outlet_id = $2 AND c.revision = $3`,
        [cursor, outletId, revision],
      ),
    ),
  );
  const owners = await Promise.all(Array.from({ length: 4 }, () => claimNewOutlet(database.dataSource)));
  await Promise.all(owners.map((owner) => write(io, owner, 'LOGGED_OUT')));
  expect((await Promise.all(found)).map((rows) => rows.length)).toEqual([1, 1, 1, 1]);
});

test('SL2 whoever does not own the outlet any more takes no cursor', async () => {
  const io = journalOn(database.dataSource);
  const former = await claimNewOutlet(database.dataSource);
  await claimAway(database.dataSource, former.outletId);
  const before = await log.newest();
  expect(await write(io, former, 'LOGGED_OUT')).toBe('fenced');
  expect(await log.newest()).toBe(before);
  expect(io.pushed).toEqual([]);
});

test('SL3 revisions go on from the newest change told, whoever deleted the row', async () => {
  const io = journalOn(database.dataSource);
  const owner = await claimNewOutlet(database.dataSource);
  expect(await write(io, owner, 'PAIRING')).toEqual({ revision: 1 });
  expect(await write(io, owner, 'LINKING')).toEqual({ revision: 2 });
  await database.dataSource.query('DELETE FROM wa_session WHERE outlet_id = $1', [owner.outletId]);
  expect(await write(io, owner, 'LOGGED_OUT')).toEqual({ revision: 3 });
});

test('SL4 the last change of an outlet is its removal, told although the database was away', async () => {
  let away = 2;
  const io = journalOn({
    query: (...args: Parameters<DataSource['query']>) =>
      away-- > 0 ? Promise.reject(new Error('connection lost')) : database.dataSource.query(...args),
  } as Pick<DataSource, 'query'>);
  const { outletId } = await claimNewOutlet(database.dataSource);
  await database.dataSource.query('DELETE FROM outlets WHERE id = $1', [outletId]);
  const before = await log.newest();
  const removed = new Promise((resolve) => io.bus.on('outlet-status.removed', resolve));
  io.journal.recordRemoval(outletId);
  expect(await removed).toEqual({ cursor: before + 1, outletId });
  expect(await log.since([outletId], before, before + 1)).toEqual([{ cursor: before + 1, outletId }]);
});

test('SL9 a cursor that is not ours, forgotten or too far back is answered with null', async () => {
  const { dataSource } = database;
  const newest = await log.newest();
  expect(await log.since('all', newest + 1, newest)).toBeNull();
  expect(await log.since('all', newest, newest)).toEqual([]);
  const { outletId } = await claimNewOutlet(dataSource);
  const append = (count: number): Promise<unknown> =>
    dataSource.query(
      `WITH counter AS (UPDATE status_cursor SET value = value + $2::int RETURNING value - $2::int AS base)
       INSERT INTO outlet_status_change (cursor, outlet_id, revision, milestone)
       SELECT base + n, $1, 0, false FROM counter, generate_series(1, $2::int) n`,
      [outletId, count],
    );
  await append(1_000);
  expect(await log.since('all', newest, newest + 1_000)).toHaveLength(1_000);
  await append(1);
  expect(await log.since('all', newest, newest + 1_001)).toBeNull();
  expect(await log.since('all', newest + 1, newest + 1_001)).toHaveLength(1_000);
  await dataSource.query('UPDATE status_retention SET forgotten = $1', [newest + 5]);
  expect(await log.since('all', newest + 4, newest + 1_001)).toBeNull();
  expect(await log.next('all', newest + 4, newest + 1_001, 10)).toBeNull();
  expect(await log.next('all', newest + 5, newest + 1_001, 10)).toHaveLength(10);
});
