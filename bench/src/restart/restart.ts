import { join } from 'node:path';
import type { Benchmark, Outcome, Sizes, Target } from '../benchmark.ts';
import { Child } from '../children/child.ts';
import type { BareMethods } from '../children/bare-baileys.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { now } from '../clock.ts';
import { temporaryDirectory } from '../paths.ts';
import { childFile, linkedState, withOutlets } from '../product/linked-state.ts';
import { measureCrash, type CrashResult } from '../sessions/crash.ts';
import { median, round } from '../statistics.ts';

interface Plan {
  outlets: number[];
  times: number;
}

interface Restarted {
  outlets: number;
  product: CrashResult[];
  /** Milliseconds until all bare sessions were logged in, each time; their keys are in memory before. */
  bare: number[];
}

export const restart: Benchmark = {
  name: 'restart',
  about: 'killed with all outlets linked and started again, beside bare Baileys that logs in as many',
  run,
};

const FULL: Plan = { outlets: [50, 200, 1000], times: 3 };
const QUICK: Plan = { outlets: [10], times: 1 };
/** As many handshakes at once as the product has under way. */
const BARE_AT_ONCE = 10;
/** Milliseconds until all are told CONNECTED, from the call that starts the process. */
const AIMS: Readonly<Record<number, number>> = { 50: 5_000, 1000: 12_000 };

async function run(sizes: Sizes): Promise<Outcome> {
  const plan = { ...(sizes.quick ? QUICK : FULL), ...(sizes.outlets && { outlets: sizes.outlets }) };
  const most = Math.max(...plan.outlets);
  const directory = await temporaryDirectory();
  const state = await linkedState(join(directory, 'all'), { outlets: most, bare: most });
  const simulator = new Child<SimulatorMethods>({ file: childFile('simulator') });
  const service = await simulator.call.start(state.simulatorFile);
  const results: Restarted[] = [];
  for (const outlets of plan.outlets) {
    process.stderr.write(`${outlets} outlets, ${plan.times} times\n`);
    const dataDir = await withOutlets(state.dataDir, outlets, join(directory, String(outlets)));
    const { times } = plan;
    const product = await measureCrash({ dataDir, service, simulator: simulator.call, outlets, times });
    const bare: number[] = [];
    for (let count = 0; count < times; count++) bare.push(await bareLogins(service, state.bareDir, outlets));
    results.push({ outlets, product, bare });
  }
  await simulator.call.stop();
  await simulator.end();
  return report(results);
}

async function bareLogins(service: { url: string; rootKey: string }, bareDir: string, count: number): Promise<number> {
  const bare = new Child<BareMethods>({ file: childFile('bare-baileys') });
  await bare.call.start(service, bareDir, 'memory');
  await bare.call.load(count);
  const begun = now();
  await bare.call.open(BARE_AT_ONCE);
  const took = now() - begun;
  await bare.call.stop();
  await bare.end();
  return took;
}

function report(results: readonly Restarted[]): Outcome {
  const rows = results.map(({ outlets, product, bare }) => {
    const of = (pick: (result: CrashResult) => number): number => median(product.map(pick));
    const [all, logins] = [of((result) => result.all), median(bare)];
    return [
      outlets,
      ...[of(({ subscribed }) => subscribed), of(({ first }) => first), all, logins].map((ms) => round(ms, 0)),
      round(all / logins, 2),
    ];
  });
  const targets = results.flatMap(({ outlets, product }): Target[] => {
    const aim = AIMS[outlets];
    if (aim === undefined) return [];
    const slowest = Math.max(...product.map(({ all }) => all));
    const name = `${outlets} outlets told CONNECTED, the slowest of ${product.length}`;
    return [{ name, aim: `at most ${aim} ms`, measured: `${round(slowest, 0)} ms`, met: slowest <= aim }];
  });
  const columns = ['outlets', 'first page ms', 'first CONNECTED', 'all CONNECTED', 'bare: all', 'ratio'];
  const title = 'Started again after SIGKILL, medians; bare Baileys begins with its process up and its keys in memory';
  return { tables: [{ title, columns, rows }], targets, details: results };
}
