import { TimelineAnswer } from '@koneksi/contracts/outlet-status-schema';
import type { OutletStatusName, ReasonCode } from '@koneksi/contracts/outlet-status';
import type { Outlet } from '@koneksi/contracts/outlets';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type Person } from './support/koneksi.js';

const HOUR_MS = 3_600_000;

let koneksi: Koneksi;
let own: Outlet;
let foreign: Outlet;
let idle: Outlet;
let user: Person;
let earlier = 0;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  const page = await koneksi.dashboard();
  own = await koneksi.outlet({ name: 'Own outlet' });
  foreign = await koneksi.outlet({ name: 'Foreign outlet' });
  idle = await koneksi.outlet({ name: 'Idle outlet' });
  user = await koneksi.person('USER', [own.id]);
  for (const { id } of [own, foreign, idle]) await page.becomes(id, 'NEVER_LINKED');
  // All had a past before they came to rest just now.
  await happened(own, 200, 'FAILED');
  await happened(own, 30, 'CONNECTED');
  await happened(own, 26, 'CONNECTED', { milestone: false });
  await happened(own, 6, 'TIMEOUT');
  await happened(own, 5, 'CONNECTED');
  await happened(foreign, 2, 'PAUSED');
});

afterAll(() => koneksi.stop());

async function happened(
  outlet: Outlet,
  hoursAgo: number,
  status: OutletStatusName,
  { milestone = true, code = null }: { milestone?: boolean; code?: ReasonCode | null } = {},
): Promise<void> {
  await koneksi.database.dataSource.query(
    `INSERT INTO outlet_status_change (cursor, outlet_id, at, revision, status, milestone, reason_code)
     VALUES ($1, $2, now() - make_interval(hours => $3), 0, $4, $5, $6)`,
    [--earlier, outlet.id, hoursAgo, status, milestone, code],
  );
}

async function timeline(hours?: number, token?: string): Promise<TimelineAnswer> {
  const query = hours === undefined ? '' : `?hours=${hours}`;
  return TimelineAnswer.parse(expectOk(await koneksi.call('GET', `/outlets/timeline${query}`, { token })));
}

/** `hours ago STATUS`, rounded to the hour. */
function drawn({ to, outlets }: TimelineAnswer, { id }: Outlet): string[] {
  const { segments } = outlets.find(({ outletId }) => outletId === id)!;
  return segments.map(({ from, status }) => `${Math.round((Date.parse(to) - Date.parse(from)) / HOUR_MS)} ${status}`);
}

test('a day begins with what held then, and ends with what holds now', async () => {
  const day = await timeline();
  expect(Date.parse(day.to) - Date.parse(day.from)).toBe(24 * HOUR_MS);
  expect(drawn(day, own)).toEqual(['24 CONNECTED', '6 TIMEOUT', '5 CONNECTED', '0 DISCONNECTED']);
  const { connectedMs } = day.outlets.find(({ outletId }) => outletId === own.id)!;
  expect(connectedMs / HOUR_MS).toBeCloseTo(23, 1);
});

test('an outlet younger than the window begins with its first status', async () => {
  expect(drawn(await timeline(), foreign)).toEqual(['2 PAUSED', '0 DISCONNECTED']);
});

test('time counts by its reason, also where a phone was held to it before the window', async () => {
  await happened(idle, 40, 'FAILED', { code: 'LOGGED_OUT' });
  await happened(idle, 39, 'DISCONNECTED', { code: 'QR_EXPIRED' });
  await happened(idle, 9, 'PAUSED', { code: 'PAUSED_BY' });
  await happened(idle, 8, 'DISCONNECTED', { code: 'UNLINKED' });
  await happened(idle, 7, 'DISCONNECTED', { code: 'LOGGED_OUT' });
  const { outlets } = await timeline();
  const { segments } = outlets.find(({ outletId }) => outletId === idle.id)!;
  expect(segments.map(({ status, mark }) => `${status} ${mark}`)).toEqual([
    'DISCONNECTED down',
    'PAUSED paused',
    'DISCONNECTED paused',
    'DISCONNECTED down',
    'DISCONNECTED paused',
  ]);
});

test('planned work is told with the strip, for what is pushed in it', async () => {
  const [from, to] = [Date.now() + 60_000, Date.now() + 120_000].map((at) => new Date(at).toISOString());
  const rule = await koneksi.call<{ id: string }>('POST', '/alert-rules', {
    body: {
      name: 'Rawat',
      scope: { kind: 'outlets', outletIds: [foreign.id] },
      maintenance: [{ from, to }],
      recipients: [{ channel: 'email', to: 'jaga@example.com', language: 'id' }],
    },
  });
  expect(rule.status).toBe(201);
  const { outlets } = await timeline();
  expect(Object.fromEntries(outlets.map(({ outletId, planned }) => [outletId, planned]))).toMatchObject({
    [own.id]: [],
    [foreign.id]: [{ from, to }],
  });
});

test('a window of another length is another strip', async () => {
  expect(drawn(await timeline(1), own)).toEqual(['1 CONNECTED', '0 DISCONNECTED']);
  expect(drawn(await timeline(168), own)).toEqual([
    '168 FAILED',
    '30 CONNECTED',
    '6 TIMEOUT',
    '5 CONNECTED',
    '0 DISCONNECTED',
  ]);
});

test('a USER gets the strips of their own outlets alone', async () => {
  const everyone = (await timeline()).outlets.map(({ outletId }) => outletId);
  expect(everyone.toSorted()).toEqual([own.id, foreign.id, idle.id].toSorted());
  expect((await timeline(24, user.token)).outlets.map(({ outletId }) => outletId)).toEqual([own.id]);
  const { token } = await koneksi.person('USER', []);
  expect((await timeline(24, token)).outlets).toEqual([]);
});

test.each(['0', '169', '1.5', 'all'])('a window of %s hours is refused, by its name', async (hours) => {
  const answer = await koneksi.call<{ error: { fields: { field: string }[] } }>(
    'GET',
    `/outlets/timeline?hours=${hours}`,
  );
  expect(answer).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect(answer.body.error.fields.map(({ field }) => field)).toEqual(['hours']);
});

test('of the time in which Koneksi did not run nobody knows', async () => {
  await koneksi.pause();
  await koneksi.resume();
  const segments = await eventually('what the next process found', async () => {
    const strip = (await timeline()).outlets.find(({ outletId }) => outletId === own.id)!.segments;
    return strip.some(({ mark }) => mark === 'unknown') && strip;
  });
  expect(segments.slice(0, 3).map(({ status, mark }) => `${status} ${mark}`)).toEqual([
    'CONNECTED up',
    'TIMEOUT down',
    'CONNECTED up',
  ]);
});
