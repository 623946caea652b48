import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DataSource, QueryRunner } from 'typeorm';
import { eventually } from '../../test/support/eventually.js';
import { claimNewOutlet } from '../../test/support/journal.js';
import { lockWaits } from '../../test/support/lock-waits.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { Clock } from '../common/clock.js';
import type { Ownership } from '../wa-session/fence.js';
import { Ledger } from './ledger.js';
import { moveBlasts } from './move-blasts.js';
import { SendStore } from './sending/send-store.js';

const BLASTS = 8;

let database: TestDatabase;
let dataSource: DataSource;
let owner: Ownership;
beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = database.dataSource;
  owner = await claimNewOutlet(dataSource);
});
afterAll(() => database.drop());

/** Blasts with one message each under way, in the order of their ids. */
async function blasts(): Promise<string[]> {
  const ids = Array.from({ length: BLASTS }, () => randomUUID()).sort();
  // Rows lie in another order than their ids.
  for (const id of ids.toReversed()) {
    await dataSource.query(
      `INSERT INTO blasts (id, status, created_at, created_by, created_by_name, recipients, key_id, wrapped_key, message, request_hash)
       VALUES ($1, 'running', now(), $1, 'Budi', 1, '', '', '', '')`,
      [id],
    );
    await dataSource.query(
      `INSERT INTO blast_outlets (blast_id, outlet_id, outlet_name, sending) VALUES ($1, $2, 'Jakarta', 1)`,
      [id, owner.outletId],
    );
    await dataSource.query(
      `INSERT INTO blast_recipients (blast_id, seq, outlet_id, number, status, message_id) VALUES ($1, 1, $2, '62877', 'sending', $3)`,
      [id, owner.outletId, randomUUID()],
    );
  }
  return ids;
}

/** Moves no part. */
const STANDS = 'where blasts stand';
const write: Record<string, (ids: readonly string[]) => Promise<unknown>> = {
  'moves of single recipients': async (ids) => {
    const ledger = new Ledger(dataSource, new Clock());
    await Promise.all(ids.toReversed().map((blastId) => ledger.record({ blastId, seq: 1, to: 'sent' })));
  },
  'a move of many': (ids) =>
    new Ledger(dataSource, new Clock()).moveMany('unknown', null, ['sending'], 'r.blast_id = ANY ($6::uuid[])', [ids]),
  'why parts wait': (ids) =>
    new SendStore(dataSource, new Clock()).hold(owner, ids.toReversed(), 'STOPPED_REFUSALS', null, true),
  [STANDS]: (ids) => moveBlasts(dataSource.manager, 'pause', ids.toReversed(), Date.now()),
};
const TABLES = { blasts: 'id', blast_outlets: 'blast_id' };

async function lock(table: keyof typeof TABLES, ids: readonly string[], wait: boolean): Promise<QueryRunner | null> {
  const runner = dataSource.createQueryRunner();
  await runner.startTransaction();
  try {
    const sql = `SELECT 1 FROM ${table} WHERE ${TABLES[table]} = ANY ($1::uuid[]) FOR UPDATE ${wait ? '' : 'NOWAIT'}`;
    await runner.query(sql, [ids]);
    return runner;
  } catch (error) {
    await release(runner);
    if (!wait && (error as { code?: string }).code === '55P03') return null;
    throw error;
  }
}

async function release(runner: QueryRunner | null): Promise<void> {
  await runner?.rollbackTransaction();
  await runner?.release();
}

const cases = Object.keys(write).flatMap((name) =>
  Object.keys(TABLES)
    .filter((table) => name !== STANDS || table === 'blasts')
    .map((table) => [name, table as keyof typeof TABLES] as const),
);

test.each(cases)(
  '%s: rows of %s are locked by id, so that no two processes wait for each other',
  async (name, table) => {
    const ids = await blasts();
    const held = await lock(table, ids.slice(0, 1), true);
    const written = write[name]!(ids);
    await eventually('it waits for the first', async () => (await lockWaits(dataSource)) === 1);
    // Whoever waits for the first holds none of the others.
    const others = await lock(table, ids.slice(1), false);
    await release(others);
    await release(held);
    await written;
    expect(others).not.toBeNull();
  },
);
