import type { Remote } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import type { PostgresUsage } from '../product/postgres-usage.ts';

/** What a process with so many idle sessions costs. Memory in megabytes, CPU in seconds. */
export interface Footprint {
  sessions: number;
  /** 8 s after the last session opened, before and after a forced collection. */
  rss: number;
  rssAfterGc: number;
  heapAfterGc: number;
  /** CPU of this process before its first session, and from then until all were open. */
  startCpu: number;
  loginCpu: number;
  /** From the first login until all were open. Seconds. */
  loginWall: number;
  idleCpu: number;
  idleSeconds: number;
  postgres?: PostgresUsage | null;
  postgresIdleCpu?: number | null;
}

/** After the last session opened, as the floor was measured. */
export const SETTLE_MS = 8_000;

export async function settled(process: UsageRemote): Promise<Pick<Footprint, 'rss' | 'rssAfterGc' | 'heapAfterGc'>> {
  await pause(SETTLE_MS);
  const rss = await process.rss();
  const { rss: rssAfterGc, heap: heapAfterGc } = await process.afterGc();
  return { rss, rssAfterGc, heapAfterGc };
}

export interface UsageRemote {
  cpu(): Promise<number>;
  rss(): Promise<number>;
  afterGc(): Promise<{ rss: number; heap: number }>;
}

export interface Surroundings {
  service: { url: string; rootKey: string };
  simulator: Remote<SimulatorMethods>;
}

export const pause = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));
