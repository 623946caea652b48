import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EventBus } from '../src/common/event-bus.js';
import { SessionReconciler } from '../src/wa-session/session-reconciler.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { Koneksi, type LinkedOutlet } from './support/koneksi.js';
import { ownNights } from './support/own-nights.js';
import { holdMessages, socketOf } from './support/socket-of.js';

/** Mail may lie unread for as long as WhatsApp may be silent, here 9 s. */
const KEEP_ALIVE_MS = 6_000;

let koneksi: Koneksi;
let dashboard: Dashboard;
let linked: LinkedOutlet;

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { WA_KEEPALIVE_MS: `${KEEP_ALIVE_MS}` } });
  ownNights(koneksi);
  dashboard = await koneksi.dashboard();
  linked = await koneksi.linked(dashboard);
});
afterAll(() => koneksi.stop());

/** What the account's companions said of their presence. */
const said = (number: string): (string | null)[] => koneksi.simulator.phone(number).presences.map(({ type }) => type);

/** The same, once there are so many. */
async function saidBy(number: string, count: number): Promise<(string | null)[]> {
  await eventually('presences', () => said(number).length >= count);
  return said(number);
}

test('says it is away once after each login, and nothing else, over messages, names and reconnects', async () => {
  const { outlet, phone } = linked;
  const received: string[] = [];
  const bus = koneksi.app.app.get(EventBus, { strict: false });
  bus.on('message.received', ({ text }) => received.push(text));
  const customer = koneksi.simulator.phone('628111222333', { name: 'Ayu' });
  for (let round = 1; round <= 3; round++) {
    for (let index = 0; index < 5; index++) await customer.send(outlet.whatsappNumber, `${round}.${index}`);
    phone.name = `Toko ${round}`;
    await phone.send(customer.number, 'Dari HP');
    await eventually('the messages', () => received.length >= 5 * round);
    phone.faults.end('drop');
    await dashboard.losesLink(outlet.id);
    await dashboard.becomes(outlet.id, 'CONNECTED');
    expect(await saidBy(outlet.whatsappNumber, round + 1)).toEqual(Array(round + 1).fill('unavailable'));
  }
  expect(phone.notifications.silenced).toBe(0);
});

test('an account without a name is told to be away too', async () => {
  const outlet = await koneksi.outlet();
  const phone = koneksi.simulator.phone(outlet.whatsappNumber, { name: '', platform: 'android' });
  await koneksi.connect(outlet.id);
  await phone.scan(await dashboard.qr(outlet.id));
  await dashboard.becomes(outlet.id, 'CONNECTED');
  expect(await saidBy(outlet.whatsappNumber, 1)).toEqual(['unavailable']);
});

test('mail that is not read any more while WhatsApp answers is found, mended, told and counted', async () => {
  const { outlet } = linked;
  const texts: string[] = [];
  koneksi.app.app.get(EventBus, { strict: false }).on('message.received', ({ text }) => texts.push(text));
  holdMessages(socketOf(koneksi, outlet.id));
  await nextTurn();
  await koneksi.simulator.phone('628111222334').send(outlet.whatsappNumber, 'Masih buka?');
  await dashboard.becomes(outlet.id, 'DEGRADED');
  const { status } = await dashboard.becomes(outlet.id, 'CONNECTED');
  // Its line was cut often enough before to be told as well.
  expect(status.warnings).toContainEqual(expect.objectContaining({ code: 'INBOUND_STALLED', level: 'warning' }));
  expect((await koneksi.status(outlet.id)).warnings).toEqual(status.warnings);
  await eventually('the message', () => texts.includes('Masih buka?'));
  expect(koneksi.app.app.get(SessionReconciler, { strict: false }).stallsFound).toBe(1);
});

test('what WhatsApp allows is asked after each login, and told', async () => {
  const { outlet, phone } = linked;
  expect((await koneksi.status(outlet.id)).limits).toEqual({ newChats: 'open', until: null, left: null });
  const lockedUntil = Math.ceil(Date.now() / 1_000) * 1_000 + 3_600_000;
  phone.newChats = { lockedUntil, quota: { used: 3, total: 10, endsAt: lockedUntil } };
  phone.faults.end('drop');
  const { status } = await dashboard.next(outlet.id, 'locked', (change) => change.status.limits?.newChats === 'locked');
  expect(status.limits?.until).toBe(new Date(lockedUntil).toISOString());
  const full = await eventually('the quota', async () => {
    const { limits } = await koneksi.status(outlet.id);
    return limits?.left === 7 && limits;
  });
  expect(full).toEqual({ newChats: 'locked', until: new Date(lockedUntil).toISOString(), left: 7 });
  await koneksi.pause();
  await koneksi.resume();
  expect((await koneksi.status(outlet.id)).limits).toEqual(full);
});
