import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { StatusChange } from '@koneksi/contracts/realtime';
import type { Phone, SimulatorEvents } from '@koneksi/whatsapp-simulator';
import { ConnectGate } from '../src/wa-session/connect-gate.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { Koneksi, type LinkedOutlet } from './support/koneksi.js';

/** An outlet may open so many sockets in a row that come to nothing; the next one waits for its turn. */
const AT_ONCE = 4;
const TURN_MS = 15_000;
/** More than the process opens at a time. */
const UNANSWERED = 12;

let koneksi: Koneksi;
let page: Dashboard;
let healthy: LinkedOutlet;

beforeAll(async () => {
  // As it is shipped: other tests lift the limits of opening.
  koneksi = await Koneksi.start({ env: { WA_CONNECTS_PER_SECOND: undefined, WA_CONNECT_BURST: undefined } });
  page = await koneksi.dashboard();
  healthy = await koneksi.linked(page);
});

afterEach(() => {
  koneksi.simulator.faults.clear();
  for (const phone of koneksi.simulator.phones()) phone.faults.clear();
});

afterAll(() => koneksi.stop());

const press = (outletId: string) => koneksi.call('POST', `/outlets/${outletId}/connect`);

const waitsForTurn = (outletId: string): Promise<StatusChange> =>
  page.next(outletId, 'waiting for its turn', ({ status }) => status.reason?.code === 'WAITING_TURN');

/** Presses again whenever it is refused: of twenty presses at once, those during one login are that login. */
async function pressesUntilTurn(outletId: string): Promise<StatusChange> {
  for (let pressed = 0; pressed < 20; pressed++) expect((await press(outletId)).status).toBe(202);
  for (;;) {
    const change = await page.next(outletId, 'refused again, or waiting for its turn', ({ status }) =>
      ['BANNED', 'WAITING_TURN'].includes(status.reason?.code ?? ''),
    );
    if (change.status.reason?.code === 'WAITING_TURN') return change;
    expect((await press(outletId)).status).toBe(202);
  }
}

/** So many at once, and one for each turn that came since. */
const allowedSince = (began: number): number => AT_ONCE + Math.ceil((performance.now() - began) / TURN_MS);

/** How often WhatsApp saw this number log in, whatever it answered. */
function loginsOf({ number }: Phone): { began: number; count: number; stop: () => void } {
  const seen = { began: performance.now(), count: 0, stop: () => undefined as void };
  const note = (fact: { number: string }): void => {
    if (fact.number === number) seen.count++;
  };
  const ends = [koneksi.simulator.on('login', note), koneksi.simulator.on('login-refused', note)];
  seen.stop = () => ends.forEach((end) => end());
  return seen;
}

/** The next one, however long a turn takes; the test's own limit ends the wait. */
function nextLogin({ number }: Phone): Promise<void> {
  return new Promise((resolve) => {
    const stop = koneksi.simulator.on('login', (fact: SimulatorEvents['login']) => {
      if (fact.number !== number) return;
      stop();
      resolve();
    });
  });
}

/** A link that held drops in the middle of whatever goes on, and comes back; a QR of another outlet is shown. */
async function othersGoOn(): Promise<void> {
  healthy.phone.faults.end('drop');
  await page.losesLink(healthy.outlet.id);
  await page.becomes(healthy.outlet.id, 'CONNECTED');
  const fresh = await koneksi.outlet();
  await koneksi.connect(fresh.id);
  expect(await page.qr(fresh.id)).toBeTruthy();
  await koneksi.call('DELETE', `/outlets/${fresh.id}`);
}

describe('with the limits of opening lifted', () => {
  let lifted: Koneksi;

  beforeAll(async () => {
    lifted = await Koneksi.start();
  });

  afterAll(() => lifted.stop());

  test('an outlet that fails alone is told so; the way to WhatsApp is blamed where all fail', async () => {
    const dashboard = await lifted.dashboard();
    const [one, two] = [await lifted.linked(dashboard), await lifted.linked(dashboard)];
    lifted.simulator.faults.refuseUpgrade(503, { times: 1 });
    two.phone.faults.end('drop');
    const alone = await dashboard.becomes(two.outlet.id, 'WHATSAPP_UNREACHABLE');
    expect(alone.status.reason).toMatchObject({ params: { detail: 'HTTP 503', reach: 'alone' } });
    expect(alone.status.reason?.message).toContain('outlet lain tersambung');
    await dashboard.becomes(two.outlet.id, 'CONNECTED');
    await lifted.simulator.faults.refuseConnections();
    for (const { phone } of [one, two]) phone.faults.end('drop');
    for (const { outlet } of [one, two]) {
      const { status } = await dashboard.next(
        outlet.id,
        'told of all',
        ({ status: { reason } }) => reason?.code === 'WHATSAPP_UNREACHABLE' && reason.params.reach === 'server',
      );
      expect(status.reason?.action).toContain('Periksa internet di server');
    }
    await lifted.simulator.faults.acceptConnections();
    for (const { outlet } of [one, two]) {
      await lifted.connect(outlet.id);
      await dashboard.becomes(outlet.id, 'CONNECTED');
    }
  });
});

