import { round } from '../../../bench/src/statistics.ts';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import { BlastWatch } from '../stage/blast-watch.ts';
import { Stage } from '../stage/stage.ts';

const GONE_WITHIN_MS = 10_000;
const RECIPIENTS = 20;

export const drain: Scenario = {
  name: 'drain',
  tests: 'test 15, the SIGTERM of one node',
  about:
    'SIGTERM in the middle of a blast: gone within 10 s with code 0, nothing uncertain, the rest sent by the next start',
  full: { rounds: 20, outlets: 50, minutes: 10 },
  quick: { rounds: 1, outlets: 2, minutes: 1 },
  run,
};

function run(world: World, plan: Plan): Promise<Findings> {
  return Stage.with(world, async (stage) => {
    const findings: Findings = { rounds: 0, failures: [], figures: {} };
    const outlets = await stage.linked(plan.outlets);
    const deadline = performance.now() + plan.minutes * 60_000;
    let slowest = 0;
    while (findings.rounds < plan.rounds && performance.now() < deadline) {
      const when = `round ${findings.rounds + 1}`;
      const numbers: string[] = [];
      for (const outlet of outlets.slice(0, 2))
        numbers.push(...(await stage.contacts(outlet, findings.rounds * 1_000 + numbers.length, RECIPIENTS)));
      const blast = await BlastWatch.start(stage, outlets.slice(0, 2), numbers);
      await blast.arrivedAtLeast(3);
      const { milliseconds, exitCode } = await stage.terminate();
      slowest = Math.max(slowest, milliseconds);
      if (milliseconds > GONE_WITHIN_MS) findings.failures.push(`${when}: gone after ${milliseconds} ms`);
      if (exitCode !== 0) findings.failures.push(`${when}: ended with ${exitCode}`);
      const sending = await stage.sql('SELECT 1 FROM blast_recipients WHERE status = $1', ['sending']);
      if (sending.length > 0) findings.failures.push(`${when}: ${sending.length} messages were left on their way`);
      await stage.product.start();
      await stage.allHealthy(outlets);
      await blast.finished(120_000);
      const { faults, unknown } = await blast.faults();
      if (unknown > 0) findings.failures.push(`${when}: ${unknown} messages became unknown`);
      findings.failures.push(...faults.map((fault) => `${when}: ${fault}`));
      findings.rounds++;
    }
    findings.figures['slowest end, s'] = round(slowest / 1_000);
    if (stage.unhandled) findings.failures.push(stage.unhandled);
    return findings;
  });
}
