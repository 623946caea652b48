import { expect, it } from '@jest/globals';
import { twoUnits } from './two-units';

it.each([
  [0, '0 dtk'],
  [0.9, '0 dtk'],
  [12.7, '12 dtk'],
  [60, '1 mnt'],
  [125, '2 mnt 5 dtk'],
  [7_500, '2 j 5 mnt'],
  [7_259, '2 j'],
  [90_000, '1 hr 1 j'],
  [86_400 + 59 * 60, '1 hr'],
])('%d seconds are %s', (seconds, text) => {
  expect(twoUnits(seconds, 'id').replaceAll('\u00a0', ' ')).toBe(text);
});
