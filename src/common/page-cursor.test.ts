import { expect, test } from '@jest/globals';
import * as z from 'zod';
import { pageOfRows, readCursor } from './page-cursor.js';

const rows = Array.from({ length: 5 }, (_, id) => ({ id, at: new Date(id) }));
const Position = z.tuple([z.iso.datetime(), z.number()]);
const place = ({ id, at }: (typeof rows)[number]): [Date, number] => [at, id];

test('one row more than is shown is where the next page is known from', () => {
  const { shown, next } = pageOfRows(rows, 4, place);
  expect(shown).toEqual(rows.slice(0, 4));
  expect(readCursor(Position, next!, 'after')).toEqual([new Date(3).toISOString(), 3]);
});

test.each([5, 6])('where no row is left over of %i there is no next page', (limit) => {
  expect(pageOfRows(rows, limit, place)).toEqual({ shown: rows, next: null });
});

test('an empty list is a page', () => {
  expect(pageOfRows([], 1, place)).toEqual({ shown: [], next: null });
});
