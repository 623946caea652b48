import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Files that run beside each other take theirs from different ones: none is given a port that another was, and is about to use. */
const LANES = 8;
const FIRST = 10_240 / LANES;
const END = 32_768 / LANES;

/**
 * A port of 127.0.0.1 that is free, for who listens there later, or again and again. Below those that systems give out by
 * themselves (Linux from 32,768, others from 49,152): no connection and no `listen(0)` of a test beside this one gets it.
 */
export async function freePort(): Promise<number> {
  const lane = Number(process.env['JEST_WORKER_ID'] ?? 0) % LANES;
  for (;;) {
    const port = randomInt(FIRST, END) * LANES + lane;
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
