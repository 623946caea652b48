import { expect, test } from '@jest/globals';
import { parseJson } from './parse-json.js';

const codeOf = (text: string): unknown => {
  try {
    return parseJson(Buffer.from(text));
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test.each([
  ['a text full of colons', JSON.stringify({ message: ':'.repeat(100_000) })],
  ['a text full of quotes and backslashes', JSON.stringify({ message: '\\": "'.repeat(20_000) })],
  ['many values', JSON.stringify({ ids: Array.from({ length: 50_000 }, () => 1) })],
  ['two thousand names', JSON.stringify(Array.from({ length: 1_000 }, () => ({ use: 'field', field: 'a:b' })))],
])('takes %s', (_, text) => {
  expect(codeOf(text)).toEqual(JSON.parse(text));
});

test.each([
  ['many names', JSON.stringify(Object.fromEntries(Array.from({ length: 2_001 }, (_, nth) => [`f${nth}`, 1])))],
  ['many names further down', JSON.stringify({ fields: Array.from({ length: 2_001 }, () => ({ a: 1 })) })],
])('refuses %s before it makes anything of them', (_, text) => {
  expect(codeOf(text)).toBe('VALIDATION_FAILED');
});

test.each(['', '{', '{"a"', '"', "{'a':1}", '\\'])('refuses what is no JSON: %j', (text) => {
  expect(codeOf(text)).toBe('MALFORMED_BODY');
});
