import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ImportPreview, ImportResult } from '@koneksi/contracts/contact-import';
import type { Contact, ContactPage } from '@koneksi/contracts/contacts';
import type { Outlet } from '@koneksi/contracts/outlets';
import { TestApi, type Answer } from '../../../test/support/test-api.js';
import { ContactImportsService } from './contact-imports.service.js';

let api: TestApi;
let mine: Outlet;
let user: string;

beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  mine = await api.outlet();
  user = await api.token(await api.person('USER', [mine.id]));
});

const CSV = { 'content-type': 'text/csv' };
const send = (path: string, csv: string | Buffer, headers: Record<string, string> = CSV): Promise<Answer> =>
  api.call('POST', `/outlets/${mine.id}/contacts/${path}`, { token: user, body: csv, headers });
const preview = async (csv: string | Buffer): Promise<ImportPreview> => {
  const answer = await send('imports', csv);
  expect(answer.status).toBe(201);
  return answer.body as ImportPreview;
};
const commit = (id: string): Promise<Answer> =>
  api.call('POST', `/outlets/${mine.id}/contacts/imports/${id}/commit`, { token: user });
const contacts = async (): Promise<Pick<Contact, 'phone' | 'name' | 'fields' | 'tags'>[]> => {
  const answer = await api.call('GET', `/outlets/${mine.id}/contacts?limit=200`, { token: user });
  return (answer.body as ContactPage).contacts.map(({ phone, name, fields, tags }) => ({ phone, name, fields, tags }));
};
const faults = (answer: Answer): unknown =>
  (answer.body as { error: { fields?: { field: string }[] } }).error.fields?.map(({ field }) => field);

const MESSY = [
  'No;Nama;No. HP;Kota;Tag',
  '1;Ibu Sari;0812-3456-7890;Bandung;VIP, lama',
  '2;Pak Budi;81999888777;;',
  '3;Terpotong;6,28123E+12;Jakarta;',
  '',
  '4;Utuh;6,28123456789E+11;;',
  '5;"Toko ""Maju""',
  'Cabang 2";+62 857 1111 2222;;',
  '6;Sari lagi;6281234567890;;',
  '7;Kosong;;;',
  ';;;;',
  '8;Salah;bukan nomor;;',
].join('\r\n');

test('a preview counts the lines it leaves out for naming a landline alone', async () => {
  const seen = await preview('Nama;No HP\nKantor;(021) 555-1234\nSari;0812-3456-7891\nTan;+6591234567');
  expect(seen.landlines).toBe(1);
  expect(seen.counts).toMatchObject({ added: 2, rejected: 1 });
  expect(seen.rejected).toMatchObject([{ line: 2, value: '(021) 555-1234', reason: 'PHONE_LANDLINE' }]);
});

test('a preview says what would be, imports nothing, and names every line it rejects', async () => {
  const seen = await preview(MESSY);
  expect(seen).toMatchObject({ encoding: 'UTF-8', delimiter: ';' });
  expect(seen.columns.map(({ header, as }) => [header, as.use])).toEqual([
    ['No', 'ignore'],
    ['Nama', 'name'],
    ['No. HP', 'phone'],
    ['Kota', 'field'],
    ['Tag', 'tags'],
  ]);
  expect(seen.counts).toEqual({ lines: 8, added: 4, updated: 0, same: 0, rejected: 4 });
  expect(seen.rows.map(({ line, phone, name, outcome }) => [line, phone, name, outcome])).toEqual([
    [2, '6281234567890', 'Ibu Sari', 'ADDED'],
    [3, '6281999888777', 'Pak Budi', 'ADDED'],
    [6, '628123456789', 'Utuh', 'ADDED'],
    [7, '6285711112222', 'Toko "Maju" Cabang 2', 'ADDED'],
  ]);
  expect(seen.rejected.map(({ line, value, reason }) => [line, value, reason])).toEqual([
    [4, '6,28123E+12', 'PHONE_SHORTENED'],
    [9, '6281234567890', 'REPEATED'],
    [10, '', 'PHONE_MISSING'],
    [12, 'bukan nomor', 'PHONE_INVALID'],
  ]);
  expect(seen.rejected[3]!.message).toBe('Bukan nomor HP yang sah.');
  expect(await contacts()).toEqual([]);

  const result = (await commit(seen.id)).body as ImportResult;
  expect(result).toEqual({ counts: seen.counts, optOuts: 0, dropped: [], rejected: seen.rejected });
  expect(await contacts()).toEqual([
    { phone: '6281234567890', name: 'Ibu Sari', fields: { kota: 'Bandung' }, tags: ['vip', 'lama'] },
    { phone: '6281999888777', name: 'Pak Budi', fields: {}, tags: [] },
    { phone: '6285711112222', name: 'Toko "Maju" Cabang 2', fields: {}, tags: [] },
    { phone: '628123456789', name: 'Utuh', fields: {}, tags: [] },
  ]);
  expect(await commit(seen.id)).toMatchObject({ status: 404, code: 'IMPORT_NOT_FOUND' });
});

