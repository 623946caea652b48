import { join } from 'node:path';
import type { Benchmark, Outcome, Sizes } from '../benchmark.ts';
import { Child } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { temporaryDirectory } from '../paths.ts';
import { childFile, linkedState, withOutlets } from '../product/linked-state.ts';
import { measureBare, type BareVariant } from './bare.ts';
import { measureCrash } from './crash.ts';
import { measureIdleProduct } from './idle-product.ts';
import { measureLinks } from './links.ts';
import { report, type BareFootprint, type SessionsResult } from './sessions-report.ts';

export interface Plan {
  outlets: number[];
  idleSeconds: number;
  /** Links measured one at a time, scanned after a look at the QR and at once. */
  links: { looked: number; atOnce: number };
  crash: { outlets: number; times: number };
}

export const sessions: Benchmark = {
  name: 'sessions',
  about: 'memory and CPU per session and login beside bare Baileys; scan to connected; back after SIGKILL',
  run,
};

const FULL: Plan = {
  outlets: [50, 200, 500, 1000],
  idleSeconds: 30,
  links: { looked: 30, atOnce: 30 },
  crash: { outlets: 50, times: 5 },
};
const QUICK: Plan = {
  outlets: [10],
  idleSeconds: 5,
  links: { looked: 3, atOnce: 3 },
  crash: { outlets: 10, times: 1 },
};

const BARE: readonly BareVariant[] = [
  { name: 'bare Baileys, keys in memory', keptIn: 'memory', tuned: false },
  { name: 'bare Baileys, keys in files', keptIn: 'files', tuned: false },
  { name: 'the same with our launcher’s settings', keptIn: 'files', tuned: true },
];

async function run(sizes: Sizes): Promise<Outcome> {
  const plan = { ...(sizes.quick ? QUICK : FULL), ...(sizes.outlets && { outlets: sizes.outlets }) };
  const most = Math.max(...plan.outlets, plan.crash.outlets);
  const directory = await temporaryDirectory();
  const state = await linkedState(join(directory, 'all'), { outlets: most, bare: most });
  const simulator = new Child<SimulatorMethods>({ file: childFile('simulator') });
  const service = await simulator.call.start(state.simulatorFile);
  const databaseWith = (outlets: number): Promise<string> =>
    withOutlets(state.dataDir, outlets, join(directory, String(outlets)));

  const result: SessionsResult = { product: [], bare: [], links: [], crash: [], crashOutlets: plan.crash.outlets };
  say('an empty product, and links one at a time');
  const emptyDir = await databaseWith(0);
  const empty = await measureIdleProduct({
    dataDir: emptyDir,
    service,
    simulator: simulator.call,
    outlets: 0,
    idleSeconds: plan.idleSeconds,
  });
  result.links = await measureLinks({ dataDir: emptyDir, service, simulator: simulator.call, ...plan.links });
  for (const outlets of plan.outlets) {
    say(`${outlets} sessions of the product`);
    const dataDir = await databaseWith(outlets);
    result.product.push(
      await measureIdleProduct({
        dataDir,
        service,
        simulator: simulator.call,
        outlets,
        idleSeconds: plan.idleSeconds,
        empty,
      }),
    );
  }
  for (const variant of BARE) {
    say(`${variant.name}: 0 ${plan.outlets.join(' ')} sessions`);
    const footprints: BareFootprint[] = [];
    for (const count of plan.outlets) {
      footprints.push(
        await measureBare({
          variant,
          service,
          simulator: simulator.call,
          directory: state.bareDir,
          count,
          idleSeconds: plan.idleSeconds,
        }),
      );
    }
    result.bare.push({ name: variant.name, footprints });
  }
  say(`${plan.crash.outlets} outlets back after SIGKILL, ${plan.crash.times} times`);
  const crashDir = plan.outlets.includes(plan.crash.outlets)
    ? join(directory, String(plan.crash.outlets))
    : await databaseWith(plan.crash.outlets);
  result.crash = await measureCrash({ dataDir: crashDir, service, simulator: simulator.call, ...plan.crash });
  await simulator.call.stop();
  return report(result, empty);
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);
