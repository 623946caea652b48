import { expect, test } from '@jest/globals';
import { sameWords } from './same-words.js';

test.each<[one: string, other: string, same: boolean]>([
  ['Promo hari ini, {{nama}}!', 'promo  hari ini {{nama}}', true],
  ['Diskon 20%', 'Diskon 20 %', true],
  ['Ｄiskon *besar*', 'diskon besar', true],
  ['Diskon 20%', 'Diskon 25%', false],
  ['Buka pukul 9', 'Tutup pukul 9', false],
  ['🎉 🎉', '🎉🎉', true],
  ['🎉', '🎂', false],
  ['', '', true],
  ['kafe', 'kafé', false],
])('%j and %j', (one, other, same) => {
  expect(sameWords(one, other)).toBe(same);
});
