import { expect, test } from '@jest/globals';
import { isKnownClient } from '../src/session/client-display.js';

test.each<[string, string, boolean]>([
  ['1', 'Chrome (Ubuntu)', true],
  ['1', 'Chrome (Mac OS)', true],
  ['2', 'Edge (Windows)', true],
  ['1', 'Chrome (Koneksi)', false],
  ['1', 'Koneksi (Ubuntu)', false],
  ['1', 'Chrome', false],
  ['1', 'Chrome (Ubuntu) ', false],
  ['7', 'Chrome (Ubuntu)', false],
  ['', 'Chrome (Ubuntu)', false],
])('a client of platform %j that shows as %j is given a code: %j', (platform, display, known) => {
  expect(isKnownClient(platform, display)).toBe(known);
});
