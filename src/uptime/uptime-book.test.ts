import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import { UPTIME_WINDOWS, type UptimeWindow } from '@koneksi/contracts/uptime';
import type { Interval, Mark } from '@koneksi/contracts/uptime-mark';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { DataSource, EntityManager } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { PlannedWork } from '../alerts/planned-work.js';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { Limiters } from '../common/limiters.js';
import { EventBus } from '../common/event-bus.js';
import type { SystemDataSource } from '../database/system-data-source.js';
import { IncidentStays } from '../incidents/incident-stays.js';
import { OutletBin } from '../outlets/bin/outlet-bin.js';
import { Presses } from '../outlets/presses.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { PlannedTime } from '../status-log/planned-time.js';
import { StatusLog } from '../status-log/status-log.js';
import { StatusTail } from '../status-log/status-tail.js';
import { StatusTimeline } from '../status-log/status-timeline.js';
import { NO_TIME, type Sums } from './domain/sums.js';
import { UptimeBook } from './uptime-book.js';
import { UptimeSheet } from './uptime-sheet.js';
import { UptimeService } from './uptime.service.js';
import { UptimeSums } from './uptime-sums.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 21.40 in Jakarta: its midnight, and those further east, lie ahead. */
const T = Date.parse('2026-11-27T14:40:00.000Z');
const ADMIN: Caller = { id: randomUUID(), kind: 'user', name: 'Admin', role: 'ADMIN', outletIds: 'all' };

type Word = 'well' | 'LOGGED_OUT' | 'PAUSED_BY' | 'NEVER_LINKED' | 'PAIRING' | 'gone';

const STATUS_OF: Record<Word, OutletStatusName | null> = {
  well: 'CONNECTED',
  LOGGED_OUT: 'FAILED',
  PAUSED_BY: 'PAUSED',
  NEVER_LINKED: 'DISCONNECTED',
  PAIRING: 'CONNECTING',
  gone: null,
};

let database: TestDatabase;
let cursor = 0;
let now = T;
const clock = new (class extends Clock {
  override wall(): number {
    return now;
  }
})();

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(empty);

async function empty(): Promise<void> {
  now = T;
  cursor = 0;
  await database.dataSource.query(
    `TRUNCATE status_blind_spans, uptime_progress, uptime_days, uptime_hours, uptime_outlets, outlet_status_change, incident, alert_rules CASCADE`,
  );
  await database.dataSource.query('DELETE FROM outlets');
}

/** A process that keeps the book; it dies in the statement it is told to. */
function bookOf(dies = { in: Infinity }): UptimeBook {
  const failing = (manager: EntityManager): EntityManager =>
    ({
      query: (...args: Parameters<EntityManager['query']>) =>
        dies.in-- <= 0 ? Promise.reject(new Error('killed')) : manager.query(...args),
    }) as EntityManager;
  const dataSource = {
    query: (...args: Parameters<DataSource['query']>) => database.dataSource.query(...args),
    transaction: <T>(work: (manager: EntityManager) => Promise<T>) =>
      database.dataSource.transaction((manager) => work(failing(manager))),
  } as unknown as SystemDataSource;
  return new UptimeBook(dataSource, new PlannedWork(dataSource), clock);
}

async function keepAll(book: UptimeBook): Promise<void> {
  while (await book.keep());
}

function service(): UptimeService {
  const { dataSource } = database;
  const planned = new PlannedWork(dataSource);
  const tail = new StatusTail(new StatusLog(dataSource), new EventBus());
  const bin = new OutletBin(dataSource, clock);
  const outlets = new OutletsService(dataSource, new EventBus(), clock, tail, bin, new Presses(new Limiters()));
  return new UptimeService(new UptimeSums(dataSource, planned), new IncidentStays(dataSource), outlets, clock);
}

async function outlet(name = 'Dago', city: string | null = 'Bandung', zone = 'Asia/Jakarta'): Promise<string> {
  const id = randomUUID();
  const number = `62${Math.floor(Math.random() * 1e10)}`;
  await database.dataSource.query('INSERT INTO outlets (id, name, whatsapp_number, city) VALUES ($1, $2, $3, $4)', [
    id,
    name,
    number,
    city,
  ]);
  await database.dataSource.query('INSERT INTO blast_settings (outlet_id, zone) VALUES ($1, $2)', [id, zone]);
  return id;
}

