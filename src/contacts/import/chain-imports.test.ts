import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ChainImportResult } from '@koneksi/contracts/contact-import';
import type { ActivityPage } from '@koneksi/contracts/activity';
import type { ContactPage } from '@koneksi/contracts/contacts';
import type { Outlet } from '@koneksi/contracts/outlets';
import { workbook } from '../../../test/support/workbook.js';
import { TestApi, type Answer } from '../../../test/support/test-api.js';

let api: TestApi;
let dago: Outlet;
let riau: Outlet;
let user: string;

beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  [dago, riau] = [await outlet('Dago'), await outlet('Riau')];
  user = await api.token(await api.person('USER', [dago.id, riau.id]));
});

let made = 0;
async function outlet(name: string): Promise<Outlet> {
  const body = { name: `${name} ${++made}`, whatsappNumber: `62857${String(2_000_000 + made).padStart(8, '1')}` };
  return (await api.call('POST', '/outlets', { token: await api.token(), body })).body as Outlet;
}
const send = (csv: string, query = ''): Promise<Answer> =>
  api.call('POST', `/contacts/import${query}`, { token: user, body: csv, headers: { 'content-type': 'text/csv' } });
const done = async (csv: string, query = ''): Promise<ChainImportResult> => {
  const answer = await send(csv, query);
  expect(answer.status).toBe(200);
  return answer.body as ChainImportResult;
};
const people = async ({ id }: Outlet): Promise<(string | null)[]> => {
  const answer = await api.call('GET', `/outlets/${id}/contacts?limit=200`, { token: user });
  return (answer.body as ContactPage).contacts.map(({ name }) => name).sort();
};

const file = (): string =>
  [
    'Nama;HP;Outlet;Kota',
    `Sari;0812-3456-7890;${dago.name};Bandung`,
    `Budi;081234567891;  ${riau.name.toUpperCase()} ;`,
    `Sari lagi;081234567890;${riau.whatsappNumber};`,
    'Siapa;081234567892;Tidak ada;',
    `Salah;abc;${dago.name};`,
    `Sari dua;081234567890;${dago.name};`,
    'Kosong;081234567893;;',
  ].join('\r\n');

test('one file fills several outlets, each with its own, and twice is once', async () => {
  const seen = await done(file(), '?look=true');
  expect(seen.outletColumn).toBe(2);
  expect(seen.columns.map(({ as }) => as.use)).toEqual(['name', 'phone', 'ignore', 'field']);
  expect(seen.counts).toEqual({ lines: 7, added: 3, updated: 0, same: 0, rejected: 4 });
  expect(seen.rejected.map(({ line, reason }) => [line, reason])).toEqual([
    [5, 'OUTLET_UNKNOWN'],
    [6, 'PHONE_INVALID'],
    [7, 'REPEATED'],
    [8, 'OUTLET_UNKNOWN'],
  ]);
  expect([await people(dago), await people(riau)]).toEqual([[], []]);
  expect(await done(file())).toEqual(seen);
  expect([await people(dago), await people(riau)]).toEqual([['Sari'], ['Budi', 'Sari lagi']]);
  expect((await done(file())).counts).toMatchObject({ added: 0, updated: 0, same: 3 });
});

test('an outlet of others is none, and what two are called is not guessed', async () => {
  const foreign = await outlet('Asing');
  const twin = { name: dago.name, whatsappNumber: '6285712345678' };
  const body = (await api.call('POST', '/outlets', { token: await api.token(), body: twin })).body as Outlet;
  user = await api.token(await api.person('USER', [dago.id, body.id]));
  const csv = `HP;Cabang\n081234567890;${foreign.name}\n081234567891;${dago.name}\n081234567892;${body.whatsappNumber}\n`;
  const result = await done(csv);
  expect(result.rejected.map(({ reason }) => reason)).toEqual(['OUTLET_UNKNOWN', 'OUTLET_AMBIGUOUS']);
  expect(result.outlets).toEqual([{ outletId: body.id, name: dago.name, added: 1, updated: 0, same: 0 }]);
  await api.call('DELETE', `/outlets/${body.id}`, { token: await api.token() });
});

