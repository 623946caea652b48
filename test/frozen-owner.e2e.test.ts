import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BlastCreated } from '@koneksi/contracts/blast-requests';
import type { Blast } from '@koneksi/contracts/blasts';
import type { Outlet, QrAnswer } from '@koneksi/contracts/outlets';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import { startSimulator, type Simulator } from '@koneksi/whatsapp-simulator';
import type { RawEnv } from '../src/config/env.js';
import { addContacts } from './support/blasts.js';
import { childEnv, ChildKoneksi } from './support/child-koneksi.js';
import { eventually } from './support/eventually.js';
import { asNode } from './support/history-triggers.js';
import { History } from './support/history.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

const NUMBER = '628130000001';
const RECIPIENTS = 40;
/** So that the blast lasts as long as what happens to it. Milliseconds. */
const PACE_MS = 300;

let simulator: Simulator;
let database: TestDatabase;
let history: History;
let env: RawEnv;
const children: ChildKoneksi[] = [];

beforeAll(async () => {
  [simulator, database] = await Promise.all([startSimulator({ control: false }), createTestDatabase()]);
  history = await History.watch(database.dataSource, simulator);
  const settings = { BLAST_PACE_MS: '0-0', BLAST_RECEIPT_WAIT_MS: '2000', RECONCILE_INTERVAL_MS: '500' };
  env = childEnv({ database, simulator }, settings);
});
afterAll(async () => {
  for (const child of children) await child.kill();
  await simulator.stop();
  await database.drop();
});

async function startNode(name: string): Promise<ChildKoneksi> {
  const child = await ChildKoneksi.start({ ...env, DATABASE_URL: asNode(database.url, name) });
  children.push(child);
  await child.ready();
  return child;
}

async function linkedOutlet(node: ChildKoneksi, token: string): Promise<string> {
  const settings = { name: 'Jakarta', whatsappNumber: NUMBER };
  const { id } = await node.call<Outlet>('POST', '/outlets', token, settings);
  const status = (): Promise<OutletStatus> => node.call('GET', `/outlets/${id}/status`, token);
  await node.call('POST', `/outlets/${id}/connect`, token);
  await eventually('a QR is shown', async () => (await status()).session.qrCode === 'Present');
  const { qr } = await node.call<QrAnswer>('GET', `/outlets/${id}/qr`, token);
  await simulator.phone(NUMBER).scan(qr);
  await eventually('it is connected', async () => (await status()).session.status === 'CONNECTED');
  await node.call('PATCH', `/outlets/${id}/blast-settings`, token, { paceMinMs: PACE_MS, paceMaxMs: PACE_MS });
  return id;
}

/** What reserves the database to one process is lost while that cannot take it again. */
async function loseReservation(): Promise<void> {
  await database.dataSource.query(
    `SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
     WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND d.datname = current_database()`,
  );
}

/** However long that takes on a busy machine. */
async function finished(node: ChildKoneksi, id: string, token: string): Promise<Blast['counts']> {
  for (;;) {
    const { status, counts } = await node.call<Blast>('GET', `/blasts/${id}`, token);
    if (status === 'finished') return counts;
    await pause(100);
  }
}

async function owner(): Promise<string | undefined> {
  const [row] = await database.dataSource.query<{ node: string }[]>(
    'SELECT c.node FROM wa_lease l JOIN history.claim c USING (owner)',
  );
  return row?.node;
}

test('an owner that stood still amid a blast wakes up late, writes nothing and sends nothing twice', async () => {
  const early = await startNode('early');
  const token = await early.signIn();
  const outletId = await linkedOutlet(early, token);
  await addContacts({ simulator, dataSource: database.dataSource }, outletId, 0, RECIPIENTS);
  const body = { outletIds: [outletId], message: 'Promo untuk {{nama}}' };
  const { id } = await early.call<BlastCreated>('POST', '/blasts', token, body);
  const counts = async (by: ChildKoneksi): Promise<Blast['counts']> =>
    (await by.call<Blast>('GET', `/blasts/${id}`, token)).counts;
  await eventually('it is under way', async () => (await counts(early)).queued < RECIPIENTS - 3);
  early.freeze();
  await loseReservation();

  const starting = startNode('heir');
  await eventually('the heir has the outlet', async () => (await owner()) === 'heir');
  // Awake with all that it believes, while the heir begins.
  early.thaw();
  const heir = await starting;
  // Its reservation is another's.
  await early.ended;
  // Whose socket was replaced twice waits for a person.
  await heir.call('POST', `/outlets/${outletId}/connect`, token);
  const done = await finished(heir, id, token);

  // Until it ended each took the outlet from the other, and with it the socket: that alone is no fault here.
  expect(await history.complaints({ mayReplace: Number.POSITIVE_INFINITY })).toEqual([]);
  expect(done.queued + done.sending + done.failed + done.skipped).toBe(0);
  // Of each socket that was ended at most what was on the wire.
  expect(done.unknown).toBeLessThanOrEqual(history.replaced + 1);
  const epochs = await database.dataSource.query<object[]>('SELECT DISTINCT epoch FROM history.taken');
  expect(epochs.length).toBeGreaterThan(1);
}, 300_000);
