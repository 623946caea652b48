import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { createEmptyDatabase } from '../../test/support/test-database.js';
import { LOCK_KEY, SingleProcess, TAKE_OVER_MS, type SingleProcessOptions } from './single-process.js';

let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
let held: SingleProcess[] = [];
let admin: pg.Client;

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createEmptyDatabase();
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
});

afterEach(async () => {
  for (const lock of held) await lock.release();
  held = [];
});

afterAll(async () => {
  await admin.end();
  await database.drop();
});

async function acquire(options?: SingleProcessOptions): Promise<SingleProcess> {
  const lock = await SingleProcess.acquire(database.url, options);
  held.push(lock);
  return lock;
}

/** The connections that hold the lock on this database: one or none. Other tests lock theirs on the same server. */
async function holders(): Promise<number[]> {
  const { rows } = await admin.query<{ pid: number }>(
    `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return rows.map(({ pid }) => pid);
}

async function breakConnections(): Promise<void> {
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name LIKE 'koneksi lock%' AND datname = current_database()`,
  );
}

async function eventually(check: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    if (await check()) return;
    await sleep(50);
  }
  throw new Error('It never happened');
}

describe('one process per database', () => {
  it('several may share it, and none beside them has it alone', async () => {
    const [one] = await Promise.all([acquire({ shared: true }), acquire({ shared: true })]);
    await expect(acquire({ patienceMs: 0 })).rejects.toThrow(/already uses this database: end it first\.$/);
    await one.release();
    await expect(acquire({ patienceMs: 0 })).rejects.toThrow(/already uses/);
  });

  it('none shares what another has alone, and is told how', async () => {
    await acquire();
    await expect(acquire({ shared: true, patienceMs: 0 })).rejects.toThrow(/each is started with SEVERAL_NODES=on/);
  });

  it('leaves no connection behind where the first statement fails', async () => {
    const refused = new Error('unrecognized configuration parameter');
    const query = jest.spyOn(pg.Client.prototype, 'query').mockRejectedValueOnce(refused as never);
    await expect(SingleProcess.acquire(database.url)).rejects.toBe(refused);
    query.mockRestore();
    await eventually(async () => {
      const { rows } = await admin.query(
        `SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'koneksi lock%' AND datname = current_database()`,
      );
      return rows.length === 0;
    });
  });

  it('lets a second one give up with a sentence that names the first', async () => {
    await acquire();
    const say = jest.fn();
    const first = `Another Koneksi \\(process ${process.pid} on ${hostname().slice(0, 24)}, since \\d{4}-[-\\d:.T]+Z\\)`;
    await expect(acquire({ patienceMs: 300, say })).rejects.toThrow(
      new RegExp(`^${first} already uses this database: end it first\\.$`),
    );
    expect(say).toHaveBeenCalledTimes(1);
    expect(say).toHaveBeenCalledWith(
      expect.stringMatching(`^${first} still uses this database; waiting up to 1 s for it to end …$`),
    );
  });

  it('gives up without a name where a stranger holds the lock', async () => {
    const stranger = new pg.Client({ connectionString: database.url, application_name: 'psql' });
    await stranger.connect();
    await stranger.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    await expect(acquire({ patienceMs: 0 })).rejects.toThrow(/^Another Koneksi already uses this database/);
    await stranger.end();
  });

  it('waits for as long as PostgreSQL needs to find a dead host, unless told otherwise', async () => {
    await acquire();
    const say = jest.fn();
    const patient = acquire({ say });
    await eventually(() => say.mock.calls.length === 1);
    expect(say).toHaveBeenCalledWith(expect.stringContaining('waiting up to 55 s'));
    expect(TAKE_OVER_MS).toBe(55_000);
    await held.shift()!.release();
    await expect(patient).resolves.toBeInstanceOf(SingleProcess);
  });

  it('lets a second one in as soon as the first has ended', async () => {
    const first = await acquire();
    const second = acquire({ patienceMs: 5000 });
    await sleep(150);
    await first.release();
    await expect(second).resolves.toBeInstanceOf(SingleProcess);
  });

  it('takes the database again when its connection breaks', async () => {
    await acquire({ retakeEveryMs: 20 });
    const [before] = await holders();
    await breakConnections();
    await eventually(async () => {
      const [now] = await holders();
      return now !== undefined && now !== before;
    });
    await expect(acquire({ patienceMs: 0 })).rejects.toThrow('Another Koneksi');
  });

  it('gives up when another one was faster', async () => {
    const onUsurped = jest.fn();
    await acquire({ retakeEveryMs: 50, onUsurped });
    const other = new pg.Client({ connectionString: database.url });
    await other.connect();
    const taken = other.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    await eventually(async () => {
      const { rows } = await admin.query<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return rows[0]!.waiting > 0;
    });
    await breakConnections();
    await taken;
    await eventually(() => onUsurped.mock.calls.length === 1);
    await other.end();
  });
});
