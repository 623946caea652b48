import { setTimeout as pause } from 'node:timers/promises';

interface Patience {
  /** Between two tries. Milliseconds. */
  pauseMs: number;
  /** Ends the tries; one under way is waited for. */
  signal: AbortSignal;
  /** Told of each try that failed. */
  onFailure?: (error: unknown) => void;
}

/**
 * Tries until it works, for what happened and must be kept however long the database is away. Answers whether it did;
 * `false` where the signal ended it first.
 */
export async function untilItWorks(
  work: () => Promise<unknown>,
  { pauseMs, signal, onFailure }: Patience,
): Promise<boolean> {
  for (;;) {
    try {
      await work();
      return true;
    } catch (error) {
      onFailure?.(error);
    }
    if (!signal.aborted) await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return false;
  }
}
