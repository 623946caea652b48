import { parseArgs } from 'node:util';
import type { Benchmark, Sizes } from './benchmark.ts';
import { blast } from './blast/blast.ts';
import { cleanUp, cleanUpOnSignals } from './clean-up.ts';
import { dashboard } from './dashboard/dashboard.ts';
import { push } from './push/push.ts';
import { printTables, writeJson } from './report.ts';
import { sessions } from './sessions/sessions.ts';

const BENCHMARKS: readonly Benchmark[] = [push, sessions, blast, dashboard];

const USAGE = 'npm run bench -- NAME [--quick] [--outlets 5,100] [--subscribers 1,100]';

class UsageFault extends Error {}

async function main(args: string[]): Promise<void> {
  const { positionals, values } = parse(args);
  const [name, ...rest] = positionals;
  if (name === undefined) return list();
  const benchmark = BENCHMARKS.find((each) => each.name === name);
  if (!benchmark || rest.length > 0) {
    const names = BENCHMARKS.map((each) => each.name).join(', ');
    throw new UsageFault(`There is no benchmark "${positionals.join(' ')}". There are: ${names}.`);
  }
  const sizes: Sizes = {
    quick: values.quick,
    ...(values.outlets !== undefined && { outlets: numbers('--outlets', values.outlets) }),
    ...(values.subscribers !== undefined && { subscribers: numbers('--subscribers', values.subscribers) }),
  };
  const outcome = await benchmark.run(sizes);
  printTables(outcome);
  console.log(`\n${await writeJson(benchmark.name, outcome)}`);
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        outlets: { type: 'string' },
        subscribers: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageFault(`${(error as Error).message.split('. ')[0]}. ${USAGE}`);
  }
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

cleanUpOnSignals();
try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof UsageFault ? error.message : error);
  process.exitCode = 1;
} finally {
  await cleanUp();
}
process.exit();
