import type { Target } from '../../../bench/src/benchmark.ts';
import { round, summarise } from '../../../bench/src/statistics.ts';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import { BlastWatch } from '../stage/blast-watch.ts';
import { Nodes } from '../stage/nodes.ts';
import { roundsOf, type Found } from './cluster-rounds.ts';

/** Of the blast that is sent meanwhile. */
const RECIPIENTS = { full: 10_000, short: 200 };
const MOST_UNKNOWN = 0.0005;
/** Longer than the rounds take, so that it is under way in the last; what is left is sent without a pause. */
const MARGIN = 1.5;
const HURRY_MS = 20;
const FINISHED_WITHIN_MS = 300_000;
/** A message may have been on its way when a round began. */
const CLAIMED_BEFORE_MS = 1_000;
const UNKNOWN_SQL = `SELECT sending_at AS at FROM blast_recipients WHERE status = 'unknown'`;

export const cluster: Scenario = {
  name: 'cluster',
  tests: 'tests 12 to 15',
  about:
    'three processes amid a blast: one cut off, the database away, SIGKILL, rolling SIGTERM, SIGSTOP (rounds 1 to 5, then again)',
  full: { rounds: 5, outlets: 60, minutes: 20 },
  quick: { rounds: 2, outlets: 6, minutes: 2 },
  run,
};

function run(world: World, plan: Plan): Promise<Findings> {
  return Nodes.with(world, plan.outlets, async (nodes) => {
    const kinds = roundsOf('full');
    const isShort = plan.rounds < kinds.length;
    const rounds = Array.from(
      { length: plan.rounds },
      (_, at) => roundsOf(isShort ? 'short' : 'full')[at % kinds.length]!,
    );
    const findings: Findings = { rounds: 0, failures: [], figures: {} };
    const samples: Found['samples'] = { kill: [], roll: [], cutClosed: [], cutOpened: [], stop: [], away: [] };
    const recipients = RECIPIENTS[isShort ? 'short' : 'full'];
    const lastsMs = rounds.reduce((sum, { lastsMs: each }) => sum + each, 0) * MARGIN;
    await pace(nodes, Math.round(lastsMs / (recipients / plan.outlets)));
    const numbers = Array.from({ length: recipients }, (_, index) => `628778${String(index).padStart(7, '0')}`);
    for (const number of numbers) nodes.simulator.phone(number);
    const blast = await BlastWatch.start(nodes, nodes.outlets, numbers);
    const deadline = performance.now() + plan.minutes * 60_000;
    const told = new Set<string>();
    const rough: { from: number; to: number }[] = [];
    const replaced = { before: nodes.history.replaced };
    for (const [at, each] of rounds.entries()) {
      if (performance.now() > deadline) break;
      plan.say(`${at + 1}: ${each.name}, ${blast.onTheWire} of ${recipients} sent`);
      if (blast.onTheWire === recipients) findings.failures.push(`the blast was over before round ${at + 1}`);
      const from = Date.now() - CLAIMED_BEFORE_MS;
      const fail = (text: string): void => void findings.failures.push(`${at + 1}, ${each.name}: ${text}`);
      await each.run(nodes, nodes.all[at % nodes.all.length]!, { samples, fail });
      if (each.mayLeaveUnknown) rough.push({ from, to: Date.now() });
      await nodes.pagesKnowAll();
      for (const complaint of await nodes.history.complaints({ mayReplace: nodes.mayReplace })) {
        if (!told.has(complaint)) fail(complaint);
        told.add(complaint);
      }
      findings.rounds++;
    }
    await pace(nodes, HURRY_MS);
    await blast.finished(FINISHED_WITHIN_MS).catch((error: Error) => findings.failures.push(error.message));
    const { faults, unknown } = await blast.faults();
    findings.failures.push(...faults);
    for (const { at } of await nodes.sql<{ at: Date }>(UNKNOWN_SQL))
      if (!rough.some(({ from, to }) => from <= at.getTime() && at.getTime() <= to))
        findings.failures.push(`unknown though nobody died: a message of ${at.toISOString()}`);
    const last = await nodes.history.complaints({ mayReplace: nodes.mayReplace });
    findings.failures.push(...last.filter((complaint) => !told.has(complaint)));
    if (nodes.unhandled) findings.failures.push(nodes.unhandled);
    findings.figures = {
      'messages sent meanwhile': recipients,
      'sockets replaced, all of a process that stood still': nodes.history.replaced - replaced.before,
      ...figures(samples),
    };
    findings.targets = targets(samples, { unknown, recipients });
    return findings;
  });
}

/** Between two messages of an outlet. Milliseconds. */
async function pace(nodes: Nodes, ms: number): Promise<void> {
  const api = await nodes.api();
  const settings = { paceMinMs: ms, paceMaxMs: ms, quietHours: null };
  for (const { id } of nodes.outlets) await api.patch(`/outlets/${id}/blast-settings`, settings);
}

const seconds = (ms: number): string => `${round(ms / 1_000, 2)} s`;

const NAMES: Record<keyof Found['samples'], string> = {
  kill: 'SIGKILL: close → connected elsewhere',
  roll: 'rolling SIGTERM: without a socket',
  cutClosed: 'cut off: until its sockets were closed',
  cutOpened: 'cut off: until they were open elsewhere',
  stop: 'SIGSTOP: until connected elsewhere',
  away: 'database back: until connected',
};

function figures(samples: Found['samples']): Record<string, string> {
  const measured = Object.entries(samples).filter(([, list]) => list.length > 0);
  return Object.fromEntries(
    measured.map(([name, list]) => {
      const { n, median, p99, max } = summarise(list);
      const text = `p50 ${seconds(median)}, p99 ${seconds(p99)}, most ${seconds(max)} (${n})`;
      return [NAMES[name as keyof Found['samples']], text];
    }),
  );
}

/** What is no guarantee: a slower machine misses it. */
function targets(samples: Found['samples'], blast: { unknown: number; recipients: number }): Target[] {
  const speed = (name: keyof Found['samples'], of: 'p99' | 'max', mostMs: number): Target[] => {
    const list = samples[name];
    if (list.length === 0) return [];
    const value = summarise(list)[of];
    const aim = `<= ${seconds(mostMs)}`;
    return [{ name: `${NAMES[name]}, ${of}`, aim, measured: seconds(value), met: value <= mostMs }];
  };
  const share = blast.unknown / blast.recipients;
  return [
    ...speed('kill', 'p99', 15_000),
    ...speed('roll', 'p99', 1_000),
    ...speed('cutClosed', 'max', 8_000),
    ...speed('away', 'max', 15_000),
    {
      name: 'messages that are unknown',
      aim: `<= ${100 * MOST_UNKNOWN} %`,
      measured: `${blast.unknown} of ${blast.recipients}`,
      met: share <= MOST_UNKNOWN,
    },
  ];
}
