import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BlastPreview } from '@koneksi/contracts/blast-preview';
import { addContacts, Blasts } from './support/blasts.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let blasts: Blasts;
let shop: LinkedOutlet;
let next = 0;

async function newContacts(count: number): Promise<string[]> {
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const numbers = await addContacts(where, shop.outlet.id, next, count);
  next += count;
  return numbers;
}
const query = (sql: string, values: unknown[]): Promise<unknown> => koneksi.database.dataSource.query(sql, values);
const to = (phones: readonly string[], message: string): object => ({
  outletIds: [shop.outlet.id],
  message,
  audience: { phones },
  noWayOut: 'Isi pesan diperiksa kata demi kata',
});

beforeAll(async () => {
  koneksi = await Koneksi.start();
  blasts = new Blasts(koneksi);
  shop = await koneksi.linked(await koneksi.dashboard(), { name: 'Jakarta' });
});
afterAll(() => koneksi.stop());

test.each([
  ['{kota}', '{{kota}}'],
  ['{{nama}', '{{nama}}'],
  ['[Kota]', '{{kota}}'],
  ['{{contact.nama}}', '{{nama}}'],
  ['{{nama, Kak}}', '{{nama|Kak}}'],
  ['%nama%', '{{nama}}'],
  ['{{{nama}}}', '{{nama}}'],
  ['{customer_name}', '{{nama}}'],
])('%s is refused before anything leaves, with what was meant', async (typed, meant) => {
  const [phone] = await newContacts(1);
  const message = `Halo ${typed}!`;
  const refused = {
    status: 400,
    body: { error: { fields: [{ field: 'message', message: expect.stringContaining(meant) as unknown }] } },
  };
  const testing = { outletId: shop.outlet.id, phone, message };
  for (const [path, body] of [
    ['/blasts/preview', to([phone!], message)],
    ['/blasts', to([phone!], message)],
    ['/blasts/test', testing],
  ] as const)
    expect(await koneksi.call('POST', path, { body })).toMatchObject(refused);
  expect(blasts.textsOf(phone!)).toEqual([]);
});

test.each(['\u200b', '\u2800', '\u3164', '\u202e', '\u200d\ufe0f \u00a0', '\u2066\u2069'])(
  'a message of %j alone says nothing',
  async (message) => {
    const [phone] = await newContacts(1);
    expect(await koneksi.call('POST', '/blasts', { body: to([phone!], message) })).toMatchObject({
      status: 400,
      body: { error: { fields: [{ field: 'message' }] } },
    });
  },
);

test('whoever is called by nothing that is seen is called by the fallback, and gets no message of nothing', async () => {
  const [one, two] = (await newContacts(2)) as [string, string];
  await query(`UPDATE contacts SET name = $2 WHERE number = ANY ($1)`, [[one, two], '\u200b\u3164']);
  const id = await blasts.create(to([one], 'Halo {{nama|Kak}}'));
  await blasts.delivered(id);
  expect(blasts.textsOf(one)).toEqual(['Halo Kak']);
  const empty = await blasts.create(to([two, ...(await newContacts(1))], '{{nama}}'));
  expect((await blasts.delivered(empty)).counts).toMatchObject({ skipped: 1, delivered: 1 });
  expect(blasts.textsOf(two)).toEqual([]);
});

test('no name and no field turns the line around', async () => {
  const [phone] = (await newContacts(1)) as [string];
  await query(`UPDATE contacts SET name = $2, fields = $3 WHERE number = $1`, [
    phone,
    '\u202eiraS\u2067 uB',
    JSON.stringify({ Kota: 'Ban\u200bdung\u202d' }),
  ]);
  await blasts.delivered(await blasts.create(to([phone], 'Halo {{nama}} dari {{kota}}, 10% untuk Anda')));
  expect(blasts.textsOf(phone)).toEqual(['Halo iraS uB dari Bandung, 10% untuk Anda']);
});

test('what is filled in counts: the longest message may be as long as WhatsApp takes, and no longer', async () => {
  const [short, long] = (await newContacts(2)) as [string, string];
  const name = `Bu ${'😀'.repeat(40)}`;
  await query(`UPDATE contacts SET name = $2 WHERE number = $1`, [long, name]);
  const fixed = 4_096 - name.length - 2;
  const body = to([short, long], `${'x'.repeat(fixed)}, {{nama}}`);
  expect(expectOk(await koneksi.call<BlastPreview>('POST', '/blasts/preview', { body })).recipients).toBe(2);
  const over = to([short, long], `${'x'.repeat(fixed + 1)}, {{nama}}`);
  const refused = { status: 400, body: { error: { fields: [{ field: 'message' }] } } };
  expect(await koneksi.call('POST', '/blasts/preview', { body: over })).toMatchObject(refused);
  expect(await koneksi.call('POST', '/blasts', { body: over })).toMatchObject(refused);
  // Whose name grew since is left out, and told so.
  const id = await blasts.create({ ...body, scheduledAt: '2999-01-01T00:00:00Z' });
  await query(`UPDATE contacts SET name = name || 'x' WHERE number = $1`, [long]);
  await blasts.verb(id, 'start');
  expect((await blasts.delivered(id)).counts).toMatchObject({ delivered: 1, skipped: 1 });
  expect(await blasts.recipients(id, '&status=skipped')).toMatchObject([{ phone: long, reason: 'TOO_LONG' }]);
});
