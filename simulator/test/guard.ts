import type { EventEmitter } from 'node:events';
import type { Companion } from './companion.js';

/**
 * rc14 lets a bad frame become an unhandled rejection, which ends the process. Wraps every listener of
 * the socket, as an application must; the errors are collected in the order they came.
 */
export function guard(companion: Companion): unknown[] {
  const errors: unknown[] = [];
  const emitter = companion.socket.ws as unknown as EventEmitter;
  for (const event of emitter.eventNames()) {
    for (const listener of emitter.rawListeners(event)) {
      emitter.off(event, listener as never);
      const guarded = async (...args: unknown[]): Promise<void> => {
        try {
          await (listener as (...inner: unknown[]) => unknown).apply(emitter, args);
        } catch (error) {
          errors.push(error);
        }
      };
      emitter.on(event, (...args: unknown[]) => void guarded(...args));
    }
  }
  return errors;
}
