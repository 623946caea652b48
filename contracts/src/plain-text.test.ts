import { expect, test } from '@jest/globals';
import { isBlank, plainLine, plainValue } from './plain-text.ts';

test.each<[what: string, text: string, blank: boolean]>([
  ['nothing', '', true],
  ['spaces and lines', ' \n\t\u00a0\u2003', true],
  ['a zero-width space', '\u200b', true],
  ['a Braille blank', '\u2800\u2800', true],
  ['a Hangul filler', '\u3164', true],
  ['a halfwidth filler', '\uffa0', true],
  ['an override alone', '\u202e', true],
  ['a joiner alone', '\u200d', true],
  ['a selector alone', '\ufe0f', true],
  ['tags alone', '\u{e0041}\u{e007f}', true],
  ['a byte order mark', '\ufeff', true],
  ['a Mongolian selector', '\u180b', true],
  ['a code point that shows nothing yet', '\u2065', true],
  ['an accent on nothing', '\u0301', true],
  ['a place for an object', '\ufffc', true],
  ['a null note', '\u{1d159}', true],
  ['a letter among them', '\u200ba\u200b', false],
  ['an emoji', '👩🏽‍🍳', false],
  ['a dot', '.', false],
])('%s', (_, text, blank) => {
  expect(isBlank(text)).toBe(blank);
});

test.each<[given: string, value: string]>([
  ['Ani', 'Ani'],
  ['\u202eInA', 'InA'],
  ['A\u2067n\u2069i', 'Ani'],
  ['\u200fAni\u200e', 'Ani'],
  ['A\u200bn\u00adi\ufeff', 'Ani'],
  ['  Bu Sari ', 'Bu Sari'],
  ['\u3164\u200b', ''],
  ['Ani\u2028STOP', 'Ani STOP'],
  ['Ani\r\nSari', 'Ani Sari'],
  ['مها', 'مها'],
  ['می‌خواهم', 'می‌خواهم'],
  ['👨‍👩‍👧 Budi', '👨‍👩‍👧 Budi'],
])('%j stands as %j', (given, value) => {
  expect(plainValue(given)).toBe(value);
});

test.each<[given: string, line: string]>([
  ['  vip   lama ', 'vip lama'],
  ['\u200bvip\u200e', 'vip'],
  ['vip\u00a0\tlama', 'vip lama'],
  ['cafe\u0301', 'caf\u00e9'],
  ['\u3164', ''],
])('%j is the line %j', (given, line) => expect(plainLine(given)).toBe(line));
