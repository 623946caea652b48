import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { addContacts, Blasts, quietNow } from './support/blasts.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';
import { lockWaits } from './support/lock-waits.js';

const LATER = '2999-01-01T00:00:00Z';
const HOUR_MS = 3_600_000;

let koneksi: Koneksi;
let blasts: Blasts;
let shop: LinkedOutlet;
let next = 0;

/** Contacts with a tag of their own, so that a blast can mean exactly them. */
async function tagged(tag: string, count: number): Promise<{ numbers: string[]; ids: string[] }> {
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const numbers = await addContacts(where, shop.outlet.id, next, count);
  next += count;
  const rows = await koneksi.database.dataSource.query<{ id: string }[]>(
    'SELECT id FROM contacts WHERE number = ANY ($1) ORDER BY number',
    [numbers],
  );
  for (const { id } of rows) await change(id, { tags: [tag] });
  return { numbers, ids: rows.map(({ id }) => id) };
}
const change = async (id: string, body: object): Promise<unknown> =>
  expectOk(await koneksi.call('PATCH', `/contacts/${id}`, { body }));
const query = (sql: string, values: unknown[] = []): Promise<unknown> => koneksi.database.dataSource.query(sql, values);
async function settings(body: object): Promise<void> {
  expectOk(await koneksi.call('PATCH', `/outlets/${shop.outlet.id}/blast-settings`, { body }));
}
const scheduled = (message: string, audience: object | 'all', more: object = {}): Promise<string> =>
  blasts.create({ outletIds: [shop.outlet.id], message, audience, scheduledAt: LATER, ...more });
async function started(id: string) {
  await blasts.verb(id, 'start');
  return blasts.delivered(id);
}
const reasons = async (id: string): Promise<Record<string, string | null>> =>
  Object.fromEntries((await blasts.recipients(id)).map(({ phone, status, reason }) => [phone, reason ?? status]));
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
/** As if it had been made for those times; nothing looks at it until it is told to. */
async function planned(id: string, at: { scheduledAt: string; notAfter?: string }): Promise<void> {
  await query('UPDATE blasts SET scheduled_at = $2, not_after = $3 WHERE id = $1', [id, at.scheduledAt, at.notAfter]);
  await query('UPDATE blast_outlets SET not_before = $2 WHERE blast_id = $1', [id, at.scheduledAt]);
}
const textsWith = (number: string, words: string): string[] =>
  blasts.textsOf(number).filter((text) => text.includes(words));
beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { BLAST_RECEIPT_WAIT_MS: '500' } });
  blasts = new Blasts(koneksi);
  shop = await koneksi.linked(await koneksi.dashboard(), { name: 'Jakarta' });
});
afterAll(() => koneksi.stop());
beforeEach(() =>
  settings({ paceMinMs: 0, paceMaxMs: 0, quietHours: null, newChatsPerDay: 100_000, knownChatsPerDay: 100_000 }),
);

test.each<[audience: string, of: (tag: string, ids: string[], numbers: string[]) => object]>([
  ['tags', (tag) => ({ tags: [tag] })],
  ['contacts', (_, ids) => ({ contactIds: ids })],
  ['numbers', (_, __, numbers) => ({ phones: numbers })],
])('who was deleted, renumbered or renamed after a blast by %s was made is met as they are now', async (kind, of) => {
  const { numbers, ids } = await tagged(`berubah ${kind}`, 4);
  const id = await scheduled(`Halo {{nama}} dari {{kota}} (${kind})`, of(`berubah ${kind}`, ids, numbers));
  const moved = koneksi.simulator.phone(`628999${String(next).padStart(7, '0')}`).number;
  expectOk(await koneksi.call('DELETE', `/contacts/${ids[0]}`));
  await change(ids[1]!, { phone: moved });
  await change(ids[2]!, { name: 'Ibu Baru', fields: { kota: 'Bogor' } });
  const { counts } = await started(id);
  expect(counts).toMatchObject({ delivered: 3, skipped: 1 });
  expect(await reasons(id)).toMatchObject({ [numbers[0]!]: 'CONTACT_DELETED', [moved]: 'delivered' });
  expect(textsWith(numbers[0]!, kind)).toEqual([]);
  expect(textsWith(numbers[1]!, kind)).toEqual([]);
  expect(textsWith(moved, kind)).toHaveLength(1);
  expect(textsWith(numbers[2]!, kind)).toEqual([`Halo Ibu Baru dari Bogor (${kind})`]);
  // Who is shown is who was written to.
  expect((await blasts.recipients(id)).map(({ name }) => name)).toContain('Ibu Baru');
});

