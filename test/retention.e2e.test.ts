import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import type { TimelineAnswer } from '@koneksi/contracts/outlet-status-schema';
import type { Outlet } from '@koneksi/contracts/outlets';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { SchedulerRegistry } from '@nestjs/schedule';
import { randomUUID } from 'node:crypto';
import { StatusLog } from '../src/status-log/status-log.js';
import { StatusRetention } from '../src/status-log/status-retention.js';
import { expectOk, Koneksi } from './support/koneksi.js';

interface Past {
  cursor: number;
  outlet: string;
  daysAgo: number;
  status: OutletStatusName | null;
  milestone: boolean;
}

const koneksi = await Koneksi.start();
const page = await koneksi.dashboard();
const busy: Outlet = await koneksi.outlet();
const quiet: Outlet = await koneksi.outlet();
// What is not yet written of them would be part of the history later.
for (const { id } of [busy, quiet]) await page.becomes(id, 'NEVER_LINKED');
const gone = randomUUID();

afterAll(() => koneksi.stop());

/** What each change is kept or forgotten for stands beside it. */
const HISTORY: [change: Omit<Past, 'cursor'>, kept: boolean][] = [
  [past(busy.id, 60, 'DISCONNECTED'), false],
  // Held when the kept time begins: a strip that starts there needs it.
  [past(busy.id, 50, 'CONNECTED'), true],
  [past(gone, 45, 'CONNECTED'), false],
  [past(busy.id, 40, 'TIMEOUT', false), false],
  // All that is known of an outlet that never changes.
  [past(quiet.id, 40, 'FAILED'), true],
  [past(gone, 39, null), false],
  // Connected, it may have been told to stay away once it falls.
  [past(busy.id, 38, 'CONNECTED', false), true],
  // Its revisions go on from here.
  [past(quiet.id, 35, 'FAILED', false), true],
  [past(busy.id, 29, 'TIMEOUT'), true],
  [past(busy.id, 1, 'CONNECTED'), true],
];
const NEWEST = HISTORY.length;
const FORGOTTEN = 6;

function past(
  outlet: string,
  daysAgo: number,
  status: OutletStatusName | null,
  milestone = true,
): Omit<Past, 'cursor'> {
  return { outlet, daysAgo, status, milestone };
}

beforeEach(async () => {
  await koneksi.pause();
  await query('DELETE FROM outlet_status_change');
  await query('UPDATE status_retention SET forgotten = 0');
  await query('UPDATE status_cursor SET value = $1', [NEWEST]);
  await remember(HISTORY.map(([change], index) => ({ ...change, cursor: index + 1 })));
  await koneksi.resume();
});

function query<T>(sql: string, values: unknown[] = []): Promise<T[]> {
  return koneksi.database.dataSource.query<T[]>(sql, values);
}

async function remember(changes: Past[]): Promise<void> {
  await query(
    `INSERT INTO outlet_status_change (cursor, outlet_id, at, revision, status, milestone)
     SELECT cursor, outlet, now() - make_interval(days => "daysAgo"), cursor, status, milestone
     FROM jsonb_to_recordset($1) AS c(cursor bigint, outlet uuid, "daysAgo" int, status text, milestone boolean)`,
    [JSON.stringify(changes)],
  );
}

const part = <T>(type: new (...args: never[]) => T): T => koneksi.app.app.get(type, { strict: false });
const forget = (): Promise<number> => part(StatusRetention).run();
const kept = async (): Promise<number[]> =>
  (await query<{ cursor: string }>('SELECT cursor FROM outlet_status_change ORDER BY cursor')).map((row) =>
    Number(row.cursor),
  );
const watermark = async (): Promise<number> =>
  Number((await query<{ forgotten: string }>('SELECT forgotten FROM status_retention'))[0]!.forgotten);

test('SL10 what is too old is forgotten, but for what tells how things stand', async () => {
  const expected = HISTORY.flatMap(([, keep], index) => (keep ? [index + 1] : []));
  expect(await forget()).toBe(NEWEST - expected.length);
  expect(await kept()).toEqual(expected);
  expect(await watermark()).toBe(FORGOTTEN);
  expect(await forget()).toBe(0);
  expect(await watermark()).toBe(FORGOTTEN);
});

test('SL9 a page resumes where nothing is missing, and gets a snapshot where something may be', async () => {
  const since = async (cursor: number): Promise<number[] | null> => {
    const changes = await part(StatusLog).since('all', cursor, NEWEST);
    return changes && changes.map((change) => change.cursor);
  };
  expect(await since(0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await forget();
  for (let cursor = 0; cursor < FORGOTTEN; cursor++) expect(await since(cursor)).toBeNull();
  expect(await since(FORGOTTEN)).toEqual([7, 8, 9, 10]);
  expect(await since(NEWEST)).toEqual([]);
});

test('SL11 strips are the same before and after', async () => {
  const strips = async (): Promise<unknown> =>
    expectOk(await koneksi.call<TimelineAnswer>('GET', '/outlets/timeline?hours=168')).outlets.map(
      // Between two processes nobody knows.
      ({ outletId, segments }) => [
        outletId,
        segments.map(({ status }) => status).filter((status, index, all) => status !== all[index - 1]),
      ],
    );
  const before = await strips();
  expect(before).toEqual(
    expect.arrayContaining([
      [busy.id, ['TIMEOUT', 'CONNECTED']],
      [quiet.id, ['FAILED']],
    ]),
  );
  await forget();
  expect(await strips()).toEqual(before);
});

test('SL10 what held at the beginning is forgotten once something newer is that old', async () => {
  await forget();
  await query(`UPDATE outlet_status_change SET at = now() - interval '31 days' WHERE cursor = 9`);
  expect(await forget()).toBe(2);
  expect(await kept()).toEqual([5, 8, 9, 10]);
  // As far as the newest that is gone: what it told of a connected outlet is forgotten with what was before it.
  expect(await watermark()).toBe(FORGOTTEN + 1);
});

test('much is forgotten in batches', async () => {
  const flood = Array.from({ length: 4_500 }, (_, index) => ({
    ...past(busy.id, 61, 'TIMEOUT', false),
    cursor: -index - 1,
  }));
  await remember(flood);
  expect(await forget()).toBe(4_500 + 4);
});

test('how long is a setting, and the round is scheduled', async () => {
  expect([...part(SchedulerRegistry).getIntervals()]).toContain('forget-status-changes');
  await koneksi.pause();
  await koneksi.resume({ STATUS_RETENTION_DAYS: '90' });
  expect(await forget()).toBe(0);
});
