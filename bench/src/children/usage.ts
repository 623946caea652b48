import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const loop = monitorEventLoopDelay({ resolution: 1 });

const megabytes = (bytes: number): number => bytes / 2 ** 20;

/** What the process they run in has used. */
export const usage = {
  /** Seconds of CPU since the process began. */
  cpu(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  /** Megabytes. */
  rss(): number {
    return megabytes(process.memoryUsage.rss());
  },
  /** From here on it is noted how long the event loop is held. */
  watchLoop(): void {
    loop.enable();
    loop.reset();
  },
  /** Since `watchLoop`. Milliseconds. */
  longestHeld(): number {
    return loop.max / 1e6;
  },
  /** Megabytes, after collecting twice. */
  async afterGc(): Promise<{ rss: number; heap: number }> {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    gc();
    await new Promise((resolve) => setTimeout(resolve, 200));
    gc();
    const { rss, heapUsed } = process.memoryUsage();
    return { rss: megabytes(rss), heap: megabytes(heapUsed) };
  },
};
