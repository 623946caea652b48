import { now, until } from '../../../bench/src/clock.ts';
import { round } from '../../../bench/src/statistics.ts';
import type { Findings, Plan, Scenario } from '../scenario.ts';
import { Page } from '../stage/page.ts';
import type { LinkedOutlet } from '../stage/linking.ts';
import { Stage } from '../stage/stage.ts';

/** As the aims suppose. */
const KEEPALIVE_MS = 20_000;
const NOT_GREEN_WITHIN_MS = 45_000;
const BACK_WITHIN_MS = 60_000;
const RECYCLED_WITHIN_MS = 50_000;

export const halfOpen: Scenario = {
  name: 'half-open',
  tests: 'test 6',
  about: 'all sessions at once go silent, by turns with a living and a dead peer; keep-alive is 20 s',
  full: { rounds: 2, outlets: 200, minutes: 5 },
  quick: null,
  run: (world, plan) =>
    Stage.with(world, (stage) => silence(stage, plan), { env: { WA_KEEPALIVE_MS: String(KEEPALIVE_MS) } }),
};

async function silence(stage: Stage, plan: Plan): Promise<Findings> {
  const findings: Findings = { rounds: 0, failures: [], figures: {} };
  const outlets = await stage.linked(plan.outlets);
  const page = await Page.open(() => stage.api());
  const green = (): number => outlets.filter(({ id }) => page.statuses.get(id)?.healthy).length;
  for (const kind of ['silent', 'tcp'] as const) {
    if (findings.rounds >= plan.rounds) break;
    const from = now();
    page.toldIll.clear();
    for (const { phone } of outlets) phone.faults.freeze(kind);
    await until('every outlet to be told', NOT_GREEN_WITHIN_MS, async () => page.toldIll.size === outlets.length).catch(
      () => findings.failures.push(`${kind}: ${outlets.length - page.toldIll.size} stayed green for 45 s`),
    );
    findings.figures[`${kind}: all told after, s`] = round((now() - from) / 1_000);
    await until('all to be back', BACK_WITHIN_MS - (now() - from), async () => green() === outlets.length).catch(() =>
      findings.failures.push(`${kind}: ${outlets.length - green()} were not back within a minute`),
    );
    findings.figures[`${kind}: all back after, s`] = round((now() - from) / 1_000);
    stage.simulator.faults.clear();
    findings.rounds++;
  }
  page.close();
  if (stage.unhandled) findings.failures.push(stage.unhandled);
  return findings;
}

const STUCK: Record<string, (stage: Stage, outlet: LinkedOutlet) => void> = {
  'login never answered': (_, { phone }) => phone.faults.stuckLogin({ times: 1 }),
  'queries never answered': (_, { phone }) => phone.faults.unansweredIqs({ times: 3 }),
  'no handshake': ({ simulator }) => simulator.faults.silentHandshake({ times: 1 }),
  'login ended without a word': (_, { phone }) => phone.faults.endLogin('drop', { times: 1 }),
};

export const stuck: Scenario = {
  name: 'stuck',
  tests: 'test 7',
  about: 'connections that begin and never open, in four ways: given up and tried anew. A round is all four',
  full: { rounds: 2, outlets: 4, minutes: 8 },
  quick: null,
  run: (world, plan) => Stage.with(world, (stage) => gettingStuck(stage, plan)),
};

async function gettingStuck(stage: Stage, plan: Plan): Promise<Findings> {
  const findings: Findings = { rounds: 0, failures: [], figures: {} };
  const deadline = now() + plan.minutes * 60_000;
  const connectionsOf = ({ number }: LinkedOutlet): number[] =>
    stage.simulator.connections().flatMap((each) => (each.number === number && each.phase === 'online' ? each.id : []));
  while (findings.rounds < plan.rounds && now() < deadline) {
    for (const [name, inflict] of Object.entries(STUCK)) {
      const [outlet] = await stage.linked(1);
      if (!outlet) continue;
      const from = now();
      inflict(stage, outlet);
      outlet.phone.faults.end('restart');
      await until('it to be given up', 5_000, async () => connectionsOf(outlet).length === 0, 5).catch(() => undefined);
      // An online session whose queries stay open for ever is no session: it may be kept or replaced, but it must be back.
      const back = await stage.allHealthy([outlet], RECYCLED_WITHIN_MS).catch((error: Error) => {
        findings.failures.push(`${name}: ${error.message}`);
        return NaN;
      });
      if (!Number.isNaN(back)) findings.figures[`${name}: healthy again after, s`] = round((now() - from) / 1_000);
      outlet.phone.faults.clear();
    }
    findings.rounds++;
  }
  if (stage.unhandled) findings.failures.push(stage.unhandled);
  return findings;
}
