import { type Env, EnvFaults, parseEnv } from './config/env.js';
import { StartupFault } from './config/startup-fault.js';

/** Runs one command of the operator as this process; what a person must change is a sentence and exit code 1. */
export async function runCommand(work: (env: Env, say: (text: string) => void) => Promise<void>): Promise<void> {
  const env = parseEnv(process.env);
  try {
    if (env instanceof EnvFaults) throw new StartupFault(env.message);
    await work(env, (text) => console.log(text));
  } catch (error) {
    console.error(error instanceof StartupFault ? error.message : error);
    process.exitCode = 1;
  }
}
