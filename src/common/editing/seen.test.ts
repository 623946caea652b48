import { expect, test } from '@jest/globals';
import { etagOf, Seen } from './seen.js';

const EDITABLE = ['name', 'fields'];
const then = { id: '1', name: 'Ani', fields: { kota: 'Bogor', poin: '3' }, sent: 4 };
const tag = etagOf(then, EDITABLE);
const refusalOf = (header: string | undefined, now: object): unknown => {
  try {
    new Seen(header, EDITABLE).requireSame(now);
    return null;
  } catch (error) {
    return { ...(error as object) };
  }
};

test('a tag is strong, and another for anything that is another', () => {
  expect(tag).toMatch(/^"[\w-]+\.[\w-]+"$/);
  expect(etagOf({ ...then, fields: { poin: '3', kota: 'Bogor' } }, EDITABLE)).toBe(tag);
  expect(etagOf({ ...then, sent: 5 }, EDITABLE)).not.toBe(tag);
  expect(etagOf({ ...then, name: 'Budi' }, EDITABLE)).not.toBe(tag);
});

test.each([
  ['nothing', undefined],
  ['the tag', tag],
  ['one that a proxy made weak', `W/${tag}`],
  ['one of several', `"x.y", ${tag}`],
  ['whatever is there', '*'],
])('%s lets a change through, also where something moved that nobody edits', (_, header) => {
  expect(refusalOf(header, { ...then, sent: 9 })).toBeNull();
});

test.each([
  ['the tag of before', tag],
  ['some other tag', '"stale"'],
  ['no tag at all', 'stale'],
  ['an empty one', '""'],
  ['nothing in it', ''],
  ['many of them', '"a.b","c.d", ,"'],
])('%s holds it up and shows what is there', (_, header) => {
  for (const change of [{ name: 'Budi' }, { fields: {} }, { name: undefined }]) {
    const current = { ...then, ...change };
    expect(refusalOf(header, current)).toMatchObject({
      code: 'CHANGED_MEANWHILE',
      httpStatus: 412,
      details: { current },
    });
  }
});
