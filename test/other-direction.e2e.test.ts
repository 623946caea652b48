import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EventBus } from '../src/common/event-bus.js';
import { OptOuts } from '../src/consent/opt-outs.js';
import { Blasts } from './support/blasts.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { Koneksi, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let dashboard: Dashboard;
let linked: LinkedOutlet;
let texts: { number: string; text: string }[];
const { fetch: standardFetch } = globalThis;
/** So many files do not come when they are asked for next. */
let lostFiles = 0;

beforeAll(async () => {
  koneksi = await Koneksi.start({ simulator: { control: true } });
  // rc14 looks for files that are named by path alone at WhatsApp's own host.
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.hostname !== 'mmg.whatsapp.net') return standardFetch(input, init);
    if (lostFiles-- > 0) return Promise.reject(new TypeError('fetch failed'));
    return standardFetch(new URL(url.pathname + url.search, koneksi.simulator.controlUrl ?? undefined), init);
  };
  hear();
  dashboard = await koneksi.dashboard();
  linked = await koneksi.linked(dashboard);
});
afterAll(async () => {
  globalThis.fetch = standardFetch;
  await koneksi.stop();
});

function hear(): void {
  texts = [];
  koneksi.app.app.get(EventBus, { strict: false }).on('message.received', (message) => texts.push(message));
}

const hasStopped = async (number: string): Promise<boolean> =>
  (await koneksi.app.app.get(OptOuts, { strict: false }).isOptedOut([number])).has(number);

/** Sends one message at once; the code of the refusal where there is one. */
const send = async (outletId: string, phone: string, message: string): Promise<string | undefined> =>
  (await koneksi.call('POST', '/blasts/test', { body: { outletId, phone, message, mediaId: null } })).code;

const pending = (): Promise<{ alias: string; keyword: string | null; words: string | null }[]> =>
  koneksi.database.dataSource.query('SELECT alias, keyword, words FROM pending_opt_outs');

test('a status that nobody can decrypt holds up no mail', async () => {
  const { outlet } = linked;
  const customer = koneksi.simulator.phone('628111222001');
  for (let index = 0; index < 3; index++) customer.postUnreadableStatus(outlet.whatsappNumber);
  await customer.send(outlet.whatsappNumber, 'Pesan sesudah status');
  await eventually('the message', () => texts.some(({ text }) => text === 'Pesan sesudah status'));
});

test('nor does one that waited while the outlet was away', async () => {
  const { outlet } = linked;
  const customer = koneksi.simulator.phone('628111222002');
  await koneksi.pause();
  customer.postUnreadableStatus(outlet.whatsappNumber);
  await customer.send(outlet.whatsappNumber, 'STOP');
  await koneksi.resume();
  hear();
  await eventually('the opt-out', () => hasStopped(customer.number));
});

test('a STOP from a LID without a number is kept, and holds once the number is known, before a message leaves', async () => {
  const { outlet } = linked;
  const customer = koneksi.simulator.phone('628111222003');
  customer.hidesNumber = true;
  await customer.send(outlet.whatsappNumber, 'STOP');
  const kept = await eventually('the wish', async () => {
    const rows = await pending();
    return rows.length > 0 && rows;
  });
  expect(kept).toEqual([{ alias: `${customer.lid}@lid`, keyword: 'STOP', words: null }]);
  expect(await hasStopped(customer.number)).toBe(false);
  // Whose LID it is comes out as soon as somebody is about to write to the number; nothing leaves.
  expect(await send(outlet.id, customer.number, 'Promo')).toBe('NUMBER_OPTED_OUT');
  expect(await hasStopped(customer.number)).toBe(true);
  expect(customer.inbox.map(({ text }) => text)).not.toContain('Promo');
  expect(await pending()).toEqual([]);
});

test('what only looks like one is kept alike, and waits for a person once the number is known', async () => {
  const { outlet } = linked;
  const customer = koneksi.simulator.phone('628111222013');
  customer.hidesNumber = true;
  await customer.send(outlet.whatsappNumber, 'maaf kak saya tidak minat, toko Rahasia');
  const kept = await eventually('the wish', async () => (await pending())[0]);
  expect(kept).toEqual({ alias: `${customer.lid}@lid`, keyword: null, words: 'tidak minat' });
  const blasts = new Blasts(koneksi);
  const audience = { phones: [customer.number] };
  const id = await blasts.create({ outletIds: [outlet.id], message: 'Promo', audience, repeatAcknowledged: true });
  await blasts.becomes(id, 'the blast is over', ({ status }) => status === 'finished');
  expect(await blasts.recipients(id)).toMatchObject([{ status: 'skipped', reason: 'WISH_HELD' }]);
  expect(customer.inbox).toEqual([]);
  const { body } = await koneksi.call<{ wishes: object[] }>('GET', '/held-wishes');
  expect(body.wishes).toMatchObject([{ phone: customer.number, outletId: outlet.id, words: 'tidak minat' }]);
  expect(await pending()).toEqual([]);
});

