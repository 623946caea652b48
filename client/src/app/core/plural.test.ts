import { expect, it } from '@jest/globals';
import { withPlurals } from './plural';

it.each([
  ['{{count}} [contact|contacts]', { count: 1 }, '{{count}} contact'],
  ['{{count}} [contact|contacts]', { count: '1' }, '{{count}} contact'],
  ['{{count}} [contact|contacts]', { count: 0 }, '{{count}} contacts'],
  ['{{count}} [contact|contacts]', { count: '1,001' }, '{{count}} contacts'],
  ['[is|are] from {{outlets}} [outlets: outlet|outlets]', { count: 2, outlets: 1 }, 'are from {{outlets}} outlet'],
  ['{{name}} [1]', { name: '[a|b]' }, '{{name}} [1]'],
])('%s with %j', (sentence, params, expected) => {
  expect(withPlurals(sentence, params)).toBe(expected);
});
