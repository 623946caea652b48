import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Benchmark, Outcome, Sizes } from '../benchmark.ts';
import { Child } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { later } from '../clean-up.ts';
import { until } from '../clock.ts';
import { temporaryDirectory } from '../paths.ts';
import { dashboardIsBuilt, launch } from '../product/chromium.ts';
import { childFile } from '../product/linked-state.ts';
import { createOutlets } from '../product/outlets.ts';
import { ProductServer, SUPERADMIN } from '../product/server.ts';
import { median, round } from '../statistics.ts';
import { slowLineTo } from './slow-network.ts';

export const load: Benchmark = {
  name: 'load',
  about: 'first and second visit of a phone at 400 kbit/s, with a processor four times as slow',
  run,
};

const LINE = { bytesPerSecond: 50_000, roundTripMs: 300 };
const CPU_TIMES_SLOWER = 4;
const OUTLETS = 300;
const PHONE = { width: 390, height: 844 };

/** Milliseconds from the navigation. */
interface Visit {
  /** Something of ours is painted. */
  shell: number;
  /** Rows are painted, and the page says that it is live. */
  usable: number;
}

const TIME_USABLE = `
  const isUsable = () => document.querySelector('[data-outlet-id]') &&
    document.querySelector('[data-testid=connection][data-state=live]');
  const observer = new MutationObserver(() => {
    if (!isUsable()) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => (globalThis.usableAfterMs = performance.now())));
  });
  observer.observe(document, { subtree: true, childList: true, attributes: true });
`;
const VISIT = `globalThis.usableAfterMs && ({
  shell: performance.getEntriesByName('first-contentful-paint')[0].startTime,
  usable: usableAfterMs,
})`;
/** How many files the worker has of those it is to keep; none before it is there. */
const IS_KEPT = `(async () => {
  if (!navigator.serviceWorker.controller && !(await navigator.serviceWorker.getRegistration())?.active) return false;
  const wanted = Object.keys((await (await fetch('/ngsw.json?ngsw-bypass=1')).json()).hashTable).length;
  const names = (await caches.keys()).filter((name) => name.endsWith(':cache'));
  const counts = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length));
  return counts.reduce((sum, count) => sum + count, 0) >= wanted;
})()`;

async function run(sizes: Sizes): Promise<Outcome> {
  if (!dashboardIsBuilt()) throw new Error('The dashboard is not built: npm run build:client');
  const simulator = new Child<SimulatorMethods>({ file: childFile('simulator') });
  const service = await simulator.call.start();
  const url = await slowLineTo(() => server.url, LINE);
  const dataDir = join(await temporaryDirectory(), 'load');
  const server = new ProductServer({ dataDir, simulator: service, env: { PUBLIC_ORIGIN: url } });
  await server.start();
  await createOutlets(server.url, sizes.outlets?.[0] ?? OUTLETS);
  const browser = await launch();
  later(() => browser.close());
  const visits: { first: Visit; second: Visit }[] = [];
  for (let count = 0; count < (sizes.quick ? 1 : 5); count++) visits.push(await twoVisits(browser, url));
  await browser.close();
  await server.stop();
  await simulator.call.stop();
  return report(visits);
}

/** Of somebody who is signed in: once with nothing kept, and once with what the worker kept since. */
async function twoVisits(browser: Browser, url: string): Promise<{ first: Visit; second: Visit }> {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true });
  const login = await context.request.post(`${url}/api/auth/login`, { data: SUPERADMIN });
  if (!login.ok()) throw new Error(`The browser could not log in: HTTP ${login.status()}`);
  await context.addInitScript(TIME_USABLE);
  const page = await context.newPage();
  const first = await visit(page, url);
  await until('the worker to keep the pages', 120_000, () => page.evaluate<boolean>(IS_KEPT), 500);
  await page.close();
  const again = await context.newPage();
  const second = await visit(again, url);
  await context.close();
  return { first, second };
}

async function visit(page: Page, url: string): Promise<Visit> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU_TIMES_SLOWER });
  // Most often nobody looked at the pages for a while, and the worker has to be started.
  await cdp.send('ServiceWorker.enable');
  await cdp.send('ServiceWorker.stopAllWorkers');
  await page.goto(`${url}/outlet-status`, { waitUntil: 'commit', timeout: 60_000 });
  let seen: Visit | undefined;
  await until('the page to be usable', 60_000, async () => {
    seen = await page.evaluate<Visit | undefined>(VISIT);
    return seen !== undefined;
  });
  return seen!;
}

function report(visits: { first: Visit; second: Visit }[]): Outcome {
  const of = (which: 'first' | 'second', what: keyof Visit): number[] => visits.map((each) => each[which][what]);
  const row = (which: 'first' | 'second', name: string): (string | number)[] => [
    name,
    round(median(of(which, 'shell')), 0),
    round(Math.max(...of(which, 'shell')), 0),
    round(median(of(which, 'usable')), 0),
    round(Math.max(...of(which, 'usable')), 0),
  ];
  const [shell, usable] = [median(of('second', 'shell')), median(of('second', 'usable'))];
  return {
    tables: [
      {
        title: 'Milliseconds from the navigation, 400 kbit/s, 300 ms there and back, processor four times as slow',
        columns: ['visit', 'shell, median', 'slowest', 'usable, median', 'slowest'],
        rows: [row('first', 'first'), row('second', 'second')],
      },
    ],
    targets: [
      { name: 'shell, second visit', aim: '< 1 s', measured: `${round(shell, 0)} ms`, met: shell < 1_000 },
      { name: 'usable, second visit', aim: '< 3 s', measured: `${round(usable, 0)} ms`, met: usable < 3_000 },
    ],
    details: visits,
  };
}
