import { loadavg } from 'node:os';
import type { CDPSession, Page } from 'playwright-core';
import { now } from '../clock.ts';
import type { ProductServer } from '../product/server.ts';
import { summarise, type Summary } from '../statistics.ts';
import { TAKE, type Drawn, type Gathered } from './page-scripts.ts';
import type { Relay } from './relay.ts';
import { rename, type Renamed, type RenamedOutlet, type Renaming } from './renaming.ts';

const SAMPLE_EVERY_MS = 10_000;

export interface Sample {
  /** Seconds since the window began. */
  at: number;
  /** Megabytes of JavaScript heap, after a collection. */
  heap: number;
  nodes: number;
}

export interface PageWindow {
  asked: number;
  failed: number;
  pushed: number;
  /** From PostgreSQL's write of a change in sight to the changed content. */
  changed: Summary;
  /** The same to the rendered frame. */
  painted: Summary;
  /** Changes in sight the page did not show before the window ended. */
  unseen: number;
  samples: Sample[];
  longTasks: Summary;
  seconds: number;
  /** Share of the time the page's main thread worked. */
  mainThread: number;
  /** Share of one core. */
  serverCpu: number;
  bytesPerMinute: number;
  /** The machine's load, averaged over the last minute of the window. */
  load: number;
}

/** Renames outlets while a page shows them; the page's heap is collected at each sample, which is part of what it does. */
export async function measureWindow(
  page: Page,
  { server, relay }: { server: ProductServer; relay: Relay },
  plan: Renaming,
): Promise<PageWindow> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const gathered: Gathered = await page.evaluate<Gathered>(TAKE);
  gathered.drawn.length = gathered.longTasks.length = 0;
  const samples: Sample[] = [];
  const begun = now();
  const sample = async (): Promise<void> => {
    const { drawn, longTasks } = await page.evaluate<Gathered>(TAKE);
    gathered.drawn.push(...drawn);
    gathered.longTasks.push(...longTasks);
    await cdp.send('HeapProfiler.collectGarbage');
    const metrics = await metricsOf(cdp);
    samples.push({ at: (now() - begun) / 1000, heap: metrics.JSHeapUsedSize / 2 ** 20, nodes: metrics.Nodes });
  };
  await sample();
  const timer = setInterval(() => void sample().catch(() => undefined), SAMPLE_EVERY_MS);
  const before = { work: await metricsOf(cdp), cpu: await server.probe.cpu(), bytes: relay.received(), at: now() };
  const { asked, failed, told } = await rename(server.url, plan);
  const seconds = (now() - before.at) / 1000;
  const serverCpu = ((await server.probe.cpu()) - before.cpu) / seconds;
  const mainThread = ((await metricsOf(cdp)).TaskDuration - before.work.TaskDuration) / seconds;
  const bytesPerMinute = ((relay.received() - before.bytes) * 60) / seconds;
  clearInterval(timer);
  await sample();
  await cdp.detach();
  return {
    asked,
    failed,
    pushed: told.length,
    ...delays(told, plan.inSight, gathered.drawn),
    samples,
    longTasks: summarise(gathered.longTasks),
    seconds,
    mainThread,
    serverCpu,
    bytesPerMinute,
    load: loadavg()[0] ?? NaN,
  };
}

/** A change is seen when its outlet is drawn with it or with a later one. */
function delays(told: readonly Renamed[], inSight: readonly RenamedOutlet[], drawn: readonly Drawn[]) {
  const changed: number[] = [];
  const painted: number[] = [];
  let unseen = 0;
  for (const { id } of inSight) {
    const shown = drawn.filter(({ outletId }) => outletId === id);
    for (const change of told.filter(({ outletId }) => outletId === id)) {
      const first = shown.find(({ count }) => count >= change.count);
      if (!first) {
        unseen++;
        continue;
      }
      changed.push(first.changedAt - change.at);
      painted.push(first.paintedAt - change.at);
    }
  }
  return { changed: summarise(changed), painted: summarise(painted), unseen };
}

type Metrics = Record<'JSHeapUsedSize' | 'Nodes' | 'TaskDuration', number>;

async function metricsOf(cdp: CDPSession): Promise<Metrics> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value])) as Metrics;
}
