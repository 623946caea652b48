import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BlastPreview } from '@koneksi/contracts/blast-preview';
import type { BlastCreated, TestBlastAnswer } from '@koneksi/contracts/blast-requests';
import type { Blast } from '@koneksi/contracts/blasts';
import type { SentMessage } from '@koneksi/contracts/messages';
import type { HeldWishList, OptOutHistory } from '@koneksi/contracts/opt-outs';
import { CONFIRMATION_TEXTS } from '../src/blast/messages/confirmation-texts.js';
import { addContacts, Blasts, customer } from './support/blasts.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type Answer, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let blasts: Blasts;
let shop: LinkedOutlet;
let sister: LinkedOutlet;
let next = 0;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  blasts = new Blasts(koneksi);
  shop = await koneksi.linked(await koneksi.dashboard(), { name: 'Jakarta' });
  sister = await koneksi.linked(await koneksi.dashboard(), { name: 'Bandung' });
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

/** Who asked to hear no more, or may have, and when that was known here. Milliseconds since the epoch. */
const obeyed = new Map<string, number>();
const waiting = new Map<string, number>();
const obeys = async (phone: string): Promise<void> => {
  await eventually(`${phone} hears no more`, () => optedOut(phone));
  obeyed.set(phone, Date.now());
};
const holds = async (phone: string, words: string): Promise<void> => {
  await eventually(`${phone} waits for a person`, async () => (await held(phone)) === words);
  waiting.set(phone, Date.now());
};
const optedOut = async (phone: string): Promise<boolean> =>
  expectOk(await koneksi.call<OptOutHistory>('GET', `/opt-outs/${phone}`)).optedOut;
const held = async (phone: string): Promise<string | undefined> =>
  expectOk(await koneksi.call<HeldWishList>('GET', '/held-wishes')).wishes.find((wish) => wish.phone === phone)?.words;
const writes = (phone: string, text: string, more?: { quotes?: string }): Promise<unknown> =>
  koneksi.simulator.phone(phone).send(shop.outlet.whatsappNumber, text, more);

test('a word of its own is a way out like any other: one that is told once, and obeyed', async () => {
  const phones = await customers(6);
  const message = 'Promo besok, kak! Balas *TIDAK* untuk berhenti';
  const { id, wayOut } = await send(phones, { message });
  expect(wayOut).toEqual({ how: 'TYPED', line: null, reason: null, words: ['tidak'] });
  expect(blasts.textsOf(phones[0]!)).toEqual([message]);
  const [says, same, politely, goesOn, asks, later] = phones as [string, string, string, string, string, string];
  await writes(says, 'TIDAK');
  await writes(same, 'ga usah');
  await writes(politely, 'gak mau lagi kak, makasih');
  await writes(goesOn, 'tidak bisa hari Sabtu');
  await writes(asks, 'jam berapa kak?');
  for (const phone of [says, same, politely]) await obeys(phone);
  await holds(goesOn, 'tidak');
  expect([await optedOut(goesOn), await optedOut(asks), await held(asks)]).toEqual([false, false, undefined]);
  // After another blast a no may be to that one.
  await send([later], { message: 'Mau ikut arisan toko?', noWayOut: 'diuji' });
  await writes(later, 'tidak');
  await eventually('a later no waits for a person', async () => (await held(later)) === 'stop');
  const quoted = (await blasts.recipients(id)).find((recipient) => recipient.phone === later)!.messageId!;
  await writes(later, 'tidak', { quotes: quoted });
  await obeys(later);
});

test('a blast that may have come before it was queued again or canceled was met', async () => {
  const [says, quotes] = (await customers(2)) as [string, string];
  const { id } = await send([says, quotes], { message: 'Promo sore! Balas TIDAK untuk berhenti' });
  const { messageId } = (await blasts.recipients(id)).find(({ phone }) => phone === quotes)!;
  const canceled = `UPDATE blast_recipients SET status = 'skipped', reason = 'CANCELED' WHERE blast_id = $1`;
  await koneksi.database.dataSource.query(canceled, [id]);
  await writes(says, 'TIDAK');
  await writes(quotes, 'Balas TIDAK', { quotes: messageId! });
  await holds(says, 'stop');
  await obeys(quotes);
});

