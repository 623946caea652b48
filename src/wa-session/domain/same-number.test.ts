import { expect, test } from '@jest/globals';
import { sameNumber } from './same-number.js';

test.each([
  ['6281234567890', '6281234567890', true],
  ['6281234567890', '6281234567891', false],
  ['5511987654321', '551187654321', true],
  ['5215512345678', '525512345678', true],
  ['5491112345678', '541112345678', true],
  ['62911234567890', '6211234567890', false],
])('%s and %s', (a, b, same) => {
  expect(sameNumber(a, b)).toBe(same);
});