/** A change of the log, as much of it as the book reads. */
async function told(
  outletId: string,
  at: number,
  word: Word,
  name = 'Dago',
  city: string | null = 'Bandung',
): Promise<void> {
  const status = STATUS_OF[word];
  const element =
    word === 'gone'
      ? null
      : {
          outletId,
          outlet: { name, whatsappNumber: '62', isActive: true, city, tags: [] },
          session: { connectedAt: null },
          liveStatus: { status: word === 'well' ? 'CONNECTED' : word === 'PAUSED_BY' ? 'PAUSED' : 'DISCONNECTED' },
          healthy: word === 'well',
          criteria: {},
          reason: word === 'well' ? null : { code: word },
          warnings: [],
        };
  await database.dataSource.query(
    `INSERT INTO outlet_status_change (cursor, outlet_id, at, revision, status, milestone, element, reason_code)
     VALUES ($1, $2, $3, $1, $4, true, $5, $6)`,
    [++cursor, outletId, new Date(at), status, element, status === 'CONNECTED' ? null : word],
  );
}

async function planWork(from: number, to: number): Promise<void> {
  const window = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  await database.dataSource.query(
    `INSERT INTO alert_rules (id, name, settings, owner_id, owner_name, created_at)
     VALUES (gen_random_uuid(), 'Rawat', $1, gen_random_uuid(), 'Admin', now())`,
    [{ scope: { kind: 'all' }, maintenance: [window] }],
  );
}

const total = (buckets: readonly { up: number; down: number; paused: number; unknown: number }[]): number[] =>
  (['up', 'down', 'paused', 'unknown'] as const).map((mark) =>
    Math.round(buckets.reduce((sum, bucket) => sum + bucket[mark], 0)),
  );

test('an outlet that was down for five minutes is told so at once, and after it was counted', async () => {
  const id = await outlet();
  await told(id, T - HOUR, 'well');
  await told(id, T - 20 * MINUTE, 'LOGGED_OUT');
  await told(id, T - 15 * MINUTE, 'well');
  await keepAll(bookOf());
  for (const later of [0, 30 * SECOND, 40 * MINUTE]) {
    now = T + later;
    const { downSeconds, uptime, outlets, buckets, from, to } = await service().one(ADMIN, id, '24h');
    expect([downSeconds, outlets, buckets.length]).toEqual([300, 1, 24]);
    expect(uptime).toBeCloseTo(1 - 300 / ((HOUR + later) / SECOND), 9);
    expect(total(buckets).reduce((sum, part) => sum + part, 0)).toBe(
      Math.round((Date.parse(to) - Date.parse(from)) / SECOND),
    );
  }
});

describe('windows', () => {
  test.each(Object.keys(UPTIME_WINDOWS) as UptimeWindow[])(
    '%s adds up to itself, of one and of all',
    async (window) => {
      const [one, other] = [await outlet(), await outlet('Jayapura', 'Jayapura', 'Asia/Jayapura')];
      await told(one, T - 2 * DAY, 'well');
      await told(other, T - 3 * HOUR, 'LOGGED_OUT');
      await keepAll(bookOf());
      const [first, second, both] = [
        await service().one(ADMIN, one, window),
        await service().one(ADMIN, other, window),
        await service().together(ADMIN, window),
      ];
      for (const answer of [first, second])
        expect(total(answer.buckets).reduce((sum, part) => sum + part, 0)).toBe(
          (Date.parse(answer.to) - Date.parse(answer.from)) / SECOND,
        );
      expect(both.outlets).toBe(2);
      expect(total(both.buckets).slice(0, 3)).toEqual(
        [0, 1, 2].map((mark) => total(first.buckets)[mark]! + total(second.buckets)[mark]!),
      );
    },
  );
});

