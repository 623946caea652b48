import type { BlastSettings } from '@koneksi/contracts/blast-settings';
import type { BlastPage } from '@koneksi/contracts/blasts';
import type { VirtualPhone } from '@koneksi/contracts/demo';
import type { IncidentPage } from '@koneksi/contracts/incidents';
import type { TimelineAnswer } from '@koneksi/contracts/outlet-status-schema';
import type { Uptime } from '@koneksi/contracts/uptime';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
import { STAFF_OUTLET } from '../src/demo/demo-data.js';
import { DemoSeeder } from '../src/demo/demo-seeder.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi } from './support/koneksi.js';

let koneksi: Koneksi;
let page: Dashboard;

beforeAll(async () => {
  koneksi = await Koneksi.start({ demo: 'lived' });
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
  // What a page is told first may be of before the restart.
  await eventually('it stays so', async () => isDeepStrictEqual(await told(), AS_SEEDED));
}

test('a first start links four outlets and leaves one waiting for its visitor', async () => {
  page = await koneksi.dashboard();
  await expectAsSeeded();
});

test('it has a week behind it: strips, uptime, incidents, and a blast with answers', async () => {
  const { statuses } = await koneksi.statuses();
  const of = (name: string): string => statuses.find(({ outlet }) => outlet.name === name)!.outletId;
  const timeline = expectOk(await koneksi.call<TimelineAnswer>('GET', '/outlets/timeline?hours=24'));
  for (const { outletId, segments } of timeline.outlets) {
    expect(segments[0]).toMatchObject({ from: timeline.from, status: 'CONNECTED' });
    const isDown = segments.some(({ status }) => status !== 'CONNECTED');
    expect([outletId, isDown]).toEqual([outletId, true]);
  }
  const history = (await koneksi.history(of('Bandung Dago'))).map(({ reason }) => reason?.code ?? 'CONNECTED');
  expect(history).not.toContain('NEVER_LINKED');
  expect(history.slice(-6)).toEqual([
    'CONNECTED',
    'PAUSED_BY',
    'CONNECTED',
    'WHATSAPP_UNREACHABLE',
    'CONNECTED',
    'PAIRING',
  ]);
  const { items } = expectOk(await koneksi.call<IncidentPage>('GET', '/incidents'));
  expect(items.map(({ reason, struck, endedAt }) => [reason?.code, struck, endedAt !== null])).toEqual([
    ['LOGGED_OUT', 1, false],
    ['WHATSAPP_UNREACHABLE', 1, true],
    ['LOGGED_OUT', 1, true],
    ['WHATSAPP_UNREACHABLE', 5, true],
    ['WHATSAPP_UNREACHABLE', 1, true],
  ]);
  const uptime = (): Promise<Uptime> => koneksi.call<Uptime>('GET', '/uptime?window=7d').then(expectOk);
  // The cut alone is more than three hours of outlets.
  await eventually('the week is counted', async () => (await uptime()).downSeconds > 3 * 3_600);
  expect(await uptime()).toMatchObject({ outlets: 5, incidents: 5 });
  const { blasts } = expectOk(await koneksi.call<BlastPage>('GET', '/blasts'));
  expect(blasts).toMatchObject([
    { status: 'finished', createdBy: 'Adi Admin', recipients: 120, counts: { skipped: 5 } },
  ]);
  expect(blasts[0]!.replied).toBeGreaterThan(10);
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
  await eventually('it is online', async () => (await koneksi.status(outletId)).healthy);
});