test('a no with more behind it, to a message of another kind, or to something else by quote waits for a person', async () => {
  const [explains, asked, quotes] = (await customers(3)) as [string, string, string];
  await send([explains, asked, quotes], { message: 'Promo besok, kak! Balas TIDAK untuk berhenti' });
  await writes(
    explains,
    'TIDAK. Saya sudah pindah ke Surabaya dan tidak belanja di toko ini lagi, mohon maaf ya kak, sukses selalu untuk tokonya',
  );
  const body = { outletId: shop.outlet.id, phone: asked, text: 'Pesanan siap. Mau diantar hari ini?' };
  const message = expectOk(await koneksi.call<{ id: string }>('POST', '/messages', { body }));
  await eventually('the message has arrived', async () => {
    const { body: told } = await koneksi.call<SentMessage>('GET', `/messages/${message.id}`);
    return told.status === 'delivered';
  });
  await writes(asked, 'tidak');
  await writes(quotes, 'tidak', { quotes: '3EB0SOMETHINGELSE' });
  for (const phone of [explains, asked, quotes]) await holds(phone, 'stop');
  for (const phone of [explains, asked, quotes]) expect(await optedOut(phone)).toBe(false);
});

test('a word for having no interest waits for a person, under a LID too, and no further blast comes meanwhile', async () => {
  const [declines, wants, hidden] = (await customers(3)) as [string, string, string];
  const message = 'Kopi baru! Balas TIDAK jika tidak tertarik';
  const { wayOut } = await send([declines, wants, hidden], { message });
  expect(wayOut).toMatchObject({ how: 'APPENDED', words: [], unsure: ['tidak'] });
  await writes(declines, 'TIDAK');
  await writes(wants, 'mau kak');
  koneksi.simulator.phone(hidden).addressing = 'lid';
  await writes(hidden, 'tidak');
  for (const phone of [declines, hidden]) await holds(phone, 'tidak minat');
  expect([await optedOut(declines), await held(wants)]).toEqual([false, undefined]);
  await send([wants], { message: 'Teh baru, kak' });
  await writes(wants, 'tidak');
  // Behind another blast as well.
  await holds(wants, 'tidak minat');
  const seen = expectOk(await preview([declines, wants, hidden], { message: 'Promo lain' }));
  expect([seen.recipients, seen.skipped]).toEqual([0, { WISH_HELD: 3 }]);
});

test('what no blast named is no wish: a no to a question, and to an outlet that sent none', async () => {
  const [asked, stranger, refuses] = await customers(3);
  await send([asked!, refuses!], { message: 'Mau ikut arisan toko?', noWayOut: 'diuji' });
  await writes(asked!, 'tidak');
  await writes(stranger!, 'ga usah');
  await writes(refuses!, 'ga usah kak');
  await holds(refuses!, 'tidak mau');
  for (const phone of [asked!, stranger!])
    expect([await optedOut(phone), await held(phone)]).toEqual([false, undefined]);
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
  await obeys(phone!);
});

test('at the end nobody who asked to hear no more, or may have, got anything after it, from any outlet', async () => {
  const everyone = Array.from({ length: next }, (_, index) => customer(index));
  const told: string[] = [];
  for (const { outlet } of [shop, sister]) {
    const message = `Kabar penutup dari ${outlet.name}`;
    const body = { ...request(everyone, { message, noWayOut: 'diuji' }), outletIds: [outlet.id] };
    await blasts.delivered(expectOk(await koneksi.call<BlastCreated>('POST', '/blasts', { body })).id);
    told.push(message);
  }
  expect([obeyed.size, waiting.size]).toEqual([6, 9]);
  const confirms = (text: string): boolean => Object.values(CONFIRMATION_TEXTS).includes(text);
  for (const [phone, since] of [...obeyed, ...waiting]) {
    const after = koneksi.simulator.phone(phone).inbox.filter(({ at }) => at > since);
    expect([phone, after.map(({ text }) => text).filter((text) => !confirms(text))]).toEqual([phone, []]);
    expect(blasts.textsOf(phone).filter(confirms)).toHaveLength(obeyed.has(phone) ? 1 : 0);
  }
  for (const phone of everyone.filter((each) => !obeyed.has(each) && !waiting.has(each)))
    expect([phone, ...blasts.textsOf(phone).slice(-2)]).toEqual([phone, ...told]);
});
