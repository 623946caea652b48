import type { BlastSettings } from '@koneksi/contracts/blast-settings';
import type { VirtualPhone } from '@koneksi/contracts/demo';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { STAFF_OUTLET } from '../src/demo/demo-data.js';
import { DemoSeeder } from '../src/demo/demo-seeder.js';
import type { Dashboard } from './support/dashboard.js';
import { expectOk, Koneksi } from './support/koneksi.js';

let koneksi: Koneksi;
let page: Dashboard;

beforeAll(async () => {
  koneksi = await Koneksi.start({ demo: true });
  await seed();
});
afterAll(() => koneksi.stop());

const seed = (): Promise<void> => koneksi.app.app.get(DemoSeeder, { strict: false }).seed();

/** `name STATUS REASON` of every outlet. */
async function told(): Promise<string[]> {
  const { statuses } = await koneksi.statuses();
  return statuses.map(({ outlet, session, reason }) => `${outlet.name} ${session.status} ${reason?.code ?? null}`);
}

async function startAgain(): Promise<void> {
  await koneksi.pause();
  await koneksi.resume();
  page = await koneksi.dashboard();
  await seed();
}

const AS_SEEDED = [
  'Bandung Dago CONNECTED null',
  'Denpasar Sanur CONNECTED null',
  'Jakarta Kemang CONNECTED null',
  'Makassar Panakkukang CONNECTING PAIRING',
  'Surabaya Darmo CONNECTED null',
];

async function expectAsSeeded(): Promise<void> {
  const outlets = (await koneksi.statuses()).statuses;
  await Promise.all(
    outlets.map(({ outlet, outletId }) => {
      const goal = AS_SEEDED.find((line) => line.startsWith(outlet.name))!.slice(outlet.name.length + 1);
      const reached = ({ session, reason }: (typeof outlets)[number]): boolean =>
        `${session.status} ${reason?.code ?? null}` === goal;
      return page.first(() => {
        const latest = [...page.snapshot.statuses, ...page.changes.map(({ status }) => status)].findLast(
          (status) => status.outletId === outletId,
        );
        return latest && reached(latest);
      });
    }),
  );
  expect(await told()).toEqual(AS_SEEDED);
}

test('a first start links four outlets and leaves one waiting for its visitor', async () => {
  page = await koneksi.dashboard();
  await expectAsSeeded();
});

test('a blast of its begins at once, at any hour, and some customers read it', async () => {
  const { statuses } = await koneksi.statuses();
  const settings = await Promise.all(
    statuses.map(async ({ outletId }) =>
      expectOk(await koneksi.call<BlastSettings>('GET', `/outlets/${outletId}/blast-settings`)),
    ),
  );
  for (const one of settings) expect(one).toMatchObject({ quietHours: null, warmUpDays: 0, paceMaxMs: 3_000 });
  const zones = statuses.map(({ outlet }, index) => `${outlet.name.split(' ')[0]} ${settings[index]?.zone}`);
  expect(zones.filter((zone) => zone.endsWith('Asia/Makassar'))).toEqual([
    'Denpasar Asia/Makassar',
    'Makassar Asia/Makassar',
  ]);
  const modes = koneksi.simulator.phones().map(({ receipts }) => receipts);
  expect(modes.filter((mode) => mode === 'read')).toHaveLength(40);
});

test('a later start finds it as the first left it', async () => {
  await startAgain();
  await expectAsSeeded();
});

test('what the lab broke before the end is mended by the next start', async () => {
  const [first, second] = expectOk(await koneksi.call<VirtualPhone[]>('GET', '/demo/phones'));
  expectOk(await koneksi.call('POST', `/demo/phones/${first!.outletId}/ban`));
  expectOk(await koneksi.call('POST', `/demo/phones/${second!.outletId}/outdated`));
  await startAgain();
  await expectAsSeeded();
});

test('an outlet its visitor linked stays linked', async () => {
  const { statuses } = await koneksi.statuses();
  const { outletId } = statuses.find(({ outlet }) => outlet.name === STAFF_OUTLET)!;
  await page.qr(outletId);
  expectOk(await koneksi.call('POST', `/demo/phones/${outletId}/scan`));
  await page.becomes(outletId, 'CONNECTED');
  await startAgain();
  await page.first(() =>
    [...page.snapshot.statuses, ...page.changes.map(({ status }) => status)].some(
      (status) => status.outletId === outletId && status.session.status === 'CONNECTED',
    ),
  );
  expect((await koneksi.status(outletId)).healthy).toBe(true);
});