test('an outlet that was renamed calls itself by its new name', async () => {
  const { numbers } = await tagged('nama outlet', 1);
  const id = await scheduled('Salam dari {{outlet}}', { tags: ['nama outlet'] });
  expectOk(await koneksi.call('PATCH', `/outlets/${shop.outlet.id}`, { body: { name: 'Jakarta Baru' } }));
  await started(id);
  expect(textsWith(numbers[0]!, 'Salam')).toEqual(['Salam dari Jakarta Baru']);
});

test('a number that came to be another recipient’s gets one message', async () => {
  const { numbers, ids } = await tagged('bertemu', 2);
  const id = await scheduled('Bertemu', { tags: ['bertemu'] });
  await query('DELETE FROM contacts WHERE id = $1', [ids[0]]);
  await change(ids[1]!, { phone: numbers[0] });
  await started(id);
  expect(textsWith(numbers[0]!, 'Bertemu').length + textsWith(numbers[1]!, 'Bertemu').length).toBeLessThanOrEqual(1);
});

test('a renumbered contact is judged by the new number: whoever has it may have had enough', async () => {
  const { numbers, ids } = await tagged('pindah', 2);
  const id = await scheduled('Pindah', { tags: ['pindah'] });
  const moved = koneksi.simulator.phone(`628998${String(next).padStart(7, '0')}`).number;
  expectOk(await koneksi.call('POST', '/opt-outs', { body: { phone: moved, outletId: shop.outlet.id } }));
  await change(ids[0]!, { phone: moved });
  await started(id);
  expect(await reasons(id)).toEqual({ [moved]: 'OPTED_OUT', [numbers[1]!]: 'delivered' });
});

test('tags are asked as of then: who left is skipped, who came joins, who is excepted stays out', async () => {
  const { numbers, ids } = await tagged('vip', 4);
  const audience = { tags: ['vip'], exceptTags: ['karyawan'] };
  const id = await scheduled('Untuk VIP', audience, { unknownTagsAcknowledged: true });
  const others = await tagged('biasa', 3);
  await change(ids[0]!, { tags: ['biasa'] });
  await change(ids[1]!, { tags: ['vip', 'karyawan'] });
  await change(others.ids[0]!, { tags: ['vip'] });
  await change(others.ids[1]!, { tags: ['vip', 'karyawan'] });
  const { counts, recipients } = await started(id);
  expect(await reasons(id)).toEqual({
    [numbers[0]!]: 'LEFT_AUDIENCE',
    [numbers[1]!]: 'LEFT_AUDIENCE',
    [numbers[2]!]: 'delivered',
    [numbers[3]!]: 'delivered',
    [others.numbers[0]!]: 'delivered',
  });
  expect([counts.delivered, counts.skipped, recipients]).toEqual([3, 2, 5]);
});

test('who left while the blast runs gets nothing more, and a message made before is made anew', async () => {
  const { numbers, ids } = await tagged('berjalan', 9);
  await settings({ paceMinMs: 1_500, paceMaxMs: 1_500 });
  const id = await blasts.create({
    outletIds: [shop.outlet.id],
    message: 'Berjalan, {{nama}}',
    audience: { tags: ['berjalan'] },
  });
  const order = (await blasts.recipients(id)).map(({ phone }) => phone);
  await eventually('the first has it', () => textsWith(order[0]!, 'Berjalan').length === 1 || null);
  const letGo = await blasts.holdNext();
  const [last, beforeLast, third] = [order[8]!, order[7]!, order[6]!];
  const idOf = (number: string): string => ids[numbers.indexOf(number)]!;
  expectOk(await koneksi.call('DELETE', `/contacts/${idOf(last)}`));
  await change(idOf(beforeLast), { tags: [] });
  await change(idOf(third), { name: 'Pak Ganti' });
  await letGo();
  await blasts.delivered(id);
  expect(await reasons(id)).toMatchObject({ [last]: 'CONTACT_DELETED', [beforeLast]: 'LEFT_AUDIENCE' });
  expect(textsWith(third, 'Berjalan')).toEqual(['Berjalan, Pak Ganti']);
});