test('each outlet has its own midnight, and all together those of Jakarta', async () => {
  now = T + 100 * MINUTE;
  // From 21.00 to 23.20 in Jakarta; in Jayapura the day turned at 22.00 of Jakarta.
  const [west, east] = [await outlet(), await outlet('Jayapura', 'Jayapura', 'Asia/Jayapura')];
  for (const id of [west, east]) await told(id, T - 40 * MINUTE, 'well');
  await keepAll(bookOf());
  const up = async (id: string): Promise<number[]> =>
    (await service().one(ADMIN, id, '7d')).buckets.slice(-2).map((bucket) => bucket.up / 60);
  expect(await up(west)).toEqual([0, 140]);
  expect(await up(east)).toEqual([60, 80]);
  const { buckets } = await service().together(ADMIN, '7d');
  expect(buckets.slice(-2).map((bucket) => bucket.up / 60)).toEqual([0, 280]);
});

test('while Koneksi was not running nobody knows', async () => {
  const id = await outlet();
  await told(id, T, 'well');
  await keepAll(bookOf());
  now = T + 10 * MINUTE;
  await keepAll(bookOf());
  now = T + 15 * MINUTE;
  const { buckets, uptime } = await service().one(ADMIN, id, '24h');
  expect([total(buckets)[0], uptime]).toEqual([300, 1]);
});

test('what a book of before wrote of before its end counts, although it is read after', async () => {
  const id = await outlet();
  await told(id, T, 'well');
  await keepAll(bookOf());
  now = T + 10 * MINUTE;
  const book = bookOf();
  await told(id, T + 2 * MINUTE, 'LOGGED_OUT');
  await keepAll(book);
  now = T + 12 * MINUTE;
  await told(id, now, 'well');
  await keepAll(book);
  expect(total((await service().one(ADMIN, id, '24h')).buckets).slice(0, 2)).toEqual([0, 120]);
});

/** What the strip of the last hours says: hours of each mark. */
async function strip(id: string, hours = 24): Promise<Record<string, number>> {
  const planned = new PlannedTime();
  const work = new PlannedWork(database.dataSource);
  planned.keptBy(() => work.read());
  const answer = await new StatusTimeline(database.dataSource, planned, clock).of([{ id, city: 'Bandung' }], hours);
  const segments = answer.outlets[0]!.segments;
  const sums: Record<string, number> = {};
  for (const [index, { from, mark }] of segments.entries()) {
    const length = Date.parse(segments[index + 1]?.from ?? answer.to) - Date.parse(from);
    sums[mark] = (sums[mark] ?? 0) + length / HOUR;
  }
  return sums;
}

test('strips and sums count alike, where Koneksi did not run and where work was planned', async () => {
  const id = await outlet();
  await planWork(T + 4 * HOUR, T + 6 * HOUR);
  await told(id, T, 'well');
  await keepAll(bookOf());
  now = T + 3 * HOUR;
  const book = bookOf();
  await keepAll(book);
  await told(id, T + 3.5 * HOUR, 'LOGGED_OUT');
  now = T + 7 * HOUR;
  await keepWithin(book, 4 * HOUR);
  await told(id, now, 'well');
  await keepAll(book);
  expect(await strip(id)).toEqual({ unknown: 3, up: 0.5, down: 1.5, paused: 2 });
  expect(total((await service().one(ADMIN, id, '24h')).buckets).slice(0, 3)).toEqual([1_800, 5_400, 7_200]);
});

/** Somebody looks every minute of the time that has passed. */
async function keepWithin(book: UptimeBook, length: number): Promise<void> {
  const end = now;
  for (now = end - length; now < end; now += MINUTE) await book.keep();
  await keepAll(book);
}

test.each(Array.from({ length: 12 }, (_, index) => index))(
  'a process that dies in statement %i of its first look leaves no time that the next one does not know of',
  async (statement) => {
    const id = await outlet();
    await told(id, T, 'well');
    await keepAll(bookOf());
    now = T + 2 * HOUR;
    await keepAll(bookOf({ in: statement })).catch(() => undefined);
    now = T + 5 * HOUR;
    const dead = bookOf({ in: Infinity });
    await keepAll(dead);
    const [known] = await database.dataSource.query<{ hours: string }[]>(
      `SELECT extract(epoch FROM sum(to_at - from_at)) / 3600 AS hours FROM status_blind_spans`,
    );
    expect(Number(known!.hours)).toBe(5);
    now = T + 5 * HOUR + MINUTE;
    expect(await strip(id)).toEqual({ unknown: 5, up: 1 / 60 });
  },
);

