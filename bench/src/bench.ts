import type { Benchmark, Sizes } from './benchmark.ts';
import { blast } from './blast/blast.ts';
import { cluster } from './cluster/cluster.ts';
import { named, parse, runCommandLine, UsageFault } from './command-line.ts';
import { dashboard } from './dashboard/dashboard.ts';
import { imports } from './imports/imports.ts';
import { load } from './load/load.ts';
import { push } from './push/push.ts';
import { printTables, writeJson } from './report.ts';
import { restart } from './restart/restart.ts';
import { scale } from './scale/scale.ts';
import { sessions } from './sessions/sessions.ts';
import { statusApi } from './status-api/status-api.ts';
import { uptime } from './uptime/uptime.ts';
import { whatsapp } from './whatsapp/whatsapp.ts';

const BENCHMARKS: readonly Benchmark[] = [
  push,
  sessions,
  restart,
  blast,
  cluster,
  dashboard,
  load,
  statusApi,
  scale,
  uptime,
  whatsapp,
  imports,
];

const USAGE = 'npm run bench -- NAME [--quick] [--outlets 5,100] [--subscribers 1,100] [--only part,part]';

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  outlets: { type: 'string' },
  subscribers: { type: 'string' },
  only: { type: 'string' },
} as const;

async function main(args: string[]): Promise<void> {
  const { positionals, values } = parse(args, OPTIONS, USAGE);
  if (positionals.length === 0) return list();
  const benchmark = named('benchmark', BENCHMARKS, positionals);
  const sizes: Sizes = {
    quick: values.quick,
    ...(values.outlets !== undefined && { outlets: numbers('--outlets', values.outlets) }),
    ...(values.subscribers !== undefined && { subscribers: numbers('--subscribers', values.subscribers) }),
    ...(values.only !== undefined && { only: values.only.split(',') }),
  };
  const outcome = await benchmark.run(sizes);
  printTables(outcome);
  console.log(`\n${await writeJson(benchmark.name, outcome)}`);
}

function numbers(option: string, text: string): number[] {
  const list = text.split(',').map(Number);
  if (list.every((each) => Number.isInteger(each) && each >= 1 && each <= 5000)) return list;
  throw new UsageFault(`${option} takes whole numbers from 1 to 5000, separated by commas.`);
}

function list(): void {
  console.log(`${USAGE}\n`);
  for (const { name, about } of BENCHMARKS) console.log(`  ${name.padEnd(10)} ${about}`);
}

await runCommandLine(main);
