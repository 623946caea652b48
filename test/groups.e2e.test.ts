import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Phone } from '@koneksi/whatsapp-simulator';
import { EventBus } from '../src/common/event-bus.js';
import { OptOuts } from '../src/consent/opt-outs.js';
import { SessionReconciler } from '../src/wa-session/session-reconciler.js';
import { addContacts, Blasts } from './support/blasts.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { Koneksi, type LinkedOutlet } from './support/koneksi.js';
import { holdMessages, socketOf } from './support/socket-of.js';

/** Mail may lie unread for as long as WhatsApp may be silent, here 9 s; each round of the reconciler takes half a second. */
const ENV = { WA_GROUPS: 'on', WA_KEEPALIVE_MS: '6000', RECONCILE_INTERVAL_MS: '500' };
const BEARS_S = 9;
const GROUP = '120363000011112222@g.us';
const KINDS = ['bot', 'bot-answer', 'group', 'unknown'] as const;

let koneksi: Koneksi;
let page: Dashboard;
let linked: LinkedOutlet;
let customer: Phone;
let texts: string[];
/** What our companion said of each message, by its id. */
const receipts = new Map<string, string>();

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: ENV });
  page = await koneksi.dashboard();
  linked = await koneksi.linked(page);
  customer = koneksi.simulator.phone('628111333001', { name: 'Ayu' });
  koneksi.simulator.on('receipt', ({ id, type }) => receipts.set(id, type));
  hear();
});
afterAll(() => koneksi.stop());

function hear(): void {
  texts = [];
  koneksi.app.app.get(EventBus, { strict: false }).on('message.received', ({ text }) => texts.push(text));
}

const stalls = (): number => koneksi.app.app.get(SessionReconciler, { strict: false }).stallsFound;
const hasStopped = async (): Promise<boolean> =>
  (await koneksi.app.app.get(OptOuts, { strict: false }).isOptedOut([customer.number])).has(customer.number);
/** Mail that WhatsApp still keeps for our companion. */
const kept = (): number => linked.phone.devices[0]!.unacknowledged;
const say = (text: string): Promise<{ id: string }> => customer.sendToGroup(GROUP, linked.phone.number, text);
const undecryptable = (times: number): void => {
  for (let index = 0; index < times; index++)
    for (const kind of KINDS) customer.postUndecryptable(linked.phone.number, kind);
};

/** The process ends, something comes meanwhile, and it starts again. */
async function meanwhile(come: () => Promise<unknown>, env = ENV): Promise<void> {
  await koneksi.pause();
  await come();
  await koneksi.resume(env);
  hear();
  page = await koneksi.dashboard();
  await eventually('the login', async () => (await koneksi.status(linked.outlet.id)).healthy);
}

test('what is said in a group is decrypted and told to have come, and is nobody’s wish', async () => {
  const said = await Promise.all(['Halo semua', 'STOP', 'BERHENTI', 'Ada yang tahu?'].map(say));
  await eventually('their receipts', () => said.every(({ id }) => receipts.has(id)));
  // None is asked for a second time.
  expect(said.map(({ id }) => receipts.get(id))).toEqual(said.map(() => 'inactive'));
  await customer.send(linked.phone.number, 'Halo toko');
  await eventually('the message', () => texts.includes('Halo toko'));
  expect(texts).toEqual(['Halo toko']);
  expect(await hasStopped()).toBe(false);
  await eventually('all is acknowledged', () => kept() === 0);
});

test('so it is where it waited, and what is written to the outlet among it is heard', async () => {
  const said: { id: string }[] = [];
  await meanwhile(async () => {
    for (let index = 0; index < 10; index++) said.push(await say(`Pesan ${index}`));
    said.push(await customer.send(linked.phone.number, 'Di antaranya'));
    for (let index = 10; index < 20; index++) said.push(await say(`Pesan ${index}`));
  });
  await eventually('the receipts', () => said.every(({ id }) => receipts.get(id) === 'inactive'));
  await page.rounds(2 * (BEARS_S + 2));
  expect(stalls()).toBe(0);
});

test('mail that is never decrypted costs no connection, whether it waited or comes now', async () => {
  await meanwhile(async () => undecryptable(10));
  await eventually('its end', () => kept() === 0);
  const lines = koneksi.liveConnections(linked.outlet);
  const before = page.told(linked.outlet.id).length;
  expect(lines).toHaveLength(1);
  undecryptable(10);
  await page.rounds(2 * (BEARS_S + 5));
  await eventually('the end of that', () => kept() === 0);
  expect(koneksi.liveConnections(linked.outlet)).toEqual(lines);
  const told = page.told(linked.outlet.id).slice(before);
  expect(told.filter((status) => !status.startsWith('CONNECTED'))).toEqual([]);
  expect(stalls()).toBe(0);
  const { healthy, warnings } = await koneksi.status(linked.outlet.id);
  expect([healthy, warnings.map(({ code }) => code)]).toEqual([true, []]);
});

test('a real stall among it is found, and mended', async () => {
  holdMessages(socketOf(koneksi, linked.outlet.id));
  undecryptable(5);
  await customer.send(linked.phone.number, 'Masih buka?');
  undecryptable(5);
  await page.becomes(linked.outlet.id, 'DEGRADED');
  await page.becomes(linked.outlet.id, 'CONNECTED');
  await eventually('the message', () => texts.includes('Masih buka?'));
  await eventually('the rest', () => kept() === 0);
  expect(stalls()).toBe(1);
});

test('a blast goes out among all of it, and a STOP to the outlet itself holds', async () => {
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const numbers = await addContacts(where, linked.outlet.id, 0, 5);
  const blasts = new Blasts(koneksi);
  undecryptable(2);
  await say('Ada promo?');
  const audience = { phones: numbers };
  const id = await blasts.create({ outletIds: [linked.outlet.id], message: 'Promo', audience });
  await say('STOP');
  await blasts.delivered(id);
  for (const number of numbers) expect(blasts.textsOf(number)).toEqual(['Promo']);
  expect(await hasStopped()).toBe(false);
  await customer.send(linked.phone.number, 'STOP');
  await eventually('the opt-out', hasStopped);
  const body = { outletId: linked.outlet.id, phone: customer.number, message: 'Lagi', mediaId: null };
  expect((await koneksi.call('POST', '/blasts/test', { body })).code).toBe('NUMBER_OPTED_OUT');
});

test('where groups are not wanted their mail is acknowledged and nothing more', async () => {
  let said: { id: string } | undefined;
  await meanwhile(async () => (said = await say('Rapat besok')), { ...ENV, WA_GROUPS: 'off' });
  await eventually('the acknowledgement', () => kept() === 0);
  const { id } = await say('Jadi?');
  await eventually('the other', () => kept() === 0);
  expect([said!.id, id].map((each) => receipts.get(each))).toEqual([undefined, undefined]);
});
