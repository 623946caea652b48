import { expect, test } from '@jest/globals';
import { toSpreadsheetPhone } from './export-phone.js';
import { readPhone, readPhoneAmongWords } from './import-phone.js';

test.each([
  ['081234567890', '6281234567890'],
  ['81234567890', '6281234567890'],
  ['6281234567890', '6281234567890'],
  ['+6281234567890', '6281234567890'],
  ['+62 812-3456-7890', '6281234567890'],
  ['006281234567890', '6281234567890'],
  ['62 812 3456 7890', '6281234567890'],
  ['(0812) 3456.7890', '6281234567890'],
  ['0812–3456–7890', '6281234567890'],
  ['\u202a+62 812\u00a03456 7890\u202c', '6281234567890'],
  ["'081234567890", '6281234567890'],
  ['="081234567890"', '6281234567890'],
  ['tel:+6281234567890', '6281234567890'],
  ['https://wa.me/6281234567890', '6281234567890'],
  ['6281234567890@s.whatsapp.net', '6281234567890'],
  ['6281234567890.0', '6281234567890'],
  ['81234567890,00', '6281234567890'],
  ['6,281,234,567,890', '6281234567890'],
  ['6.281.234.567.890', '6281234567890'],
  ['6.28123456789E+11', '628123456789'],
  ['6,28123456789E+11', '628123456789'],
  ['6.281234567890e12', '6281234567890'],
  ['8.1234567891E+10', '6281234567891'],
  ['+65 9123 4567', '6591234567'],
  ['006591234567', '6591234567'],
  ['6591234567', '6591234567'],
  ['081234567890 / 021-5551234', '6281234567890'],
  ['081234567890 / +6281234567890', '6281234567890'],
  ['https://wa.me/6281234567890?text=Halo%20kak', '6281234567890'],
  ['wa.me/+6281234567890/', '6281234567890'],
  ['https://api.whatsapp.com/send?phone=6281234567890&text=Halo', '6281234567890'],
  ['https://web.whatsapp.com/send/?phone=%2B6281234567890', '6281234567890'],
  ['whatsapp://send?phone=6281234567890', '6281234567890'],
  ['"081234567890"', '6281234567890'],
  ['‘081234567890’', '6281234567890'],
  ['=+6281234567890', '6281234567890'],
])('%j is %s', (cell, phone) => {
  expect(readPhone(cell)).toEqual({ phone });
});

test.each([
  ['', 'PHONE_MISSING'],
  ['  ', 'PHONE_MISSING'],
  ["'", 'PHONE_MISSING'],
  ['6.28123E+12', 'PHONE_SHORTENED'],
  ['6,28123E+12', 'PHONE_SHORTENED'],
  ['6.28123456789E+12', 'PHONE_SHORTENED'],
  ['6E+12', 'PHONE_SHORTENED'],
  ['6.281234567891E+11', 'PHONE_SHORTENED'],
  ['081234567890 / 081234567891', 'SEVERAL_PHONES'],
  ['081234567890,081234567891', 'SEVERAL_PHONES'],
  ['081234567890 atau 081234567891', 'SEVERAL_PHONES'],
  ['-', 'PHONE_INVALID'],
  ['12', 'PHONE_INVALID'],
  ['10000123', 'PHONE_INVALID'],
  ['26/11/2026', 'PHONE_INVALID'],
  ['1.250.000', 'PHONE_INVALID'],
  ['8.125.000.000', 'PHONE_INVALID'],
  ['8,125,000,000', 'PHONE_INVALID'],
  ['62*******01', 'PHONE_MASKED'],
  ['0812-xxxx-7890', 'PHONE_MASKED'],
  ['+62 812 •••• 01', 'PHONE_MASKED'],
  ['0812...7890', 'PHONE_MASKED'],
  ['******90', 'PHONE_MASKED'],
  ['xxxx-xxxx-7890', 'PHONE_MASKED'],
  ['0812_____890', 'PHONE_MASKED'],
  ['*** 2026 ***', 'PHONE_INVALID'],
  ['(021) 555-1234', 'PHONE_LANDLINE'],
  ['+62 22 555 1234', 'PHONE_LANDLINE'],
  ['Budi', 'PHONE_INVALID'],
  ['0812345678901234567', 'PHONE_INVALID'],
  ['0812345678901234', 'PHONE_INVALID'],
  ['0812345', 'PHONE_INVALID'],
  ['0812-CALL-ME', 'PHONE_INVALID'],
  ['+999123456789', 'PHONE_INVALID'],
  ['#REF!', 'PHONE_INVALID'],
])('%j is %s', (cell, reason) => {
  expect(readPhone(cell)).toEqual({ reason });
});

test.each([
  ['081234567890 (WA)', '6281234567890'],
  ['WA: 0812-3456-7890', '6281234567890'],
  ['Bu Rina 081234567890', '6281234567890'],
  ['+62 812 3456 7890 a.n. Rina', '6281234567890'],
  ['📱 081234567890', '6281234567890'],
  ['Telp.081234567890', '6281234567890'],
  ['[081234567890]', '6281234567890'],
  ['0812 3456 7890 / rumah 021 5551234', '6281234567890'],
  ['(021) 5551234, HP 081234567890', '6281234567890'],
  ['WA 081234567890 / Telp +6281234567890', '6281234567890'],
])('%j holds %s among words', (cell, phone) => {
  expect(readPhoneAmongWords(cell)).toEqual({ phone });
});

test.each([
  ['BRI 81234567890', 'PHONE_INVALID'],
  ['umur 30, 081234567890', 'PHONE_INVALID'],
  ['081234567890a', 'PHONE_INVALID'],
  ['0812345678xx', 'PHONE_MASKED'],
  ['ID081234567890', 'PHONE_INVALID'],
  ['WA 081234567890 / istri 081299988877', 'SEVERAL_PHONES'],
  ['HP 081234567890, lantai 3', 'PHONE_INVALID'],
  ['081234567890 (istri 081234567891)', 'PHONE_INVALID'],
  ['0812-CALL-ME', 'PHONE_INVALID'],
  ['', 'PHONE_MISSING'],
])('%j holds none', (cell, reason) => {
  expect(readPhoneAmongWords(cell)).toEqual({ reason });
});

test.each([
  ['6281234567890', '0812-3456-7890'],
  ['6591234567', '0065-9123-4567'],
  ['14155552671', '0014-1555-52671'],
])('%s is exported as %s, which no spreadsheet rounds, and is read as what it was', (phone, cell) => {
  expect(toSpreadsheetPhone(phone)).toBe(cell);
  expect(readPhone(cell)).toEqual({ phone });
});
