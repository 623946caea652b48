import { expect, test } from '@jest/globals';
import { unknownAmong } from './unknown-tags.js';

const known = ['karyawan', 'vip', 'reseller', 'ibu-ibu'];

test.each<[string, string | null]>([
  ['karyawam', 'karyawan'],
  ['KARYAWNA', 'karyawan'],
  ['karywan', 'karyawan'],
  ['reseler', 'reseller'],
  ['ibu ibu', 'ibu-ibu'],
  ['vi', 'vip'],
  ['va', null],
  ['mitra', null],
])('%s is told as unknown, with %s', (tag, meant) => {
  expect(unknownAmong([tag], known, 'except')).toEqual([{ tag: tag.toLowerCase(), use: 'except', meant }]);
});

test('a tag that somebody has is not told, however it is written', () => {
  expect(unknownAmong(['VIP', 'reseller'], known, 'include')).toEqual([]);
});
