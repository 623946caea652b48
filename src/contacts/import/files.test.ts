import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { ImportReading } from '@koneksi/contracts/contact-import';
import { workbook } from '../../../test/support/workbook.js';
import { ValidationFailed } from '../../common/validation-failed.js';
import { readTable } from '../../spreadsheets/read-table.js';
import { NO_CHOICE, readImport, type ReadImport } from './read-import.js';

/** Files as tills, marketplaces, address books and spreadsheets leave them; all made up. */
const read = (file: string | Buffer, reading: ImportReading = {}): Promise<ReadImport> =>
  readImport(Buffer.isBuffer(file) ? file : Buffer.from(file), { ...NO_CHOICE, reading });
const people = ({ drafts }: ReadImport): [string, string | null][] => drafts.map(({ phone, name }) => [phone, name]);
const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const encoded = (text: string, order: 'LE' | 'BE', mark: boolean): Buffer => {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
  return order === 'LE' ? bytes : bytes.swap16();
};
const RINA_BAYU = [
  ['628111000001', 'Rina'],
  ['628111000002', 'Bayu'],
];

test.each<[string, string, number | null]>([
  ['title lines', 'Laporan Pelanggan\nOutlet: Bandung\n\nNama;No. Telepon\nRina;08111000001\nBayu;08111000002\n', 4],
  ['titles with the delimiter', 'Laporan, Bandung, 2026\nNama,No HP\nRina,08111000001\nBayu,08111000002\n', 2],
  [
    'key-value lines',
    'Outlet;Bandung\nTelepon;(022) 555123\nKontak;Pak Budi\nNama;No HP;Kota\nRina;08111000001;A\nBayu;08111000002;B\n',
    4,
  ],
  ['two header lines in two languages', 'Name,Phone\nNama,No HP\nRina,08111000001\nBayu,08111000002\n', 2],
  [
    'groups above the headers',
    ',Pelanggan,,Kontak,\n,Nama,Alamat,HP,Email\n1,Rina,X,08111000001,a\n2,Bayu,Y,08111000002,b\n',
    2,
  ],
  ['a group that names what is below', 'Nama,Kontak,\n,HP,Email\nRina,08111000001,a\nBayu,08111000002,b\n', 2],
  ['headers again on each page', 'Nama;No HP\nRina;08111000001\n\nNama;No HP\nBayu;08111000002\n', 1],
  ['no header', 'Rina,08111000001\nBayu,08111000002\n', null],
  ['no header, and codes before the names', 'MBR0001,Rina,08111000001\nMBR0002,Bayu,08111000002\n', null],
  ['tabs', 'Nama\tNo HP\nRina\t08111000001\nBayu\t08111000002\n', 1],
  ['bars below a title', 'Data Pelanggan\nNama|WA\nRina|08111000001\nBayu|08111000002\n', 2],
])('%s: everyone with their name', async (_, text, headerLine) => {
  const file = await read(text);
  expect(people(file)).toEqual(RINA_BAYU);
  expect(file.headerLine).toBe(headerLine);
});

test('a first line whose number cannot be read is no header', async () => {
  const file = await read('Sari,tidak ada\nRina,08111000001\nBayu,08111000002\n');
  expect(people(file)).toEqual(RINA_BAYU);
  expect(file.rejected).toMatchObject([{ line: 1, reason: 'PHONE_INVALID' }]);
});

test('a person says which line names the columns, what divides them, and the encoding', async () => {
  const text = 'Nama,No HP\nRina,08111000001\nx;y\nNama;No HP\nBayu;08111000002\n';
  const chosen = await read(text, { headerLine: 4, delimiter: ';' });
  expect(people(chosen)).toEqual([['628111000002', 'Bayu']]);
  expect((await read('Rina,08111000001\n', { headerLine: 0 })).lines).toBe(1);
  await expect(read(text, { headerLine: 99 })).rejects.toMatchObject({ problems: [{ field: 'headerLine' }] });
  const latin = Buffer.from('Nama;No HP\nJos\u00e9;08111000001\n', 'latin1');
  expect(people(await read(latin, { encoding: 'Windows-1252' }))).toEqual([['628111000001', 'José']]);
});

