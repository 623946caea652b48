import { join } from 'node:path';
import type { Benchmark, Outcome, Sizes } from '../benchmark.ts';
import { Child } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { temporaryDirectory } from '../paths.ts';
import { childFile, linkedState, withOutlets } from '../product/linked-state.ts';
import { report, type BlastResult, type Plan } from './blast-report.ts';
import { measureBareSending } from './bare-sending.ts';
import { measureBlast } from './product-blast.ts';
import { measureQueue } from './queue-size.ts';

export const blast: Benchmark = {
  name: 'blast',
  about: 'acknowledged messages per second and CPU per message beside bare Baileys; 1,000 against 100,000 queued',
  run,
};

const FULL: Plan = { outlets: [1, 50], messages: 1_000, queued: [1_000, 100_000] };
const QUICK: Plan = { outlets: [1, 5], messages: 100, queued: [500, 5_000] };

async function run(sizes: Sizes): Promise<Outcome> {
  const plan = { ...(sizes.quick ? QUICK : FULL), ...(sizes.outlets && { outlets: sizes.outlets }) };
  const most = Math.max(...plan.outlets);
  const directory = await temporaryDirectory();
  const state = await linkedState(join(directory, 'all'), { outlets: most, bare: most });
  const simulator = new Child<SimulatorMethods>({ file: childFile('simulator') });
  const service = await simulator.call.start(state.simulatorFile);
  const numbers = numbering();
  const result: BlastResult = { plan, speeds: [], queues: [] };
  for (const outlets of plan.outlets) {
    const common = { service, simulator: simulator.call, sessions: outlets, messages: plan.messages, numbers };
    say(`${outlets} outlets of the product`);
    const dataDir = await withOutlets(state.dataDir, outlets, join(directory, `blast-${outlets}`));
    result.speeds.push(...(await measureBlast({ ...common, dataDir })));
    for (const keptIn of ['files', 'memory'] as const) {
      say(`${outlets} bare sessions, keys in ${keptIn}`);
      result.speeds.push(...(await measureBareSending({ ...common, directory: state.bareDir, keptIn })));
    }
  }
  for (const queued of plan.queued) {
    say(`${queued} queued at one outlet`);
    const dataDir = await withOutlets(state.dataDir, 1, join(directory, `queue-${queued}`));
    result.queues.push(
      await measureQueue({ dataDir, service, simulator: simulator.call, queued, messages: plan.messages / 2, numbers }),
    );
  }
  await simulator.call.stop();
  return report(result);
}

/** Numbers nobody has had before. */
function numbering(): (count: number) => string[] {
  let last = 0;
  return (count) => Array.from({ length: count }, () => `628${String(5_000_000_000 + last++)}`);
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);
