import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BlastPreview } from '@koneksi/contracts/blast-preview';
import type { BlastCreated, TestBlastAnswer } from '@koneksi/contracts/blast-requests';
import type { Blast } from '@koneksi/contracts/blasts';
import { addContacts, Blasts } from './support/blasts.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type Answer, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let blasts: Blasts;
let shop: LinkedOutlet;
let next = 0;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  blasts = new Blasts(koneksi);
  shop = await koneksi.linked(await koneksi.dashboard(), { name: 'Jakarta' });
});
afterAll(() => koneksi.stop());

async function customers(count: number): Promise<string[]> {
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const numbers = await addContacts(where, shop.outlet.id, next, count);
  next += count;
  return numbers;
}
const request = (phones: readonly string[], said: object): object => ({
  outletIds: [shop.outlet.id],
  audience: { phones },
  repeatAcknowledged: true,
  ...said,
});
const preview = (phones: readonly string[], said: object): Promise<Answer<BlastPreview>> => {
  const { repeatAcknowledged: _, ...body } = request(phones, said) as Record<string, unknown>;
  return koneksi.call<BlastPreview>('POST', '/blasts/preview', { body });
};
async function send(phones: readonly string[], said: object): Promise<Blast> {
  const body = request(phones, said);
  const { id } = expectOk(await koneksi.call<BlastCreated>('POST', '/blasts', { body }));
  return blasts.delivered(id);
}

test.each([
  ['Halo {{nama}}, diskon hari ini di toko kami', null, 'Balas STOP untuk berhenti.'],
  ['Dear {{nama}}, our sale ends today', null, 'Reply STOP to unsubscribe.'],
  ['🎉 {{nama}} 🎉', null, 'Balas STOP untuk berhenti.'],
  ['🎉🎉 {{nama}}', 'en', 'Reply STOP to unsubscribe.'],
] as const)(
  '%j offers a way out below it, in preview, test and message alike',
  async (message, wayOutLanguage, line) => {
    const [phone] = await customers(1);
    const said = { message, wayOutLanguage };
    const name = `Pelanggan ${phone!.slice(-3)}`;
    const expected = `${message.replace('{{nama}}', name)}\n\n${line}`;
    const seen = expectOk(await preview([phone!], said));
    expect(seen.outlets[0]?.sample?.text).toBe(expected);
    expect(seen.wayOut).toEqual({ how: 'APPENDED', line, reason: null });
    const body = { outletId: shop.outlet.id, phone, ...said };
    expect(expectOk(await koneksi.call<TestBlastAnswer>('POST', '/blasts/test', { body })).text).toBe(expected);
    const blast = await send([phone!], { ...said, previewId: seen.previewId });
    expect(blasts.textsOf(phone!)).toEqual([expected, expected]);
    expect(blast).toMatchObject({ message, wayOut: { how: 'APPENDED', line, reason: null } });
  },
);

test('a text that says it already has it once', async () => {
  const [phone] = await customers(1);
  const message = 'Promo! Ketik *STOP* bila tidak mau lagi';
  const { wayOut } = await send([phone!], { message });
  expect(wayOut).toEqual({ how: 'TYPED', line: null, reason: null });
  expect(blasts.textsOf(phone!)).toEqual([message]);
});

test('it is switched off with a reason, which stays with the blast, and not without one', async () => {
  const [phone] = await customers(1);
  const message = 'Pesanan Anda sudah siap diambil di toko';
  for (const noWayOut of ['', '  ', 7, true]) {
    const refused = await koneksi.call('POST', '/blasts', { body: request([phone!], { message, noWayOut }) });
    expect(refused).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  }
  const noWayOut = 'Pesan layanan untuk pesanan';
  const { id, wayOut } = await send([phone!], { message, noWayOut });
  expect(wayOut).toEqual({ how: 'OFF', line: null, reason: noWayOut });
  expect(blasts.textsOf(phone!)).toEqual([message]);
  const noted = await koneksi.database.dataSource.query<{ detail: object }[]>(
    `SELECT detail FROM blast_audit WHERE blast_id = $1 AND action = 'created'`,
    [id],
  );
  expect(noted).toMatchObject([{ detail: { noWayOut } }]);
});

test('it counts: what just fits without it does not with it', async () => {
  const [phone] = await customers(1);
  const message = 'x'.repeat(4_096);
  expect(await preview([phone!], { message })).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect((await preview([phone!], { message, noWayOut: 'panjang' })).status).toBe(200);
  const fits = 4_096 - '\n\nBalas STOP untuk berhenti.'.length;
  expect((await preview([phone!], { message: 'x'.repeat(fits) })).status).toBe(200);
  expect((await preview([phone!], { message: 'x'.repeat(fits + 1) })).status).toBe(400);
});

test('what was agreed to with it is not sent without it, nor the other way round', async () => {
  const [phone] = await customers(1);
  const { previewId } = expectOk(await preview([phone!], { message: 'Halo semua' }));
  const body = { ...request([phone!], { message: 'Halo semua', noWayOut: 'lupa' }), previewId };
  expect(await koneksi.call('POST', '/blasts', { body })).toMatchObject({ status: 409, code: 'PREVIEW_OUTDATED' });
});

test('who has nothing to read is still left out, and who obeys the line is heard', async () => {
  const [phone] = await customers(1);
  await koneksi.database.dataSource.query('UPDATE contacts SET name = NULL WHERE number = $1', [phone]);
  expect(expectOk(await preview([phone!], { message: '{{nama}}' })).skipped).toEqual({ EMPTY_MESSAGE: 1 });
  await koneksi.simulator.phone(phone!).send(shop.outlet.whatsappNumber, 'STOP');
  await eventually('the opt-out', async () => {
    const { body } = await koneksi.call<{ optedOut: boolean }>('GET', `/opt-outs/${phone}`);
    return body.optedOut;
  });
});