test.each<[string, Buffer]>([
  ['UTF-16 LE with a mark', encoded('Nama;No HP\r\nJosé;08111000001\r\n', 'LE', true)],
  ['UTF-16 LE without', encoded('Nama;No HP\r\nJosé;08111000001\r\n', 'LE', false)],
  ['UTF-16 BE with a mark', encoded('Nama;No HP\r\nJosé;08111000001\r\n', 'BE', true)],
  ['UTF-16 BE without', encoded('Nama;No HP\r\nJosé;08111000001\r\n', 'BE', false)],
  ['Windows-1252', Buffer.from('Nama;No HP\r\nJos\u00e9;08111000001\r\n', 'latin1')],
])('%s is read', async (_, bytes) => {
  expect(people(await read(bytes))).toEqual([['628111000001', 'José']]);
});

test.each([true, false])('one broken byte spoils one name alone, and is counted (mark: %s)', async (mark) => {
  const file = await read(
    Buffer.concat([
      Buffer.from(`${mark ? '\ufeff' : ''}Nama;No HP\nJosé Müller;08111000001\nToko ☕ caf`),
      Buffer.from([0xc3]),
      Buffer.from(';08111000002\nSari “Ibu” 🌸;08111000003\n'),
    ]),
  );
  expect(people(file).map(([, name]) => name)).toEqual(['José Müller', 'Toko ☕ caf\ufffd', 'Sari “Ibu” 🌸']);
  expect([...file.dropped]).toEqual([['BROKEN_CHARACTER', [3]]]);
});

test.each<[string, Buffer]>([
  ['one zero in a name', Buffer.from('Nama;No HP\nRi\0na;08111000001\nBayu;08111000002\n')],
  [
    'a block filled up with zeros',
    Buffer.concat([Buffer.from('Nama;No HP\nRi\0na;08111000001\nBayu;08111000002\n'), Buffer.alloc(99)]),
  ],
  ['the end of a file of DOS', Buffer.from('Nama;No HP\nRi\0na;08111000001\nBayu;08111000002\n\x1a')],
])('%s spoils no more than that name', async (_, bytes) => {
  const file = await read(bytes);
  expect(people(file)).toEqual([
    ['628111000001', 'Ri\ufffdna'],
    ['628111000002', 'Bayu'],
  ]);
  expect([[...file.dropped], file.rejected]).toEqual([[['BROKEN_CHARACTER', [2]]], []]);
});

test('half a character at the end of UTF-16 is no line', async () => {
  const file = await read(Buffer.concat([encoded('Nama;No HP\nRina;08111000001\n', 'LE', true), Buffer.from([10])]));
  expect([people(file), file.lines]).toEqual([[['628111000001', 'Rina']], 1]);
});

test('a file that two programs wrote to is read as each of them wrote', async () => {
  const file = await read(
    Buffer.concat([
      Buffer.from('Nama;No HP\nJosé;08111000001\n'),
      Buffer.from('Caf\u00e9;08111000002\nRen\u00e9;08111000003\n', 'latin1'),
    ]),
  );
  expect(people(file).map(([, name]) => name)).toEqual(['José', 'Café', 'René']);
});

test('only the words of a column of many things say that somebody hears no more', async () => {
  const file = await read(
    'Nama,No HP,Status\nA,08111000001,valid\nB,08111000002,Unsubscribed by user\nC,08111000003,vip\n',
  );
  expect(file.drafts.map(({ optedOut }) => optedOut)).toEqual([false, true, false]);
  expect([...file.dropped]).toEqual([]);
});