test('what is connected and told to stay away once it falls is as little up in a strip as in the sums', async () => {
  const id = await outlet();
  await told(id, T, 'well');
  const book = bookOf();
  await keepAll(book);
  // Only a setting changed, which is no history.
  await database.dataSource.query(
    `INSERT INTO outlet_status_change (cursor, outlet_id, at, revision, status, milestone, element)
     SELECT $1, outlet_id, $2, $1, status, false, element || '{"healthy": false, "criteria": {"databaseConnected": true,
       "liveConnected": true, "websocketOpen": true, "userPresent": true, "autoReconnect": false}}'
     FROM outlet_status_change WHERE outlet_id = $3`,
    [++cursor, new Date(T + HOUR), id],
  );
  now = T + 3 * HOUR;
  await keepWithin(book, 3 * HOUR);
  expect(await strip(id)).toEqual({ up: 1, paused: 2 });
  expect(total((await service().one(ADMIN, id, '24h')).buckets).slice(0, 3)).toEqual([3_600, 0, 7_200]);
});

test('planned work is no downtime', async () => {
  const id = await outlet();
  await planWork(T - 50 * MINUTE, T - 30 * MINUTE);
  await told(id, T - HOUR, 'LOGGED_OUT');
  await keepAll(bookOf());
  expect(total((await service().one(ADMIN, id, '24h')).buckets).slice(0, 3)).toEqual([0, 2_400, 1_200]);
});

test('an outlet that is removed leaves all together, and what was told of it in the same breath harms nobody', async () => {
  const [one, other] = [await outlet(), await outlet('Braga')];
  await told(one, T - HOUR, 'LOGGED_OUT');
  await told(other, T - HOUR, 'well');
  await told(one, T - 30 * MINUTE, 'gone');
  await database.dataSource.query('DELETE FROM outlets WHERE id = $1', [one]);
  await keepAll(bookOf());
  const { outlets, downSeconds, uptime } = await service().together(ADMIN, '7d');
  expect([outlets, downSeconds, uptime]).toEqual([1, 0, 1]);
  await expect(service().one(ADMIN, one, '7d')).rejects.toMatchObject({ code: 'OUTLET_NOT_FOUND' });
});

test('one whose removal was never told leaves with the next hour', async () => {
  const id = await outlet();
  await told(id, T - HOUR, 'well');
  const book = bookOf();
  await keepAll(book);
  await database.dataSource.query('DELETE FROM outlets');
  now = T + HOUR;
  await keepAll(book);
  expect((await service().together(ADMIN, '7d')).outlets).toBe(0);
});

test('a caller is told of their outlets alone', async () => {
  const [one, other] = [await outlet(), await outlet('Braga', 'Jakarta')];
  await told(one, T - HOUR, 'well');
  await told(other, T - HOUR, 'LOGGED_OUT', 'Braga', 'Jakarta');
  await keepAll(bookOf());
  const kasir: Caller = { ...ADMIN, role: 'USER', outletIds: [one] };
  expect(await service().together(kasir, '7d')).toMatchObject({ outlets: 1, downSeconds: 0 });
  expect(await service().ranking(kasir, '7d')).toMatchObject({ worst: [], cities: [{ city: 'Bandung', outlets: 1 }] });
  await expect(service().one(kasir, other, '7d')).rejects.toMatchObject({ code: 'OUTLET_NOT_FOUND' });
  const nobody = await service().together({ ...kasir, outletIds: [] }, '30d');
  expect(nobody).toMatchObject({ outlets: 0, uptime: null, downSeconds: 0, incidents: 0 });
});