test('a corrected zone moves a time of day, both ways, and not an instant', async () => {
  const { numbers } = await tagged('zona', 1);
  const at = new Date(Date.now() + HOUR_MS + 7 * HOUR_MS).toISOString().slice(0, 19);
  const local = await scheduled('Jam setempat', { phones: numbers }, { scheduledAt: at });
  const instant = await scheduled(
    'Saat itu',
    { phones: numbers },
    { scheduledAt: new Date(Date.now() + HOUR_MS).toISOString() },
  );
  // By the clock in Jayapura it was that time an hour ago.
  await settings({ zone: 'Asia/Jayapura' });
  expect((await blasts.delivered(local)).startedAt).not.toBeNull();
  expect((await blasts.find(instant)).status).toBe('scheduled');
  await settings({ zone: 'Asia/Jakarta' });
  await blasts.verb(instant, 'cancel');
});

test('a scheduled blast that was paused waits for its time again, and can be sent now', async () => {
  const { numbers } = await tagged('jeda', 2);
  const id = await scheduled('Jeda dulu', { phones: numbers });
  await blasts.verb(id, 'pause');
  await blasts.verb(id, 'resume');
  expect(await blasts.find(id)).toMatchObject({ status: 'scheduled', startedAt: null });
  await blasts.verb(id, 'pause');
  await started(id);
  expect(numbers.map((number) => textsWith(number, 'Jeda dulu').length)).toEqual([1, 1]);
});

test('one that was paused over its time goes out when it is resumed', async () => {
  const { numbers } = await tagged('lewat', 1);
  const id = await scheduled('Lewat', { phones: numbers });
  await blasts.verb(id, 'pause');
  await planned(id, { scheduledAt: ago(60_000) });
  await blasts.verb(id, 'resume');
  await blasts.delivered(id);
});

test.each<[what: string, holds: () => Promise<unknown>]>([
  ['a cap', () => settings({ knownChatsPerDay: 0, newChatsPerDay: 0 })],
  ['quiet hours', () => settings({ quietHours: quietNow() })],
  ['an outlet that is paused', async () => expectOk(await koneksi.call('POST', `/outlets/${shop.outlet.id}/pause`))],
])('an offer that ends does not go out late: held by %s it is skipped, and told so', async (what, holds) => {
  const { numbers } = await tagged('kilat', 3);
  const message = `Kilat ${what}`;
  await holds();
  const id = await scheduled(message, { phones: numbers }, { notAfter: '2999-01-02T00:00:00Z' });
  await blasts.verb(id, 'pause');
  const ends = new Date(Date.now() + 3_000).toISOString();
  await planned(id, { scheduledAt: ago(1_000), notAfter: ends });
  await blasts.verb(id, 'resume');
  const { counts, notAfter } = await blasts.delivered(id);
  expect(counts).toMatchObject({ skipped: 3, delivered: 0 });
  expect(notAfter).toBe(ends);
  expect(Object.values(await reasons(id))).toEqual(Array(3).fill('TOO_LATE'));
  if (what.startsWith('an outlet')) {
    expectOk(await koneksi.call('POST', `/outlets/${shop.outlet.id}/resume`));
    await eventually('it is back', async () => (await koneksi.status(shop.outlet.id)).healthy);
  }
});

