import { EventEmitter } from 'node:events';

const emitters = new Set<WeakRef<EventEmitter>>();
const known = new WeakSet<EventEmitter>();

/** From here on every emitter that gets a listener is remembered, and none is kept alive by it. */
function watchListeners(): void {
  for (const name of ['on', 'addListener', 'prependListener'] as const) {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called below with the emitter it belongs to
    const original = EventEmitter.prototype[name];
    EventEmitter.prototype[name] = function (this: EventEmitter, ...parts: Parameters<typeof original>) {
      if (!known.has(this)) {
        known.add(this);
        emitters.add(new WeakRef(this));
      }
      return original.apply(this, parts);
    };
  }
}

/** Live emitters among those, and what listens to them; collect garbage before. */
function countListeners(): { emitters: number; listeners: number } {
  let listeners = 0;
  for (const reference of emitters) {
    const emitter = reference.deref();
    if (!emitter) emitters.delete(reference);
    else listeners += emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
  }
  return { emitters: emitters.size, listeners };
}

export const listening = { watchListeners, countListeners };
