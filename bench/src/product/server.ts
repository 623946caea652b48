import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort } from '../../../test/support/free-port.ts';
import { later } from '../clean-up.ts';
import { until } from '../clock.ts';
import { root } from '../paths.ts';
import { Child, launcherSettings, type Remote } from '../children/child.ts';
import type { ProbeMethods } from '../children/server-probe.ts';

const PROBE = pathToFileURL(join(import.meta.dirname, '../children/server-probe.ts')).href;
const MAIN = join(root, 'dist/src/main.js');

export const SUPERADMIN = { email: 'bench@koneksi.test', password: 'a password for benchmarks only' };

export interface ServerOptions {
  dataDir: string;
  simulator: { url: string; rootKey: string };
  /** Environment on top, e.g. another connect rate. */
  env?: Record<string, string>;
}

/** The built product as `npm start` runs it, with a probe inside. Started again, it has the same address. */
export class ProductServer {
  private readonly options: ServerOptions;
  private child: Child<ProbeMethods> | undefined;
  private port = 0;

  constructor(options: ServerOptions) {
    this.options = options;
    later(() => this.stop());
  }

  get dataDir(): string {
    return this.options.dataDir;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get probe(): Remote<ProbeMethods> {
    return this.running.call;
  }

  /** What it printed, for somebody who looks for the reason of a failure. */
  get output(): string {
    return this.child?.output ?? '';
  }

  private get running(): Child<ProbeMethods> {
    if (!this.child) throw new Error('the server is not running');
    return this.child;
  }

  /** Begins to start it, without waiting. */
  async spawn(): Promise<void> {
    this.port ||= await freePort();
    const { nodeOptions, env } = launcherSettings();
    const { dataDir, simulator } = this.options;
    this.child = new Child<ProbeMethods>({
      file: MAIN,
      nodeOptions: [...nodeOptions, `--import=${PROBE}`],
      env: {
        ...env,
        PORT: String(this.port),
        DATA_DIR: dataDir,
        SUPERADMIN_EMAIL: SUPERADMIN.email,
        SUPERADMIN_PASSWORD: SUPERADMIN.password,
        WA_WEB_SOCKET_URL: simulator.url,
        WA_ROOT_KEY: simulator.rootKey,
        ...this.options.env,
      },
    });
  }

  async start(): Promise<void> {
    await this.spawn();
    await until(
      'the server to be ready',
      60_000,
      async () => {
        if (!this.running.running) {
          await this.running.exited;
          throw new Error(`The server did not start:\n${this.running.output}`);
        }
        return this.running.output.includes('Koneksi is ready');
      },
      20,
    ).catch((error: Error) => {
      throw new Error(`${error.message}; it says:\n${this.output.slice(-2_000)}`, { cause: error });
    });
  }

  /** SIGSTOP and SIGCONT, say. */
  signal(name: NodeJS.Signals): void {
    this.running.process.kill(name);
  }

  get isRunning(): boolean {
    return this.child?.running ?? false;
  }

  /** How it ended; `null` while it runs, and where a signal ended it. */
  get exitCode(): number | null {
    return this.running.process.exitCode;
  }

  /** SIGKILL: no goodbye to anybody. Its PostgreSQL goes on. */
  async kill(): Promise<void> {
    await this.running.kill();
  }

  /** Ends it together with its PostgreSQL. */
  async stop(): Promise<void> {
    await this.child?.end();
    const pid = await this.postgresPid();
    if (pid === null) return;
    // The product was killed and could not stop the database it had started.
    process.kill(pid, 'SIGINT');
    await until('PostgreSQL to stop', 10_000, async () => (await this.postgresPid()) === null);
  }

  /** The postmaster's process; `null` where none runs. */
  async postgresPid(): Promise<number | null> {
    const path = join(this.options.dataDir, 'postgres/postmaster.pid');
    const pid = Number((await readFile(path, 'utf8').catch(() => '')).split('\n')[0]);
    return pid > 0 ? pid : null;
  }
}
