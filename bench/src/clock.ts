/** Milliseconds since the epoch with fractions, comparable between the processes of one machine. */
export const now = (): number => performance.timeOrigin + performance.now();

/** Resolves when `check` does, tried every `everyMs`; rejects after `withinMs`, naming what was waited for. */
export async function until(
  what: string,
  withinMs: number,
  check: () => Promise<boolean>,
  everyMs = 100,
): Promise<void> {
  const deadline = now() + withinMs;
  while (!(await check())) {
    if (now() > deadline) throw new Error(`Waited ${withinMs / 1000} s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