test('rows that a filter hides fill no outlet, and are told by one number', async () => {
  const file = workbook([
    [['Outlet', 'Nama', 'No HP']],
    [[dago.name, 'Rina', '08111000001']],
    [[dago.name, 'Siti', '08111000003'], 'hidden="1"'],
    [['Entah', 'Tono', '08111000004'], 'hidden="1"'],
    [[riau.name, 'Bayu', '08111000002']],
  ]);
  const headers = { 'content-type': 'text/csv' };
  for (const query of ['?look=true', '']) {
    const { body } = await api.call('POST', `/contacts/import${query}`, { token: user, body: file, headers });
    expect(body).toMatchObject({
      counts: { lines: 4, added: 2, rejected: 0 },
      dropped: [{ reason: 'ROW_HIDDEN', count: 2, lines: [3, 4] }],
    });
  }
  expect([await people(dago), await people(riau)]).toEqual([['Rina'], ['Bayu']]);
});

test('a wish in a hidden row is told of where no outlet is called so, and counts where one is', async () => {
  const file = workbook([
    [['Outlet', 'Nama', 'No HP', 'Unsubscribed']],
    [[dago.name, 'Rina', '08111000011', '']],
    [['Entah', 'Siti', '08111000012', 'Yes'], 'hidden="1"'],
    [['Entah', 'Tono', '08111000013', ''], 'hidden="1"'],
    [[riau.name, 'Wati', '08111000014', 'Yes'], 'hidden="1"'],
  ]);
  const headers = { 'content-type': 'text/csv' };
  const { body } = await api.call('POST', '/contacts/import', { token: user, body: file, headers });
  expect(body).toMatchObject({
    optOuts: 1,
    counts: { lines: 4, added: 2, rejected: 1 },
    rejected: [{ line: 3, value: 'Entah', reason: 'OUTLET_UNKNOWN' }],
    dropped: [{ reason: 'ROW_HIDDEN', count: 1, lines: [4] }],
  });
});

test('a column that no header gives away is named, and without one nothing is imported', async () => {
  const csv = `Nama,HP,Lokasi\nSari,081234567890,${dago.name}\n`;
  expect((await done(csv, '?look=true')).outletColumn).toBeNull();
  expect(await send(csv)).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect(await send(csv, '?outlet=Cabang')).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect(await people(dago)).toEqual([]);
  expect((await done(csv, '?outlet=lokasi')).counts.added).toBe(1);
});

test('who wants no messages in one outlet hears from none', async () => {
  const csv = `HP;Outlet;Unsubscribed\n081234567899;${dago.name};yes\n081234567899;${riau.name};no\n`;
  expect((await done(csv)).optOuts).toBe(1);
  expect((await done(csv)).optOuts).toBe(0);
});

test('the past of an outlet tells of a file that changed its contacts, and of no other', async () => {
  const imports = async ({ id }: Outlet): Promise<number> => {
    const answer = await api.call('GET', `/activity?outletId=${id}&action=contacts.imported`, {
      token: await api.token(),
    });
    return (answer.body as ActivityPage).items.length;
  };
  const csv = `HP;Nama;Outlet\n081234567890;Sari;${dago.name}\n081234567891;Budi;${riau.name}\n`;
  await done(csv, '?look=true');
  expect([await imports(dago), await imports(riau)]).toEqual([0, 0]);
  await done(csv);
  await done(csv.replace('Budi', 'Budi Setiawan'));
  expect([await imports(dago), await imports(riau)]).toEqual([1, 2]);
});

test('a long file lets everybody else have their turns: of many outlets, and of none that is known', async () => {
  const many = [dago, riau];
  while (many.length < 60) many.push(await outlet('Banyak'));
  user = await api.token(
    await api.person(
      'USER',
      many.map(({ id }) => id),
    ),
  );
  const lines = many.flatMap(({ name }, at) =>
    Array.from({ length: 100 }, (_, index) => `+44 7400 ${100_000 + at * 100 + index};${name}`),
  );
  const unknown = Array.from({ length: 12_000 }, (_, index) => `081234567890;+44 7400 ${100_000 + index}`);
  for (const csv of [lines, unknown]) {
    let [since, longest, turns] = [performance.now(), 0, true];
    const turn = (): void => {
      longest = Math.max(longest, performance.now() - since);
      since = performance.now();
      if (turns) setImmediate(turn);
    };
    turn();
    const start = performance.now();
    const { counts } = await done(['HP;Outlet', ...csv].join('\n'), '?look=true');
    turns = false;
    expect(counts.lines).toBe(csv.length);
    expect(longest).toBeLessThan((performance.now() - start) / 2);
  }
});
