import { join } from 'node:path';
import type { Benchmark, Outcome, Sizes, Table, Target } from '../benchmark.ts';
import { Child, type Remote } from '../children/child.ts';
import type { Polled, SubscriberMethods } from '../children/subscribers.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { UsageFault } from '../command-line.ts';
import { now, until } from '../clock.ts';
import { temporaryDirectory } from '../paths.ts';
import { Api } from '../product/api.ts';
import { childFile, linkedState, withOutlets } from '../product/linked-state.ts';
import { postgresUsage } from '../product/postgres-usage.ts';
import { ProductServer } from '../product/server.ts';
import { median, round, summarise, type Summary } from '../statistics.ts';
import { measureBrowser, type BrowserResult } from './browser.ts';
import { makeChanges, match, type ChangePlan, type DroppableOutlet } from './changes.ts';

const POLL_PERIOD_MS = 10_000;

const PARTS = ['pushed', 'page', 'polled'] as const;

interface Plan extends ChangePlan {
  parts: ReadonlySet<string>;
  outlets: number[];
  subscribers: number[];
  browserDrops: number;
}

interface Window {
  updates: number;
  seconds: number;
  /** Seconds of CPU. */
  serverCpu: number;
  postgresCpu: number | null;
}

interface Pushed extends Window {
  outlets: number;
  subscribers: number;
  /** Every change at every subscriber. */
  latency: Summary;
  /** Every change at the subscriber that had it last. */
  last: Summary;
  unmatched: number;
  missing: number;
}

interface PolledResult extends Window {
  outlets: number;
  pollers: number;
  staleness: Summary;
  /** Changes no observing poller had seen when the run ended. */
  unseen: number;
  /** Share of changes that were already replaced by a newer one when a poller looked. */
  skipped: number;
  answered: number;
  failed: number;
  late: number;
  pollMs: Summary;
}

interface PerOutlets {
  outlets: number;
  /** The same changes with nobody looking. */
  nobody: Window;
  pushed: Pushed[];
  polled: PolledResult[];
  browser: BrowserResult | null;
}

export const push: Benchmark = {
  name: 'push',
  about: "from Baileys' event to the subscribed client and page, beside a client that polls every 10 s",
  run,
};

/** By subscribers. Milliseconds. */
const AIMS: Readonly<Record<number, number>> = { 100: 50, 1000: 150 };

const FULL: Omit<Plan, 'parts'> = {
  outlets: [5, 100, 1000],
  subscribers: [1, 100, 1000],
  drops: 105,
  meanGapMs: 150,
  browserDrops: 60,
};
const QUICK: Omit<Plan, 'parts'> = { outlets: [5], subscribers: [1, 20], drops: 20, meanGapMs: 150, browserDrops: 10 };

async function run(sizes: Sizes): Promise<Outcome> {
  const unknown = sizes.only?.find((part) => !PARTS.some((known) => known === part));
  if (unknown) throw new UsageFault(`push has no part "${unknown}"; it has ${PARTS.join(', ')}.`);
  const plan = {
    parts: new Set(sizes.only ?? PARTS),
    ...(sizes.quick ? QUICK : FULL),
    ...(sizes.outlets && { outlets: sizes.outlets }),
    ...(sizes.subscribers && { subscribers: sizes.subscribers }),
  };
  const directory = await temporaryDirectory();
  const state = await linkedState(join(directory, 'all'), { outlets: Math.max(...plan.outlets), bare: 0 });
  const simulator = new Child<SimulatorMethods>({ file: childFile('simulator') });
  const service = await simulator.call.start(state.simulatorFile);
  const results: PerOutlets[] = [];
  for (const outlets of plan.outlets) {
    const dataDir = await withOutlets(state.dataDir, outlets, join(directory, String(outlets)));
    // Nothing measured here depends on how fast they log in.
    const server = new ProductServer({
      dataDir,
      simulator: service,
      env: { WA_CONNECTS_PER_SECOND: '1000', WA_CONNECT_BURST: '10000', SOCKETS_PER_CALLER: '10000' },
    });
    await server.start();
    results.push(await new Bench(plan, server, simulator.call, outlets).run());
    await server.stop();
  }
  await simulator.call.stop();
  return report(results);
}

class Bench {
  private readonly clients = new Child<SubscriberMethods>({ file: childFile('subscribers') });
  private readonly plan: Plan;
  private readonly server: ProductServer;
  private readonly simulator: Remote<SimulatorMethods>;
  private readonly count: number;
  private outlets: DroppableOutlet[] = [];

  constructor(plan: Plan, server: ProductServer, simulator: Remote<SimulatorMethods>, count: number) {
    this.plan = plan;
    this.server = server;
    this.simulator = simulator;
    this.count = count;
  }

