import { expect, test } from '@jest/globals';
import { readCountry } from './country-cell.ts';
import { canonicalNumber, normalizeOutletNumber, normalizePhoneNumber, readPhoneNumber } from './phone-number.ts';
import { KnownNumber, OutletNumber, PhoneNumber } from './phone-number-schema.ts';

test.each([
  ['0812-3456-7890', '6281234567890'],
  ['81234567890', '6281234567890'],
  ['62 0811 1000 001', '628111000001'],
  ['+62 (0)811-1000-001', '628111000001'],
  ['0811123456', '62811123456'],
  ['811123456', '62811123456'],
  ['0812345678901', '62812345678901'],
  ['0895 0123 4567', '6289501234567'],
  ['+65 9123 4567', '6591234567'],
  ['6591234567', '6591234567'],
  ['60123456789', '60123456789'],
  ['14155552671', '14155552671'],
  ['966501234567', '966501234567'],
  ['8613812345678', '8613812345678'],
  ['447700900123', '447700900123'],
  ['5511987654321', '5511987654321'],
  ['+55 11 8765-4321', '5511987654321'],
  ['5215512345678', '525512345678'],
  ['\u202a+62 812\u20113456\u20117890\u202c', '6281234567890'],
  ['０８１２３４５６７８９０', '6281234567890'],
  ['٠٨١٢٣٤٥٦٧٨٩٠', '6281234567890'],
  ['6281234567890.0', '6281234567890'],
  ['081234567890,00', '6281234567890'],
  ['8.111.234.567', '628111234567'],
  ['812-345-600', '62812345600'],
])('%j is the mobile number %s', (typed, digits) => {
  expect(normalizePhoneNumber(typed)).toBe(digits);
  expect(PhoneNumber.parse(typed)).toBe(digits);
});

test.each([
  ['081112345', 'too short'],
  ['08111234567890', 'too long'],
  ['10000123', 'a member code'],
  ['81234567', 'a shorter code that begins with 8'],
  ['850000000', 'an amount'],
  ['1.250.000', 'an amount'],
  ['12.500.000.000', 'a large amount'],
  ['8.125.000.000', "an amount that has a mobile number's digits"],
  ['85.250.000.500', 'a larger one'],
  ['8,215,000,000', 'one as English writes it'],
  ['20261126', 'a date'],
  ['2026-11-26 10.22', 'an instant'],
  ['26112026', 'a date the other way round'],
  ['3273012505900001', 'an identity card'],
  ['8991234567890', 'a barcode'],
  ['1764212345', 'seconds since the epoch'],
  ['40115', 'a postal code'],
  ['62*******01', 'masked'],
  ['0800 123 4567', 'toll-free'],
  ['08411234567', 'no operator'],
  ['+999123456789', 'no country'],
])('%j is none: %s', (typed) => {
  expect(normalizePhoneNumber(typed)).toBeNull();
  expect(normalizeOutletNumber(typed)).toBeNull();
});

test.each(['(021) 555-0101', '+62 22 555 1234', '+65 6789 1234'])(
  '%j is a landline: an outlet can have it',
  (typed) => {
    expect(readPhoneNumber(typed).kind).toBe('landline');
    expect(normalizePhoneNumber(typed)).toBeNull();
    expect(OutletNumber.safeParse(typed).success).toBe(true);
    expect(PhoneNumber.safeParse(typed).error?.issues[0]).toMatchObject({ params: { text: 'PHONE_LANDLINE' } });
  },
);

test.each([
  ['91234567', '65', '6591234567'],
  ['91234567', '+65', '6591234567'],
  ['81234567', 'Singapura', '6581234567'],
  ['0123456789', 'Malaysia', '60123456789'],
  ['60123456789', 'MY', '60123456789'],
  ['081234567890', 'Singapore', '6281234567890'],
  ['+61412345678', 'SG', '61412345678'],
  ['7700900123', '44', '447700900123'],
  ['4155552671', '1', '14155552671'],
  ['91234567', 'SGP', '6591234567'],
  ['91234567', 'Singapore (+65)', '6591234567'],
  ['91234567', '🇸🇬', '6591234567'],
  ['51234567', 'Hongkong', '85251234567'],
  ['501234567', 'KSA', '966501234567'],
  ['2025550123', 'United States of America', '12025550123'],
  ['2423591234', '+1-242', '12423591234'],
  ['91234567', '(65)', '6591234567'],
  ['91234567', '+ 65', '6591234567'],
  ['612345678', 'Perancis', '33612345678'],
  ['912345678', 'Taiwan, Province of China', '886912345678'],
])('%j of %j is %s', (typed, country, digits) => {
  expect(readPhoneNumber(typed, readCountry(country) ?? undefined)).toEqual({ kind: 'mobile', digits });
});

test.each(['', 'Bandung', '999', 'VIP', '08'])('%j is no country', (cell) => {
  expect(readCountry(cell)).toBeNull();
});

test.each([
  ['551187654321', '5511987654321'],
  ['5511987654321', '5511987654321'],
  ['551133334444', '551133334444'],
  ['5215512345678', '525512345678'],
  ['541123456789', '5491123456789'],
  ['5491123456789', '5491123456789'],
  ['6281234567890', '6281234567890'],
])('%s and %s are one customer', (digits, same) => {
  expect(canonicalNumber(digits)).toBe(same);
});

test('whatever was kept once can be asked about', () => {
  expect(KnownNumber.parse('62215550101')).toBe('62215550101');
  expect(KnownNumber.parse('628000')).toBe('628000');
  expect(KnownNumber.parse('551187654321')).toBe('5511987654321');
  expect(KnownNumber.safeParse('Budi').success).toBe(false);
});
