import { round } from '../../../bench/src/statistics.ts';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import { BlastWatch } from '../stage/blast-watch.ts';
import { Stage } from '../stage/stage.ts';

/** Of what is sent while kills come every 30 s, this much may stay uncertain. */
const MAX_UNKNOWN_SHARE = 0.005;
const KILL_EVERY_MS = 30_000;
const KILL_EVERY_QUICK_MS = 1_500;
/** From so many recipients on it is the long one. */
const LONG = 3_000;

export const blastKills: Scenario = {
  name: 'blast-kills',
  tests: 'test 19',
  about: 'a blast with kill -9 every 30 s (1.5 s for fewer than 3,000); a round is a recipient',
  full: { rounds: 10_000, outlets: 10, minutes: 15 },
  quick: null,
  run,
};

function run(world: World, plan: Plan): Promise<Findings> {
  return Stage.with(world, async (stage) => {
    const findings: Findings = { rounds: plan.rounds, failures: [], figures: {} };
    const outlets = await stage.linked(plan.outlets);
    const each = Math.ceil(plan.rounds / plan.outlets);
    const numbers: string[] = [];
    for (const outlet of outlets) numbers.push(...(await stage.contacts(outlet, numbers.length, each)));
    const everyMs = plan.rounds >= LONG ? KILL_EVERY_MS : KILL_EVERY_QUICK_MS;
    const blast = await BlastWatch.start(stage, outlets, numbers);
    const begun = performance.now();
    let kills = 0;
    for (let open = true; open && performance.now() < begun + plan.minutes * 60_000;) {
      await stage.pause(everyMs);
      const { status, counts } = await blast.find();
      open = status !== 'finished' && (counts.queued > 0 || kills === 0);
      if (!open) break;
      await stage.restart();
      kills++;
    }
    await blast.finished(120_000).catch((error: Error) => findings.failures.push(error.message));
    const { faults, unknown } = await blast.faults();
    findings.failures.push(...faults);
    if (kills === 0) findings.failures.push('it was over before the first kill');
    // Each kill may leave one message of each outlet on its way.
    if (unknown > Math.max(kills * plan.outlets, plan.rounds * MAX_UNKNOWN_SHARE))
      findings.failures.push(`${unknown} messages are unknown after ${kills} kills`);
    if (everyMs === KILL_EVERY_MS && unknown > plan.rounds * MAX_UNKNOWN_SHARE)
      findings.failures.push(`${unknown} of ${plan.rounds} messages are unknown`);
    Object.assign(findings.figures, {
      kills,
      unknown,
      'messages on the wire': stage.simulator.counters()['messagesIn'] ?? 0,
      seconds: round((performance.now() - begun) / 1_000),
    });
    if (stage.unhandled) findings.failures.push(stage.unhandled);
    return findings;
  });
}
