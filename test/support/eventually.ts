import { setTimeout as pause } from 'node:timers/promises';

/** How long a test waits for what must happen, in milliseconds. Generous: it is only used up by a failure. */
export const PATIENCE_MS = 90_000;
const STEP_MS = 25;

type Answer<T> = T | undefined | null | false;

/** The first answer that is one. For what nobody tells of, such as a row; whatever has an event is waited for by event. */
export async function eventually<T>(
  what: string,
  look: () => Answer<T> | Promise<Answer<T>>,
  withinMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await look();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await pause(STEP_MS);
  }
}

/** Fails with `explain` where the promise does not settle in time. Milliseconds. */
export async function patiently<T>(promise: Promise<T>, explain: () => string, withinMs = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(explain())), withinMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
