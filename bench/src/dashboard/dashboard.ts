import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { Benchmark, Outcome, Sizes } from '../benchmark.ts';
import { Child } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { later } from '../clean-up.ts';
import { temporaryDirectory } from '../paths.ts';
import { Api } from '../product/api.ts';
import { dashboardIsBuilt, launch, loggedInPage } from '../product/chromium.ts';
import { childFile } from '../product/linked-state.ts';
import { createOutlets } from '../product/outlets.ts';
import { ProductServer } from '../product/server.ts';
import { report, type PerOutlets, type PollingResult } from './dashboard-report.ts';
import { measureWindow } from './page-meter.ts';
import { IN_SIGHT, pollingPage, WATCH_ROWS } from './page-scripts.ts';
import { relayTo, type Relay } from './relay.ts';
import { plainName, type Renaming } from './renaming.ts';
import { visit } from './visits.ts';

interface Plan {
  outlets: number[];
  seconds: number;
  /** For each of the polling pages. */
  pollingSeconds: number;
}

export const dashboard: Benchmark = {
  name: 'dashboard',
  about: 'event to paint at 50 changes a second, memory, transfer and reload, beside a page that polls and redraws',
  run,
};

const FULL: Plan = { outlets: [1_000, 5_000], seconds: 300, pollingSeconds: 30 };
const QUICK: Plan = { outlets: [1_000], seconds: 20, pollingSeconds: 20 };
const PER_SECOND = 50;
const RELOADS = 5;
const POLL_PERIODS_MS = [10_000, 1_000];

async function run(sizes: Sizes): Promise<Outcome> {
  if (!dashboardIsBuilt()) throw new Error('The dashboard is not built: npm run build:client');
  const plan = { ...(sizes.quick ? QUICK : FULL), ...(sizes.outlets && { outlets: sizes.outlets }) };
  const directory = await temporaryDirectory();
  const simulator = new Child<SimulatorMethods>({ file: childFile('simulator') });
  const service = await simulator.call.start();
  const results: PerOutlets[] = [];
  for (const count of plan.outlets) {
    const relay = await relayTo(() => server.url);
    const server = new ProductServer({
      dataDir: join(directory, String(count)),
      simulator: service,
      env: { PUBLIC_ORIGIN: relay.url },
    });
    await server.start();
    say(`${count} outlets: creating them`);
    await createOutlets(server.url, count);
    const browser = await launch();
    later(() => browser.close());
    results.push(await measure({ browser, server, relay }, plan, count));
    await browser.close();
    await server.stop();
  }
  await simulator.call.stop();
  return report(results);
}

interface Surroundings {
  browser: Browser;
  server: ProductServer;
  relay: Relay;
}

async function measure({ browser, server, relay }: Surroundings, plan: Plan, count: number): Promise<PerOutlets> {
  say(`${count} outlets: visits`);
  const { page, visits } = await visit(browser, relay, RELOADS);
  const inSight = new Set(await page.evaluate<string[]>(IN_SIGHT));
  const all = (await (await Api.login(server.url)).outlets()).map(({ id, name }) => ({ id, name: plainName(name) }));
  const outlets = all.filter(({ id }) => !inSight.has(id));
  const seen = all.filter(({ id }) => inSight.has(id));
  const renaming = { perSecond: PER_SECOND, outlets, inSight: seen };
  say(`${count} outlets: ${seen.length} in sight, ${plan.seconds} s`);
  await page.evaluate(WATCH_ROWS);
  const pushed = await measureWindow(page, { server, relay }, { ...renaming, seconds: plan.seconds });
  await page.context().close();
  const polled: PollingResult[] = [];
  for (const periodMs of POLL_PERIODS_MS) {
    say(`${count} outlets: a page that polls every ${periodMs / 1000} s, ${plan.pollingSeconds} s`);
    const window = { ...renaming, seconds: plan.pollingSeconds };
    polled.push(await measurePolling({ browser, server, relay }, periodMs, window));
  }
  return { outlets: count, inSight: seen.length, visits, pushed, polled };
}

async function measurePolling(
  { browser, server, relay }: Surroundings,
  periodMs: number,
  renaming: Renaming,
): Promise<PollingResult> {
  const page = await loggedInPage(browser, relay.url);
  const { token } = await Api.login(server.url);
  const address = `${relay.url}/polling-page`;
  await page.route(address, (route) =>
    route.fulfill({ contentType: 'text/html; charset=utf-8', body: pollingPage(token, periodMs) }),
  );
  await page.goto(address);
  await page.unroute(address);
  await page.waitForSelector('tbody tr');
  const window = await measureWindow(page, { server, relay }, renaming);
  await page.context().close();
  return { periodMs, ...window };
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);
