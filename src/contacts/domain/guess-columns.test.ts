import { expect, test } from '@jest/globals';
import { fieldNameOf } from '@koneksi/contracts/field-name';
import { guessDelimiter } from './delimiter.js';
import { guessColumns, isHeader } from './guess-columns.js';

const WA = '081234567890';
const brief = (headers: string[] | null, ...rows: string[][]): string[] =>
  guessColumns(headers, rows, headers?.length ?? rows[0]!.length).map((as) => (as.use === 'field' ? as.field : as.use));

test.each([
  [
    ['Nama', 'No HP'],
    ['Sari', WA],
    ['name', 'phone'],
  ],
  [
    ['No', 'Nama', 'No. WA', 'Kota'],
    ['1', 'Sari', WA, 'Bandung'],
    ['ignore', 'name', 'phone', 'kota'],
  ],
  [
    ['nomor', 'nama'],
    [WA, 'Sari'],
    ['phone', 'name'],
  ],
  [
    ['Nama Lengkap', 'Nomor WhatsApp', 'Tag'],
    ['Sari', WA, 'vip'],
    ['name', 'phone', 'tags'],
  ],
  [
    ['Full Name', 'Mobile Phone', 'Labels'],
    ['Sari', WA, 'vip'],
    ['name', 'phone', 'tags'],
  ],
  [
    ['Telepon', 'WA', 'Nama'],
    ['0215551234', WA, 'Sari'],
    ['telepon', 'phone', 'name'],
  ],
  [
    ['HP', 'WA', 'Nama'],
    [WA, '', 'Sari'],
    ['phone', 'wa', 'name'],
  ],
  [
    ['Pelanggan', 'Kontak', 'Kategori'],
    ['Sari', WA, 'baru'],
    ['name', 'phone', 'tags'],
  ],
  [
    ['Kode', 'Isi'],
    ['A1', WA],
    ['kode', 'phone'],
  ],
  [
    ['Nama', 'Kode Member', 'Kode-Member', 'hp'],
    ['S', 'A', 'B', WA],
    ['name', 'kode_member', 'ignore', 'phone'],
  ],
  [
    ['No', 'Nama'],
    ['1', 'Sari'],
    ['ignore', 'name'],
  ],
  [
    ['nomor_wa', 'nama', 'tag', 'hp', 'wa'],
    [WA, 'S', '', WA, WA],
    ['phone', 'name', 'tags', 'hp', 'wa'],
  ],
])('%j over %j means %j', (headers, row, meant) => {
  expect(brief(headers, row)).toEqual(meant);
});

test('without headers the numbers tell', () => {
  expect(brief(null, ['Sari', WA], ['Budi', '6.28123E+12'])).toEqual(['name', 'phone']);
  expect(brief(null, [WA], [WA])).toEqual(['phone']);
  expect(brief(null, ['x', 'y'])).not.toContain('phone');
});

test.each([
  [['Nama', 'No HP'], true],
  [['Sari', WA], false],
  [['Sari', '6.28123E+12'], false],
  [['Sari', '08123'], false],
  [['1', 'Sari'], true],
])('%j is a line of headers: %s', (record, expected) => {
  expect(isHeader(record)).toBe(expected);
});

test.each([
  ['Kode Member', 'kode_member'],
  ['  Tgl. Lahir ', 'tgl_lahir'],
  ['2nd Phone', 'nd_phone'],
  ['Nama', null],
  ['123', null],
  ['', null],
])('%j names the field %j', (header, field) => {
  expect(fieldNameOf(header)).toBe(field);
});

test.each([
  ['nama;hp\nSari;081\n', ';'],
  ['nama,hp\n"Sari; Budi",081\n', ','],
  ['nama\thp\nSari, Ibu\t081\n', '\t'],
  ['nama|hp\nSari|081\n', '|'],
  ['hp\n081\n', ','],
  ['nama;alamat;hp\nSari;"Jl. A, No. 1, Bandung";081\nBudi;Jl. B, No. 2;082\n', ';'],
  ['', ','],
])('%j is divided by %j', (text, delimiter) => {
  expect(guessDelimiter(text)).toBe(delimiter);
});
