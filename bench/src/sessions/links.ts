import { Api } from '../product/api.ts';
import { link, type Linked } from '../product/link.ts';
import { ProductServer } from '../product/server.ts';
import type { Surroundings } from './footprint.ts';

/** A person needs longer to take out a phone. */
const LOOK_MS = 1_500;

export interface LinkResult extends Linked {
  /** Whether the phone scanned the moment the QR was there. */
  atOnce: boolean;
}

interface Options extends Surroundings {
  dataDir: string;
  looked: number;
  atOnce: number;
}

/** New outlets linked one after the other, as a subscriber of the pushed status sees it. */
export async function measureLinks({ dataDir, service, simulator, looked, atOnce }: Options): Promise<LinkResult[]> {
  const server = new ProductServer({ dataDir, simulator: service });
  await server.start();
  const api = await Api.login(server.url);
  const subscriber = api.subscribe();
  await new Promise((resolve) => subscriber.once('outlet-status:snapshot', resolve));
  const results: LinkResult[] = [];
  for (let index = 0; index < looked + atOnce; index++) {
    const isAtOnce = index >= looked;
    const outlet = await api.createOutlet(`62833${String(1_000_000 + index)}`);
    results.push({
      ...(await link(api, subscriber, simulator, outlet, { lookMs: isAtOnce ? 0 : LOOK_MS })),
      atOnce: isAtOnce,
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  subscriber.close();
  await server.stop();
  return results;
}
