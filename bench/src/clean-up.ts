const pending: (() => Promise<unknown>)[] = [];
let running: Promise<void> | undefined;

/** Done when the benchmark ends, however it ends; the newest first. */
export function later(work: () => Promise<unknown>): void {
  pending.push(work);
}

export function cleanUp(): Promise<void> {
  running ??= inReverse();
  return running;
}

export function cleanUpOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Ctrl-C comes twice, from the terminal and by way of npm; the second must not end the cleaning up.
    process.on(signal, () => void cleanUp().finally(() => process.exit(1)));
  }
}

async function inReverse(): Promise<void> {
  for (let work = pending.pop(); work; work = pending.pop()) {
    await work().catch((error: unknown) => console.error(`Cleaning up failed: ${String(error)}`));
  }
}
