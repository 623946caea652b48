import type { UptimeBucket } from '@koneksi/contracts/uptime';

const WEEK = 7;
/** More bars than this are too thin to see on a phone. */
const MOST_BARS = 92;

/** Days as they are, or weeks where there are too many; the last week ends with today. */
export function foldToFit(buckets: readonly UptimeBucket[]): readonly UptimeBucket[] {
  if (buckets.length <= MOST_BARS) return buckets;
  const first = buckets.length % WEEK;
  const edges = [0, ...Array.from({ length: Math.floor(buckets.length / WEEK) }, (_, week) => first + week * WEEK)];
  const starts = first === 0 ? edges.slice(1) : edges;
  return starts.map((start, index) => joined(buckets.slice(start, starts[index + 1])));
}

function joined([head, ...rest]: readonly UptimeBucket[]): UptimeBucket {
  return rest.reduce(
    (sum, { up, down, paused, unknown }) => ({
      from: sum.from,
      up: sum.up + up,
      down: sum.down + down,
      paused: sum.paused + paused,
      unknown: sum.unknown + unknown,
    }),
    head!,
  );
}