test('an import adds to what is known and takes nothing away', async () => {
  await send('import', 'hp,nama,tag,kota,poin\n081234567890,Sari,vip,Bandung,10\n081234567891,Budi,,,\n');
  const before = await contacts();
  const seen = await preview('hp,nama,tag,poin\n081234567890,,baru,20\n081234567891,Budi,,\n081234567892,Cici,,\n');
  expect(seen.rows.map(({ outcome }) => outcome)).toEqual(['UPDATED', 'SAME', 'ADDED']);
  expect(seen.counts).toMatchObject({ added: 1, updated: 1, same: 1, rejected: 0 });
  expect((await commit(seen.id)).body).toMatchObject({ counts: seen.counts });
  const after = await contacts();
  expect(after).toContainEqual({
    phone: '6281234567890',
    name: 'Sari',
    fields: { kota: 'Bandung', poin: '20' },
    tags: ['vip', 'baru'],
  });
  expect(after).toContainEqual(before.find(({ name }) => name === 'Budi'));
});

const bytes = (text: string, encoding: 'latin1' | 'utf16le'): Buffer => Buffer.from(text, encoding);

test.each<[string, string | Buffer, Partial<ImportPreview>, string]>([
  ['with a byte order mark', '\ufeffnama,hp\nSári,081234567890\n', { encoding: 'UTF-8', delimiter: ',' }, 'Sári'],
  ['in Windows-1252', bytes('nama;hp\nS\xe1ri;081234567890\n', 'latin1'), { encoding: 'Windows-1252' }, 'Sári'],
  [
    "as Excel's Unicode text",
    bytes('\ufeffnama\thp\nSári\t081234567890\n', 'utf16le'),
    { encoding: 'UTF-16', delimiter: '\t' },
    'Sári',
  ],
  ['that names its delimiter', 'sep=;\nnama;hp\nSari, Ibu;081234567890\n', { delimiter: ';' }, 'Sari, Ibu'],
  ['of old Macs', 'nama,hp\rSari,081234567890\r', { delimiter: ',' }, 'Sari'],
  ['without headers', 'Sari,081234567890', { delimiter: ',' }, 'Sari'],
  ['with unequal lines', 'nama,hp\nSari,081234567890,x,y\n', {}, 'Sari'],
  ['with stray quotes', 'nama,hp\nToko "A" Jaya,081234567890\n', {}, 'Toko "A" Jaya'],
])('a file %s is read', async (_, csv, expected, name) => {
  const seen = await preview(csv);
  expect(seen).toMatchObject(expected);
  expect(seen.rows).toEqual([expect.objectContaining({ phone: '6281234567890', name })]);
});

