import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LinkCare } from '../src/wa-session/link-care.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { Koneksi, type LinkedOutlet } from './support/koneksi.js';
import { ownNights } from './support/own-nights.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NIGHT_ENDS_UTC = 22 * 60 * MINUTE;
/** 05.00 in Jakarta, by when every outlet had its minute of the night. */
const nightOf = (day: number): number => Math.floor(Date.now() / DAY) * DAY + NIGHT_ENDS_UTC + day * DAY;

let koneksi: Koneksi;
let dashboard: Dashboard;
let linked: LinkedOutlet;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  ownNights(koneksi);
  dashboard = await koneksi.dashboard();
  linked = await koneksi.linked(dashboard);
});
afterAll(() => koneksi.stop());

const careAt = (now: number): Promise<void> => koneksi.app.app.get(LinkCare, { strict: false }).round(now, now);
const said = (): (string | null)[] => linked.phone.presences.map(({ type }) => type);
const count = (type: string): number => said().filter((each) => each === type).length;

test('is available for minutes once a night, and not again after a restart', async () => {
  const night = nightOf(0);
  await careAt(night - 10 * 60 * MINUTE);
  expect(count('available')).toBe(0);
  await careAt(night);
  await eventually('a pulse', () => count('available') === 1);
  await careAt(night + MINUTE);
  expect(said().at(-1)).toBe('available');
  await careAt(night + 3 * MINUTE);
  await eventually('its end', () => said().at(-1) === 'unavailable');
  await koneksi.pause();
  await koneksi.resume();
  ownNights(koneksi);
  dashboard = await koneksi.dashboard();
  await eventually('the login', async () => (await koneksi.status(linked.outlet.id)).healthy);
  await careAt(night + 10 * MINUTE);
  await careAt(night + 60 * MINUTE);
  expect(count('available')).toBe(1);
});

test('stays linked through 60 days in which nobody uses it', async () => {
  const before = linked.phone.devices.map(({ id }) => id);
  expect(before).toHaveLength(1);
  for (let day = 1; day <= 60; day++) {
    const { inbox } = linked.phone;
    expect(inbox).toHaveLength(0);
    koneksi.simulator.advance(DAY);
    // The phone itself is used, as shops do; its companion is not.
    await linked.phone.send('628111222333', 'Selamat pagi').catch(() => undefined);
    await careAt(nightOf(day));
    await careAt(nightOf(day) + 3 * MINUTE);
  }
  await eventually('each night is heard of', () => count('available') >= 61);
  expect(count('available')).toBe(61);
  expect(linked.phone.devices.map(({ id }) => id)).toEqual(before);
  expect((await koneksi.status(linked.outlet.id)).healthy).toBe(true);
});

test('what the phone says of itself is known, and kept over a restart', async () => {
  const seen = async (): Promise<number> => {
    const [row] = await koneksi.database.dataSource.query<{ phone_seen_at: Date | null }[]>(
      'SELECT phone_seen_at FROM wa_session WHERE outlet_id = $1',
      [linked.outlet.id],
    );
    return row?.phone_seen_at?.getTime() ?? 0;
  };
  expect(await seen()).toBeGreaterThan(Date.now() - 10 * MINUTE);
  expect(await seen()).toBeLessThanOrEqual(Date.now());
});

/** As if nobody had heard of the phone for so long; answers since when. */
async function unseenFor(days: number): Promise<string> {
  const away = new Date(Date.now() - days * DAY);
  // What is not acknowledged comes again after the login, and is a sign of life.
  await eventually('all mail is read', () => linked.phone.devices.every(({ unacknowledged }) => unacknowledged === 0));
  await koneksi.pause();
  await koneksi.database.dataSource.query('UPDATE wa_session SET phone_seen_at = $2 WHERE outlet_id = $1', [
    linked.outlet.id,
    away,
  ]);
  await koneksi.resume();
  ownNights(koneksi);
  return away.toISOString();
}

test.each([
  [9.9, []],
  [10.1, [{ code: 'PHONE_NOT_SEEN', level: 'warning' }]],
  [12.1, [{ code: 'PHONE_NOT_SEEN', level: 'problem' }]],
])('after %d days without the phone the page is told what REST tells', async (days, warnings) => {
  const away = await unseenFor(days);
  const page = await koneksi.dashboard();
  const told = await eventually('the warning', async () => {
    const status = await koneksi.status(linked.outlet.id);
    return status.healthy && status.warnings.length === warnings.length && status;
  });
  expect(told.warnings).toMatchObject(warnings);
  for (const { since, until, message, action } of told.warnings) {
    expect(since).toBe(away);
    expect(until).toBe(new Date(Date.parse(away) + 14 * DAY).toISOString());
    expect(message).toMatch(/HP outlet/);
    expect(action).not.toBe('');
  }
  const pushed = [...page.snapshot.statuses, ...page.changes.map(({ status }) => status)].at(-1);
  await eventually('the push', () => {
    const latest = page.changes.at(-1)?.status ?? pushed;
    return JSON.stringify(latest?.warnings) === JSON.stringify(told.warnings);
  });
});

test('a sign of life of the phone takes the warning away, at once', async () => {
  const page = await koneksi.dashboard();
  await linked.phone.send('628111222333', 'Sudah online lagi');
  const { status } = await page.next(linked.outlet.id, 'no warning', (change) => change.status.warnings.length === 0);
  expect(status.healthy).toBe(true);
});

test('a phone that is on answers when it is asked, which takes the warning away', async () => {
  await unseenFor(12.1);
  const page = await koneksi.dashboard();
  const warned = async () => (await koneksi.status(linked.outlet.id)).warnings.length;
  await eventually('the warning', async () => (await warned()) === 1);
  await careAt(Date.now());
  await page.next(linked.outlet.id, 'no warning', (change) => change.status.warnings.length === 0);
});

test('an outlet that keeps breaking is told to, also while it is well and after a kill', async () => {
  const page = await koneksi.dashboard();
  const { outlet, phone } = await koneksi.linked(page);
  const codes = async () => (await koneksi.status(outlet.id)).warnings.map(({ code }) => code);
  for (let nth = 1; nth <= 4; nth++) {
    expect(await codes()).toEqual([]);
    phone.faults.end('drop');
    await page.losesLink(outlet.id);
    await page.becomes(outlet.id, 'CONNECTED');
  }
  await eventually('it is told', async () => (await codes()).includes('UNSTABLE'));
  expect((await koneksi.status(outlet.id)).healthy).toBe(true);
  await koneksi.pause();
  await koneksi.resume();
  await eventually('it is back', async () => (await koneksi.status(outlet.id)).healthy);
  expect(await codes()).toEqual(['UNSTABLE']);
});
