import { expect, test } from '@jest/globals';
import { fieldNameOf } from '@koneksi/contracts/field-name';
import { guessDelimiter } from '../../spreadsheets/domain/delimiter.js';
import { guessColumns } from './guess-columns.js';
import { findHeader } from '../../spreadsheets/domain/header-line.js';

const WA = '081234567890';
const brief = (headers: string[] | null, ...rows: string[][]): string[] =>
  guessColumns(headers, rows, headers?.length ?? rows[0]!.length).uses.map((as) =>
    as.use === 'field' ? as.field : as.use,
  );

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
  expect(findHeader([record]).header === 0).toBe(expected);
});

const B = '081299988877';
const guessed = (headers: string[] | null, ...rows: string[][]): [number | null, boolean, number[]] => {
  const { column, sure, candidates } = guessColumns(headers, rows, headers?.length ?? rows[0]!.length).phone;
  return [column, sure, candidates];
};

test.each<[string, string[] | null, string[][], number | null, boolean, number[]]>([
  ['codes beside a number', ['Kode Member', 'Nama', 'No. HP / WA'], [['10000123', 'Rina', WA]], 2, true, [2]],
  [
    'codes that are like numbers',
    ['No Anggota', 'Kode Kartu', 'Contact Number'],
    [['1', '81234567890', WA]],
    2,
    true,
    [2],
  ],
  ['an account beside a number', ['No Rekening', 'Nomor HP Pembeli'], [['8120123456', WA]], 1, true, [1]],
  ['an account alone', ['Nama', 'No Rekening'], [['Sari', '8120123456']], null, false, [1]],
  ['amounts beside masked numbers', ['Total', 'No. Telepon'], [['1.250.000', '62*******01']], 1, true, [1]],
  ['two that qualify', ['Nama', 'HP Ayah', 'HP Ibu'], [['Rina', WA, B]], null, false, [1, 2]],
  ['two of one kind', ['No HP 1', 'No HP 2', 'Nama'], [[WA, B, 'Rina']], null, false, [0, 1]],
  ['mobile and phone', ['Phone', 'Mobile'], [[WA, B]], null, false, [1, 0]],
  ['WhatsApp beside a phone', ['No HP', 'No WA', 'Nama'], [[WA, B, 'Rina']], 1, true, [1]],
  ['the same numbers twice', ['Telepon', 'HP'], [[WA, `+${WA.replace(/^0/, '62')}`]], 1, true, [1]],
  ['an office beside a mobile', ['Telp Kantor', 'HP'], [[B, WA]], 1, true, [1]],
  ['two without headers', null, [['Sari', WA, B]], null, false, [1, 2]],
  ['foreign digits without a telling header', ['Nama', 'X'], [['Wei', '6591234567']], null, false, [1]],
  ['foreign digits under one', ['Nama', 'Phone'], [['Wei', '6591234567']], 1, true, [1]],
  ['kinds of phones', ['Tipe HP', 'Merk HP', 'Kontak'], [['A15', 'Galaxy', WA]], 2, true, [2]],
  ['nothing', ['Nama', 'Kota'], [['Sari', 'Bandung']], null, true, []],
])('%s: the column of numbers, and whether that is certain', (_, headers, rows, column, sure, candidates) => {
  expect(guessed(headers, ...rows)).toEqual([column, sure, candidates]);
});

test.each([
  [
    ['Nama', 'HP', 'Unsubscribed', 'Opt Out', 'Status'],
    [
      ['A', WA, 'No', 'Tidak', 'enabled'],
      ['B', B, 'Yes', 'Ya', 'blocklisted'],
    ],
    3,
  ],
  [
    ['Nama', 'HP', 'AllowBroadcast'],
    [
      ['A', WA, 'TRUE'],
      ['B', B, 'FALSE'],
    ],
    1,
  ],
  [
    ['Nama', 'HP', 'Status'],
    [
      ['A', WA, 'Selesai'],
      ['B', B, 'Dikirim'],
    ],
    0,
  ],
  [
    ['Nama', 'HP', 'Langganan', 'Blocked', 'Newsletter', 'Mau Promo', 'Marketing SMS'],
    [
      ['A', WA, 'Ya', '0', 'Aktif', 'ya', 'yes'],
      ['B', B, 'Tidak', '1', 'Nonaktif', 'tidak', 'no'],
    ],
    5,
  ],
  [
    ['Nama', 'HP', 'contact_status', 'Keterangan'],
    [
      ['A', WA, 'valid', 'pelanggan lama'],
      ['B', B, 'blacklist', 'STOP'],
    ],
    2,
  ],
  [
    ['Nama', 'HP', 'Keterangan', 'Marketing'],
    [
      ['A', WA, 'pelanggan lama', 'Budi'],
      ['B', B, 'baru', 'Sari'],
    ],
    0,
  ],
  [
    ['Nama', 'HP', 'Berhenti'],
    [
      ['A', WA, ''],
      ['B', B, 'x'],
    ],
    1,
  ],
])('%j over %j tells of wishes in %i columns', (headers, rows, columns) => {
  expect(brief(headers, ...rows).filter((use) => use === 'opted-out')).toHaveLength(columns);
});

test('who has nothing under WhatsApp is reached at the phone beside it', () => {
  expect(brief(['No HP', 'No WA', 'Nama'], [WA, B, 'Rina'], [B, '', 'Bayu'])).toEqual(['phone-else', 'phone', 'name']);
});

test('a member number that happens to look like one is not taken where a phone stands beside it', () => {
  expect(brief(['Nomor Anggota', 'Telepon', 'Nama'], ['81234567890', WA, 'Rina'])[1]).toBe('phone');
  expect(guessed(['Nomor Anggota', 'Nama'], ['81234567890', 'Rina'])).toEqual([null, false, [0]]);
});

test('names in parts, and the country of a number', () => {
  expect(
    brief(['First Name', 'Last Name', 'Phone', 'CountryCode', 'Company'], ['Wei', 'Tan', '91234567', '65', 'Toko']),
  ).toEqual(['name', 'name', 'phone', 'country', 'name-else']);
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
  ['Laporan\nOutlet: Bandung, Dago\n\nNama;No HP;Poin\nA;081;1\nB;082;2\n', ';'],
  ['Laporan Pelanggan\nPeriode 1/11 - 26/11\nNama\tHP\nA\t081\nB\t082\n', '\t'],
  ['nama;total\nA;12.500,00\nB;13.500,00\n', ';'],
])('%j is divided by %j', (text, delimiter) => {
  expect(guessDelimiter(text)).toBe(delimiter);
});