test('an offer that ends stops in the middle of a fast run; its end lies after its start', async () => {
  const { numbers } = await tagged('habis', 40);
  await settings({ paceMinMs: 300, paceMaxMs: 300 });
  const body = { outletIds: [shop.outlet.id], message: 'Sampai habis', audience: { phones: numbers } };
  const id = await blasts.create({ ...body, notAfter: LATER });
  await eventually('some have it', () => numbers.filter((number) => textsWith(number, 'Sampai').length > 0).length > 2);
  // At its pace all forty take twelve seconds.
  const end = Date.now() + 500;
  await query('UPDATE blasts SET not_after = $2 WHERE id = $1', [id, new Date(end).toISOString()]);
  const known = Math.max(end, Date.now());
  const { counts } = await blasts.delivered(id);
  expect(counts.delivered).toBeGreaterThan(0);
  expect(counts.skipped).toBeGreaterThan(0);
  expect(counts.skipped).toBe(40 - counts.delivered);
  expect((await blasts.begunAt(id)).filter((at) => at > known)).toEqual([]);
  for (const wrong of [{ notAfter: '2020-01-01T00:00' }, { scheduledAt: LATER, notAfter: '2998-01-01T00:00:00Z' }])
    expect(await koneksi.call('POST', '/blasts', { body: { ...body, ...wrong } })).toMatchObject({
      status: 400,
      body: { error: { fields: [{ field: 'notAfter' }] } },
    });
});

test('what was down over the whole offer sends none of it', async () => {
  const { numbers } = await tagged('mati', 2);
  const id = await scheduled('Server mati', { phones: numbers });
  await koneksi.pause();
  await planned(id, { scheduledAt: ago(120_000), notAfter: ago(60_000) });
  await koneksi.resume();
  expect((await blasts.delivered(id)).counts).toMatchObject({ skipped: 2, delivered: 0 });
});

test.each<[what: string, changes: () => object, hold: string]>([
  ['quiet hours', () => ({ quietHours: quietNow() }), 'QUIET_HOURS'],
  ['a cap', () => ({ newChatsPerDay: 0, knownChatsPerDay: 0 }), 'DAILY_CAP'],
])('%s set over a fast run hold it at the next message', async (what, changes, hold) => {
  const { numbers } = await tagged('cepat', 16);
  await settings({ paceMinMs: 700, paceMaxMs: 700 });
  const id = await blasts.create({
    outletIds: [shop.outlet.id],
    message: `Cepat ${what}`,
    audience: { phones: numbers },
  });
  await eventually(
    'it runs',
    () => numbers.filter((number) => textsWith(number, `Cepat ${what}`).length).length >= 2 || null,
  );
  const letGo = await blasts.holdNext();
  await eventually('the next is about to leave', async () => (await lockWaits(koneksi.database.dataSource)) > 0);
  await settings(changes());
  const set = Date.now();
  await letGo();
  await blasts.becomes(id, 'it is held', ({ outlets }) => outlets[0]?.hold?.code === hold);
  expect((await blasts.begunAt(id)).filter((at) => at > set)).toEqual([]);
  await blasts.verb(id, 'cancel');
});

test('two parts of one turn share what is left of the day', async () => {
  const [one, two] = [await tagged('satu', 12), await tagged('dua', 12)];
  const today = expectOk(
    await koneksi.call<{ today: { newChats: number } }>('GET', `/outlets/${shop.outlet.id}/blast-settings`),
  ).today.newChats;
  const ids = [
    await scheduled('Bagian satu', { phones: one.numbers }),
    await scheduled('Bagian dua', { phones: two.numbers }),
  ];
  await settings({ newChatsPerDay: today + 15 });
  await query(`UPDATE blasts SET scheduled_at = $2 WHERE id = ANY ($1::uuid[])`, [ids, new Date().toISOString()]);
  await settings({ warmUpDays: 0 });
  const reached = async (): Promise<number> =>
    (await Promise.all(ids.map((id) => blasts.find(id)))).reduce((sum, { counts }) => sum + counts.delivered, 0);
  await eventually('the cap holds both', async () => {
    const all = await Promise.all(ids.map((id) => blasts.find(id)));
    return all.filter(({ outlets }) => outlets[0]?.hold?.code === 'DAILY_CAP').length >= 1 && (await reached()) >= 15;
  });
  expect(await reached()).toBe(15);
  for (const id of ids) await blasts.verb(id, 'cancel').catch(() => undefined);
});