  async run(): Promise<PerOutlets> {
    await this.allHealthy();
    const api = await Api.login(this.server.url);
    this.outlets = (await api.outlets()).map(({ id, whatsappNumber }) => ({ id, number: whatsappNumber }));
    const nobody = await this.window(() => this.changes());
    const pushed: Pushed[] = [];
    for (const subscribers of this.plan.parts.has('pushed') ? this.plan.subscribers : [])
      pushed.push(await this.push(subscribers));
    const browser = this.plan.parts.has('page') ? await this.browser() : null;
    const polled: PolledResult[] = [];
    for (const pollers of this.plan.parts.has('polled') ? this.plan.subscribers : [])
      polled.push(await this.poll(pollers));
    await this.clients.end();
    return { outlets: this.count, nobody, pushed, polled, browser };
  }

  private async allHealthy(): Promise<void> {
    await until(
      `${this.count} sessions to be online`,
      180_000,
      async () => (await this.simulator.online()) === this.count,
    );
    const api = await Api.login(this.server.url);
    await until('every outlet to be healthy', 30_000, async () => (await api.statuses()).healthy === this.count, 500);
  }

  private async push(subscribers: number): Promise<Pushed> {
    say(`push: ${this.count} outlets, ${subscribers} subscribers`);
    await this.allHealthy();
    const { token } = await Api.login(this.server.url);
    await this.clients.call.open(this.server.url, token, subscribers);
    await pause(2_000);
    await this.clients.call.take();
    const window = await this.window(() => this.changes());
    // The last change may still be on its way.
    await pause(1_000);
    const told = await this.clients.call.take();
    await this.clients.call.close();
    const { matched, unmatched } = match(window.seen, told);
    return {
      ...withoutSeen(window),
      outlets: this.count,
      subscribers,
      latency: summarise(matched.flatMap(({ latencies }) => latencies)),
      last: summarise(matched.map(({ latencies }) => Math.max(...latencies))),
      unmatched: unmatched.length,
      missing: matched.reduce((sum, { latencies }) => sum + subscribers - latencies.length, 0),
    };
  }

  private async browser(): Promise<BrowserResult | null> {
    say(`browser: ${this.count} outlets`);
    await this.allHealthy();
    await this.server.probe.takeUpdates();
    return measureBrowser(this.server.url, async () => {
      await makeChanges(this.simulator, this.outlets, { ...this.plan, drops: this.plan.browserDrops });
      return this.server.probe.takeUpdates();
    });
  }

  private async poll(pollers: number): Promise<PolledResult> {
    say(`polling: ${this.count} outlets, ${pollers} pollers`);
    await this.allHealthy();
    const { token } = await Api.login(this.server.url);
    await this.clients.call.startPolling(this.server.url, token, pollers, POLL_PERIOD_MS);
    // Every poller has asked once before the first change.
    await pause(POLL_PERIOD_MS);
    const window = await this.window(() => this.changes());
    await pause(POLL_PERIOD_MS + 1_000);
    const polled = await this.clients.call.stopPolling();
    await until('the server to answer the last polls', 120_000, async () => {
      const begun = now();
      await Api.login(this.server.url);
      return now() - begun < 1_000;
    });
    return { ...withoutSeen(window), outlets: this.count, pollers, ...this.staleness(window.seen, polled) };
  }

  /** The revision a change got is the one the poller must have seen, or a newer one. */
  private staleness(seen: Awaited<ReturnType<Bench['window']>>['seen'], polled: Polled) {
    const staleness: number[] = [];
    let unseen = 0;
    let skipped = 0;
    const updates = seen.filter(({ kind }) => kind === 'open' || kind === 'close');
    for (const polls of polled.seen) {
      for (const update of updates) {
        const poll = polls.find(
          ({ at, moved }) => at > update.at && moved.some(([outletId]) => outletId === update.outletId),
        );
        if (!poll) {
          unseen++;
          continue;
        }
        staleness.push(poll.at - update.at);
        const [, , status] = poll.moved.find(([outletId]) => outletId === update.outletId) ?? [];
        const isOlder = updates.some(
          (other) => other.outletId === update.outletId && other.at > update.at && other.at < poll.at,
        );
        if (isOlder || (status === 'CONNECTED') !== (update.kind === 'open')) skipped++;
      }
    }
    const { answered, failed, late, durations } = polled;
    return {
      staleness: summarise(staleness),
      unseen,
      skipped: skipped / Math.max(1, staleness.length),
      answered,
      failed,
      late,
      pollMs: summarise(durations),
    };
  }

  private changes(): Promise<number> {
    return makeChanges(this.simulator, this.outlets, this.plan);
  }

  private async window(work: () => Promise<unknown>) {
    const { probe } = this.server;
    await probe.takeUpdates();
    const postmaster = await this.server.postgresPid();
    const begun = now();
    const cpu = await probe.cpu();
    const postgres = await postgresUsage(postmaster);
    await work();
    const serverCpu = (await probe.cpu()) - cpu;
    const postgresAfter = await postgresUsage(postmaster);
    const seconds = (now() - begun) / 1000;
    const seen = await probe.takeUpdates();
    const postgresCpu = postgres && postgresAfter && postgresAfter.cpu - postgres.cpu;
    return { seen, updates: seen.length, seconds, serverCpu, postgresCpu };
  }
}

