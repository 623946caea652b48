import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ActivityPage } from '@koneksi/contracts/activity';
import type { Outlet } from '@koneksi/contracts/outlets';
import { startSimulator, type Simulator } from '@koneksi/whatsapp-simulator';
import { childEnv, ChildKoneksi } from './support/child-koneksi.js';
import { eventually } from './support/eventually.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

/** How many changes are under way at a time, and how many are answered before the process dies. */
const AT_ONCE = 8;
const ANSWERED = 60;

let simulator: Simulator;
let database: TestDatabase;
let running: ChildKoneksi | null = null;
beforeAll(async () => {
  simulator = await startSimulator({ control: false });
  database = await createTestDatabase();
});
afterAll(async () => {
  await running?.kill();
  await simulator.stop();
  await database.drop();
});

async function start(): Promise<{ child: ChildKoneksi; token: string }> {
  running = await ChildKoneksi.start(childEnv({ database, simulator }));
  await running.ready();
  return { child: running, token: await running.signIn() };
}

test('what was answered is in the log, and so is what was done, though the process is killed amid it', async () => {
  const { child, token } = await start();
  const outlets = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) =>
      child.call<Outlet>('POST', '/outlets', token, { name: 'Awal', whatsappNumber: `6281234567${index}00` }),
    ),
  );
  const answered: string[] = [];
  const asked: string[] = [];
  const rename = async ({ id }: Outlet, index: number): Promise<void> => {
    for (let count = 0; ; count++) {
      const name = `Outlet ${index} kali ${count}`;
      asked.push(name);
      await child.call('PATCH', `/outlets/${id}`, token, { name });
      answered.push(name);
      if (answered.length === ANSWERED) await child.kill();
    }
  };
  const ends = await Promise.allSettled(outlets.map(rename));
  expect(ends.map(({ status }) => status)).toEqual(outlets.map(() => 'rejected'));
  expect(answered.length).toBeGreaterThanOrEqual(ANSWERED);

  // What PostgreSQL had in hand when the process died it ends.
  const others = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;
  await eventually('nothing of the dead is under way', async () => {
    const connections = await database.dataSource.query<unknown[]>(others);
    return connections.length === 0;
  });
  const told = await database.dataSource.query<{ name: string; done: boolean }[]>(
    `SELECT c ->> 'after' AS name, ended_at IS NOT NULL AS done FROM activity, jsonb_array_elements(changes) c
     WHERE action = 'outlet.changed'`,
  );
  const done = told.filter((line) => line.done).map(({ name }) => name);
  expect(answered.filter((name) => !done.includes(name))).toEqual([]);
  // What was done and not answered has at least its beginning.
  const unsaid = await database.dataSource.query<{ id: string }[]>('SELECT id FROM outlets WHERE name <> ALL ($1)', [
    done,
  ]);
  const again = await start();
  const { items } = await again.child.call<ActivityPage>('GET', '/activity?limit=200', again.token);
  const unknown = items.filter(({ outcome }) => outcome === 'unknown');
  const subjects = unknown.map(({ subject }) => subject.id);
  expect(unsaid.filter(({ id }) => !subjects.includes(id))).toEqual([]);
  expect(unknown.length).toBeLessThanOrEqual(AT_ONCE);
  expect(asked.length - answered.length).toBe(AT_ONCE);
});
