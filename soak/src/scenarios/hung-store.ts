import { now, until } from '../../../bench/src/clock.ts';
import { round, summarise } from '../../../bench/src/statistics.ts';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import { Stage } from '../stage/stage.ts';

const RECYCLED_WITHIN_MS = 30_000;
const CUSTOMERS = 10;

export const hungStore: Scenario = {
  name: 'hung-store',
  tests: 'test 8',
  about: 'one read of a Signal key never answers: what else arrives is read, the session is opened anew',
  full: { rounds: 20, outlets: 2, minutes: 10 },
  quick: { rounds: 1, outlets: 2, minutes: 1 },
  run,
};

function run(world: World, plan: Plan): Promise<Findings> {
  return Stage.with(world, async (stage) => {
    const findings: Findings = { rounds: 0, failures: [], figures: {} };
    const fail = (text: string): void => void findings.failures.push(`round ${findings.rounds + 1}: ${text}`);
    const { simulator, road } = stage;
    const deadline = performance.now() + plan.minutes * 60_000;
    const readAfter: number[] = [];
    const recycledAfter: number[] = [];
    while (findings.rounds < plan.rounds && performance.now() < deadline) {
      // A new one each round: reconnecting slows down with every failure.
      const [outlet] = await stage.linked(1);
      if (!outlet) break;
      const [before] = simulator.connections().filter(({ number }) => number === outlet.number);
      const read = new Map<string, number>();
      const off = simulator.on('receipt', ({ number, id, type }) => {
        if (number === outlet.number && type !== 'retry') read.set(id, now());
      });
      const hung = road.hold(/FROM wa_signal_key/, 1, 'before');
      const customer = (index: number) => simulator.phone(`6287500${findings.rounds * 100 + index}`);
      const first = await customer(0).send(outlet.number, 'Masih ada?');
      await hung;
      road.clear();
      const from = now();
      const others: string[] = [];
      for (let index = 1; index <= CUSTOMERS; index++)
        others.push((await customer(index).send(outlet.number, 'Masih ada?')).id);
      await until('every message to be read', RECYCLED_WITHIN_MS, async () =>
        [first.id, ...others].every((id) => read.has(id)),
      ).catch((error: Error) => fail(error.message));
      off();
      for (const id of others) readAfter.push((read.get(id) ?? NaN) - from);
      await until('a new connection', RECYCLED_WITHIN_MS, async () => {
        const [current] = simulator.connections().filter(({ number }) => number === outlet.number);
        return current !== undefined && current.id !== before?.id && current.phase === 'online';
      }).catch((error: Error) => fail(error.message));
      recycledAfter.push(now() - from);
      await stage.allHealthy([outlet]);
      if (stage.liveConnections(outlet) !== 1) fail(`${stage.liveConnections(outlet)} connections`);
      findings.rounds++;
    }
    findings.figures['other messages read after, s (median, most)'] = spread(readAfter);
    findings.figures['session opened anew after, s (median, most)'] = spread(recycledAfter);
    if (stage.unhandled) findings.failures.push(stage.unhandled);
    return findings;
  });
}

function spread(milliseconds: readonly number[]): string {
  const { median, max } = summarise(milliseconds);
  return `${round(median / 1_000)}, ${round(max / 1_000)}`;
}