function withoutSeen({ updates, seconds, serverCpu, postgresCpu }: Window): Window {
  return { updates, seconds, serverCpu, postgresCpu };
}

function report(results: PerOutlets[]): Outcome {
  return {
    tables: [pushTable(results), pollTable(results), browserTable(results)],
    targets: targets(results),
    details: results,
  };
}

const ms = (value: number): string => (Number.isNaN(value) ? '-' : value < 100 ? value.toFixed(1) : value.toFixed(0));
const share = (cpu: number, seconds: number): string => `${((100 * cpu) / seconds).toFixed(1)} %`;

function pushTable(results: PerOutlets[]): Table {
  return {
    title: "Pushed: milliseconds from Baileys' connection.update to the event in a Socket.IO client",
    columns: [
      'outlets',
      'subscribers',
      'changes',
      'median',
      'p95',
      'p99',
      'max',
      'p99 of the last',
      'server CPU',
      'for pushing',
      'missing',
    ],
    rows: results.flatMap(({ nobody, pushed }) =>
      pushed.map((row) => [
        row.outlets,
        row.subscribers,
        row.last.n,
        ms(row.latency.median),
        ms(row.latency.p95),
        ms(row.latency.p99),
        ms(row.latency.max),
        ms(row.last.p99),
        share(row.serverCpu, row.seconds),
        share(extra(row, nobody), row.seconds),
        row.missing + row.unmatched,
      ]),
    ),
  };
}

function pollTable(results: PerOutlets[]): Table {
  return {
    title: 'Polled every 10 s: seconds until a poller has seen the change',
    columns: [
      'outlets',
      'pollers',
      'median',
      'p95',
      'p99',
      'never seen as such',
      'server CPU',
      'for polling',
      'polls answered',
      'late',
      'a poll takes ms',
    ],
    rows: results.flatMap(({ nobody, polled }) =>
      polled.map((row) => [
        row.outlets,
        row.pollers,
        round(row.staleness.median / 1000, 2),
        round(row.staleness.p95 / 1000, 2),
        round(row.staleness.p99 / 1000, 2),
        `${(100 * row.skipped).toFixed(0)} %`,
        share(row.serverCpu, row.seconds),
        share(extra(row, nobody), row.seconds),
        row.answered,
        row.late + row.failed,
        ms(row.pollMs.median),
      ]),
    ),
  };
}

function browserTable(results: PerOutlets[]): Table {
  return {
    title: 'Milliseconds from connection.update to the changed row in a browser page, one page open',
    columns: ['outlets', 'changes', 'median', 'p95', 'p99', 'next frame p99', 'row not drawn'],
    rows: results.flatMap(({ outlets, browser }) =>
      browser
        ? [
            [
              outlets,
              browser.changed.n,
              ms(browser.changed.median),
              ms(browser.changed.p95),
              ms(browser.changed.p99),
              ms(browser.framed.p99),
              browser.missing,
            ],
          ]
        : [],
    ),
  };
}

/** CPU beyond what the changes themselves cost. */
function extra(row: Window, nobody: Window): number {
  return Math.max(0, row.serverCpu - (nobody.serverCpu / nobody.updates) * row.updates);
}

function targets(results: PerOutlets[]): Target[] {
  const largest = results.at(-1);
  const row = largest?.pushed.find(({ subscribers }) => subscribers === 100) ?? largest?.pushed.at(-1);
  if (!largest || !row) return [];
  const polled = largest.polled.find(({ pollers }) => pollers === row.subscribers);
  const at = `${row.outlets} outlets, ${row.subscribers} subscribers`;
  const list = largest.pushed.flatMap(({ subscribers, latency: { p99 } }): Target[] => {
    const aim = AIMS[subscribers];
    const name = `p99 of push at ${largest.outlets} outlets, ${subscribers} subscribers`;
    return aim ? [{ name, aim: `< ${aim} ms`, measured: `${ms(p99)} ms`, met: p99 < aim }] : [];
  });
  if (!polled) return list;
  const ratios = results.flatMap(({ pushed, polled: all }) =>
    all.map((each, index) => each.staleness.median / (pushed[index]?.latency.median ?? NaN)),
  );
  const freshness = Math.min(...ratios);
  const part = extra(row, largest.nobody) / row.seconds / (extra(polled, largest.nobody) / polled.seconds);
  return [
    ...list,
    {
      name: 'fresher than polling, worst cell (medians)',
      aim: '>= 100 times',
      measured: `${freshness.toFixed(0)} to ${Math.max(...ratios).toFixed(0)} times, median ${median(ratios).toFixed(0)}`,
      met: freshness >= 100,
    },
    { name: `server CPU of pushing / of polling at ${at}`, aim: '< 1', measured: part.toFixed(3), met: part < 1 },
  ];
}

const pause = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));
const say = (text: string): void => void process.stderr.write(`${text}\n`);
