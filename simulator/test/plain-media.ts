import type { Simulator } from '../src/simulator.js';

/**
 * rc14 looks for files that are named by path alone at WhatsApp's own host. From here on it finds them at the
 * simulator's. Returns how to end that.
 */
export function plainMedia(simulator: () => Simulator): () => void {
  const { fetch: standard } = globalThis;
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.hostname !== 'mmg.whatsapp.net') return standard(input, init);
    return standard(new URL(url.pathname + url.search, simulator().controlUrl), init);
  };
  return () => void (globalThis.fetch = standard);
}
