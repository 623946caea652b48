import { resolve } from 'node:path';
import { type Env, EnvFaults, parseEnv } from './config/env.js';
import { StartupFault } from './config/startup-fault.js';

/** Runs one command of the operator as this process; what a person must change is a sentence and exit code 1. */
export async function runCommand(work: (env: Env, say: (text: string) => void) => Promise<void>): Promise<void> {
  try {
    const env = parseEnv(process.env);
    if (env instanceof EnvFaults) throw new StartupFault(env.message);
    await work(env, (text) => console.log(text));
  } catch (error) {
    console.error(error instanceof StartupFault ? error.message : error);
    process.exitCode = 1;
  }
}

/** The file named on the command line, from where the person stands who typed it. @throws {StartupFault} */
export function fileToWorkOn(usage: string): string {
  const [name, ...more] = process.argv.slice(2);
  if (!name || more.length > 0) throw new StartupFault(usage);
  return resolve(process.env.INIT_CWD ?? '.', name);
}