test('what is sure is not forgotten over what is not, and either way round', async () => {
  const { outlet } = linked;
  for (const [number, ...said] of [
    ['628111222014', 'STOP', 'ini spam'],
    ['628111222015', 'ini spam', 'berhenti'],
  ] as const) {
    const customer = koneksi.simulator.phone(number);
    customer.hidesNumber = true;
    for (const text of said) await customer.send(outlet.whatsappNumber, text);
    await customer.send(outlet.whatsappNumber, 'Halo');
    await eventually('the wish', async () => (await pending()).some(({ keyword }) => keyword !== null));
    expect(await send(outlet.id, number, 'Promo')).toBe('NUMBER_OPTED_OUT');
    expect(await pending()).toEqual([]);
  }
});

test('it holds at another outlet, after a new link of the first', async () => {
  const customer = koneksi.simulator.phone('628111222004');
  const { outlet } = linked;
  await customer.send(outlet.whatsappNumber, 'Halo');
  await eventually('the message', () => texts.some(({ number }) => number === customer.number));
  // Everything the link knew goes with it.
  await koneksi.call('POST', `/outlets/${outlet.id}/logout`);
  await koneksi.connect(outlet.id);
  const page = await koneksi.dashboard();
  await linked.phone.scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'CONNECTED');
  customer.hidesNumber = true;
  await customer.send(outlet.whatsappNumber, 'BERHENTI');
  await eventually('the opt-out', () => hasStopped(customer.number));
  const sister = await koneksi.linked(page);
  const other = koneksi.simulator.phone('628111222005');
  await other.send(outlet.whatsappNumber, 'Halo');
  await eventually('the message', () => texts.some(({ number }) => number === other.number));
  other.hidesNumber = true;
  await other.send(sister.outlet.whatsappNumber, 'stop');
  await eventually('the opt-out at the sister', () => hasStopped(other.number));
});

test('of ten thousand past messages none is taken in, and all tokens and LIDs are there, though a fetch fails', async () => {
  const outlet = await koneksi.outlet();
  const phone = koneksi.phoneOf(outlet);
  phone.history = { conversations: 200, messages: 10_000 };
  lostFiles = 2;
  phone.demandsTokens = true;
  const page = await koneksi.dashboard();
  await koneksi.connect(outlet.id);
  await phone.scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'CONNECTED');
  const [{ number, lid }] = [koneksi.simulator.phone('6285500000199')];
  await eventually('the mapping', async () => {
    const [row] = await koneksi.database.dataSource.query<{ number: string }[]>(
      'SELECT number FROM known_numbers WHERE alias = $1',
      [`${lid}@lid`],
    );
    return row?.number === number;
  });
  const fetched = (type: string): number =>
    phone.historyFiles.filter(({ syncType }) => syncType === type).reduce((sum, { downloads }) => sum + downloads, 0);
  // Old customers by their token, of the first part and of a recent one, a stranger by the salt: none is refused.
  await eventually('the tokens', async () => {
    const rows = await koneksi.database.dataSource.query(
      `SELECT 1 FROM wa_signal_key k JOIN wa_credential c ON c.id = k.credential_id
       WHERE c.outlet_id = $1 AND k.kind = 'tctoken'`,
      [outlet.id],
    );
    return rows.length > 200;
  });
  expect([fetched('INITIAL_BOOTSTRAP'), fetched('RECENT') > 0, fetched('FULL')]).toEqual([1, true, 0]);
  for (const to of ['6285500000000', number, '628111222006']) {
    koneksi.simulator.phone(to);
    expect(await send(outlet.id, to, 'Halo')).toBeUndefined();
    const inbox = koneksi.simulator.phone(to);
    await eventually(`the message to ${to}`, () => inbox.inbox.length === 1);
  }
});

test('a salt that the account takes anew is the one that first contacts are reached by', async () => {
  const outlet = await koneksi.outlet();
  const phone = koneksi.phoneOf(outlet);
  phone.history = { conversations: 1, messages: 1, inline: true };
  phone.demandsTokens = true;
  const page = await koneksi.dashboard();
  await koneksi.connect(outlet.id);
  await phone.scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'CONNECTED');
  await eventually('the salt of the history', () => saltRow(outlet.id));
  for (const number of ['628111222016', '628111222017', '628111222018']) {
    const stranger = koneksi.simulator.phone(number);
    const before = await saltRow(outlet.id);
    phone.renewNctSalt();
    await eventually('the new salt', async () => (await saltRow(outlet.id)) !== before);
    expect(await send(outlet.id, number, 'Halo')).toBeUndefined();
    await eventually('the message', () => stranger.inbox.length === 1);
  }
});

/** The salt as it is stored, sealed; another one has other bytes. */
async function saltRow(outletId: string): Promise<string | undefined> {
  const [row] = await koneksi.database.dataSource.query<{ value: string }[]>(
    `SELECT encode(k.value, 'hex') AS value FROM wa_signal_key k JOIN wa_credential c ON c.id = k.credential_id
     WHERE c.outlet_id = $1 AND c.quarantined_at IS NULL AND k.kind = 'tctoken' AND k.key_id = '__nct_salt'`,
    [outletId],
  );
  return row?.value;
}
