import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { DeliveryPage } from '@koneksi/contracts/webhooks';
import { Clock } from '../src/common/clock.js';
import { addContacts, Blasts, quietNow } from './support/blasts.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, SUPERADMIN, type LinkedOutlet } from './support/koneksi.js';
import { WebhookReceiver } from './support/webhook-receiver.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let koneksi: Koneksi;
let blasts: Blasts;
let page: Dashboard;
let shop: LinkedOutlet;
let contacts = 0;
/** How far the wall's clock is from the machine's. A machine that slept finds it ahead, as if it was set. */
let ahead = 0;

const wall = (): number => Date.now() + ahead;
const inWall = (milliseconds: number): string => new Date(wall() + milliseconds).toISOString();

/** The clock is set, and whoever waits for an instant has not heard of it yet. */
function step(milliseconds: number): void {
  ahead += milliseconds;
}

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { BLAST_UNDO_MS: '0', EGRESS_ALLOW: '127.0.0.1/32' } });
  jest.spyOn(koneksi.app.app.get(Clock), 'wall').mockImplementation(wall);
  blasts = new Blasts(koneksi);
  // A key without an end: what is signed in ends with the hours that go by here.
  const { key } = expectOk(
    await koneksi.call<{ key: string }>('POST', '/api-keys', { body: { name: 'Layar', role: 'ADMIN' } }),
  );
  page = await koneksi.dashboard(key);
  shop = await koneksi.linked(page, { name: 'Jakarta' });
});

afterEach(() => settings({ quietHours: null, paceMinMs: 0, paceMaxMs: 0 }));

afterAll(() => koneksi.stop());

async function settings(body: object): Promise<void> {
  expectOk(await koneksi.call('PATCH', `/outlets/${shop.outlet.id}/blast-settings`, { body }));
}

async function blast(message: string, more: object = {}, count = 1): Promise<string> {
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const phones = await addContacts(where, shop.outlet.id, contacts, count);
  contacts += count;
  return blasts.create({ outletIds: [shop.outlet.id], message, audience: { phones }, ...more });
}

const leaves = (id: string): Promise<unknown> => blasts.delivered(id);
const isScheduled = async (id: string): Promise<boolean> => (await blasts.find(id)).status === 'scheduled';

describe('scheduled blasts leave when the wall says so', () => {
  test.each([
    ['the clock is set two hours ahead', 2 * HOUR],
    ['the machine sleeps for eight hours', 8 * HOUR],
  ])('and %s', async (_, by) => {
    const due = await blast(`Sebelum ${by}`, { scheduledAt: inWall(by - MINUTE) });
    const later = await blast(`Sesudah ${by}`, { scheduledAt: inWall(by + HOUR) });
    step(by);
    await leaves(due);
    expect(await isScheduled(later)).toBe(true);
    step(2 * HOUR);
    await leaves(later);
  });

  test('and the clock is set two hours back', async () => {
    const first = await blast('Jam sepuluh', { scheduledAt: inWall(HOUR) });
    step(-2 * HOUR);
    // An hour later by the old clock; the new one has two hours left.
    const sooner = await blast('Lebih dulu', { scheduledAt: inWall(HOUR) });
    step(HOUR + MINUTE);
    await leaves(sooner);
    expect(await isScheduled(first)).toBe(true);
    step(2 * HOUR);
    await leaves(first);
  });

  test('and nothing leaves that is too late by it', async () => {
    const id = await blast('Terlambat', { scheduledAt: inWall(HOUR), notAfter: inWall(2 * HOUR) });
    step(3 * HOUR);
    const { counts } = await blasts.becomes(id, 'over', ({ status }) => status === 'finished');
    expect(counts).toMatchObject({ sent: 0, delivered: 0, read: 0, skipped: 1 });
  });
});

test('quiet hours begin and end by the wall', async () => {
  await settings({ quietHours: quietNow(wall()) });
  const id = await blast('Pagi');
  await blasts.becomes(id, 'held', ({ outlets }) => outlets[0]?.hold?.code === 'QUIET_HOURS');
  step(2 * HOUR);
  await leaves(id);
});

test.each([-2 * HOUR, 2 * HOUR])('a clock set by %i ms in the middle neither stops nor hurries a blast', async (by) => {
  const rest = 1_500;
  await settings({ paceMinMs: rest, paceMaxMs: rest });
  const id = await blast(`Pelan ${by}`, {}, 3);
  await eventually('the first has begun', async () => (await blasts.begunAt(id)).length > 0);
  step(by);
  await leaves(id);
  // By the wall as it was, whenever the step came: how long each takes on its way says nothing of the pace.
  const [first, ...others] = await blasts.begunAt(id);
  expect(others).toHaveLength(2);
  const begun = [first!, ...others.map((at) => at - Math.round((at - first!) / by) * by)].toSorted((a, b) => a - b);
  // One that is hurried comes at once.
  expect(Math.min(begun[1]! - begun[0]!, begun[2]! - begun[1]!)).toBeGreaterThan(rest / 2);
});

