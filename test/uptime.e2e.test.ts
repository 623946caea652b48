import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Uptime, UptimeRanking, UptimeWindow } from '@koneksi/contracts/uptime';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let admin: Dashboard;
let braga: LinkedOutlet;
let dago: LinkedOutlet;
let userToken: string;

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { INCIDENT_AFTER_MS: '200', INCIDENT_WELL_FOR_MS: '200' } });
  admin = await koneksi.dashboard();
  braga = await koneksi.linked(admin, { name: 'Braga', city: 'Bandung' });
  dago = await koneksi.linked(admin, { name: 'Dago', city: 'Bandung' });
  userToken = (await koneksi.person('USER', [braga.outlet.id])).token;
});
afterAll(() => koneksi.stop());

async function uptime(window: UptimeWindow, token = koneksi.token): Promise<Uptime> {
  return expectOk(await koneksi.call<Uptime>('GET', `/uptime?window=${window}`, { token }));
}

async function one({ outlet }: LinkedOutlet, window: UptimeWindow = '24h', token = koneksi.token): Promise<Uptime> {
  return expectOk(await koneksi.call<Uptime>('GET', `/outlets/${outlet.id}/uptime?window=${window}`, { token }));
}

const sum = ({ buckets }: Uptime, mark: 'up' | 'down' | 'paused' | 'unknown'): number =>
  buckets.reduce((total, bucket) => total + bucket[mark], 0);

test('an outlet that is linked is up, and was being set up before', async () => {
  const told = await eventually('its first second', async () => {
    const answer = await one(braga);
    return answer.uptime !== null && sum(answer, 'up') > 1 && answer;
  });
  expect(told).toMatchObject({ window: '24h', outlets: 1, incidents: 0, meanTimeToRepairSeconds: null });
  expect(told.buckets).toHaveLength(24);
  expect(sum(told, 'paused')).toBeGreaterThan(0);
});

test('one that is unlinked is down for as long as the log says, of its incident, and the worst of all', async () => {
  braga.phone.unlink();
  const down = await eventually('a second of downtime', async () => {
    const answer = await one(braga);
    return answer.downSeconds > 1 && answer.incidents > 0 && answer;
  });
  expect(down.uptime).toBeLessThan(1);
  const { worst, cities } = expectOk(await koneksi.call<UptimeRanking>('GET', '/uptime/ranking?window=7d'));
  expect(worst[0]).toMatchObject({ outletId: braga.outlet.id, name: 'Braga', city: 'Bandung' });
  expect(cities).toEqual([expect.objectContaining({ city: 'Bandung', outlets: 2 })]);

  await koneksi.connect(braga.outlet.id);
  await braga.phone.scan(await admin.qr(braga.outlet.id));
  await admin.becomes(braga.outlet.id, 'CONNECTED');
  const expected = await downByTheLog(braga.outlet.id);
  await eventually('the sum of the log', async () => Math.abs((await one(braga)).downSeconds - expected) < 0.01);
  await eventually('its mean time to repair', async () => (await one(braga)).meanTimeToRepairSeconds !== null);
});

/** Seconds between the first word that it is not well and the next that it is. */
async function downByTheLog(outletId: string): Promise<number> {
  const rows = await koneksi.database.dataSource.query<{ at: Date; healthy: boolean }[]>(
    `SELECT at, (element ->> 'healthy')::boolean AS healthy FROM outlet_status_change WHERE outlet_id = $1 ORDER BY cursor`,
    [outletId],
  );
  const first = rows.findIndex(({ healthy }) => healthy);
  let [seconds, fellAt] = [0, NaN];
  for (const { at, healthy } of rows.slice(first)) {
    if (healthy && !Number.isNaN(fellAt)) seconds += (at.getTime() - fellAt) / 1_000;
    fellAt = healthy ? NaN : Number.isNaN(fellAt) ? at.getTime() : fellAt;
  }
  return seconds;
}

test('a planned pause is no downtime', async () => {
  const before = (await one(dago)).downSeconds;
  const paused = sum(await one(dago), 'paused');
  expectOk(await koneksi.call('POST', `/outlets/${dago.outlet.id}/pause`, { body: {} }));
  await eventually('a second of pause', async () => sum(await one(dago), 'paused') > paused + 1);
  expect((await one(dago)).downSeconds).toBe(before);
});

test('a USER sees the figures of their outlet, and no other exists', async () => {
  expect(await uptime('30d', userToken)).toMatchObject({ outlets: 1 });
  expect((await one(braga, '30d', userToken)).outlets).toBe(1);
  const path = `/outlets/${dago.outlet.id}/uptime`;
  expect(await koneksi.call('GET', path, { token: userToken })).toMatchObject({
    status: 404,
    code: 'OUTLET_NOT_FOUND',
  });
  const ranking = await koneksi.call<UptimeRanking>('GET', '/uptime/ranking?window=24h', { token: userToken });
  expect(JSON.stringify(expectOk(ranking))).not.toContain('Dago');
});

test('what is asked for wrongly is refused', async () => {
  expect(await koneksi.call('GET', '/uptime?window=14d')).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect(await koneksi.call('GET', '/outlets/nonsense/uptime')).toMatchObject({ status: 404 });
});

test('what was counted outlives the process, and of the time between nobody knows', async () => {
  const before = await one(braga);
  await koneksi.pause();
  await koneksi.resume();
  const after = await eventually('time that is counted on', async () => {
    const answer = await one(braga);
    return sum(answer, 'up') > sum(before, 'up') + 1 && answer;
  });
  expect(after.downSeconds).toBeGreaterThanOrEqual(before.downSeconds);
  expect(
    after.buckets.reduce((total, { up, down, paused, unknown }) => total + up + down + paused + unknown, 0),
  ).toBeCloseTo((Date.parse(after.to) - Date.parse(after.from)) / 1_000, 1);
});
