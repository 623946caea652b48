import { expect, it } from '@jest/globals';
import { LABEL_SPAN, mosaicGrid } from './mosaic';

it.each([
  ['300 in ten cities', Array<number>(10).fill(30), 1920, 900],
  ['300 in one', [300], 1920, 480],
  ['each in a city of its own', Array<number>(300).fill(1), 1920, 900],
  ['five', [3, 1, 1], 390, 600],
  ['a thousand on a wide strip', [400, 600], 3840, 200],
  ['none', [], 1920, 900],
])('%s all have a place', (_, sizes, width, height) => {
  const { columns, rows } = mosaicGrid(sizes, width, height);
  const places = new Set<number>();
  let at = 0;
  for (const size of sizes) {
    if ((at % columns) + LABEL_SPAN > columns) at = Math.ceil(at / columns) * columns;
    at += LABEL_SPAN;
    for (let outlet = 0; outlet < size; outlet += 1) places.add(at++);
  }
  expect(places.size).toBe(sizes.reduce((sum, size) => sum + size, 0));
  expect(Math.max(-1, ...places)).toBeLessThan(columns * rows);
});

it('makes cells wider than high, so that names begin in them', () => {
  const { columns, rows } = mosaicGrid(Array<number>(10).fill(30), 1920, 900);
  const aspect = 1920 / columns / (900 / rows);
  expect(aspect).toBeGreaterThan(1.8);
  expect(aspect).toBeLessThan(3.4);
});
