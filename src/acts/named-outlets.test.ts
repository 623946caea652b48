import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { namedOutlets } from './named-outlets.js';

test('a request names so many outlets and no more, each once, whatever else it holds', () => {
  const ids = Array.from({ length: 5_000 }, () => randomUUID());
  expect(namedOutlets(ids)).toEqual(ids.slice(0, 200));
  const [one, other] = ids as [string, string];
  expect(namedOutlets(one, undefined, [...Array<string>(300).fill(one.toUpperCase()), other])).toEqual([one, other]);
  expect(namedOutlets(undefined, 'all', [7, null, { id: one }, [other], 'x'])).toEqual([]);
});
