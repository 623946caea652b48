import { MARKS, type Mark } from '@koneksi/contracts/uptime-mark';
import type { Share } from './course.js';

/** Milliseconds, or outlet-milliseconds, by how they count. */
export type Sums = Readonly<Record<Mark, number>>;

export const NO_TIME: Sums = { up: 0, down: 0, paused: 0 };

export function plus(one: Sums, other: Sums): Sums {
  return { up: one.up + other.up, down: one.down + other.down, paused: one.paused + other.paused };
}

export const totalOf = (sums: Sums): number => MARKS.reduce((total, mark) => total + sums[mark], 0);

/** Sums by key, to which shares are added. */
export class Tally {
  private readonly sums = new Map<string, Sums>();

  add(key: string, sums: Sums): void {
    this.sums.set(key, plus(this.of(key), sums));
  }

  addShare(key: string, { mark, ms }: Share): void {
    this.add(key, { ...NO_TIME, [mark]: ms });
  }

  of(key: string): Sums {
    return this.sums.get(key) ?? NO_TIME;
  }

  entries(): [key: string, sums: Sums][] {
    return [...this.sums];
  }
}
