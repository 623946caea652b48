import type { BlastTimeline } from '@koneksi/contracts/blasts';

export const CHART = { width: 600, height: 160 };
const TOP = 6;
const NAMES = ['sent', 'delivered', 'read', 'failed'] as const;

interface Line {
  readonly name: (typeof NAMES)[number];
  readonly total: number;
  /** As SVG draws it. */
  readonly d: string;
}

/** The points added up, as steps from the first bucket's beginning to the last one's end. Instants in milliseconds. */
export function linesOf({ bucketSeconds, points }: Pick<BlastTimeline, 'bucketSeconds' | 'points'>): {
  from: number;
  to: number;
  paths: Line[];
} {
  const bucketMs = bucketSeconds * 1_000;
  const instants = points.map(({ at }) => Date.parse(at));
  const from = instants[0] ?? 0;
  const to = (instants.at(-1) ?? 0) + bucketMs;
  const totals = NAMES.map((name) => points.reduce((sum, point) => sum + point[name], 0));
  const highest = Math.max(1, ...totals);
  const x = (instant: number): number => Math.round(((instant - from) / Math.max(1, to - from)) * CHART.width);
  const y = (count: number): number => Math.round(CHART.height - 1 - (count / highest) * (CHART.height - TOP));
  const paths = NAMES.map((name, index) => {
    let sum = 0;
    const corners = points.map((point, at) => {
      sum += point[name];
      return `L${x((instants[at] ?? from) + bucketMs)} ${y(sum)}`;
    });
    return { name, total: totals[index] ?? 0, d: `M0 ${y(0)}${corners.join('')}` };
  });
  return { from, to, paths: paths.filter(({ name, total }) => total > 0 || name !== 'failed') };
}
