// Loaded into the product's process with --import. Keeps what it sees until asked, so that nothing is sent meanwhile.
import { subscribe } from 'node:diagnostics_channel';
import { listening } from './listeners.ts';
import { serve } from './serve.ts';
import { usage } from './usage.ts';

/** As `koneksi:connection-update` tells it. */
export interface UpdateSeen {
  outletId: string;
  kind: 'qr' | 'paired' | 'open' | 'close';
  at: number;
}

let updates: UpdateSeen[] = [];
subscribe('koneksi:connection-update', (update) => void updates.push(update as UpdateSeen));

const { fetch: standardFetch } = globalThis;

const methods = {
  ...usage,
  /** Files that are named by path alone are WhatsApp's; from here on they are looked for at the simulated one's. */
  findMediaAt(url: string): void {
    globalThis.fetch = (input, init) => {
      const asked = new URL(input instanceof Request ? input.url : input);
      const isMedia = asked.hostname === 'mmg.whatsapp.net';
      return standardFetch(isMedia ? new URL(asked.pathname + asked.search, url) : input, init);
    };
  },
  ...listening,
  /** What Baileys said since the last call. */
  takeUpdates(): UpdateSeen[] {
    const taken = updates;
    updates = [];
    return taken;
  },
};

export type ProbeMethods = typeof methods;

// The product ends in order, its database with it.
serve(methods, () => process.kill(process.pid, 'SIGTERM'));
