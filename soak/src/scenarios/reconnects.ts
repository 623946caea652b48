import { now, until } from '../../../bench/src/clock.ts';
import { round } from '../../../bench/src/statistics.ts';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import { Stage } from '../stage/stage.ts';

const MAX_HEAP_GROWTH_MB = 5;
/** What a broken socket leaves behind for a while: queries nobody answers, timers. */
const SETTLE_MS = 90_000;

export const reconnects: Scenario = {
  name: 'reconnects',
  tests: 'test 17',
  about: 'so many reconnects of the same sessions; memory and listeners 90 s later. A round is one reconnect',
  full: { rounds: 1_000, outlets: 20, minutes: 10 },
  quick: null,
  run,
};

function run(world: World, plan: Plan): Promise<Findings> {
  return Stage.with(world, async (stage) => {
    const findings: Findings = { rounds: 0, failures: [], figures: {} };
    const { simulator } = stage;
    await stage.product.probe.watchListeners();
    const outlets = await stage.linked(plan.outlets);
    const reconnectAll = async (): Promise<void> => {
      const logins = new Set<string>();
      const off = simulator.on('online', ({ number }) => logins.add(number));
      for (const { phone } of outlets) phone.faults.end('restart');
      await until('all sessions to come back', 60_000, async () => logins.size === outlets.length, 20);
      off();
      await stage.allHealthy(outlets);
    };
    // The first ones load code and fill pools.
    for (let warmUp = 0; warmUp < 3; warmUp++) await reconnectAll();
    await stage.pause(SETTLE_MS / 3);
    const before = { ...(await stage.product.probe.afterGc()), ...(await stage.product.probe.countListeners()) };
    const deadline = now() + plan.minutes * 60_000;
    let peak = 0;
    while (findings.rounds < plan.rounds && now() < deadline) {
      await reconnectAll();
      findings.rounds += outlets.length;
      peak = Math.max(peak, await stage.product.probe.rss());
      if (findings.rounds % 200 < outlets.length) plan.say(`${findings.rounds} reconnects`);
    }
    await stage.pause(SETTLE_MS);
    const after = { ...(await stage.product.probe.afterGc()), ...(await stage.product.probe.countListeners()) };
    const grown = after.heap - before.heap;
    if (grown > MAX_HEAP_GROWTH_MB) findings.failures.push(`the heap grew by ${round(grown)} MB`);
    if (after.listeners > before.listeners * 1.05)
      findings.failures.push(`${before.listeners} listeners became ${after.listeners}`);
    Object.assign(findings.figures, {
      'heap before, MB': round(before.heap),
      'heap 90 s after, MB': round(after.heap),
      'emitters before, after': `${before.emitters}, ${after.emitters}`,
      'listeners before, after': `${before.listeners}, ${after.listeners}`,
      'most memory, MB': round(peak),
    });
    if (stage.unhandled) findings.failures.push(stage.unhandled);
    return findings;
  });
}