describe('one outlet in a storm has its own allowance, and uses up nobody else’s', () => {
  test('a restart (515) after every login', async () => {
    const { outlet, phone } = await koneksi.linked(page);
    const [logins, before] = [loginsOf(phone), Date.now()];
    const stop = koneksi.simulator.on('login', ({ number }) => {
      if (number === phone.number) phone.faults.end('restart');
    });
    phone.faults.end('restart');
    const turn = await waitsForTurn(outlet.id);
    expect(logins.count).toBeLessThanOrEqual(allowedSince(logins.began));
    // It may be due by the time that it is committed.
    expect(Date.parse(turn.status.nextRetryAt!)).toBeGreaterThan(before);
    await othersGoOn();
    stop();
    await nextLogin(phone);
    await page.becomes(outlet.id, 'CONNECTED');
    expect(logins.count).toBeLessThanOrEqual(allowedSince(logins.began));
    logins.stop();
  });

  test('twenty presses on a number that WhatsApp bans: one login, and a QR', async () => {
    const { outlet, phone } = await koneksi.linked(page);
    const logins = loginsOf(phone);
    phone.moveToNewPhone('406');
    await page.becomes(outlet.id, 'BANNED');
    const { registrations } = koneksi.simulator.counters();
    for (let pressed = 0; pressed < 20; pressed++) expect((await press(outlet.id)).status).toBe(202);
    expect(await page.qr(outlet.id)).toBeTruthy();
    expect(logins.count).toBe(2);
    expect(koneksi.simulator.counters()['registrations']).toBe(registrations! + 1);
    await othersGoOn();
    await phone.scan(await page.qr(outlet.id));
    await page.becomes(outlet.id, 'CONNECTED');
    expect(logins.count).toBe(3);
    logins.stop();
  });

  test('twenty presses on a number that WhatsApp bans, and no QR is to be had', async () => {
    const { outlet, phone } = await koneksi.linked(page);
    const logins = loginsOf(phone);
    phone.faults.refuseLogin({ reason: '406' });
    koneksi.simulator.faults.cutRegistration();
    phone.faults.end('drop');
    await page.becomes(outlet.id, 'BANNED');
    const turn = await pressesUntilTurn(outlet.id);
    expect(logins.count).toBeLessThanOrEqual(1 + allowedSince(logins.began));
    expect(turn.status.nextRetryAt).not.toBeNull();
    koneksi.simulator.faults.clear();
    await othersGoOn();
    phone.faults.clear();
    // Its turn may have come while others went on, and a QR with it: a pause ends that, and what comes after asks the link.
    for (const verb of ['pause', 'resume'])
      expect((await koneksi.call('POST', `/outlets/${outlet.id}/${verb}`)).status).toBeLessThan(300);
    await page.becomes(outlet.id, 'CONNECTED');
    expect(logins.count).toBeLessThanOrEqual(1 + allowedSince(logins.began));
    logins.stop();
  });

  test('twenty presses on a number that WhatsApp blocks: a QR each time, and no login', async () => {
    const { outlet, phone } = await koneksi.linked(page);
    const logins = loginsOf(phone);
    phone.moveToNewPhone();
    await page.becomes(outlet.id, 'BLOCKED');
    const { registrations } = koneksi.simulator.counters();
    for (let pressed = 0; pressed < 20; pressed++) expect((await press(outlet.id)).status).toBe(202);
    expect(await page.qr(outlet.id)).toBeTruthy();
    expect(koneksi.simulator.counters()['registrations']).toBe(registrations! + 1);
    await othersGoOn();
    await phone.scan(await page.qr(outlet.id));
    await page.becomes(outlet.id, 'CONNECTED');
    // The refused one, and that of the new link.
    expect(logins.count).toBe(2);
    logins.stop();
  });

  test('a registration that is cut each time', async () => {
    const outlet = await koneksi.outlet();
    const before = koneksi.simulator.counters()['registrations']!;
    const began = performance.now();
    koneksi.simulator.faults.cutRegistration();
    await page.watch(outlet.id);
    await koneksi.connect(outlet.id);
    await page.next(outlet.id, 'told when it is its turn', ({ status }) => status.nextRetryAt !== null);
    for (let pressed = 0; pressed < 20; pressed++) expect((await press(outlet.id)).status).toBe(202);
    await waitsForTurn(outlet.id);
    expect(koneksi.simulator.counters()['registrations']! - before).toBeLessThanOrEqual(allowedSince(began));
    koneksi.simulator.faults.clear();
    await othersGoOn();
    await koneksi.call('DELETE', `/outlets/${outlet.id}`);
  });
});

test.each<[string, number, number, (phones: Phone[]) => void]>([
  // After the handshake a place is given back, and not for its being slow: that would take longer than the test.
  [
    'logins that are not answered',
    UNANSWERED,
    10 * 60_000,
    (phones) => phones.forEach((phone) => phone.faults.stuckLogin()),
  ],
  // As many as are under way at a time: each holds its place until it counts as slow.
  ['handshakes that are not answered', 10, 3_000, () => koneksi.simulator.faults.silentHandshake({ times: 10 })],
])(
  '%s make neither a healthy link nor a QR wait until they are given up',
  async (_, count, slowHandshakeMs, fail) => {
    koneksi.app.app.get(ConnectGate).slowHandshakeMs = slowHandshakeMs;
    const unanswered: LinkedOutlet[] = [];
    while (unanswered.length < count) unanswered.push(await koneksi.linked(page));
    fail(unanswered.map(({ phone }) => phone));
    const { upgrades } = koneksi.simulator.counters();
    for (const { phone } of unanswered) phone.faults.end('drop');
    await eventually('all are on their way', () => koneksi.simulator.counters()['upgrades']! >= upgrades! + count);
    await othersGoOn();
    for (const { outlet } of unanswered) {
      const told = page.told(outlet.id);
      // Connected again only after it was given up; neither has happened yet.
      expect(told.slice(told.lastIndexOf('CONNECTED null') + 1)).not.toContain('TIMEOUT WHATSAPP_UNREACHABLE');
      expect(told.at(-1)).not.toBe('CONNECTED null');
    }
    for (const { phone } of unanswered) phone.faults.clear();
    await Promise.all(unanswered.map(({ outlet }) => koneksi.call('DELETE', `/outlets/${outlet.id}`)));
  },
  120_000,
);
