import { named, parse, runCommandLine, UsageFault } from '../../bench/src/command-line.ts';
import { printTables, writeJson } from '../../bench/src/report.ts';
import type { Findings, Plan, Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import { ownWorld } from './world.ts';

const USAGE = 'npm run soak -- NAME [--quick] [--rounds N] [--outlets N] [--minutes N] [--seed N]';
/** What begins in time may end a little later; what does not end at all is a failure too. Minutes. */
const GRACE = 10;

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  rounds: { type: 'string' },
  outlets: { type: 'string' },
  minutes: { type: 'string' },
  seed: { type: 'string' },
} as const;

async function main(args: string[]): Promise<void> {
  const { positionals, values } = parse(args, OPTIONS, USAGE);
  if (positionals.length === 0) return list();
  const scenario = named('scenario', SCENARIOS, positionals);
  const size = (values.quick && scenario.quick) || scenario.full;
  const plan: Plan = {
    rounds: whole('--rounds', values.rounds) ?? size.rounds,
    outlets: whole('--outlets', values.outlets) ?? size.outlets,
    minutes: whole('--minutes', values.minutes) ?? size.minutes,
    seed: whole('--seed', values.seed) ?? Date.now() % 2 ** 31,
    say: (text) => void process.stderr.write(`${text}\n`),
  };
  plan.say(
    `${scenario.name}: ${plan.rounds} rounds, ${plan.outlets} outlets, at most ${plan.minutes} min, --seed ${plan.seed}`,
  );
  const begun = performance.now();
  const findings = await bounded(scenario, plan);
  await report(scenario, plan, findings, (performance.now() - begun) / 60_000);
  if (findings.failures.length > 0) process.exitCode = 1;
}

async function bounded(scenario: Scenario, plan: Plan): Promise<Findings> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `${scenario.name} did not end within ${plan.minutes} + ${GRACE} minutes`;
    timer = setTimeout(() => reject(new Error(message)), (plan.minutes + GRACE) * 60_000);
  });
  try {
    return await Promise.race([scenario.run(await ownWorld(), plan), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function report(scenario: Scenario, plan: Plan, findings: Findings, minutes: number): Promise<void> {
  const { rounds, failures, figures, targets = [] } = findings;
  const rows = [
    ['rounds', rounds],
    ['failures', failures.length],
    ['minutes', minutes.toFixed(1)],
    ...Object.entries(figures),
  ];
  const table = { title: `${scenario.name} (${scenario.tests})`, columns: ['', ''], rows };
  const outcome = { tables: [table], targets, details: { seed: plan.seed, outlets: plan.outlets, ...findings } };
  printTables(outcome);
  for (const failure of failures.slice(0, 20)) console.log(`✗ ${failure}`);
  console.log(`\n${await writeJson(`soak-${scenario.name}`, outcome)}`);
}

function whole(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value < 2 ** 31) return value;
  throw new UsageFault(`${option} takes a whole number, at least 1.`);
}

function list(): void {
  console.log(`${USAGE}\n`);
  for (const { name, tests, about } of SCENARIOS) console.log(`  ${name.padEnd(16)} ${about} (${tests})`);
}

await runCommandLine(main);