test('a ban ends by the wall', async () => {
  shop.phone.faults.end('temporarily-banned');
  const { status } = await page.becomes(shop.outlet.id, 'RESTRICTED');
  expect(Date.parse(status.nextRetryAt!) - wall()).toBeGreaterThan(HOUR - MINUTE);
  step(HOUR);
  await page.becomes(shop.outlet.id, 'CONNECTED');
});

test.each([
  ['another client took the link', 'replaced', MINUTE],
  ['WhatsApp restricts the number', 'temporarily-banned', HOUR],
] as const)('where %s, a clock that is set back puts nothing off', async (_, ending, longest) => {
  shop.phone.faults.end(ending);
  const first = await page.becomes(shop.outlet.id, ending === 'replaced' ? 'REPLACED' : 'RESTRICTED');
  const promised = Date.parse(first.status.nextRetryAt!) - wall();
  expect(promised).toBeLessThanOrEqual(longest);
  step(-8 * HOUR);
  const after = await page.next(
    shop.outlet.id,
    'told by the clock as it is now',
    ({ status }) => Date.parse(status.nextRetryAt ?? '') < Date.parse(first.status.nextRetryAt!) - 7 * HOUR,
  );
  const left = Date.parse(after.status.nextRetryAt!) - wall();
  expect(Math.abs(left - promised)).toBeLessThan(MINUTE);
  await koneksi.connect(shop.outlet.id);
  await page.becomes(shop.outlet.id, 'CONNECTED');
});

test.each([
  ['two hours ahead', 2 * HOUR],
  ['two hours back', -2 * HOUR],
  ['by the eight hours the machine slept', 8 * HOUR],
])('a QR and a code on show follow a clock that goes %s', async (_, by) => {
  const outlet = await koneksi.outlet();
  koneksi.phoneOf(outlet);
  await koneksi.connect(outlet.id);
  await page.qr(outlet.id);
  expectOk(await koneksi.call('POST', `/outlets/${outlet.id}/connect`, { body: { method: 'pairing-code' } }));
  const [qrs, codes] = [page.qrs.length, page.codes.length];
  step(by);
  const lives = (expiresAt: string | null): boolean => {
    const left = Date.parse(expiresAt ?? '') - wall();
    return left > 0 && left < 4 * MINUTE;
  };
  await page.first(() => page.qrs.slice(qrs).some((qr) => qr.outletId === outlet.id && lives(qr.expiresAt)));
  await page.code(outlet.id, (code) => code.pairingCode !== null && lives(code.expiresAt), codes);
  await koneksi.call('DELETE', `/outlets/${outlet.id}`);
});

test.each([-2 * HOUR, 2 * HOUR])('a webhook that waits is tried when the clock is set by %i ms', async (by) => {
  const receiver = await WebhookReceiver.start();
  receiver.answer(503);
  // By the clock that was set in earlier tests the password was given hours ago, or is yet to be.
  koneksi.token = await koneksi.signIn(SUPERADMIN.email, SUPERADMIN.password);
  const body = { url: receiver.url('/hook'), events: ['outlet.status.changed'] };
  const { id } = expectOk(await koneksi.call<{ id: string }>('POST', '/webhooks', { body }));
  expectOk(await koneksi.call('PATCH', `/outlets/${shop.outlet.id}`, { body: { name: `Jakarta ${by}` } }));
  const waits = async (): Promise<boolean> => {
    const path = `/webhooks/${id}/deliveries`;
    const { deliveries } = expectOk(await koneksi.call<DeliveryPage>('GET', path));
    return deliveries.some(({ nextTryAt }) => nextTryAt !== null);
  };
  await eventually('it was tried in vain', waits);
  await koneksi.database.dataSource.query(
    `UPDATE webhook_deliveries SET next_try_at = $1 WHERE next_try_at IS NOT NULL`,
    [inWall(4 * HOUR)],
  );
  receiver.behave();
  step(by);
  await eventually('it is taken', () => receiver.taken.length > 0);
  expectOk(await koneksi.call('DELETE', `/webhooks/${id}`));
  await receiver.die();
});

test('the client version is asked for a day after it was told, however long the machine slept', async () => {
  const { WaVersion } = await import('../src/wa-session/whatsapp/wa-version.js');
  const version = koneksi.app.app.get(WaVersion);
  const asked = jest.spyOn(version, 'refresh').mockResolvedValue(false);
  const told = version as unknown as { toldAt: number };
  for (const [age, times] of [
    [DAY - HOUR, 0],
    [DAY + HOUR, 1],
    [-2 * HOUR, 2],
  ] as const) {
    told.toldAt = wall() - age;
    await version.look();
    expect(asked).toHaveBeenCalledTimes(times);
  }
  asked.mockRestore();
});

test('a page is cut when its token ends by the wall', async () => {
  const other = await koneksi.dashboard();
  step(DAY);
  expect(await other.ended).toBe('io server disconnect');
});