test.each(['nama,hp', 'nama ,hp'])('an emoji is whole wherever in a long file it stands (%j)', async (headers) => {
  const names = Array.from({ length: 4_000 }, (_, index) => `${'🙂'.repeat(36)}${index}`);
  await send('import', `${headers}\n${names.map((name, index) => `${name},0812${10_000_000 + index}`).join('\n')}\n`);
  const rows = await api.database.dataSource.query<{ name: string }[]>(
    'SELECT name FROM contacts WHERE outlet_id = $1 ORDER BY number',
    [mine.id],
  );
  expect(rows.map(({ name }) => name)).toEqual(names);
});

test('in a file that names its delimiter, lines count as an editor counts them', async () => {
  expect((await preview('sep=;\r\nnama;hp\r\nSari;x\r\n')).rejected).toMatchObject([{ line: 3 }]);
});

test.each<[string, string | Buffer, string[]]>([
  ['nothing', '', ['file']],
  ['blanks', '\n \n;;\n', ['file']],
  ['a workbook', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 8, 0]), ['file']],
  ['a quotation mark left open', 'nama,hp\n"Sari,081234567890\nBudi,081\n', ['file']],
])('%s is refused', async (_, csv, fields) => {
  const answer = await send('imports', csv);
  expect(answer).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect(faults(answer)).toEqual(fields);
});

test('what is too large is refused by name, in bytes and in lines, plain and as a form', async () => {
  const large = Buffer.alloc(10_000_001, 'a');
  expect(await send('imports', large)).toMatchObject({ status: 413, code: 'IMPORT_TOO_LARGE' });
  const form = new FormData();
  form.set('file', new Blob([large]));
  expect(await send('imports', form as never, {})).toMatchObject({ status: 413, code: 'IMPORT_TOO_LARGE' });
  expect(await send('import', '0\n'.repeat(100_002))).toMatchObject({ status: 413, code: 'IMPORT_TOO_LARGE' });
  expect(await send('import', '{}', { 'content-type': 'application/json' })).toMatchObject({
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  });
});

test('a form with a file is taken like the file itself', async () => {
  const form = new FormData();
  form.set('file', new Blob(['nama,hp\nSari,081234567890\nBudi,x\n'], { type: 'text/csv' }), 'pelanggan.csv');
  const answer = await send('import', form as never, {});
  expect(answer).toMatchObject({ status: 200, body: { counts: { lines: 2, added: 1, rejected: 1 } } });
});

test('people say what the columns mean where we guess wrong', async () => {
  const seen = await preview('a,b,c\nSari,x,y\n');
  expect(seen.columns.map(({ as }) => as.use)).not.toContain('phone');
  expect(seen.counts).toEqual({ lines: 1, added: 0, updated: 0, same: 0, rejected: 0 });
  const refused = await commit(seen.id);
  expect(refused).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect(faults(refused)).toEqual(['columns']);

  const other = await preview('Nama,HP,Nomor Kantor\nSari,081234567890,0811555123\n');
  const choose = (columns: object[], id = other.id): Promise<Answer> =>
    api.call('POST', `/outlets/${mine.id}/contacts/imports/${id}/preview`, { token: user, body: { columns } });
  expect(faults(await choose([{ use: 'phone' }]))).toEqual(['columns']);
  expect(faults(await choose([{ use: 'phone' }, { use: 'phone' }, { use: 'ignore' }]))).toEqual(['columns.1']);
  expect(faults(await choose([{ use: 'ignore' }, { use: 'ignore' }, { use: 'ignore' }]))).toEqual(['columns']);
  const chosen = await choose([{ use: 'field', field: 'sapaan' }, { use: 'ignore' }, { use: 'phone' }]);
  expect(chosen).toMatchObject({
    status: 200,
    body: { id: other.id, rows: [{ phone: '62811555123', name: null, fields: { sapaan: 'Sari' } }] },
  });
  await commit(other.id);
  expect(await contacts()).toEqual([{ phone: '62811555123', name: null, fields: { sapaan: 'Sari' }, tags: [] }]);
});

