import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../test/support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import type { BlastKind } from './blast.entity.js';
import { CanceledBlasts } from './canceled-blasts.js';
import { Ledger } from './ledger.js';

let database: TestDatabase;
let running: CanceledBlasts | null = null;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(() => running?.onModuleDestroy());
afterAll(() => database.drop());

/** A process that begins, and how it is told that the database is there again. */
function begin(): EventBus {
  const [bus, clock] = [new EventBus(), new Clock()];
  running = new CanceledBlasts(new Ledger(database.dataSource, clock), database.dataSource, clock, bus);
  running.onApplicationBootstrap();
  return bus;
}

/** A blast whose cancellation was committed so many seconds ago, or that goes on, and the two who wait in it. */
async function left(kind: BlastKind, secondsAgo: number | null): Promise<string> {
  const [blastId, outletId] = [randomUUID(), randomUUID()];
  await database.dataSource.query(
    `INSERT INTO blasts (id, kind, status, finished_at, created_at, created_by, created_by_name, recipients, key_id, wrapped_key, message, request_hash)
     VALUES ($1, $2, CASE WHEN $3::int IS NULL THEN 'paused' ELSE 'canceled' END, now() - $3::int * interval '1 second', now(),
       $1, 'Budi', 2, '', '', '', '')`,
    [blastId, kind, secondsAgo],
  );
  await database.dataSource.query(
    `INSERT INTO blast_outlets (blast_id, outlet_id, outlet_name, queued) VALUES ($1, $2, 'Dago', 2)`,
    [blastId, outletId],
  );
  await database.dataSource.query(
    `INSERT INTO blast_recipients (blast_id, seq, outlet_id, number, status)
     SELECT $1, n, $2, '62877' || n, 'queued' FROM generate_series(1, 2) n`,
    [blastId, outletId],
  );
  return blastId;
}

async function counts(blastId: string): Promise<unknown> {
  const [row] = await database.dataSource.query<object[]>(
    `SELECT o.queued, o.skipped, array_agg(DISTINCT r.status || coalesce(' ' || r.reason, '')) AS they
     FROM blast_outlets o JOIN blast_recipients r USING (blast_id) WHERE blast_id = $1 GROUP BY 1, 2`,
    [blastId],
  );
  return row;
}
const waits = { queued: 2, skipped: 0, they: ['queued'] };
const isSkipped = { queued: 0, skipped: 2, they: ['skipped CANCELED'] };
const skipped = (blastId: string): Promise<true> =>
  eventually('they are skipped', async () => JSON.stringify(await counts(blastId)) === JSON.stringify(isSkipped));

test.each<BlastKind>(['message', 'blast'])(
  'whoever a killed process left waiting in a canceled %s is skipped at the next start',
  async (kind) => {
    const [canceled, paused] = [await left(kind, 0), await left(kind, null)];
    begin();
    await skipped(canceled);
    expect(await counts(paused)).toEqual(waits);
  },
);

test('later they are looked for again, but for those whom the one who cancels is skipping just now', async () => {
  const first = await left('message', 0);
  const bus = begin();
  await skipped(first);
  const [fresh, old] = [await left('blast', 0), await left('blast', 60)];
  bus.publish('store.back', {});
  await skipped(old);
  expect(await counts(fresh)).toEqual(waits);
});

test('what cannot be written now is written when the database is back', async () => {
  const { dataSource } = database;
  await dataSource.query(
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$`,
  );
  await dataSource.query(
    `CREATE TRIGGER refuse BEFORE UPDATE ON blast_recipients FOR EACH ROW EXECUTE FUNCTION refuse()`,
  );
  const id = await left('message', 60);
  const bus = begin();
  await running?.skip([id]);
  expect(await counts(id)).toEqual(waits);
  await dataSource.query('DROP TRIGGER refuse ON blast_recipients');
  bus.publish('store.back', {});
  await skipped(id);
});
