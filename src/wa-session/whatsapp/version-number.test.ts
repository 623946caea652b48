import { expect, test } from '@jest/globals';
import { greater, parseVersion } from './version-number.js';

test.each([
  ['2.3000.1043857760', [2, 3000, 1043857760]],
  ['2.3000.', null],
  ['2.3000', null],
  ['2.3000.1.4', null],
  ['2.3000.1e9', null],
  [' 2.3000.1', null],
  ['', null],
])('%s', (text, version) => {
  expect(parseVersion(text)).toEqual(version);
});

test('the greater of two versions is the later one, whichever part tells', () => {
  for (const [later, earlier] of [
    [
      [2, 3000, 10],
      [2, 3000, 9],
    ],
    [
      [2, 3001, 1],
      [2, 3000, 999],
    ],
    [
      [3, 0, 0],
      [2, 9999, 9],
    ],
  ] as const) {
    expect(greater([...later], [...earlier])).toEqual(later);
    expect(greater([...earlier], [...later])).toEqual(later);
  }
  expect(greater([2, 3000, 5], [2, 3000, 5])).toEqual([2, 3000, 5]);
});
