import { expect, test } from '@jest/globals';
import { localeOf } from './locale.js';

test.each([
  [undefined, 'id'],
  ['', 'id'],
  ['en', 'en'],
  ['en-US,en;q=0.9', 'en'],
  ['id-ID,id;q=0.9,en-US;q=0.8,en;q=0.7', 'id'],
  ['en;q=0.4, id;q=0.8', 'id'],
  ['fr-FR, en;q=0.5', 'en'],
  ['fr', 'id'],
  ['*', 'id'],
  ['en;q=0', 'id'],
  ['en;q=garbage', 'id'],
  ['english', 'id'],
])('Accept-Language %j is answered in %s', (header, locale) => {
  expect(localeOf(header)).toBe(locale);
});
