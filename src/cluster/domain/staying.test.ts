import { expect, test } from '@jest/globals';
import { drainVerdict, returnVerdict, SILENT_AFTER_MS, stayingOf, type Seen } from './staying.js';

type How = 'stays' | 'drained' | 'leaving' | 'silent' | 'drained, leaving';

const nodes = (...how: How[]): Seen[] =>
  how.map((one, index) => ({
    id: String(index),
    leaving: one.endsWith('leaving'),
    drained: one.startsWith('drained'),
    stillMs: one === 'silent' ? SILENT_AFTER_MS : 3_000,
  }));

test.each<[How[], string[]]>([
  [[], []],
  [['stays'], ['0']],
  [
    ['stays', 'stays'],
    ['0', '1'],
  ],
  [['drained', 'stays'], ['1']],
  [['leaving', 'stays'], ['1']],
  [['drained', 'leaving'], ['0']],
  [
    ['drained', 'drained'],
    ['0', '1'],
  ],
  [['drained, leaving', 'drained'], ['1']],
  [['drained, leaving', 'leaving'], []],
  // Nobody is taken for dead before they are buried.
  [['drained', 'silent'], ['1']],
])('of %j these own outlets: %j', (how, staying) => {
  expect(stayingOf(nodes(...how)).map(({ id }) => id)).toEqual(staying);
});

test.each<[How[], string]>([
  [['stays', 'stays'], 'drains'],
  [['stays', 'drained', 'stays'], 'drains'],
  [['drained', 'stays'], 'is-drained'],
  [['drained'], 'is-drained'],
  [['stays'], 'alone'],
  [['stays', 'drained'], 'alone'],
  [['stays', 'leaving'], 'alone'],
  [['stays', 'silent'], 'alone'],
  [['stays', 'silent', 'stays'], 'drains'],
  // It may be cut off or frozen, and is to stay away when it comes back.
  [['silent', 'stays'], 'drains'],
  [['leaving', 'stays'], 'drains'],
  [[], 'unknown'],
])('the first of %j to be drained: %s', (how, verdict) => {
  expect(drainVerdict(nodes(...how), '0')).toBe(verdict);
});

test.each<[How[], string]>([
  [['drained', 'stays'], 'returns'],
  [['stays'], 'returns'],
  [['leaving', 'stays'], 'ends'],
  [['drained, leaving', 'stays'], 'ends'],
  [[], 'unknown'],
])('the first of %j to take its share again: %s', (how, verdict) => {
  expect(returnVerdict(nodes(...how), '0')).toBe(verdict);
});
