import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import { now, until } from '../clock.ts';
import { Api } from '../product/api.ts';
import { ProductServer } from '../product/server.ts';
import type { Surroundings } from './footprint.ts';

export interface CrashResult {
  /** Milliseconds from the new process's start. */
  subscribed: number;
  first: number;
  all: number;
}

interface Options extends Surroundings {
  dataDir: string;
  outlets: number;
  times: number;
}

const RETRY_MS = 50;
const WITHIN_MS = 120_000;

/** SIGKILL with all outlets linked and a new start at once, with the settings a user gets. */
export async function measureCrash({ dataDir, service, simulator, outlets, times }: Options): Promise<CrashResult[]> {
  const server = new ProductServer({ dataDir, simulator: service });
  await server.start();
  const results: CrashResult[] = [];
  for (let count = 0; count < times; count++) {
    await until('every outlet to be online', WITHIN_MS, async () => (await simulator.online()) === outlets);
    const api = await Api.login(server.url);
    await until('every outlet to be healthy', WITHIN_MS, async () => (await api.statuses()).healthy === outlets);
    await server.kill();
    await until('the simulator to see them gone', 10_000, async () => (await simulator.online()) === 0, 20);
    const begun = now();
    await server.spawn();
    results.push(await comingBack(api, outlets, begun));
  }
  await server.stop();
  return results;
}

/** A client that keeps trying to connect, and believes only what it is told by the new process. */
async function comingBack(api: Api, outlets: number, begun: number): Promise<CrashResult> {
  const subscriber = api.subscribe();
  subscriber.io.reconnectionDelay(RETRY_MS);
  subscriber.io.reconnectionDelayMax(RETRY_MS);
  const healthy = new Set<string>();
  const times = { subscribed: 0, first: 0, all: 0 };
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`After the crash only ${healthy.size} of ${outlets} outlets came back`)),
        WITHIN_MS,
      );
      const take = (status: OutletStatus): void => {
        if (status.healthy) healthy.add(status.outletId);
        else healthy.delete(status.outletId);
        if (healthy.size > 0) times.first ||= now() - begun;
        if (healthy.size < outlets) return;
        times.all = now() - begun;
        clearTimeout(timer);
        resolve();
      };
      subscriber.on('outlet-status:snapshot', ({ statuses }) => {
        times.subscribed ||= now() - begun;
        statuses.forEach(take);
      });
      subscriber.on('outlet-status:changed', ({ status }) => take(status));
    });
  } finally {
    subscriber.close();
  }
  return times;
}
