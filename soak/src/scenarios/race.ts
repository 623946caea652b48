import { until } from '../../../bench/src/clock.ts';
import { round } from '../../../bench/src/statistics.ts';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import { BlastWatch } from '../stage/blast-watch.ts';
import { Stage } from '../stage/stage.ts';

/** People an outlet writes to while they write to it. */
const PEOPLE = 20;

export const race: Scenario = {
  name: 'race',
  tests: 'test 9',
  about:
    'an outlet writes to people at the moment they write to it, real Signal sessions on both sides; a round is a pair',
  full: { rounds: 10_000, outlets: 2, minutes: 10 },
  quick: { rounds: 80, outlets: 2, minutes: 1 },
  run,
};

function run(world: World, plan: Plan): Promise<Findings> {
  return Stage.with(world, async (stage) => {
    const findings: Findings = { rounds: 0, failures: [], figures: {} };
    const { simulator } = stage;
    const outlets = await stage.linked(plan.outlets);
    const people: string[][] = [];
    for (const outlet of outlets) people.push(await stage.contacts(outlet, people.length * PEOPLE, PEOPLE));
    const read = new Set<string>();
    const unreadable: string[] = [];
    simulator.on('receipt', ({ id, type, number }) => {
      if (!outlets.some((outlet) => outlet.number === number)) return;
      if (type === 'retry') unreadable.push(id);
      else read.add(id);
    });
    const before = simulator.counters();
    const written: string[] = [];
    const deadline = performance.now() + plan.minutes * 60_000;
    const begun = performance.now();
    while (findings.rounds < plan.rounds && performance.now() < deadline) {
      const blast = await BlastWatch.start(stage, outlets, people.flat());
      // Each writes as often as it is written to, all at once.
      await Promise.all(
        outlets.flatMap(({ number }, index) =>
          (people[index] ?? []).map(async (person) => {
            written.push((await simulator.phone(person).send(number, 'Masih ada?')).id);
          }),
        ),
      );
      await blast.finished(60_000);
      const { faults, unknown } = await blast.faults();
      findings.failures.push(...faults);
      if (unknown > 0) findings.failures.push(`${unknown} messages are unknown`);
      findings.rounds += outlets.length * PEOPLE;
    }
    await until('all of them to be read', 60_000, async () => written.every((id) => read.has(id))).catch(
      (error: Error) => findings.failures.push(error.message),
    );
    const grown = (name: string): number => (simulator.counters()[name] ?? 0) - (before[name] ?? 0);
    if (unreadable.length > 0) findings.failures.push(`the outlets could not read ${unreadable.length} messages`);
    if (grown('undecryptable') > 0) findings.failures.push(`phones could not read ${grown('undecryptable')} messages`);
    findings.figures['messages read by outlets'] = written.filter((id) => read.has(id)).length;
    findings.figures['messages read by phones'] = findings.rounds;
    findings.figures['pairs a second'] = round(findings.rounds / ((performance.now() - begun) / 1_000));
    if (stage.unhandled) findings.failures.push(stage.unhandled);
    return findings;
  });
}
