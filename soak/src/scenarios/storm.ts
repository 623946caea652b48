import { now } from '../../../bench/src/clock.ts';
import { round } from '../../../bench/src/statistics.ts';
import type { Findings, Plan, Scenario, World } from '../scenario.ts';
import { Page } from '../stage/page.ts';
import { seeded } from '../stage/random.ts';
import type { LinkedOutlet } from '../stage/linking.ts';
import { Stage } from '../stage/stage.ts';

/** Of all sessions, so many meet a fault in a minute. */
const FAULTS_A_MINUTE = 0.2;
const LOOK_EVERY_MS = 1_000;
/** A page that shows something else than the socket for longer is wrong. */
const MAX_DISAGREEMENT_MS = 30_000;
const KEEPALIVE_MS = 10_000;

type Fault = (outlet: LinkedOutlet, random: () => number) => void;

/** None of them needs a person: what does is `endings`. */
const FAULTS: readonly Fault[] = [
  ({ phone }) => phone.faults.end('drop'),
  ({ phone }) => phone.faults.end('close'),
  ({ phone }) => phone.faults.end('stream-end'),
  ({ phone }) => phone.faults.end('restart'),
  ({ phone }) => phone.faults.end('unavailable'),
  ({ phone }) => phone.faults.end('unknown-stream-error'),
  ({ phone }) => phone.faults.end('reason-not-a-number'),
  ({ phone }) => phone.faults.freeze('silent'),
  ({ phone }) => phone.faults.freeze('tcp'),
  ({ phone }, random) => phone.faults.junk('mixed', 20, Math.ceil(random() * 1_000)),
  ({ phone }) => {
    phone.faults.endLogin('drop', { times: 2 });
    phone.faults.end('drop');
  },
];

export const storm: Scenario = {
  name: 'storm',
  tests: 'test 18',
  about:
    'all sessions under random faults: status and socket compared every second, memory watched. A round is a minute',
  full: { rounds: 60, outlets: 200, minutes: 60 },
  quick: null,
  run,
};

function run(world: World, plan: Plan): Promise<Findings> {
  const env = { WA_KEEPALIVE_MS: String(KEEPALIVE_MS), RECONCILE_INTERVAL_MS: '5000' };
  return Stage.with(world, (stage) => weather(stage, plan), { env });
}

async function weather(stage: Stage, plan: Plan): Promise<Findings> {
  const findings: Findings = { rounds: 0, failures: [], figures: {} };
  const random = seeded(plan.seed);
  const outlets = await stage.linked(plan.outlets);
  const page = await Page.open(() => stage.api());
  const memory: number[] = [(await stage.product.probe.afterGc()).heap];
  const disagreeing = new Map<string, number>();
  let faults = 0;
  let longest = 0;
  const minutes = Math.min(plan.rounds, plan.minutes);
  const begun = now();
  for (let next = begun; now() < begun + minutes * 60_000; next += LOOK_EVERY_MS) {
    for (const outlet of outlets) {
      if (random() >= (FAULTS_A_MINUTE * LOOK_EVERY_MS) / 60_000) continue;
      FAULTS[Math.floor(random() * FAULTS.length)]?.(outlet, random);
      faults++;
    }
    const live = new Set(
      stage.simulator
        .connections()
        .flatMap(({ number, phase, frozen }) => (phase === 'online' && !frozen ? number : [])),
    );
    for (const { id, number } of outlets) {
      const told = page.statuses.get(id)?.session.status === 'CONNECTED';
      if (told === live.has(number)) {
        disagreeing.delete(id);
        continue;
      }
      const since = disagreeing.get(id) ?? now();
      disagreeing.set(id, since);
      longest = Math.max(longest, now() - since);
      if (now() - since < MAX_DISAGREEMENT_MS) continue;
      findings.failures.push(`${id} is told ${told ? 'CONNECTED' : 'not connected'} against its socket for too long`);
      disagreeing.set(id, now());
    }
    const minute = Math.floor((now() - begun) / 60_000);
    if (minute > findings.rounds) {
      findings.rounds = minute;
      memory.push((await stage.product.probe.afterGc()).heap);
      plan.say(
        `minute ${minute}: ${faults} faults, heap ${round(memory.at(-1) ?? 0)} MB, longest ${round(longest / 1_000)} s`,
      );
    }
    await stage.pause(Math.max(0, next + LOOK_EVERY_MS - now()));
  }
  findings.rounds = minutes;
  const back = await stage.allHealthy(outlets, 120_000).catch((error: Error) => {
    findings.failures.push(error.message);
    return NaN;
  });
  page.close();
  memory.push((await stage.product.probe.afterGc()).heap);
  Object.assign(findings.figures, {
    faults,
    'longest disagreement, s': round(longest / 1_000),
    'all healthy after the last fault, s': round(back / 1_000),
    'heap at the start, after a minute, at the end, MB': [memory[0], memory[1], memory.at(-1)]
      .map((each) => round(each ?? NaN))
      .join(', '),
  });
  const aside = (await stage.links(outlets)).filter((link) => link.aside);
  if (aside.length > 0) findings.failures.push(`${aside.length} links were set aside`);
  if (stage.unhandled) findings.failures.push(stage.unhandled);
  return findings;
}
