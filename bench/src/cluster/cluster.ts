import { join } from 'node:path';
import type { Benchmark, Outcome, Sizes } from '../benchmark.ts';
import { Child } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { UsageFault } from '../command-line.ts';
import { temporaryDirectory } from '../paths.ts';
import { childFile, linkedState, withOutlets } from '../product/linked-state.ts';
import { report, type Result } from './cluster-report.ts';
import { Fleet, type Surroundings } from './fleet.ts';
import { measureCommands, measureIdle, measurePush, measureSending } from './measures.ts';

const PARTS = ['idle', 'push', 'command', 'blast'] as const;

interface Plan {
  outlets: number;
  idleSeconds: number;
  drops: number;
  presses: number;
  messages: number;
}

const FULL: Plan = { outlets: 300, idleSeconds: 60, drops: 300, presses: 300, messages: 3_000 };
const QUICK: Plan = { outlets: 12, idleSeconds: 5, drops: 20, presses: 20, messages: 120 };
/** Of each process after its last login: the mailbox, the status, the last keys. */
const SETTLE_MS = 5_000;

export const cluster: Benchmark = {
  name: 'cluster',
  about: 'one process alone, and 1, 2 and 3 of several: idle cost, push and commands across nodes, a blast',
  run,
};

async function run(sizes: Sizes): Promise<Outcome> {
  const unknown = sizes.only?.find((part) => !PARTS.some((known) => known === part));
  if (unknown) throw new UsageFault(`cluster has no part "${unknown}"; it has ${PARTS.join(', ')}.`);
  const plan = { ...(sizes.quick ? QUICK : FULL), ...(sizes.outlets && { outlets: Math.max(...sizes.outlets) }) };
  const parts = new Set<string>(sizes.only ?? PARTS);
  const directory = await temporaryDirectory();
  const state = await linkedState(join(directory, 'all'), { outlets: plan.outlets, bare: 0 });
  const simulator = new Child<SimulatorMethods>({ file: childFile('simulator') });
  const service = await simulator.call.start(state.simulatorFile);
  const numbers = numbering();
  const results: Result[] = [];
  for (const [processes, several] of [
    [1, false],
    [1, true],
    [2, true],
    [3, true],
  ] as const) {
    say(`${processes} ${several ? 'of several' : 'alone'}`);
    const dataDir = await withOutlets(state.dataDir, plan.outlets, join(directory, `${processes}-${several}`));
    const surroundings: Surroundings = { service, simulator: simulator.call, outlets: plan.outlets };
    const fleet = await Fleet.start({ ...surroundings, dataDir, processes, several });
    results.push({ processes, several, ...(await measure(fleet, surroundings, plan, parts, numbers)) });
    await fleet.stop();
  }
  await simulator.call.stop();
  return report(results);
}

async function measure(
  fleet: Fleet,
  surroundings: Surroundings,
  plan: Plan,
  parts: ReadonlySet<string>,
  numbers: (count: number) => string[],
): Promise<Omit<Result, 'processes' | 'several'>> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const changes = { drops: plan.drops, meanGapMs: 150 };
  return {
    outlets: plan.outlets,
    spreadWall: fleet.spreadWall,
    idle: parts.has('idle') ? await measureIdle(fleet, plan.idleSeconds) : null,
    rss: await Promise.all(fleet.nodes.map(({ probe }) => probe.rss())),
    command: parts.has('command') ? await measureCommands(fleet, plan.presses) : null,
    push: parts.has('push') ? await measurePush(fleet, surroundings, changes) : null,
    sending: parts.has('blast')
      ? await measureSending(fleet, surroundings, [numbers(plan.messages), numbers(plan.messages)])
      : null,
  };
}

/** Numbers nobody has had before. */
function numbering(): (count: number) => string[] {
  let last = 0;
  return (count) => Array.from({ length: count }, () => `628${String(5_000_000_000 + last++)}`);
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);
