import type { EventEmitter } from 'node:events';

type Listener = (...parts: unknown[]) => unknown;

/**
 * Makes one bad frame end one connection instead of the process. rc14's listeners for frames and stanzas are
 * async and nobody awaits them, so whatever they throw becomes an unhandled rejection without a close event.
 */
export function guardFrames(ws: EventEmitter, fail: (error: unknown) => void): void {
  for (const name of ws.eventNames()) {
    if (typeof name !== 'string' || !(name === 'message' || name.startsWith('CB:'))) continue;
    const listeners = ws.rawListeners(name) as Listener[];
    ws.removeAllListeners(name);
    for (const listener of listeners) ws.on(name, guarded(listener, fail));
  }
}

function guarded(listener: Listener, fail: (error: unknown) => void): (...parts: unknown[]) => void {
  return (...parts) => {
    try {
      const outcome = listener(...parts);
      if (isPromise(outcome)) outcome.catch(fail);
    } catch (error) {
      fail(error);
    }
  };
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as Promise<unknown> | undefined)?.catch === 'function';
