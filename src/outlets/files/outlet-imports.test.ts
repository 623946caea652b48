import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { OutletImportResult } from '@koneksi/contracts/outlet-import';
import type { ActivityPage } from '@koneksi/contracts/activity';
import type { Outlet } from '@koneksi/contracts/outlets';
import { TestApi, type Answer } from '../../../test/support/test-api.js';
import { workbook } from '../../../test/support/workbook.js';
import { Presses } from '../presses.js';

let api: TestApi;
let admin: string;
let start = 0;

beforeAll(async () => {
  api = await TestApi.start();
  admin = await api.token(await api.person('ADMIN'));
});
afterAll(() => api.stop());
beforeEach(async () => {
  for (const { id } of await outlets()) await api.call('DELETE', `/outlets/${id}`, { token: admin });
  api.facts.length = 0;
  start += 1_000;
});

const number = (index: number): string => `62857${String(start + index).padStart(8, '1')}`;
const outlets = async (): Promise<Outlet[]> => (await api.call('GET', '/outlets', { token: admin })).body as Outlet[];
const send = (file: string | Buffer, query = '', headers: Record<string, string> = {}): Promise<Answer> =>
  api.call('POST', `/outlets/import${query}`, {
    token: admin,
    body: file,
    headers: { 'content-type': 'text/csv', ...headers },
  });
const done = async (file: string | Buffer, query = ''): Promise<OutletImportResult> => {
  const answer = await send(file, query);
  expect(answer.status).toBe(200);
  return answer.body as OutletImportResult;
};

test('three hundred outlets come by one file, go out as one, and change nothing when they come again', async () => {
  const lines = Array.from(
    { length: 300 },
    (_, index) => `Toko ${index};${number(index)};Kota ${index % 9};mal, besar`,
  );
  const file = ['Nama outlet;Nomor WA;Kota;Grup', ...lines].join('\r\n');
  const seen = await done(file, '?look=true');
  expect(seen.counts).toEqual({ lines: 300, added: 300, updated: 0, same: 0, rejected: 0 });
  expect(seen.columns.map(({ as }) => as)).toEqual(['name', 'number', 'city', 'tags']);
  expect(seen.rows).toHaveLength(20);
  expect(await outlets()).toEqual([]);
  expect((await done(file)).counts).toEqual(seen.counts);
  expect(api.facts.filter(({ name }) => name === 'outlet.created')).toHaveLength(300);
  expect((await outlets()).find(({ name }) => name === 'Toko 7')).toMatchObject({
    whatsappNumber: number(7),
    city: 'Kota 7',
    tags: ['mal', 'besar'],
    isActive: true,
  });
  for (const language of ['id', 'en']) {
    const headers = { 'accept-language': language };
    const taken = await api.call('GET', '/outlets/export', { token: admin, headers });
    expect((await done(String(taken.body))).counts).toEqual({
      lines: 300,
      added: 0,
      updated: 0,
      same: 300,
      rejected: 0,
    });
  }
});

test('faults are told by line with what to mend, and the other lines are taken in', async () => {
  const file = [
    'Daftar cabang 2026',
    'Cabang\tHP\tKota\tAktif',
    `Dago\t${number(1)}\tBandung\tya`,
    `\t${number(2)}\t\t`,
    `Riau\t6,28E+12\tBandung\t`,
    `Braga\t${number(1)}\t\t`,
    `dago\t${number(3)}\t\t`,
    `Sumur\t${number(4)}\t\tkadang`,
  ].join('\n');
  const result = await done(file);
  expect(result.counts).toEqual({ lines: 6, added: 1, updated: 0, same: 0, rejected: 5 });
  expect(result.rejected.map(({ line, reason }) => [line, reason])).toEqual([
    [4, 'OUTLET_NAME_MISSING'],
    [5, 'PHONE_SHORTENED'],
    [6, 'REPEATED'],
    [7, 'OUTLET_NAME_TAKEN'],
    [8, 'FLAG_UNCLEAR'],
  ]);
  expect(result.rejected[4]!.cells).toEqual({ name: 'Sumur', number: number(4), city: '', active: 'kadang' });
  expect((await outlets()).map(({ name }) => name)).toEqual(['Dago']);
});

test('an outlet whose row is hidden is not taken in, and told with what its row says', async () => {
  const file = workbook([
    [['Nama outlet', 'Nomor WA']],
    [['Terlihat', number(1)]],
    [['Tersembunyi', number(2)], 'hidden="1"'],
  ]);
  const { counts, rejected } = await done(file);
  expect(counts).toMatchObject({ lines: 2, added: 1, rejected: 1 });
  expect(rejected).toMatchObject([{ line: 3, reason: 'ROW_HIDDEN', cells: { name: 'Tersembunyi' } }]);
  expect((await outlets()).map(({ name }) => name)).toEqual(['Terlihat']);
});

test('columns are taken as a person says, by header or place, and one that is not there is named', async () => {
  const file = `Kota,Kode,Toko,WA,HP\nBandung,B1,Dago,${number(1)},${number(2)}\n`;
  expect((await done(file, '?look=true&city=0&name=Kode&number=5')).rows).toMatchObject([
    { name: 'B1', number: number(2), city: null },
  ]);
  for (const query of ['?name=Nama', '?city=9', '?name=3&city=3']) {
    expect(await send(file, query)).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  }
  expect(await outlets()).toEqual([]);
});