test('an import that fails halfway leaves nothing behind, and can be tried again', async () => {
  const lines = Array.from({ length: 6_000 }, (_, index) => `N${index},08123${String(index).padStart(6, '0')}`);
  const seen = await preview(`nama,hp\n${lines.join('\n')}\n`);
  const { dataSource } = api.database;
  await dataSource.query(`ALTER TABLE contacts ADD CONSTRAINT nobody_is_n5999 CHECK (name <> 'N5999')`);
  expect(await commit(seen.id)).toMatchObject({ status: 500 });
  expect(await contacts()).toEqual([]);
  await dataSource.query('ALTER TABLE contacts DROP CONSTRAINT nobody_is_n5999');
  expect((await commit(seen.id)).body).toMatchObject({ counts: { added: 6_000 } });
});

test('of two who import one preview at once, one does', async () => {
  const seen = await preview('nama,hp\nSari,081234567890\n');
  const answers = await Promise.all([commit(seen.id), commit(seen.id)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
});

test('a preview is forgotten after an hour, when replaced, and when discarded', async () => {
  const first = await preview('hp\n081234567890\n');
  const second = await preview('hp\n081234567891\n');
  expect(await commit(first.id)).toMatchObject({ code: 'IMPORT_NOT_FOUND' });
  const discard = () => api.call('DELETE', `/outlets/${mine.id}/contacts/imports/${second.id}`, { token: user });
  expect((await discard()).status).toBe(204);
  expect(await discard()).toMatchObject({ status: 404, code: 'IMPORT_NOT_FOUND' });
  const third = await preview('hp\n081234567892\n');
  api.clock.skip(3_600_001);
  expect(await commit(third.id)).toMatchObject({ code: 'IMPORT_NOT_FOUND' });
  await api.app.get(ContactImportsService).forgetExpired();
  expect(await api.database.dataSource.query('SELECT id FROM contact_imports')).toEqual([]);
  expect(await contacts()).toEqual([]);
});

test('a preview belongs to its outlet', async () => {
  const seen = await preview('hp\n081234567890\n');
  const stranger = await api.outlet();
  const token = await api.token(await api.person('USER', [stranger.id]));
  const path = (outlet: Outlet): string => `/outlets/${outlet.id}/contacts/imports/${seen.id}/commit`;
  expect(await api.call('POST', path(mine), { token })).toMatchObject({ status: 404, code: 'OUTLET_NOT_FOUND' });
  expect(await api.call('POST', path(stranger), { token })).toMatchObject({ status: 404, code: 'IMPORT_NOT_FOUND' });
  expect((await commit(seen.id)).status).toBe(200);
});

const POLYGLOT = [
  { phone: '6281234567801', name: '=HYPERLINK("http://evil.example";"x")', fields: { kota: '@SUM(A1)' }, tags: ['-1'] },
  { phone: '6281234567802', name: "'=1+1", fields: { wa: '+62 812', tgl: '1,5; "x"' }, tags: ['vip', 'a b'] },
  { phone: '6281234567803', name: '+cmd|calc', fields: {}, tags: [] },
  { phone: '6591234567', name: 'O\'Neil; "Jr", \'x', fields: { hp: '0215551234' }, tags: ['lama'] },
  { phone: '62811555124', name: null, fields: { kota: '-' }, tags: [] },
];

test.each(['id', 'en'])('an export (%s) executes nowhere, and imports as exactly what it was', async (language) => {
  for (const body of POLYGLOT) {
    expect(
      (
        await api.call('POST', `/outlets/${mine.id}/contacts`, {
          token: user,
          body: { ...body, phone: `+${body.phone}` },
        })
      ).status,
    ).toBe(201);
  }
  const before = await contacts();
  const answer = await api.call('GET', `/outlets/${mine.id}/contacts/export`, {
    token: user,
    headers: { 'accept-language': language },
  });
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const csv = answer.body as string;
  const delimiter = language === 'id' ? ';' : ',';
  const starts = csv.split('\r\n').flatMap((line) => line.split(delimiter).map((cell) => cell.replace(/^"/, '')[0]));
  for (const risky of ['=', '+', '@', '-', '\t', '\0']) expect(starts).not.toContain(risky);

  const again = await preview(`\ufeff${csv.replace(/^\ufeff/, '')}`);
  expect(again.rejected).toEqual([]);
  expect(again.counts).toMatchObject({ same: POLYGLOT.length, added: 0, updated: 0 });
  await api.call('POST', `/outlets/${mine.id}/contacts/delete`, { token: user, body: { matching: {} } });
  expect((await commit(again.id)).body).toMatchObject({ counts: { added: POLYGLOT.length } });
  expect(await contacts()).toEqual(before);
});

const FAMILY = 'Nama;HP Ayah;HP Ibu\nRina;081110000011;081110000012\nBayu;081110000013;081110000014\n';

test('a file whose column of numbers is in doubt is asked about, and never imported unseen', async () => {
  const seen = await preview(FAMILY);
  expect(seen.phoneColumn).toEqual({ sure: false, candidates: [1, 2] });
  expect(seen.counts.added).toBe(0);
  expect(await commit(seen.id)).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });

  const refused = await send('import', FAMILY);
  expect(refused).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  const [fault] = (refused.body as { error: { fields: { field: string; message: string }[] } }).error.fields;
  expect(fault).toMatchObject({ field: 'phone' });
  expect(fault!.message).toMatch(/HP Ayah.*HP Ibu/);
  expect(await send('import?phone=HP%20Nenek', FAMILY)).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect(await contacts()).toEqual([]);

  expect(await send('import?phone=hp%20ibu', FAMILY)).toMatchObject({ status: 200, body: { counts: { added: 2 } } });
  expect(await send('import?phone=2', FAMILY)).toMatchObject({ status: 200, body: { counts: { added: 2 } } });
  expect((await contacts()).map(({ phone }) => phone).sort()).toEqual([
    '6281110000011',
    '6281110000012',
    '6281110000013',
    '6281110000014',
  ]);
});

test('delimiter, encoding and line of headers can be said at once and afterwards', async () => {
  const text = 'Laporan,Januari\nNama,Isi\nRina,08111000021\n';
  expect(await send('import?headerLine=2&delimiter=,&encoding=UTF-8', text)).toMatchObject({ status: 200 });
  expect(await send('import?delimiter=x', text)).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  const seen = await preview('a;b\nNama;HP\nBayu;08111000022\n');
  const again = await api.call('POST', `/outlets/${mine.id}/contacts/imports/${seen.id}/preview`, {
    token: user,
    body: { reading: { headerLine: 1 } },
  });
  expect(again.body).toMatchObject({ headerLine: 1, counts: { lines: 2 } });
  expect((await commit(seen.id)).body).toMatchObject({ counts: { lines: 2, added: 1, rejected: 1 } });
});

test('who wanted no messages before is imported as such, by whom and from where', async () => {
  const seen = await preview('Nama,No HP,Unsubscribed\nRina,08111000031,No\nBayu,08111000032,Yes\n');
  expect(seen.columns[2]!.as).toEqual({ use: 'opted-out', when: 'yes' });
  expect(seen).toMatchObject({ optOuts: 1, rows: [{ optedOut: false }, { optedOut: true }] });
  expect((await commit(seen.id)).body).toMatchObject({ optOuts: 1, counts: { added: 2 } });
  const answer = await api.call('GET', '/opt-outs/08111000032', { token: user });
  expect(answer.body).toMatchObject({
    optedOut: true,
    ledger: [{ action: 'OPT_OUT', means: 'IMPORT', outletName: mine.name, keyword: null }],
  });
  const again = await preview('Nama,No HP,Unsubscribed\nBayu,08111000032,Yes\n');
  expect((await commit(again.id)).body).toMatchObject({ optOuts: 0, counts: { same: 1 } });
});
