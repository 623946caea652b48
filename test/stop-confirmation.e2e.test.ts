import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BlastPage } from '@koneksi/contracts/blasts';
import type { Phone } from '@koneksi/whatsapp-simulator';
import { CONFIRMATION_TEXTS } from '../src/blast/messages/confirmation-texts.js';
import { quietNow } from './support/blasts.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let shop: LinkedOutlet;
let sister: LinkedOutlet;
let next = 0;

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { BLAST_RECEIPT_WAIT_MS: '300' } });
  const page = await koneksi.dashboard();
  shop = await koneksi.linked(page, { name: 'Jakarta' });
  sister = await koneksi.linked(page, { name: 'Bandung' });
});
afterAll(() => koneksi.stop());

const stranger = (): Phone => koneksi.simulator.phone(`62877700${String(9000 + next++)}`);
const textsOf = ({ inbox }: Phone): string[] => inbox.map(({ text }) => text);
const hasStopped = async ({ number }: Phone): Promise<boolean> =>
  (await koneksi.call<{ optedOut: boolean }>('GET', `/opt-outs/${number}`)).body.optedOut;
const settled = (): Promise<unknown> =>
  eventually('nothing is owed or on its way', async () => {
    const [row] = await koneksi.database.dataSource.query<{ open: number }[]>(
      `SELECT (SELECT count(*) FROM owed_confirmations)::int
         + (SELECT count(*) FROM blast_outlets WHERE queued + sending > 0)::int AS open`,
    );
    return row?.open === 0;
  });
/** Says it, and waits until whatever comes of it has come. */
async function says(phone: Phone, text: string, to = shop): Promise<void> {
  await phone.send(to.outlet.whatsappNumber, text);
  await eventually('the opt-out', () => hasStopped(phone));
  await settled();
}
const patch = async (path: string, body: object): Promise<void> => {
  expectOk(await koneksi.call('PATCH', path, { body }));
};

test.each([
  ['STOP', 'id'],
  ['Tolong berhenti ya kak', 'id'],
  ['please stop texting me', 'en'],
  ['Unsubscribe', 'en'],
] as const)('%j is confirmed once, from the outlet that got it, in %s', async (text, language) => {
  const customer = stranger();
  await says(customer, text, sister);
  await eventually('the answer', () => textsOf(customer).length > 0);
  expect(textsOf(customer)).toEqual([CONFIRMATION_TEXTS[language]]);
  expect(customer.inbox[0]).toMatchObject({ from: sister.outlet.whatsappNumber });
});

test('said again, to whichever outlet, edited or thanked for, it is answered no more', async () => {
  const customer = stranger();
  await says(customer, 'STOP');
  for (const [text, to] of [
    ['STOP', shop],
    ['BERHENTI', sister],
    ['stop kirim promo', shop],
    ['ok makasih', shop],
  ] as const)
    await customer.send(to.outlet.whatsappNumber, text);
  await says(stranger(), 'STOP');
  await settled();
  expect(textsOf(customer)).toEqual([CONFIRMATION_TEXTS.id]);
});

test('an opt-out after a person let them back in is another one', async () => {
  const customer = stranger();
  await says(customer, 'STOP');
  await koneksi.call('POST', '/opt-outs/revoke', { body: { phone: customer.number, note: 'minta lagi' } });
  expect(await hasStopped(customer)).toBe(false);
  await koneksi.database.dataSource.query(`ALTER TABLE opt_out_ledger DISABLE TRIGGER USER`);
  await koneksi.database.dataSource.query(
    `UPDATE opt_out_ledger SET at = at - interval '5 minutes' WHERE number = $1`,
    [customer.number],
  );
  await koneksi.database.dataSource.query(`ALTER TABLE opt_out_ledger ENABLE TRIGGER USER`);
  await says(customer, 'STOP');
  expect(textsOf(customer)).toEqual([CONFIRMATION_TEXTS.id, CONFIRMATION_TEXTS.id]);
});

test('two shops of ours do not answer each other', async () => {
  await sister.phone.send(shop.outlet.whatsappNumber, 'STOP');
  await eventually('the opt-out', () => hasStopped(sister.phone));
  await settled();
  for (const text of Object.values(CONFIRMATION_TEXTS)) expect(textsOf(sister.phone)).not.toContain(text);
});

