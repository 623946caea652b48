import { expect, test } from '@jest/globals';
import type { OutletField } from '@koneksi/contracts/outlet-import';
import type { Outlet } from '@koneksi/contracts/outlets';
import { planImport } from './import-plan.js';
import { guessOutletColumns } from './outlet-columns.js';
import { readOutletLine, type OutletDraft } from './outlet-line.js';

const columns = (headers: string[] | null, ...rows: string[][]): (OutletField | null)[] =>
  guessOutletColumns(headers, rows, rows[0]?.length ?? headers?.length ?? 0).uses;

test.each<[string, string[], string[], (OutletField | null)[]]>([
  ['our own export', ['nama_outlet', 'nomor_wa', 'kota', 'label', 'aktif', 'sambung_otomatis'], ['Dago', '0812-1111-0001', 'Bandung', 'mal', 'ya', 'ya'], ['name', 'number', 'city', 'tags', 'active', 'autoReconnect']], // prettier-ignore
  ['our own in English', ['outlet_name', 'whatsapp_number', 'city', 'tags', 'active', 'auto_reconnect'], ['Dago', '0812-1111-0001', 'Bandung', '', 'yes', 'no'], ['name', 'number', 'city', 'tags', 'active', 'autoReconnect']], // prettier-ignore
  ['a list of a head office', ['No', 'Kode', 'Nama Cabang', 'Kota/Kabupaten', 'No. WhatsApp', 'Alamat'], ['1', 'BDG-01', 'Dago', 'Bandung', '081211110001', 'Jl. Dago 1'], [null, null, 'name', 'city', 'number', null]], // prettier-ignore
  ['names beside a column of outlets', ['Nama', 'Outlet', 'HP'], ['Rina', 'Dago', '081211110001'], [null, 'name', 'number']], // prettier-ignore
  ['groups of regions', ['Store Name', 'Phone', 'Region', 'Group'], ['Dago', '+62 812-1111-0001', 'West', 'Mall'], ['name', 'number', 'city', 'tags']], // prettier-ignore
])('columns of %s', (_, headers, row, uses) => {
  expect(columns(headers, row)).toEqual(uses);
});

test('without headers the numbers and the first words', () => {
  expect(columns(null, ['1', 'Dago', '081211110001'], ['2', 'Setiabudi', '0812 1111 0002'])).toEqual([
    null,
    'name',
    'number',
  ]);
});

test.each<[Partial<Record<OutletField, string>>, object]>([
  [
    { number: '0812-1111-0001', name: ' Toko \n Dago ' },
    { number: '6281211110001', name: 'Toko Dago' },
  ],
  [
    { number: '(021) 555-1234', name: 'Kantor' },
    { number: '62215551234', name: 'Kantor' },
  ],
  [
    { number: "'+62 812 1111 0001", name: "'=Dago" },
    { number: '6281211110001', name: '=Dago' },
  ],
  [{ number: '081211110001', city: '', tags: 'Mal, mal; drive-thru', active: 'TIDAK', autoReconnect: '✓' }, { number: '6281211110001', tags: ['Mal', 'drive-thru'], isActive: false, autoReconnect: true }], // prettier-ignore
])('a line %j', (cells, draft) => {
  expect(readOutletLine(cells)).toEqual({ draft });
});

test.each<[Partial<Record<OutletField, string>>, string]>([
  [{ number: '', name: 'Dago' }, 'PHONE_MISSING'],
  [{ number: '6.28121E+12' }, 'PHONE_SHORTENED'],
  [{ number: '0812****0001' }, 'PHONE_MASKED'],
  [{ number: '0812 1111 0001 / 0812 1111 0002' }, 'SEVERAL_PHONES'],
  [{ number: 'belum ada' }, 'OUTLET_NUMBER_INVALID'],
  [{ number: '081211110001', name: 'x'.repeat(81) }, 'OUTLET_NAME_WRONG'],
  [{ number: '081211110001', city: 'x'.repeat(61) }, 'OUTLET_CITY_WRONG'],
  [{ number: '081211110001', tags: 'a,b,c,d,e,f,g,h,i,j,k' }, 'OUTLET_TAGS_WRONG'],
  [{ number: '081211110001', tags: 'x'.repeat(31) }, 'OUTLET_TAGS_WRONG'],
  [{ number: '081211110001', active: 'kadang' }, 'FLAG_UNCLEAR'],
])('a line %j is not taken: %s', (cells, reason) => {
  expect(readOutletLine(cells)).toEqual({ reason });
});

const outlet = (name: string, whatsappNumber: string, more: Partial<Outlet> = {}): Outlet => ({
  id: `id of ${whatsappNumber}`,
  name,
  whatsappNumber,
  isActive: true,
  autoReconnect: true,
  city: null,
  tags: [],
  ...more,
});
const plan = (existing: Outlet[], ...drafts: OutletDraft[]) =>
  planImport(
    drafts.map((draft, index) => ({ line: index + 2, draft })),
    existing,
  );

