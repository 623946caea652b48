import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import { Stage } from '../stage/stage.ts';
import type { KillPoint } from '../stage/kill-point.ts';
import { importing, keyWrite, login, pairing, sending, type Phase } from './kill-phases.ts';
import { shuffled } from '../stage/random.ts';

const PHASES: readonly Phase[] = [pairing, login, keyWrite, sending, importing];
/** What the work may take before it counts as never having come to its point. */
const REACHED_WITHIN_MS = 8_000;

export const killPoints: Scenario = {
  name: 'kill-points',
  tests: 'tests 2, 10 and 19',
  about: 'kill -9 at named points of pairing, login, key write, send and import, one point a round',
  full: { rounds: 200, outlets: 1, minutes: 20 },
  quick: { rounds: 3, outlets: 1, minutes: 2 },
  run,
};

function run(world: World, plan: Plan): Promise<Findings> {
  return Stage.with(world, async (stage) => {
    const findings: Findings = { rounds: 0, failures: [], figures: {} };
    const deadline = performance.now() + plan.minutes * 60_000;
    const points = shuffledPoints(plan.seed);
    const reached = new Set<string>();
    let missed = 0;
    for (let round = 0; round < plan.rounds && performance.now() < deadline; round++) {
      const { phase, point } = points[round % points.length]!;
      const name = `${phase.name}, ${point.label}`;
      const fail = (fault: string): void => {
        plan.say(`✗ ${name}: ${fault}`);
        findings.failures.push(`${name}: ${fault}`);
      };
      if (await killAt(stage, phase, point, round, fail)) reached.add(name);
      else missed++;
      findings.rounds++;
      if (findings.rounds % 20 === 0) plan.say(`${findings.rounds} kills, ${findings.failures.length} failures`);
    }
    for (const { name } of PHASES)
      findings.figures[`points reached in ${name}`] = [...reached].filter((each) => each.startsWith(name)).length;
    findings.figures['rounds whose work ended before its point'] = missed;
    if (stage.unhandled) findings.failures.push(stage.unhandled);
    return findings;
  });
}

/** One of each phase in turn, so that few rounds touch all of them. */
function shuffledPoints(seed: number): { phase: Phase; point: KillPoint }[] {
  const lists = PHASES.map((phase) => shuffled(phase.points, seed).map((point) => ({ phase, point })));
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index % list.length] ?? [])).flat();
}

/** Whether the point was reached. */
async function killAt(
  stage: Stage,
  phase: Phase,
  point: KillPoint,
  round: number,
  fail: (fault: string) => void,
): Promise<boolean> {
  try {
    const scene = await phase.prepare(stage, round);
    const reached = point.reached(stage, scene.outlet).then(() => true);
    const working = scene.work().catch(() => undefined);
    const wasReached = await Promise.race([reached, stage.pause(REACHED_WITHIN_MS).then(() => false)]);
    stage.road.clear();
    await stage.kill();
    await working;
    await stage.product.start();
    for (const fault of await scene.check()) fail(fault);
    return wasReached;
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
    stage.road.clear();
    await stage.restart();
    return false;
  }
}
