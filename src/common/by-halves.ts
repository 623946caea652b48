import { isRefused } from './postgres-errors.js';

interface Halving<T> {
  /** One statement for all of them. */
  work: (some: readonly T[]) => Promise<void>;
  /** PostgreSQL takes this one never, however often it is asked. */
  onRefused: (one: T, error: unknown) => void;
  /** These could not be written now. */
  onFailure: (some: readonly T[], error: unknown) => Promise<void> | void;
}

/** What PostgreSQL refuses is looked for by halves, so that the others of its statement are written. Never throws. */
export async function byHalves<T>(all: readonly T[], halving: Halving<T>): Promise<void> {
  try {
    await halving.work(all);
  } catch (error) {
    const [one] = all;
    if (!isRefused(error)) return halving.onFailure(all, error);
    if (all.length === 1 && one !== undefined) return halving.onRefused(one, error);
    const half = Math.ceil(all.length / 2);
    await byHalves(all.slice(0, half), halving);
    await byHalves(all.slice(half), halving);
  }
}