test('an outlet is known by its number: what is said of it changes, what is left empty stays', () => {
  const dago = outlet('Dago', '1', { city: 'Bandung', tags: ['mal'], isActive: false });
  const { adds, updates, rows } = plan([dago], { number: '1', name: 'Dago Atas' }, { number: '2', name: 'Baru' });
  expect(updates).toEqual([{ id: dago.id, change: { name: 'Dago Atas' } }]);
  expect(adds).toEqual([
    { name: 'Baru', whatsappNumber: '2', isActive: true, autoReconnect: true, city: null, tags: [] },
  ]);
  expect(rows.map(({ outlet: { outcome, city } }) => [outcome, city])).toEqual([
    ['UPDATED', 'Bandung'],
    ['ADDED', null],
  ]);
});

test('what an import made is all the same to the next', () => {
  const drafts: OutletDraft[] = [
    { number: '1', name: 'Dago', city: 'Bandung', tags: ['mal', 'besar'], isActive: false },
    { number: '2', name: 'Setiabudi' },
  ];
  const made = plan([], ...drafts).adds.map((added, index) => ({ ...added, id: String(index) }));
  const again = plan(made, ...drafts);
  expect(again).toMatchObject({ adds: [], updates: [], rejected: [] });
  expect(again.rows.map(({ outlet: { outcome } }) => outcome)).toEqual(['SAME', 'SAME']);
});

test('no two outlets of one name come of a file, and none without one', () => {
  const { rejected, adds } = plan(
    [outlet('Dago', '1'), outlet('Riau', '3')],
    { number: '2', name: 'dago' },
    { number: '4', name: 'Braga' },
    { number: '5', name: ' BRAGA ' },
    { number: '6' },
    { number: '4', name: 'Braga lagi' },
  );
  expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([
    [2, 'OUTLET_NAME_TAKEN'],
    [4, 'OUTLET_NAME_TAKEN'],
    [5, 'OUTLET_NAME_MISSING'],
    [6, 'REPEATED'],
  ]);
  expect(adds.map(({ whatsappNumber }) => whatsappNumber)).toEqual(['4']);
});

test('no update brings a name that another outlet keeps, and two may trade theirs', () => {
  const [dago, riau, braga] = [outlet('Dago', '1'), outlet('Riau', '3'), outlet('Braga', '5')];
  const reasons = (...drafts: OutletDraft[]) => {
    const { rejected, rows } = plan([dago, riau, braga], ...drafts);
    const names = new Map([dago, riau, braga].map(({ whatsappNumber, name }) => [whatsappNumber, name]));
    for (const { outlet: row } of rows) names.set(row.whatsappNumber, row.name);
    expect(new Set([...names.values()].map((name) => name.toLowerCase())).size).toBe(names.size);
    return rejected.map(({ line, reason }) => `${line} ${reason}`).sort();
  };
  expect(reasons({ number: '1', name: ' riau' })).toEqual(['2 OUTLET_NAME_TAKEN']);
  expect(reasons({ number: '1', name: 'Riau' }, { number: '3', city: 'Bandung' })).toEqual(['2 OUTLET_NAME_TAKEN']);
  expect(reasons({ number: '1', name: 'DAGO' })).toEqual([]);
  expect(reasons({ number: '1', name: 'Riau' }, { number: '3', name: 'Dago' })).toEqual([]);
  const ring: OutletDraft[] = [
    { number: '1', name: 'Riau' },
    { number: '3', name: 'Braga' },
    { number: '7', name: 'Dago' },
  ];
  // Braga keeps its name, so nobody else of them gets one.
  expect(reasons(...ring)).toEqual(['2 OUTLET_NAME_TAKEN', '3 OUTLET_NAME_TAKEN', '4 OUTLET_NAME_TAKEN']);
  expect(reasons(...ring, { number: '5', name: 'Sumur' })).toEqual([]);
  expect(reasons(...ring, { number: '1', name: 'Lain' })).toEqual(['2 OUTLET_NAME_TAKEN', '3 OUTLET_NAME_TAKEN']);
  expect(reasons({ number: '7', name: 'Baru' }, { number: '1', name: 'baru' })).toEqual(['3 OUTLET_NAME_TAKEN']);
});

test('of a number the first line that can be taken is taken', () => {
  const { rejected, adds } = plan(
    [outlet('Dago', '1')],
    { number: '2', city: 'Bandung' },
    { number: '2', name: 'dago' },
    { number: '2', name: 'Baru' },
    { number: '2', name: 'Baru sekali' },
    { number: '4' },
    { number: '4' },
  );
  expect(adds.map(({ name }) => name)).toEqual(['Baru']);
  expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([
    [2, 'OUTLET_NAME_MISSING'],
    [3, 'OUTLET_NAME_TAKEN'],
    [5, 'REPEATED'],
    [6, 'OUTLET_NAME_MISSING'],
    [7, 'OUTLET_NAME_MISSING'],
  ]);
});

test('blanks side by side are no change', () => {
  const dago = outlet('Toko  Dago', '1', { city: 'Kota\u00a0 Baru' });
  expect(plan([dago], { number: '1', name: 'Toko Dago', city: 'Kota Baru' }).updates).toEqual([]);
});

test('a name that its outlet gives up in the same file is free', () => {
  const { rejected, updates, adds } = plan(
    [outlet('Dago', '1')],
    { number: '2', name: 'Dago' },
    { number: '1', name: 'Dago Lama' },
  );
  expect([rejected, updates.length, adds.length]).toEqual([[], 1, 1]);
});
