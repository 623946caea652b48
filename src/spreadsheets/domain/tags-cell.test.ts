import { expect, test } from '@jest/globals';
import { joinTags, splitTags } from './tags-cell.js';

test.each([
  [['mal', 'besar']],
  [['a|b', 'c;d', 'e,f']],
  [['"', '""', '"a" b', 'a"b', '5" pipa']],
  [[',', ';', '|', '","', '";"', 'x ::: y', ':::']],
  [["'=1+1", '=1', '- a', '\\|', '" ::: "']],
  [[]],
])('%j in one cell are the same out of it', (tags) => {
  expect(splitTags(joinTags(tags))).toEqual(tags);
});

test('any words of characters that divide and quote are the same out of one cell', () => {
  const characters = ['"', ',', ';', '|', ' ', ':::', 'a', "'"];
  let seed = 7;
  const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 3_000; round++) {
    const words = Array.from({ length: next(5) }, () =>
      Array.from({ length: 1 + next(7) }, () => characters[next(characters.length)]!).join(''),
    );
    const tags = words.map((word) => word.trim()).filter((word) => word !== '');
    expect(splitTags(joinTags(tags))).toEqual(tags);
  }
});

test.each([
  ['Mal, besar; drive-thru|pusat ::: VIP', ['Mal', 'besar', 'drive-thru', 'pusat', 'VIP']],
  [' , mal ,, ', ['mal']],
  ['"belum ditutup, mal', ['"belum ditutup', 'mal']],
  ['"a" b; c', ['"a" b', 'c']],
])('people write %j', (cell, tags) => {
  expect(splitTags(cell)).toEqual(tags);
});
