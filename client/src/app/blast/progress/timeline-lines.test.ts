import { expect, it } from '@jest/globals';
import { CHART, linesOf } from './timeline-lines';

const point = (at: string, sent: number, delivered: number, read = 0, failed = 0) => ({
  at: `2026-11-21T10:0${at}.000Z`,
  sent,
  delivered,
  read,
  failed,
});

it('adds up from the first bucket to the end of the last; the highest total reaches the top', () => {
  const lines = linesOf({ bucketSeconds: 60, points: [point('0:00', 3, 1), point('1:00', 1, 3)] });
  expect(lines.from).toBe(Date.parse('2026-11-21T10:00:00Z'));
  expect(lines.to).toBe(Date.parse('2026-11-21T10:02:00Z'));
  expect(lines.paths.map(({ name, total }) => [name, total])).toEqual([
    ['sent', 4],
    ['delivered', 4],
    ['read', 0],
  ]);
  expect(lines.paths[0]?.d).toBe(`M0 159L300 44L${CHART.width} 5`);
});

it('shows failures only where there are any, and nothing at all as flat lines', () => {
  expect(linesOf({ bucketSeconds: 60, points: [point('0:00', 1, 0, 0, 2)] }).paths.at(-1)).toMatchObject({
    name: 'failed',
    total: 2,
  });
  expect(linesOf({ bucketSeconds: 60, points: [] }).paths.every(({ d }) => d === 'M0 159')).toBe(true);
});