test('where two columns may hold the numbers it asks, and takes nothing in', async () => {
  const file = `Toko,HP 1,HP 2\nDago,${number(1)},${number(2)}\nRiau,${number(3)},${number(4)}\n`;
  const seen = await done(file, '?look=true');
  expect([seen.numberCandidates, seen.counts.added]).toEqual([[1, 2], 0]);
  expect(await send(file)).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect((await done(file, '?number=HP+1')).counts.added).toBe(2);
});

test('an outlet that is there changes in what the file says of it alone', async () => {
  await done(`Toko,WA,Kota,Label,Aktif\nDago,${number(1)},Bandung,mal,tidak\n`);
  api.facts.length = 0;
  const [before] = await outlets();
  expect((await done(`Toko,WA,Kota\nDago Atas,${number(1)},\n`)).counts).toMatchObject({ added: 0, updated: 1 });
  expect(await outlets()).toEqual([{ ...before, name: 'Dago Atas' }]);
  expect(api.facts).toEqual([{ name: 'outlet.updated', fact: { outletId: before!.id } }]);
});

test.each([
  ['nothing', ''],
  ['a picture', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')],
  ['a quotation mark left open', 'Toko,WA\n"Dago,0812\n'],
])('%s is refused with the reason', async (_, file) => {
  expect(await send(file)).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
});

test('more lines than any chain has outlets are refused, and told how many may come', async () => {
  const file = ['Toko,WA', ...Array.from({ length: 5_001 }, (_, index) => `T${index},${number(index)}`)].join('\n');
  const refused = await send(file, '?look=true', { 'accept-language': 'en' });
  expect(refused).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  const { fields } = (refused.body as { error: { fields: { field: string; message: string }[] } }).error;
  expect(fields).toEqual([{ field: 'file', message: expect.stringContaining('At most 5,000 outlets in one file') }]);
});

test('whatever tags, names and cities there are go out and come in as what they are', async () => {
  const body = {
    name: "'=Toko  Dago",
    city: '-Kota; "Baru"',
    whatsappNumber: number(1),
    tags: ['=a|b', 'c;d', '"e, f"', 'a  b', 'a b', '5" pipa', 'x ::: y', "'", '::: ;', '"'],
  };
  const made = await api.call('POST', '/outlets', { token: admin, body });
  expect(made.status).toBe(201);
  for (const language of ['id', 'en']) {
    const headers = { 'accept-language': language };
    const taken = await api.call('GET', '/outlets/export', { token: admin, headers });
    expect((await done(String(taken.body))).counts).toMatchObject({ lines: 1, same: 1, updated: 0, rejected: 0 });
  }
  const taken = await api.call('GET', '/outlets/export', { token: admin });
  await api.call('DELETE', `/outlets/${(made.body as Outlet).id}`, { token: admin });
  expect((await done(String(taken.body))).counts.added).toBe(1);
  expect((await outlets())[0]!.tags).toEqual(body.tags);
});

test('the past of an outlet tells of a file that added or changed it, and of no other', async () => {
  const file = `Toko,WA,Kota\nDago,${number(1)},Bandung\nRiau,${number(2)},Bandung\n`;
  await done(file, '?look=true');
  await done(file);
  const [dago, riau] = await outlets();
  const imports = async ({ id }: Outlet): Promise<string[]> => {
    const answer = await api.call('GET', `/activity?outletId=${id}`, { token: admin });
    return (answer.body as ActivityPage).items
      .map(({ action }) => action)
      .filter((name) => name === 'outlets.imported');
  };
  expect([await imports(dago!), await imports(riau!)].map(({ length }) => length)).toEqual([1, 1]);
  await done(`Toko,WA,Kota\nDago,${number(1)},Lembang\nRiau,${number(2)},Bandung\n`);
  expect([await imports(dago!), await imports(riau!)].map(({ length }) => length)).toEqual([2, 1]);
});

test('whoever switches an outlet all day is told to stop, by the form and by a file', async () => {
  await done(`Toko,WA\nDago,${number(1)}\n`);
  const { id } = (await outlets())[0]!;
  const person = await api.person('ADMIN');
  const token = await api.token(person);
  for (let press = 0; press < 999; press++) await api.app.get(Presses).take(person.id, id);
  const patch = (body: object): Promise<Answer> => api.call('PATCH', `/outlets/${id}`, { token, body });
  expect((await patch({ isActive: true, city: 'Bandung' })).status).toBe(200);
  expect((await patch({ isActive: false })).status).toBe(200);
  expect(await patch({ isActive: true })).toMatchObject({ status: 429, code: 'TOO_MANY_ATTEMPTS' });
  const body = `Toko,WA,Kota,Aktif\nDago,${number(1)},Lembang,ya\n`;
  const headers = { 'content-type': 'text/csv' };
  expect(await api.call('POST', '/outlets/import', { token, body, headers })).toMatchObject({ status: 429 });
  expect(await outlets()).toMatchObject([{ isActive: false, city: 'Bandung' }]);
  expect((await patch({ isActive: false, city: 'Lembang' })).status).toBe(200);
  expect((await done(body)).counts.updated).toBe(1);
});

test('staff import none, and take out their own alone', async () => {
  await done(`Toko,WA\n=Dago,${number(1)}\nRiau,${number(2)}\n`);
  const mine = (await outlets()).find(({ name }) => name === '=Dago')!;
  const user = await api.token(await api.person('USER', [mine.id]));
  const body = `Toko,WA\nBraga,${number(3)}\n`;
  const headers = { 'content-type': 'text/csv' };
  expect(await api.call('POST', '/outlets/import', { token: user, body, headers })).toMatchObject({ status: 403 });
  const taken = await api.call('GET', '/outlets/export', { token: user });
  expect(String(taken.body)).toContain("'=Dago");
  expect(String(taken.body)).not.toContain('Riau');
});
