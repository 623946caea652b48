import { join } from 'node:path';
import type { Benchmark, Outcome, Sizes } from '../benchmark.ts';
import { Child } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { temporaryDirectory } from '../paths.ts';
import { childFile } from '../product/linked-state.ts';
import { round } from '../statistics.ts';
import { measureStatements } from './statements.ts';

export const scale: Benchmark = {
  name: 'scale',
  about: 'what the nodes of up to 100,000 outlets ask of the database',
  run,
};

const FULL = [1_000, 10_000, 100_000];
const QUICK = [1_000];

async function run(sizes: Sizes): Promise<Outcome> {
  const simulator = new Child<SimulatorMethods>({ file: childFile('simulator') });
  const service = await simulator.call.start();
  const directory = join(await temporaryDirectory(), 'database');
  const measured = await measureStatements(directory, service, sizes.outlets ?? (sizes.quick ? QUICK : FULL));
  await simulator.call.stop();
  const table = {
    title: 'Statements of one node, median ms',
    columns: ['outlets, nodes', 'who there is', 'claim 1,000', "one's own", 'all', 'whether all are the same'],
    rows: measured.map(({ outlets, nodes, roster, claim, own, all, stamp }) => [
      `${outlets}, ${nodes}`,
      ...[roster, claim, own, all, stamp].map((ms) => round(ms)),
    ]),
  };
  return { tables: [table], targets: [], details: measured };
}
