import { spawn, type ChildProcess } from 'node:child_process';
import { later } from '../clean-up.ts';
import type { Methods } from './serve.ts';

interface Answer {
  id: number;
  value?: unknown;
  error?: string;
}

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

export interface ChildOptions {
  file: string;
  nodeOptions?: readonly string[];
  env?: NodeJS.ProcessEnv;
}

/** The methods of a child, all asynchronous from here. */
export type Remote<M extends Methods> = {
  [K in keyof M]: (...args: Parameters<M[K]>) => Promise<Awaited<ReturnType<M[K]>>>;
};

/** A process of its own, so that its work is not counted as somebody else's. */
export class Child<M extends Methods> {
  readonly process: ChildProcess;
  /** What it printed so far. */
  output = '';
  readonly exited: Promise<void>;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  constructor({ file, nodeOptions = [], env = plainEnv() }: ChildOptions) {
    this.process = spawn(process.execPath, [...nodeOptions, file], {
      env: { ...env, KONEKSI_PARENT: String(process.pid) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      windowsHide: true,
    });
    const keep = (chunk: Buffer): void => void (this.output = (this.output + chunk.toString()).slice(-100_000));
    this.process.stdout?.on('data', keep);
    this.process.stderr?.on('data', keep);
    this.process.on('message', (message) => this.onAnswer(message as Answer));
    // Once it is gone and all it printed has been read.
    this.exited = new Promise((resolve) => this.process.once('close', () => resolve()));
    this.process.once('exit', () => this.failAll());
    later(() => this.kill());
  }

  readonly call: Remote<M> = new Proxy({} as Remote<M>, {
    get:
      (_, method: string) =>
      (...args: unknown[]) =>
        new Promise((resolve, reject) => {
          const id = ++this.lastId;
          this.waiting.set(id, { resolve, reject });
          if (this.process.connected) this.process.send({ id, method, args });
          else this.failAll();
        }),
  });

  get pid(): number {
    return this.process.pid ?? 0;
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Asks it to end, and ends it by force where it does not. */
  async end(withinMs = 15_000): Promise<void> {
    if (!this.running) return;
    this.process.kill('SIGTERM');
    const force = setTimeout(() => this.process.kill('SIGKILL'), withinMs);
    await this.exited;
    clearTimeout(force);
  }

  async kill(): Promise<void> {
    if (!this.running) return;
    this.process.kill('SIGKILL');
    await this.exited;
  }

  private onAnswer({ id, value, error }: Answer): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) waiting?.resolve(value as never);
    else waiting?.reject(new Error(error));
  }

  private failAll(): void {
    for (const { reject } of this.waiting.values())
      reject(new Error(`A process of the benchmark has ended:\n${this.output}`));
    this.waiting.clear();
  }
}

/** The environment without the launcher's settings, as a program of somebody else's would get it. */
export function plainEnv(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, TEMP, SystemRoot } = process.env;
  return { PATH, HOME, TMPDIR, TEMP, SystemRoot };
}

/** The settings `npm start` gives the product: this process was started by the same launcher. */
export function launcherSettings(): { nodeOptions: string[]; env: NodeJS.ProcessEnv } {
  const { MALLOC_ARENA_MAX, NODE_COMPILE_CACHE } = process.env;
  return { nodeOptions: process.execArgv, env: { ...plainEnv(), MALLOC_ARENA_MAX, NODE_COMPILE_CACHE } };
}