test('the worst come first, ten of them, and cities by their uptime', async () => {
  for (let index = 0; index < 12; index++) {
    const city = index % 2 === 0 ? 'Bandung' : null;
    const id = await outlet(`O${index}`, city);
    await told(id, T - HOUR, 'LOGGED_OUT', `O${index}`, city);
    await told(id, T - HOUR + index * MINUTE, 'well', `O${index}`, city);
  }
  await keepAll(bookOf());
  const { worst, cities } = await service().ranking(ADMIN, '30d');
  expect(worst.map(({ name }) => name)).toEqual(['O11', 'O10', 'O9', 'O8', 'O7', 'O6', 'O5', 'O4', 'O3', 'O2']);
  expect(worst[0]).toMatchObject({ downSeconds: 660, incidents: 0, meanTimeToRepairSeconds: null });
  expect(cities.map(({ city, outlets, downSeconds }) => [city, outlets, downSeconds])).toEqual([
    [null, 6, 36 * 60],
    ['Bandung', 6, 30 * 60],
  ]);
});

test('the sheet of a month tells each day, and of those that were removed since', async () => {
  const [one, other] = [await outlet(), await outlet('Braga')];
  await told(one, T - DAY - HOUR, 'well');
  await told(one, T - DAY, 'LOGGED_OUT');
  await told(one, T - DAY + HOUR, 'well');
  await told(other, T - 2 * DAY, 'well', 'Braga');
  await told(other, T - DAY, 'gone');
  await keepAll(bookOf());
  const { dataSource } = database;
  const sheet = new UptimeSheet(
    new UptimeSums(dataSource, new PlannedWork(dataSource)),
    new IncidentStays(dataSource),
    clock,
  );
  const read = async (caller: Caller, month?: string): Promise<string[][]> => {
    const { csv } = await sheet.of(caller, month, 'id');
    return (await text(csv))
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(';'));
  };
  const [head, braga, dago, ...rest] = await read(ADMIN);
  expect([head!.length, rest]).toEqual([9 + 30, []]);
  expect(braga!.slice(0, 7)).toEqual(['Braga (dihapus)', 'Bandung', '100,00', '1440,00', '0,00', '0,00', '']);
  // The 26th from 20.40 on: an hour up, an hour down, then up.
  expect([dago![2], dago![4], dago![9 + 25], dago![9 + 26], dago![9 + 27]]).toEqual([
    '96,00',
    '60,00',
    '70,00',
    '100,00',
    '',
  ]);
  expect((await read({ ...ADMIN, outletIds: [one] })).slice(1).map(([name]) => name)).toEqual(['Dago']);
  expect((await read(ADMIN, '2026-10')).map(([name]) => name)).toEqual(['outlet', 'Dago']);
});

test('incidents and the mean time to repair are those of the window', async () => {
  const id = await outlet();
  await told(id, T - 40 * DAY, 'well');
  await keepAll(bookOf());
  const struck = async (since: number, until: number | null): Promise<void> => {
    const incident = randomUUID();
    const [begun, ended] = [new Date(since), until === null ? null : new Date(until)];
    await database.dataSource.query(
      'INSERT INTO incident (id, started_at, last_fell_at, ended_at) VALUES ($1, $2, $2, $3)',
      [incident, begun, ended],
    );
    await database.dataSource.query(
      'INSERT INTO incident_outlet (incident_id, outlet_id, name, since, until) VALUES ($1, $2, $3, $4, $5)',
      [incident, id, 'Dago', begun, ended],
    );
  };
  await struck(T - 40 * DAY, T - 39 * DAY);
  await struck(T - 3 * HOUR, T - 3 * HOUR + 10 * MINUTE);
  await struck(T - 2 * HOUR, T - 2 * HOUR + 20 * MINUTE);
  await struck(T - MINUTE, null);
  expect(await service().one(ADMIN, id, '7d')).toMatchObject({ incidents: 3, meanTimeToRepairSeconds: 900 });
  expect(await service().together(ADMIN, '90d')).toMatchObject({ incidents: 4, meanTimeToRepairSeconds: 29_400 });
});

interface Deed {
  outlet: number;
  word: Word;
  /** Since the deed before. The clock is set back now and then. */
  after: number;
  /** Whether somebody looked all the time since the deed before. */
  isWatched: boolean;
  /** In which statement the process dies, of those it makes then; beyond them it lives. */
  dies: number;
}

