import { expect, test } from '@jest/globals';
import { isOverBefore, saysWhen } from './says-when';

test.each([
  ['Diskon HARI INI!', 'hari ini'],
  ['hari  ini saja', 'hari ini'],
  ['Live music malam\nini', 'malam ini'],
  ['Only today.', 'today'],
  ['Buka *besok* jam 9', 'besok'],
  ['See you tomorrow', 'tomorrow'],
  ['Promo sehari ini-itu', null],
  ['Todays special', null],
  ['Halo', null],
])('%j says %j', (message, words) => {
  expect(saysWhen(message)?.words ?? null).toBe(words);
});

test.each<['today' | 'tomorrow', string, string, boolean]>([
  ['today', '2026-11-27T09:00+07:00', '2026-11-27T23:59+07:00', false],
  ['today', '2026-11-27T09:00+07:00', '2026-11-28T00:01+07:00', true],
  ['tomorrow', '2026-11-27T09:00+07:00', '2026-11-28T20:00+07:00', false],
  ['tomorrow', '2026-11-27T09:00+07:00', '2026-12-09T08:09+07:00', true],
])('%s, from %s to %s: %s', (when, from, to, over) => {
  expect(isOverBefore(when, Date.parse(from), Date.parse(to), 420)).toBe(over);
});
