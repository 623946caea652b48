import { setTimeout as pause } from 'node:timers/promises';

interface Patience {
  /** Between two tries. Milliseconds. */
  pauseMs: number;
  /** Ends the tries; one under way is waited for. */
  signal: AbortSignal;
  /** Told of each try that failed. */
  onFailure?: (error: unknown) => void;
}

/** The process ended before it worked: whoever waits must not go on as if it had. */
export class NotKept extends Error {}

/** As `untilItWorks`, for whom somebody waits who acts on it. @throws {NotKept} where the signal ended it first */
export async function keptOnceItWorks(work: () => Promise<unknown>, patience: Patience): Promise<void> {
  if (!(await untilItWorks(work, patience))) throw new NotKept('the process ends');
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
