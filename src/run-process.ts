import { flushCompileCache } from 'node:module';
import { Logger } from '@nestjs/common';
import type { RunningApp, StartOptions } from './app.js';
import { StartupFault } from './config/startup-fault.js';

/** Of one that is still starting. */
const STOP_WITHIN_MS = 10_000;

type Start = (hooks: Required<Pick<StartOptions, 'say' | 'onUsurped'>>) => Promise<RunningApp>;

/** Runs an application as this process: says how the start goes, and ends on a signal with everything it started. */
export async function runProcess(start: Start): Promise<void> {
  const logger = new Logger('Process');
  let running: RunningApp | undefined;
  let ending = false;

  const end = (code: number): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), (running?.stopWithinMs ?? STOP_WITHIN_MS) - 500).unref();
    // Still starting: `run` below comes to it.
    if (running) void stopAndExit(running, code);
  };
  const stopAndExit = async (app: RunningApp, code: number): Promise<void> => {
    try {
      await app.stop();
    } catch (error) {
      logger.error(`Stopping failed: ${describe(error)}`);
      process.exit(1);
    }
    process.exit(code);
  };

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end(0));
  process.on('uncaughtException', (error) => {
    logger.fatal(`Uncaught exception, ending: ${describe(error)}`);
    end(1);
  });
  let unhandled = 0;
  process.on('unhandledRejection', (reason) => {
    unhandled += 1;
    logger.error(`Unhandled rejection ${unhandled}: ${describe(reason)}`);
  });

  try {
    running = await start({ say: (text) => console.log(text), onUsurped: () => end(1) });
  } catch (error) {
    console.error(error instanceof StartupFault ? error.message : error);
    process.exit(1);
  }
  if (ending) await stopAndExit(running, 0);
  // Node writes at the end what it compiled; who is killed would leave nothing, and compile everything again.
  flushCompileCache();
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