test('an open quotation mark is told with its line', async () => {
  const error = await read('Nama,No HP\nRina,08111000001\n"Bayu,08111000002\nSari,08111000003\n').catch(
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(ValidationFailed);
  expect((error as ValidationFailed).problems[0]!.text.id).toContain('baris 3');
});

const GOOGLE = `First Name,Middle Name,Last Name,Organization Name,Notes,Labels,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value
Rina,,Kartika,,,Pelanggan ::: VIP ::: * myContacts,Mobile,+62 811-1000-001,,
Bayu,Adi,Nugroho,,"dua
baris",* myContacts,Mobile,0811-1000-002 ::: 0811-1000-003,,
,,,Toko Melati,,* myContacts,Work,+628111000004,,
Sinta,,,,${'x'.repeat(300)},* myContacts,Mobile,+628111000005,,
Tono,,,,,* myContacts,Home,0215550101,Mobile,0811-1000-006
`;

test("Google's address book: names in parts, joined numbers, labels, and the mobile one of two", async () => {
  const file = await read(GOOGLE);
  expect(file.phoneColumn.sure).toBe(true);
  expect(people(file)).toEqual([
    ['628111000001', 'Rina Kartika'],
    ['628111000002', 'Bayu Adi Nugroho'],
    ['628111000004', 'Toko Melati'],
    ['628111000005', 'Sinta'],
    ['628111000006', 'Tono'],
  ]);
  expect(file.drafts.map(({ tags }) => tags)).toEqual([['pelanggan', 'vip'], [], [], [], []]);
  expect(Object.fromEntries(file.dropped)).toEqual({ OTHER_NUMBERS: [3], FIELD_TOO_LONG: [6] });
  expect(file.rejected).toEqual([]);
});

test('what is too long is left out and counted; the customer stays', async () => {
  const tags = Array.from({ length: 25 }, (_, at) => `t${at}`).join('|');
  const file = await read(
    `Nama,No HP,Catatan,Label\nRina,08111000001,${'a'.repeat(201)},${'b'.repeat(31)}|vip\n${'c'.repeat(81)},08111000002,ok,${tags}\n`,
  );
  expect(file.drafts).toMatchObject([
    { name: 'Rina', fields: {}, tags: ['vip'] },
    { name: null, fields: { catatan: 'ok' } },
  ]);
  expect(file.drafts[1]!.tags).toHaveLength(20);
  expect(Object.fromEntries(file.dropped)).toEqual({
    FIELD_TOO_LONG: [2],
    TAG_TOO_LONG: [2],
    NAME_TOO_LONG: [3],
    TOO_MANY_TAGS: [3],
  });
});

test('a birthday that is not certain is kept as it is written, and told of by its line', async () => {
  const days = ['17/05/1990', '17 Mei 1990', '29 Februari 1992', '05/17/1990', '33005', 'lupa', '-', '', '1990'];
  const lines = days.map((day, at) => `P${at},0811100000${at},${day},${day}`).join('\n');
  const file = await read(`Nama,No HP,Tgl Lahir,Tahun Gabung\n${lines}\n`);
  expect(file.drafts.map(({ fields }) => fields.tgl_lahir ?? '')).toEqual(days);
  expect([Object.fromEntries(file.dropped), file.rejected]).toEqual([{ BIRTHDAY_UNCLEAR: [5, 6, 7, 10] }, []]);
});

const CARDS = `BEGIN:VCARD\r
VERSION:2.1\r
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Jos=C3=A9;;;\r
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Jos=C3=A9=20M=C3=\r
=BCller\r
TEL;HOME:0215550101\r
TEL;CELL;PREF:0811-1000-001\r
PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQ\r
 AAAQABAAD\r
\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:3.0\r
N:Nugroho;Bayu;Adi;;\r
item1.TEL;type=CELL;waid=628111000002:+62 811-1000-002\r
item1.X-ABLabel:WhatsApp\r
CATEGORIES:VIP,Bandung\r
NOTE:Suka kopi\\, tanpa gula\r
 dan pagi\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:4.0\r
FN:Toko Melati\r
ORG:Toko Melati;\r
TEL;VALUE=uri;TYPE="voice,cell":tel:+62-811-1000-003\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:3.0\r
FN:Tanpa Nomor\r
END:VCARD\r
`;

test('an address book from a phone, of every version', async () => {
  const file = await read(CARDS);
  expect(file).toMatchObject({ kind: 'VCARD', lines: 4 });
  expect(people(file)).toEqual([
    ['628111000001', 'José Müller'],
    ['628111000002', 'Bayu Adi Nugroho'],
    ['628111000003', 'Toko Melati'],
  ]);
  expect(file.drafts[1]).toMatchObject({
    tags: ['vip', 'bandung'],
    fields: { catatan: 'Suka kopi, tanpa guladan pagi' },
  });
  expect(file.rejected).toMatchObject([{ line: 27, reason: 'PHONE_MISSING' }]);
});

const b64 = (text: string, charset: BufferEncoding = 'utf8'): string => Buffer.from(text, charset).toString('base64');

test.each<[string, string]>([
  ['base64 of 2.1', `FN;CHARSET=UTF-8;ENCODING=BASE64:${b64('José Müller')}\r\n\r\n`],
  ['base64 without its word', `FN;CHARSET=UTF-8;BASE64:${b64('José Müller')}\r\n`],
  ['base64 of 3.0', `FN;ENCODING=b:${b64('José Müller')}\r\n`],
  ['base64 that is folded', `FN;ENCODING=B:${b64('José Müller').slice(0, 5)}\r\n ${b64('José Müller').slice(5)}\r\n`],
  [
    'base64 folded without a blank',
    `FN;ENCODING=BASE64:${b64('José Müller').slice(0, 8)}\r\n${b64('José Müller').slice(8)}\r\n`,
  ],
  ['base64 of Windows', `FN;CHARSET=windows-1252;ENCODING=BASE64:${b64('José Müller', 'latin1')}\r\n`],
  ['base64 of a name in parts', `N;ENCODING=BASE64:${b64('Müller;José;;;')}\r\n`],
  ['quoted-printable', 'FN;ENCODING=QUOTED-PRINTABLE:Jos=C3=A9=20M=C3=BCller\r\n'],
  ['quoted-printable without its word', 'FN;QUOTED-PRINTABLE;CHARSET=UTF-8:Jos=C3=A9 M=c3=bcller\r\n'],
  ['quoted-printable in pieces', 'FN;ENCODING=QUOTED-PRINTABLE:Jos=C3=\r\n=A9=\r\n M=\r\n=C3=BCller\r\n'],
  ['quoted-printable of Windows', 'FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Jos=E9 M=FCller\r\n'],
  ['quoted-printable that says UTF-8 and is not', 'FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Jos=E9 M=FCller\r\n'],
  ['a parameter on a line of its own', `FN;CHARSET=UTF-8;\r\n ENCODING=BASE64:${b64('José Müller')}\r\n`],
  ['words of mail', `FN:=?UTF-8?B?${b64('José')}?= =?UTF-8?Q?_M=C3=BCller?=\r\n`],
  ['plain text', 'FN:José Müller\r\n'],
])('a name of an address book in %s', async (_, name) => {
  const file = await read(`BEGIN:VCARD\r\nVERSION:2.1\r\n${name}TEL;CELL:08111000001\r\nEND:VCARD\r\n`);
  expect(people(file)).toEqual([['628111000001', 'José Müller']]);
});

test.each(['=?', 'Diskon 20%AB', 'Toko a=b', 'QUJD'])('a name that only looks encoded, %s, stays', async (name) => {
  const file = await read(`BEGIN:VCARD\nFN:${name}\nTEL:08111000001\nEND:VCARD\n`);
  expect(people(file)).toEqual([['628111000001', name]]);
});

test('pictures of an address book cost nothing and hide nobody', async () => {
  const picture = b64('x'.repeat(60_000)).replace(/.{74}/g, '$&\r\n ');
  const card = (nth: number): string =>
    `BEGIN:VCARD\r\nFN;ENCODING=B:${b64(`Orang ${nth}`)}\r\nPHOTO;ENCODING=b;TYPE=JPEG:${picture}\r\nTEL:0811100${1_000 + nth}\r\nEND:VCARD\r\n`;
  const file = await read(Array.from({ length: 60 }, (_, nth) => card(nth)).join(''));
  expect(people(file).at(-1)).toEqual(['628111001059', 'Orang 59']);
});

/** Each read in a moment; before their loops were linear each took minutes. */
const LONG = 20_000;
const cardWith = (line: string): string => `BEGIN:VCARD\n${line}\nFN:Rina\nTEL:08111000001\nEND:VCARD\n`;
const openTags = '<b>'.repeat(100_000) + '</i>'.repeat(100_000);

test.each<[string, string]>([
  ['a million folded lines without a colon', `X${'\n y'.repeat(1_000_000)}`],
  ['a million empty folds behind a long name', `${'X'.repeat(999)}${'\n '.repeat(1_000_000)}`],
  ['folded lines that look like a property', `X${'\n y'.repeat(2_000)}\n TEL:08111000009`],
  [
    'extensions within extensions',
    `X-A:1\n${`TEL;QUOTED-PRINTABLE:${';ext='.repeat(3_900)}=0A1\n`.repeat(300)}END:VCARD\nBEGIN:VCARD`,
  ],
])(
  'a card with %s is read at once',
  async (_, line) => {
    expect(people(await read(cardWith(line)))).toEqual([['628111000001', 'Rina']]);
  },
  LONG,
);

test.each<[string, () => string | Buffer]>([
  ['a page', () => `<table><tr><td>Rina</td><td>08111000001</td></tr></table>${openTags}`],
  ['a workbook', () => workbook([[['Rina', '08111000001']]], { 'xl/sharedStrings.xml': openTags })],
])(
  '%s of nothing but open tags is no file of contacts',
  async (_, file) => {
    await expect(read(file())).rejects.toMatchObject({ problems: [{ field: 'file' }] });
  },
  LONG,
);

test(
  'many styles of one long format are read at once',
  async () => {
    const styles = `<numFmt numFmtId="200" formatCode="${'0'.repeat(2_000_000)}"/><cellXfs>${'<xf numFmtId="200"/>'.repeat(40_000)}</cellXfs>`;
    const file = await read(
      workbook([[['Rina', '08111000001']], [['Bayu', '08111000002']]], { 'xl/styles.xml': styles }),
    );
    expect(people(file)).toEqual(RINA_BAYU);
  },
  LONG,
);

test('a cell whose place is no number stands behind the others', async () => {
  const file = await read(
    '<table><tr><td index="x">Rina</td><td index="">08111000001</td></tr><tr><td>Bayu</td><td>08111000002</td></tr></table>',
  );
  expect(people(file)).toEqual(RINA_BAYU);
});

test('a workbook of Excel: the sheet with the numbers, every digit, days as days', async () => {
  const file = await read(fixture('excel.xlsx'));
  expect(file).toMatchObject({ kind: 'XLSX', headerLine: 3, linesAbove: 1 });
  expect(people(file)).toEqual(
    [
      ['628111000001', null],
      ['628111000002', 'Bayu'],
      ['628111000003', 'José 🌸'],
      ['628111000004', 'Dewi'],
    ].map(([phone, name]) => [phone, name ?? 'Ibu Sari & Budi']),
  );
  expect(file.drafts.map(({ fields }) => fields.tgl_lahir)).toEqual(['1990-05-07', '1990-05-08', undefined, undefined]);
});

test('a workbook with merged cells, of a Mac: the outlet of every row, days from 1904, and no marks of Excel', async () => {
  const file = await read(fixture('merged-1904.xlsx'), { headerLine: 2 });
  expect(people(file)).toEqual([
    ['6281377889911', 'Wahyu'],
    ['6285711223344', 'Intan_'],
    ['6282155667788', 'Gilang'],
  ]);
  expect(file.drafts.map(({ fields }) => fields.lahir)).toEqual(['1990-05-07', '1984-02-29', undefined]);
  const { records } = await readTable(fixture('merged-1904.xlsx'), {});
  expect(records.map(({ cells }) => cells[0])).toEqual([
    'Member 2026',
    'Outlet',
    'Cabang Solo',
    'Cabang Solo',
    'Cabang Tegal',
  ]);
});

test.each<[string, string]>([
  [
    'HTML with headers of two lines',
    '<table><tr><td colspan=5>Rekap</td></tr><tr><th rowspan=2>No</th><th colspan=2>Pelanggan</th><th rowspan=2>Poin</th></tr><tr><th>Nama</th><th>No HP</th></tr><tr><td>1</td><td>Rina</td><td>08111000001</td><td>5</td></tr><tr><td>2</td><td>Bayu</td><td>08111000002</td><td>7</td></tr></table>',
  ],
  [
    'HTML with an outlet beside all its customers',
    '<table><tr><th>Outlet</th><th>Nama</th><th>No HP</th></tr><tr><td rowspan="2">Solo</td><td>Rina</td><td>08111000001</td></tr><tr><td>Bayu</td><td>08111000002</td></tr></table>',
  ],
  [
    "Excel's XML of 2003 with merged cells",
    '<?xml version="1.0"?><Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table><Row><Cell ss:MergeAcross="3"><Data>Judul</Data></Cell></Row><Row><Cell><Data>Outlet</Data></Cell><Cell ss:MergeAcross="1"><Data>Nama</Data></Cell><Cell><Data>No HP</Data></Cell></Row><Row><Cell ss:MergeDown="1"><Data>Solo</Data></Cell><Cell ss:MergeAcross="1"><Data>Rina</Data></Cell><Cell><Data>8111000001</Data></Cell></Row><Row><Cell ss:Index="2"><Data>Bayu</Data></Cell><Cell ss:Index="4"><Data>08111000002</Data></Cell></Row></Table></Worksheet></Workbook>',
  ],
  ['lines that are one cell each', '"Nama,""No HP"""\n"Rina,""08111000001"""\n"Bayu,""08111000002"""\n'],
  ['lines in quotation marks', '"Nama;No HP"\n\n"Rina;08111000001"\n"Bayu;08111000002"\n'],
])('%s: every customer under their name', async (_, text) => {
  const file = await read(text);
  expect(people(file)).toEqual(RINA_BAYU);
  expect(file.rejected).toEqual([]);
});

test('a cell that says it stands over all rows and columns takes no more than there are', async () => {
  const cells = '<td rowspan=9999999 colspan=9999999>x</td>';
  const file = await read(`<table><tr>${cells}</tr>${'<tr><td>08111000001</td></tr>'.repeat(3)}</table>`).catch(
    (error: unknown) => error,
  );
  expect(file).toMatchObject({ problems: [{ field: 'file' }] });
});

const PEOPLE = [
  ['Nama', 'No HP', 'Unsubscribed'],
  ['Rina', '08111000001', ''],
  ['Siti', '08111000003', ''],
  ['Bayu', '08111000002', ''],
  ['Wati', '08111000004', 'Yes'],
];
const hiding = (how: string, shows: (cells: string[], attributes: string) => string): string =>
  PEOPLE.map((cells, index) => shows(cells, index === 2 || index === 4 ? how : '')).join('');
const asPage = (how: string): string =>
  `<table>${hiding(how, (cells, own) => `<tr ${own}>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)}</table>`;
const asXml2003 = (how: string): string =>
  `<?xml version="1.0"?><Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table>${hiding(
    how,
    (cells, own) => `<Row ${own}>${cells.map((cell) => `<Cell><Data>${cell}</Data></Cell>`).join('')}</Row>`,
  )}</Table></Worksheet></Workbook>`;
const asXlsx = (how: string): Buffer =>
  workbook(PEOPLE.map((cells, index) => [cells, index === 2 || index === 4 ? how : '']));

test.each<[string, string | Buffer]>([
  ['a filter of Excel', asXlsx('hidden="1"')],
  ['a filter of LibreOffice', asXlsx('hidden="true"')],
  ['a height of nothing', asXlsx('ht="0" customHeight="1"')],
  ['a page that Excel made', asPage("height=0 style='height:0;display:none'")],
  ["Excel's XML of 2003", asXml2003('ss:Hidden="1"')],
])('whom %s hides is left out and counted, but for who wants no messages', async (_, file) => {
  const read = await readImport(Buffer.from(file), NO_CHOICE);
  expect(people(read)).toEqual([...RINA_BAYU, ['628111000004', 'Wati']]);
  expect(read.drafts.map(({ optedOut }) => optedOut)).toEqual([false, false, true]);
  expect(Object.fromEntries(read.dropped)).toEqual({ ROW_HIDDEN: [3] });
  expect([read.lines, read.rejected]).toEqual([4, []]);
});

test('a wish in a hidden row that cannot be used is told of', async () => {
  const read = await readImport(
    workbook([
      [['Nama', 'No HP', 'Unsubscribed']],
      [['Rina', '08111000001', '']],
      [['Siti', 'x', 'Yes'], 'hidden="1"'],
      [['Bayu', 'x', ''], 'hidden="1"'],
    ]),
    NO_CHOICE,
  );
  expect(read.rejected).toMatchObject([{ line: 3, reason: 'PHONE_INVALID' }]);
  expect(Object.fromEntries(read.dropped)).toEqual({ ROW_HIDDEN: [4] });
});

test('rows that only have a height of their own, or say that they are not hidden, are shown', async () => {
  for (const shown of ['hidden="0"', 'ht="15" customHeight="1"', 'hidden="false" ht="30"']) {
    const read = await readImport(asXlsx(shown), NO_CHOICE);
    expect([shown, read.drafts.length]).toEqual([shown, 4]);
  }
});

const inner = (...cells: string[]): string =>
  `<table>${cells.map((cell) => `<tr><td>${cell}</td></tr>`).join('')}</table>`;
const HEAD = '<tr><th>Nama</th><th>No HP</th></tr>';

test.each<[string, string]>([
  [
    'tables of one cell in each cell',
    `<table>${HEAD}<tr><td>${inner('Rina')}</td><td>${inner('08111000001')}</td></tr><tr><td>${inner('Bayu')}</td><td><table><tr><td>08111000002</table></td></tr></table>`,
  ],
  [
    'a name beside its picture in a table of one row',
    `<table>${HEAD}<tr><td><table><tr><td><img src=a></td><td>Rina</td></tr></table></td><td>08111000001</td></tr><tr><td>Bayu</td><td>08111000002</td></tr></table>`,
  ],
  [
    'a page that a table lays out',
    `<table><tr><td>Menu</td><td><table>${HEAD}<tr><td>Rina</td><td>08111000001</td></tr><tr><td>Bayu</td><td>08111000002</td></tr></table></td></tr></table>`,
  ],
  [
    'two layers of layout, the innermost left open',
    `<table><tr><td><table><tr><td><table>${HEAD}<tr><td>Rina<td>08111000001<tr><td>${inner('Bayu')}<td>08111000002`,
  ],
])('a page with tables in tables, %s: every customer under their name', async (_, text) => {
  const file = await read(`<html><body>${text}`);
  expect(people(file)).toEqual(RINA_BAYU);
  expect(file.rejected).toEqual([]);
});

test('two numbers below each other in one cell are told as two', async () => {
  const file = await read(
    `<table>${HEAD}<tr><td>Rina</td><td>${inner('08111000001', '08111000009')}</td></tr><tr><td>Bayu</td><td>08111000002</td></tr></table>`,
  );
  expect(file.drafts.map(({ name }) => name)).toContain('Bayu');
  const { records } = await readTable(
    Buffer.from(`<table>${HEAD}<tr><td>Rina</td><td>${inner('08111000001', '08111000009')}</td></tr></table>`),
    {},
  );
  expect(records[1]!.cells).toEqual(['Rina', '08111000001\n08111000009']);
});

test('tables in tables without end are refused at once', async () => {
  const from = performance.now();
  await expect(read(`<table>${`<tr><td>${'x'.repeat(50)}<table>`.repeat(20_000)}`)).rejects.toMatchObject({
    problems: [{ field: 'file' }],
  });
  expect(performance.now() - from).toBeLessThan(2_000);
});

test('a line in quotation marks is told by its number', async () => {
  const file = await read('"Nama;No HP"\n\n"Rina;08111000001"\n"Bayu;12"\n');
  expect(file.rejected).toMatchObject([{ line: 4, reason: 'PHONE_INVALID' }]);
});

test('a workbook that unpacks to far more than it is, is refused', async () => {
  await expect(read(fixture('bomb.xlsx'))).rejects.toMatchObject({ code: 'IMPORT_TOO_LARGE' });
});

test.each<[string, string]>([
  ['an old workbook', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0'],
  ['a picture', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
  ['a ZIP of something else', 'PK\x03\x04\x14\0\0\0'],
])('%s is refused by what it is', async (_, text) => {
  await expect(read(Buffer.from(text, 'latin1'))).rejects.toMatchObject({ problems: [{ field: 'file' }] });
});

test.each<[string, string]>([
  [
    'HTML',
    '<html><head><meta charset="utf-8"></head><table border=1><tr><td colspan=2>Laporan</td></tr><tr><th>Nama<th>No HP</tr><tr><td>Rina</td><td>08111000001</td></tr><tr><td>Bayu &amp; Co</td><td style="x">08111000002</td></tr></table></html>',
  ],
  [
    'HTML without a closing tag',
    '<table>\n<tr>\n<th>Nama</th>\n<th>No HP</th></tr><tr><td>Rina<td>08111000001<tr><td>Bayu &amp; Co<td>08111000002',
  ],
  [
    "Excel's XML of 2003",
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table><Row><Cell><Data ss:Type="String">Nama</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">No HP</Data></Cell></Row><Row><Cell><Data ss:Type="String">Rina</Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">8111000001</Data></Cell></Row><Row><Cell><Data>Bayu &amp; Co</Data></Cell><Cell ss:Index="3"><Data>08111000002</Data></Cell></Row></Table></Worksheet></Workbook>',
  ],
])('%s that calls itself .xls', async (_, text) => {
  const file = await read(text);
  expect(file.kind).toBe('HTML');
  expect(people(file)).toEqual([
    ['628111000001', 'Rina'],
    ['628111000002', 'Bayu & Co'],
  ]);
});

test('numbers of other countries by their column', async () => {
  const file = await read(
    'Name,Phone,CountryCode\nWei,91234567,65\nJohn,4155552671,1\nRina,08111000001,62\nAli,501234567,966\n',
  );
  expect(people(file).map(([phone]) => phone)).toEqual(['6591234567', '14155552671', '628111000001', '966501234567']);
});

test('who wanted no messages in the tool before', async () => {
  const file = await read(
    'Nama,No HP,Unsubscribed,Status\nRina,08111000001,No,enabled\nBayu,08111000002,Yes,enabled\nSari,08111000003,,blocklisted\nRina,08111000001,Yes,enabled\n',
  );
  expect(file.drafts.map(({ name, optedOut }) => [name, optedOut])).toEqual([
    ['Rina', true],
    ['Bayu', true],
    ['Sari', true],
  ]);
});

test('a group with headers of its own does not take those above for titles', async () => {
  const file = await read(
    'Nama;HP\nRina;08111000001\nSari;08111000003\n\nPelanggan Toko;No. WA\nBayu;08111000002\nBudi;08111000004\n',
  );
  expect(people(file).map(([, name]) => name)).toEqual(['Rina', 'Sari', 'Bayu', 'Budi']);
  expect(file.rejected).toMatchObject([{ line: 5, reason: 'PHONE_INVALID' }]);
});

test('lines with more cells than there are headers are read', async () => {
  const file = await read('Kode;No HP\nA1;08111000001;x;y\n');
  expect([people(file), file.columns.length]).toEqual([[['628111000001', null]], 4]);
});

test.each([
  ['Buyer Name,Phone\nRina,08111000001\n', 'Rina'],
  ['Recipient,Phone #\nRina,08111000001\n', 'Rina'],
])('%j has names', async (text, name) => expect(people(await read(text))).toEqual([['628111000001', name]]));

test('country codes are known by their plus, whatever their column is called', async () => {
  const file = await read('Nama;Kode;Telepon\nSari;+62;81234567890\nWei;+65;91234567\n');
  expect(people(file)).toEqual([
    ['6281234567890', 'Sari'],
    ['6591234567', 'Wei'],
  ]);
});

test('tags that look alike are one, whatever was pasted along with them', async () => {
  const file = await read('Nama;No HP;Tag\nRina;08111000001;"vip, \u200bVIP\u200e, vip\u00a0"\n');
  expect(file.drafts[0]!.tags).toEqual(['vip']);
});

test.each(['-', 'NULL', '#N/A', 'n/a', '(blank)', '???', '\u200b-', '0811-1000-001', '+62 811 1000 001', "'-"])(
  '%j is nobody’s name, and stands in a field as it is written',
  async (cell) => {
    const [draft] = (await read(`Nama;No HP;Isi\n${cell};08111000001;-\n`)).drafts;
    expect(draft).toMatchObject({ phone: '628111000001', name: null, fields: { isi: '-' } });
  },
);

test.each(['Nan', 'Nil', 'A-', 'Toko 88', 'Bu Ani 2', 'None Other'])('%j is a name', async (name) => {
  expect(people(await read(`Nama;No HP\n${name};08111000001\n`))).toEqual([['628111000001', name]]);
});

test('one sheet of a workbook is read, and who is in another is told of', async () => {
  const sheet = (...phones: string[]): string =>
    `<worksheet><sheetData>${['Nama', ...phones].map((phone, at) => `<row r="${at + 1}"><c t="inlineStr"><is><t>${phone}</t></is></c></row>`).join('')}</sheetData></worksheet>`;
  const file = await read(
    workbook([[['Nama', 'No HP']], [['Rina', '08111000001']]], {
      'xl/workbook.xml': `<workbook><sheets>${[1, 2, 3].map((n) => `<sheet name="S${n}" sheetId="${n}" r:id="rId${n}"/>`).join('')}</sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships>${[1, 2, 3].map((n) => `<Relationship Id="rId${n}" Target="worksheets/sheet${n}.xml"/>`).join('')}</Relationships>`,
      'xl/worksheets/sheet2.xml': sheet('08111000002', 'x', '08111000003'),
      'xl/worksheets/sheet3.xml': sheet('Rumus'),
    }),
  );
  expect([people(file), [...file.dropped]]).toEqual([[['628111000001', 'Rina']], [['OTHER_SHEET', [2, 4]]]]);
});