const deeds = fc.array(
  fc.record<Deed>({
    outlet: fc.nat({ max: 2 }),
    word: fc.constantFrom<Word>('well', 'well', 'LOGGED_OUT', 'PAUSED_BY', 'NEVER_LINKED', 'PAIRING', 'gone'),
    after: fc
      .oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: -20, max: 400 }))
      .map((minutes) => minutes * MINUTE),
    isWatched: fc.integer({ min: 0, max: 3 }).map((number) => number > 0),
    dies: fc.nat({ max: 16 }),
  }),
  { minLength: 1, maxLength: 20 },
);
const ZONES = ['Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura'] as const;
const EVER = { unit: 'day', first: '2026-01-01', last: '2027-01-01', isOpen: false } as const;

test('sums are those of the raw history to the second, whenever the process dies', async () => {
  const reader = new UptimeSums(database.dataSource, new PlannedWork(database.dataSource));
  await fc.assert(
    fc.asyncProperty(deeds, async (list) => {
      await empty();
      const ids = [await outlet(), await outlet('B', null, ZONES[1]), await outlet('C', null, ZONES[2])];
      const planned = [{ from: T + 2 * HOUR, to: T + 3 * HOUR }];
      await planWork(planned[0]!.from, planned[0]!.to);
      const raw: Told[] = [];
      let countedAt: number | null = null;
      let looked: number | null = null;
      for (const { outlet: index, word, after, isWatched, dies } of list) {
        now += after;
        if (isWatched) await database.dataSource.query('UPDATE uptime_progress SET alive_at = $1', [new Date(now)]);
        else if (looked !== null && looked < now) raw.push({ id: null, at: now, word: 'unwatched', from: looked });
        looked = now;
        raw.push({ id: ids[index]!, at: now, word });
        await told(ids[index]!, now, word);
        await keepAll(bookOf({ in: dies })).catch(() => undefined);
        await keepAll(bookOf());
        const [progress] = await database.dataSource.query<{ counted_at: Date }[]>('SELECT * FROM uptime_progress');
        if (progress!.counted_at.getTime() !== countedAt) {
          countedAt = progress!.counted_at.getTime();
          raw.push({ id: null, at: countedAt, word: 'counted' });
        }
      }
      // Wherever the clock was set to, it has been caught up with.
      now = Math.max(...raw.map(({ at }) => at)) + MINUTE;
      for (const id of ids) {
        // Whoever is removed before anything was told of it was never there.
        const first = raw.findIndex((change) => change.id === id && change.word !== 'gone');
        const own = raw.slice(first).filter((change) => change.id === id || change.id === null);
        const audience = { outletIds: [id], withRemoved: true };
        const { counted, sums } = await reader.read(audience, EVER, 'outlet', now);
        const said = counted[0] ? sums.of(String(counted[0].no)) : NO_TIME;
        expect(said).toEqual(first >= 0 ? minuteByMinute(own, now, planned) : NO_TIME);
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);

/** A change of an outlet; that all were counted, which stays where the clock is set back after; or that nobody looked. */
type Told =
  | { id: string; at: number; word: Word }
  | { id: null; at: number; word: 'counted' }
  | { id: null; at: number; word: 'unwatched'; from: number };

/** What the raw history says, by looking at every minute of it. */
function minuteByMinute(raw: readonly Told[], until: number, planned: readonly Interval[]): Sums {
  const sums = { up: 0, down: 0, paused: 0 };
  let mark: Mark | null = null;
  let reached = raw[0]!.at;
  const isPlanned = (): boolean => planned.some(({ from, to }) => from <= reached && reached < to);
  const live = (to: number): void => {
    for (; reached < to; reached += MINUTE)
      if (mark !== null) sums[mark === 'down' && isPlanned() ? 'paused' : mark] += MINUTE;
  };
  for (const change of raw) {
    // Of who is not there nothing is counted.
    if (mark === null && change.id === null) continue;
    live(change.word === 'unwatched' ? change.from : change.at);
    reached = Math.max(reached, change.at);
    if (change.id !== null) mark = markAfter(change.word, mark);
  }
  live(until);
  return sums;
}

function markAfter(word: Word, before: Mark | null): Mark | null {
  if (word === 'PAIRING') return before === 'up' || before === 'down' ? 'down' : 'paused';
  if (word === 'gone') return null;
  return word === 'well' ? 'up' : word === 'LOGGED_OUT' ? 'down' : 'paused';
}
