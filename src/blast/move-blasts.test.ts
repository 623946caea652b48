import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BLAST_STATUSES } from '@koneksi/contracts/blast-states';
import type { DataSource } from 'typeorm';
import { claimNewOutlet } from '../../test/support/journal.js';
import { eventually } from '../../test/support/eventually.js';
import { lockWaits } from '../../test/support/lock-waits.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import type { Ownership } from '../wa-session/fence.js';
import {
  afterwards,
  BLAST_MOVES,
  PART_MOVES,
  type BlastEvent,
  type BlastState,
  type PartEvent,
  type PartState,
} from './domain/blast-moves.js';
import { moveBlasts, moveParts } from './move-blasts.js';

const NOW = Date.UTC(2026, 10, 28);

let database: TestDatabase;
let dataSource: DataSource;
let owner: Ownership;
beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = database.dataSource;
  owner = await claimNewOutlet(dataSource);
});
afterAll(() => database.drop());

const FACTS = ['begun', 'awaitsAdmin', 'purged', 'single', 'done'] as const;
const EVERY_STATE = BLAST_STATUSES.flatMap((status) =>
  Array.from({ length: 2 ** FACTS.length }, (_, bits) => {
    const facts = Object.fromEntries(FACTS.map((fact, bit) => [fact, (bits & (1 << bit)) !== 0]));
    return { status, ...facts } as unknown as BlastState;
  }),
);

async function insert({ status, begun, awaitsAdmin, purged, single, done }: BlastState): Promise<string> {
  const id = randomUUID();
  await dataSource.query(
    `INSERT INTO blasts (id, kind, status, started_at, awaits_admin, purged_at, created_at, created_by, created_by_name,
       recipients, key_id, wrapped_key, message, request_hash)
     VALUES ($1, $2, $3, CASE WHEN $4 THEN now() END, $5, CASE WHEN $6 THEN now() END, now(), $1, 'Budi', 1, '', '', '', '')`,
    [id, single ? 'message' : 'blast', status, begun, awaitsAdmin, purged],
  );
  await dataSource.query(
    `INSERT INTO blast_outlets (blast_id, outlet_id, outlet_name, queued) VALUES ($1, $2, 'Dago', $3)`,
    [id, owner.outletId, done ? 0 : 1],
  );
  return id;
}

interface Kept {
  status: string;
  revision: string;
  recipients: number;
  awaits_admin: boolean;
  sent_on_by: string | null;
  started_at: Date | null;
  finished_at: Date | null;
}
async function kept(id: string): Promise<Kept> {
  const [row] = await dataSource.query<Kept[]>('SELECT * FROM blasts WHERE id = $1', [id]);
  return row!;
}

/**
 * Where the table of moves leads. Only `withdraw` asks there whether a blast awaits an ADMIN: of the other events that is
 * refused before the database is asked, which then moves it like any other.
 */
const inTable = (state: BlastState, event: BlastEvent): string => {
  const after = afterwards(event === 'withdraw' ? state : { ...state, awaitsAdmin: false }, event);
  return typeof after === 'object' ? state.status : after;
};

test.each(Object.keys(BLAST_MOVES) as BlastEvent[])('%s: the database moves what the table says', async (event) => {
  const all = await Promise.all(EVERY_STATE.map(async (state) => ({ state, id: await insert(state) })));
  const ids = all.map(({ id }) => id);
  const moved = new Set((await moveBlasts(dataSource.manager, event, ids, NOW)).map(({ id }) => id));
  for (const { state, id } of all) {
    const { status, revision } = await kept(id);
    expect({ state, status }).toEqual({ state, status: inTable(state, event) });
    expect(revision).toBe(moved.has(id) ? '1' : '0');
    if (status !== state.status) expect(moved).toContain(id);
  }
});

