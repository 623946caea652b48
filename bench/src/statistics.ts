export interface Summary {
  n: number;
  min: number;
  median: number;
  p95: number;
  p99: number;
  max: number;
}

/** Nearest rank: always a value that was measured. */
export function summarise(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
  return { n: sorted.length, min: rank(0), median: rank(0.5), p95: rank(0.95), p99: rank(0.99), max: rank(1) };
}

export const median = (samples: readonly number[]): number => summarise(samples).median;

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