test('somebody known by LID alone is answered once the number is known', async () => {
  const customer = stranger();
  customer.hidesNumber = true;
  await customer.send(shop.outlet.whatsappNumber, 'please stop sending me messages');
  await eventually('the wish is kept', async () => {
    const rows = await koneksi.database.dataSource.query<object[]>('SELECT FROM pending_opt_outs');
    return rows.length > 0;
  });
  const body = { outletId: shop.outlet.id, phone: customer.number, message: 'Promo' };
  expect((await koneksi.call('POST', '/blasts/test', { body })).code).toBe('NUMBER_OPTED_OUT');
  await eventually('the answer', () => textsOf(customer).length > 0);
  expect(textsOf(customer)).toEqual([CONFIRMATION_TEXTS.en]);
});

test('it waits for quiet hours and a sick outlet, outlives the process, and is said once', async () => {
  const [customer, other] = [stranger(), stranger()];
  await patch(`/outlets/${shop.outlet.id}/blast-settings`, { quietHours: quietNow() });
  await customer.send(shop.outlet.whatsappNumber, 'STOP');
  await eventually('it is written down', async () => {
    const rows = await koneksi.database.dataSource.query<object[]>(
      `SELECT FROM blast_recipients WHERE number = $1 AND status = 'queued'`,
      [customer.number],
    );
    return rows.length === 1;
  });
  expect(textsOf(customer)).toEqual([]);
  // Of another one the process dies between the opt-out and its answer.
  await koneksi.pause();
  await koneksi.database.dataSource.query(
    `WITH told AS (INSERT INTO opt_outs (number, opted_out_at) VALUES ($1, now()) RETURNING number)
     INSERT INTO owed_confirmations (number, id, outlet_id, language, at) SELECT number, gen_random_uuid(), $2, 'id', now() FROM told`,
    [other.number, shop.outlet.id],
  );
  await koneksi.resume();
  await patch(`/outlets/${shop.outlet.id}/blast-settings`, { quietHours: null });
  await eventually('both are answered', () => textsOf(customer).length + textsOf(other).length === 2);
  await koneksi.pause();
  await koneksi.resume();
  await says(stranger(), 'STOP');
  expect([textsOf(customer), textsOf(other)]).toEqual([[CONFIRMATION_TEXTS.id], [CONFIRMATION_TEXTS.id]]);
});

test('a wish that was taken back before the answer left gets none', async () => {
  const customer = stranger();
  await patch(`/outlets/${shop.outlet.id}/blast-settings`, { quietHours: quietNow() });
  await customer.send(shop.outlet.whatsappNumber, 'STOP');
  const recipient = (): Promise<{ status: string; reason: string | null }[]> =>
    koneksi.database.dataSource.query('SELECT status, reason FROM blast_recipients WHERE number = $1', [
      customer.number,
    ]);
  await eventually('it is written down', async () => (await recipient())[0]?.status === 'queued');
  await koneksi.call('POST', '/opt-outs/revoke', { body: { phone: customer.number, note: 'salah tekan' } });
  await patch(`/outlets/${shop.outlet.id}/blast-settings`, { quietHours: null });
  await eventually('it is given up', async () => (await recipient())[0]?.status === 'skipped');
  expect(await recipient()).toEqual([{ status: 'skipped', reason: 'LEFT_AUDIENCE' }]);
  expect(textsOf(customer)).toEqual([]);
});

test('it is switched off for the chain, or for one outlet of it; no list of blasts shows it', async () => {
  const [quiet, told, own] = [stranger(), stranger(), stranger()];
  await patch('/blast-policy', { confirmStop: false });
  await says(quiet, 'STOP');
  await patch(`/outlets/${sister.outlet.id}/blast-settings`, { confirmStop: true });
  await says(told, 'STOP', sister);
  await patch('/blast-policy', { confirmStop: true });
  await patch(`/outlets/${shop.outlet.id}/blast-settings`, { confirmStop: false });
  await says(own, 'STOP');
  await eventually('the one', () => textsOf(told).length > 0);
  expect([quiet, told, own].map(textsOf)).toEqual([[], [CONFIRMATION_TEXTS.id], []]);
  expect(expectOk(await koneksi.call<BlastPage>('GET', '/blasts')).blasts).toEqual([]);
});
