import { expect, test } from '@jest/globals';
import { readPasted } from './pasted-numbers.js';

test('what is no number is told with its line and why, as far as anybody reads', () => {
  const { numbers, noNumbers } = readPasted({
    phones: [
      '0812-3456-7890',
      'Ibu Rina',
      '',
      '0812****7890',
      '6,28123E+12',
      '021 5550 1234',
      '0812 3456 7891 / 0812 3456 7892',
      'wa.me/6281234567893',
    ],
  });
  expect(numbers).toEqual(['6281234567890', '6281234567893']);
  expect(noNumbers).toEqual({
    count: 6,
    lines: [
      { line: 2, typed: 'Ibu Rina', reason: 'PHONE_INVALID' },
      { line: 3, typed: '', reason: 'PHONE_MISSING' },
      { line: 4, typed: '0812****7890', reason: 'PHONE_MASKED' },
      { line: 5, typed: '6,28123E+12', reason: 'PHONE_SHORTENED' },
      { line: 6, typed: '021 5550 1234', reason: 'PHONE_LANDLINE' },
      { line: 7, typed: '0812 3456 7891 / 0812 3456 7892', reason: 'SEVERAL_PHONES' },
    ],
  });
  const many = readPasted({ phones: Array.from({ length: 10_000 }, () => 'x') }).noNumbers;
  expect([many.count, many.lines.length]).toEqual([10_000, 50]);
  const long = 'Ibu Rina Kusumawardani Puspita, Jalan Kemang Raya 10, Jakarta Selatan';
  expect(readPasted({ phones: [long, '👍'.repeat(60)] }).noNumbers.lines).toMatchObject([
    { typed: 'Ibu Rina Kusumawardani Puspita, Jalan Kemang Raya 10, Jakar…' },
    { typed: '👍'.repeat(60) },
  ]);
  expect(readPasted('all')).toEqual({ numbers: [], noNumbers: { count: 0, lines: [] } });
});