test('whoever waited for another move decides of what that one left', async () => {
  const facts = { begun: true, awaitsAdmin: false, purged: false, single: false, done: false };
  const id = await insert({ status: 'running', ...facts });
  let paused!: Promise<unknown[]>;
  await dataSource.transaction(async (manager) => {
    await moveBlasts(manager, 'cancel', [id], NOW);
    paused = moveBlasts(dataSource.manager, 'pause', [id], NOW + 1);
    await eventually('it waits', async () => (await lockWaits(dataSource)) > 0);
  });
  expect(await paused).toEqual([]);
  expect(await kept(id)).toMatchObject({ status: 'canceled', revision: '1' });
});

test('times, right and totals move along', async () => {
  const facts = { begun: false, awaitsAdmin: true, purged: false, single: false, done: false };
  const id = await insert({ status: 'paused', ...facts });
  const by = randomUUID();
  await moveBlasts(dataSource.manager, 'start', [id], NOW, { by, joined: 3 });
  const started = { recipients: 4, awaits_admin: false, sent_on_by: by, started_at: new Date(NOW) };
  expect(await kept(id)).toMatchObject({ ...started, finished_at: null });
  await moveBlasts(dataSource.manager, 'pause', [id], NOW + 1);
  expect(await kept(id)).toMatchObject({ ...started, finished_at: null });
  await moveBlasts(dataSource.manager, 'withdraw', [id], NOW + 2);
  expect(await kept(id)).toMatchObject({ ...started, awaits_admin: true, status: 'paused' });
  await moveBlasts(dataSource.manager, 'resume', [id], NOW + 3);
  expect(await kept(id)).toMatchObject({ ...started, status: 'running' });
  await moveBlasts(dataSource.manager, 'cancel', [id], NOW + 4);
  expect(await kept(id)).toMatchObject({ ...started, status: 'canceled', finished_at: new Date(NOW + 4) });
});

test('what is retried has not ended', async () => {
  const state = {
    status: 'running',
    begun: true,
    awaitsAdmin: false,
    purged: false,
    single: false,
    done: true,
  } as const;
  const id = await insert(state);
  await moveBlasts(dataSource.manager, 'finish', [id], NOW);
  expect(await kept(id)).toMatchObject({ status: 'finished', finished_at: new Date(NOW) });
  await moveBlasts(dataSource.manager, 'retry', [id], NOW + 1);
  expect(await kept(id)).toMatchObject({ status: 'running', finished_at: null });
});

const PARTS: Record<PartState, [stopped: boolean, code: string | null]> = {
  free: [false, null],
  held: [false, 'DAILY_CAP'],
  stopped: [true, 'STOPPED_REFUSALS'],
};
const parts = (Object.keys(PART_MOVES) as PartEvent[]).flatMap((event) =>
  (Object.keys(PARTS) as PartState[]).flatMap((from) => [true, false].map((owned) => ({ event, from, owned }))),
);

test.each(parts)('a part that is $from, on $event: the database moves what the table says', async (each) => {
  const { event, from, owned } = each;
  const id = await insert({ ...EVERY_STATE[0]!, status: 'running' });
  await dataSource.query(
    'UPDATE blast_outlets SET stopped = $2, hold_code = $3, hold_until = now() WHERE blast_id = $1',
    [id, ...PARTS[from]],
  );
  const code = event === 'hold' || event === 'stop' ? 'STOPPED_RESTRICTED' : null;
  await moveParts(dataSource.manager, event, [id], owned ? owner : null, code, NOW);
  const [part] = await dataSource.query<object[]>(
    'SELECT stopped, hold_code, hold_until FROM blast_outlets WHERE blast_id = $1',
    [id],
  );
  const to = (PART_MOVES[event] as Partial<Record<PartState, PartState>>)[from];
  const [stopped, hold_code] = to === undefined ? PARTS[from] : PARTS[to];
  expect(part).toMatchObject({ stopped, hold_code: to === undefined || to === 'free' ? hold_code : code });
  if (to !== undefined) expect(part).toMatchObject({ hold_until: to === 'free' ? null : new Date(NOW) });
});
