import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { QrAnswer } from '@koneksi/contracts/outlets';
import type { OutletStatus, OutletStatusDocument } from '@koneksi/contracts/outlet-status-schema';
import { startSimulator, type Simulator } from '@koneksi/whatsapp-simulator';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RawEnv } from '../src/config/env.js';
import { ChildKoneksi } from './support/child-koneksi.js';
import { eventually } from './support/eventually.js';
import { SUPERADMIN } from './support/koneksi.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';
import { seeded } from './support/seeded.js';

const ROUNDS = Number(process.env['KONEKSI_KILL_ROUNDS'] ?? 5);
const SEED = Number(process.env['KONEKSI_KILL_SEED'] ?? randomInt(2 ** 31));
/** Linking, the restart after it and its first login take about this long. */
const LATEST_KILL_MS = 2_500;

let simulator: Simulator;
let database: TestDatabase;
let env: RawEnv;
let child: ChildKoneksi;

beforeAll(async () => {
  [simulator, database] = await Promise.all([startSimulator({ control: false }), createTestDatabase()]);
  env = {
    PATH: process.env['PATH'],
    DATABASE_URL: database.url,
    JWT_SECRET: randomBytes(32).toString('hex'),
    CREDENTIALS_KEY: randomBytes(32).toString('base64'),
    SUPERADMIN_EMAIL: SUPERADMIN.email,
    SUPERADMIN_PASSWORD: SUPERADMIN.password,
    WA_WEB_SOCKET_URL: simulator.url,
    WA_ROOT_KEY: simulator.rootKey,
    RECONCILE_INTERVAL_MS: '1000',
    LOG_FORMAT: 'json',
  };
});

afterAll(async () => {
  await child?.kill();
  await simulator.stop();
  await database.drop();
});

interface Target {
  id: string;
  number: string;
}

async function insertOutlet(index: number): Promise<Target> {
  const target = { id: randomUUID(), number: `62813${String(index).padStart(8, '0')}` };
  await database.dataSource.query('INSERT INTO outlets (id, name, whatsapp_number) VALUES ($1, $2, $3)', [
    target.id,
    `Outlet ${index}`,
    target.number,
  ]);
  return target;
}

/** Links one outlet; whatever the kill interrupts is done again in the next round. */
async function link({ id, number }: Target, token: string): Promise<void> {
  await child.call('POST', `/outlets/${id}/connect`, token);
  for (;;) {
    const status = await child.call<OutletStatus>('GET', `/outlets/${id}/status`, token);
    if (status.session.status === 'CONNECTED') return;
    if (status.session.qrCode === 'Present') {
      // What was shown a moment ago may be scanned or rotated away by now.
      await child
        .call<QrAnswer>('GET', `/outlets/${id}/qr`, token)
        .then(({ qr }) => simulator.phone(number).scan(qr))
        .catch(() => undefined);
    }
    await pause(50);
  }
}

/** The figures belong to whoever runs this by hand. */
const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** Every outlet the database ever told to be CONNECTED. */
async function everConnected(): Promise<Set<string>> {
  const rows = await database.dataSource.query<{ outlet_id: string }[]>(
    `SELECT DISTINCT outlet_id FROM outlet_status_change WHERE status = 'CONNECTED'`,
  );
  return new Set(rows.map((row) => row.outlet_id));
}

/** Links, logins, mail that ratchets keys, and endings, all under way until the process is gone. */
async function keepBusy(targets: Target[], random: () => number): Promise<never> {
  const token = await child.signIn();
  const known = await everConnected();
  for (const target of targets.filter(({ id }) => !known.has(id)).slice(0, 2))
    link(target, token).catch(() => undefined);
  const writer = simulator.phone('628999000111');
  for (let message = 0; ; message++) {
    for (const { number } of targets.filter(({ id }) => known.has(id))) {
      await writer.send(number, `message ${message}`);
      if (random() < 0.05) simulator.phone(number).faults.end('drop');
    }
    await child.call('GET', '/outlets/status', token);
    await pause(10);
  }
}

/** Whatever was linked is healthy again, and nobody scans. Milliseconds from listening. */
async function expectAllBack(when: string): Promise<number> {
  const linked = await everConnected();
  const from = performance.now();
  const token = await child.signIn();
  await eventually(`${when}: ${linked.size} outlets are back`, async () => {
    const { statuses } = await child.call<OutletStatusDocument>('GET', '/outlets/status', token);
    const ours = statuses.filter(({ outletId }) => linked.has(outletId));
    const lost = ours.filter(({ session }) => session.status === 'FAILED' || session.status === 'DISCONNECTED');
    if (lost.length > 0) throw new Error(`${when}: ${JSON.stringify(lost.map(({ reason }) => reason))}`);
    return ours.every(({ healthy }) => healthy);
  });
  return performance.now() - from;
}

test(
  `after kill -9 at any moment every outlet that was ever linked comes back without a QR (${ROUNDS} rounds)`,
  async () => {
    tell(`KONEKSI_KILL_ROUNDS=${ROUNDS} KONEKSI_KILL_SEED=${SEED}`);
    const random = seeded(SEED);
    const targets = await Promise.all(Array.from({ length: 3 + ROUNDS * 2 }, (_, index) => insertOutlet(index)));
    const devices = new Map<string, number>();
    const slowest: number[] = [];
    let unhandled = '';

    child = await ChildKoneksi.start(env);
    await child.ready();
    const token = await child.signIn();
    await Promise.all(targets.slice(0, 3).map((target) => link(target, token)));

    for (let round = 1; round <= ROUNDS; round++) {
      const when = `seed ${SEED}, round ${round}`;
      const busy = keepBusy(targets, random).catch(() => undefined);
      await pause(random() * LATEST_KILL_MS);
      await child.kill();
      await busy;
      unhandled += child.output.filter((text) => /Unhandled rejection|Uncaught exception/.test(text)).join('');

      // Some lives end before they begin.
      if (random() < 0.3) {
        const stillborn = await ChildKoneksi.start(env);
        await pause(random() * LATEST_KILL_MS);
        await stillborn.kill();
      }
      child = await ChildKoneksi.start(env);
      await child.ready();
      slowest.push(await expectAllBack(when));
      // Nobody linked a second time: no phone shows a device more than when it was first seen linked.
      for (const id of await everConnected()) {
        const count = simulator.phone(targets.find((target) => target.id === id)!.number).devices.length;
        devices.set(id, devices.get(id) ?? count);
        expect([when, count]).toEqual([when, devices.get(id)]);
      }
    }

    const [rows] = await database.dataSource.query<{ aside: string }[]>(
      'SELECT count(*) AS aside FROM wa_credential WHERE quarantined_at IS NOT NULL',
    );
    expect(rows).toEqual({ aside: '0' });
    expect(unhandled).toBe('');
    tell(
      `${ROUNDS} kills, ${devices.size} outlets linked, 0 lost; all back ${Math.round(Math.max(...slowest))} ms after listening at the latest`,
    );
    expect(devices.size).toBeGreaterThanOrEqual(3);
  },
  60_000 + ROUNDS * 40_000,
);
