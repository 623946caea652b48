import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENCE_MS } from './eventually.js';

const ROOT = `${import.meta.dirname}/../..`;

/** A program of ours as a process of its own: what it printed so far, and how it ended. */
export class Program {
  output = '';
  readonly exit: Promise<number | null>;

  private constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.exit = new Promise((resolve) => child.once('close', resolve));
  }

  /** What `npm start` runs once everything is built. */
  static koneksi(env: NodeJS.ProcessEnv): Program {
    return Program.run(process.execPath, ['scripts/run.mjs', 'dist/src/main.js'], env);
  }

  static run(command: string, args: string[], env: NodeJS.ProcessEnv): Program {
    const { PATH, HOME, TMPDIR } = process.env;
    return new Program(spawn(command, args, { cwd: ROOT, env: { PATH, HOME, TMPDIR, ...env } }));
  }

  async says(text: string | RegExp): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!this.output.match(text)) {
      if (performance.now() > deadline || this.child.exitCode !== null) {
        throw new Error(`It never said ${String(text)}, but:\n${this.output}`);
      }
      await sleep(10);
    }
  }

  get pid(): number {
    if (!this.child.pid) throw new Error('It never started');
    return this.child.pid;
  }
}
