import { parseArgs, type ParseArgsConfig } from 'node:util';
import { cleanUp, cleanUpOnSignals } from './clean-up.ts';

/** What was typed wrong, told in a sentence instead of a stack. */
export class UsageFault extends Error {}

export function parse<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: Options,
  usage: string,
) {
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    throw new UsageFault(`${(error as Error).message.split('. ')[0]}. ${usage}`);
  }
}

/** The one that was named, and nothing else beside it. */
export function named<Item extends { name: string }>(
  kind: string,
  items: readonly Item[],
  positionals: string[],
): Item {
  const [name, ...rest] = positionals;
  const item = items.find((each) => each.name === name);
  if (item && rest.length === 0) return item;
  const names = items.map((each) => each.name).join(', ');
  throw new UsageFault(`There is no ${kind} "${positionals.join(' ')}". There are: ${names}.`);
}

/** Runs a command to its end: whatever comes of it, what it started is ended, and the process with it. */
export async function runCommandLine(main: (args: string[]) => Promise<void>): Promise<never> {
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
}
