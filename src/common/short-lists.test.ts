import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ValidationFailed } from './validation-failed.js';
import { byName, newestFirst, pageOf, wholeOrPageOf } from './short-lists.js';

const named = (...names: string[]) => names.map((name, index) => ({ id: String(index), name }));
const names = (items: { name: string }[]): string => items.map(({ name }) => name).join(' ');

describe('a page', () => {
  test('is what comes after the one before, to the last', () => {
    const all = named('Cilandak', 'bandung', 'Ambon', 'Bogor', 'Ambon');
    const first = pageOf(all, { limit: 2 }, byName);
    expect(first.items.map(({ id }) => id)).toEqual(['2', '4']);
    const second = pageOf(all, { limit: 2, after: first.next! }, byName);
    expect(names(second.items)).toBe('bandung Bogor');
    const third = pageOf(all, { limit: 2, after: second.next! }, byName);
    expect([names(third.items), third.next]).toEqual(['Cilandak', null]);
  });

  test('goes on where the one before ended, though its last item is gone', () => {
    const all = named('A', 'B', 'C');
    const { next } = pageOf(all, { limit: 2 }, byName);
    expect(names(pageOf(named('A', '', 'C'), { limit: 2, after: next! }, byName).items)).toBe('C');
  });

  test('of the newest first ends with the oldest', () => {
    const all = ['2026-01-01', '2026-03-01', '2026-02-01'].map((createdAt) => ({ id: createdAt, createdAt }));
    const { items, next } = pageOf(all, { limit: 2 }, newestFirst);
    expect(items.map(({ id }) => id)).toEqual(['2026-03-01', '2026-02-01']);
    expect(pageOf(all, { limit: 2, after: next! }, newestFirst).items.map(({ id }) => id)).toEqual(['2026-01-01']);
  });

  test.each(['', 'nonsense', 'WyJhIl0', Buffer.from('["a",1]').toString('base64url')])(
    'after %j is refused',
    (after) => {
      expect(() => pageOf(named('A'), { after }, byName)).toThrow(ValidationFailed);
    },
  );

  test('and its like hold everything once, whatever there is and however large they are', () => {
    const people = fc.array(fc.record({ id: fc.uuid(), name: fc.string() }), { maxLength: 40 });
    fc.assert(
      fc.property(people, fc.integer({ min: 1, max: 10 }), (all, limit) => {
        const seen: string[] = [];
        let after: string | undefined;
        do {
          const { items, next } = pageOf(all, { limit, after }, byName);
          seen.push(...items.map(({ id }) => id));
          after = next ?? undefined;
        } while (after !== undefined);
        expect(seen.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
      }),
    );
  });
});

test('who asks for no page gets the whole as it is; who asks for one, a page', () => {
  const all = named('B', 'A');
  expect(wholeOrPageOf(all, {}, byName)).toBe(all);
  expect(wholeOrPageOf(all, { limit: 5 }, byName)).toEqual({ items: [all[1], all[0]], next: null });
});
