import { expect, test } from '@jest/globals';
import { StillNodes } from './still-nodes.js';

const rows = (beats: Record<string, number>) => Object.entries(beats).map(([id, n]) => ({ id, beats: String(n) }));

test('whose beat stands still for longer than the time to live is told, and nobody else', () => {
  const still = new StillNodes(12_000);
  expect(still.note(rows({ a: 1, b: 7 }), 0)).toEqual([]);
  expect(still.note(rows({ a: 2, b: 7 }), 6_000)).toEqual([]);
  expect(still.note(rows({ a: 3, b: 7 }), 12_000)).toEqual([]);
  expect(still.note(rows({ a: 4, b: 7 }), 12_001)).toEqual(['b']);
  // A beat that comes in the last moment counts.
  expect(still.note(rows({ a: 5, b: 8 }), 13_000)).toEqual([]);
  expect(still.note(rows({ a: 5, b: 8 }), 25_001)).toEqual(['a', 'b']);
});

test('who was blind for a while sees nobody dead for as long as a node may be silent', () => {
  const still = new StillNodes(12_000);
  still.note(rows({ a: 1 }), 0);
  still.forget();
  expect(still.note(rows({ a: 1 }), 30_000)).toEqual([]);
  expect(still.note(rows({ a: 1 }), 42_000)).toEqual([]);
  expect(still.note(rows({ a: 1 }), 42_001)).toEqual(['a']);
});

test('who left and came back is watched from then on', () => {
  const still = new StillNodes(12_000);
  still.note(rows({ a: 1 }), 0);
  still.note(rows({}), 5_000);
  expect(still.note(rows({ a: 1 }), 13_000)).toEqual([]);
});
