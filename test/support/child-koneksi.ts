import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LoginAnswer } from '@koneksi/contracts/auth';
import type { BlastMedia } from '@koneksi/contracts/blast-content';
import type { Simulator } from '@koneksi/whatsapp-simulator';
import type { RawEnv } from '../../src/config/env.js';
import { patiently } from './eventually.js';
import { freePort } from './free-port.js';
import { SUPERADMIN } from './koneksi.js';
import type { TestDatabase } from './test-database.js';
import { testEnv } from './test-env.js';

const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'dist/src/main.js');
/** Modules are compiled once for all who start, as `scripts/run.mjs` has it. */
const NODE_COMPILE_CACHE = join(ROOT, '.cache/compiled');

/** What a child on this database needs, and the WhatsApp it is to reach. */
export function childEnv(
  { database, simulator }: { database: TestDatabase; simulator?: Simulator },
  more: RawEnv = {},
): RawEnv {
  return testEnv(database.url, {
    ...(simulator && { WA_WEB_SOCKET_URL: simulator.url, WA_ROOT_KEY: simulator.rootKey }),
    // That it is ready is read from its log.
    LOG_LEVEL: 'info',
    ...more,
  });
}

/** The built product as a process of its own, which can be killed. */
export class ChildKoneksi {
  readonly output: string[] = [];
  readonly ended: Promise<void>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => this.output.push(data.toString()));
    this.ended = new Promise((resolve) => child.once('exit', () => resolve()));
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Does not wait until it is ready; `ready` does. */
  static async start(env: RawEnv): Promise<ChildKoneksi> {
    if (!existsSync(MAIN)) throw new Error('dist/src/main.js is missing: run `npm run build:server` first');
    const port = await freePort();
    const child = fork(MAIN, {
      env: { NODE_COMPILE_CACHE, ...env, PORT: String(port), NODE_NO_WARNINGS: '1' },
      // Jest runs tests with flags of its own.
      execArgv: ['--enable-source-maps'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    return new ChildKoneksi(child, `http://127.0.0.1:${port}`);
  }

  /** Resolves once it listens. */
  ready(): Promise<void> {
    const listening = new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (this.output.join('').includes('Koneksi is ready')) resolve();
      };
      this.child.stdout?.on('data', look);
      this.child.once('exit', () => reject(new Error(`The product ended:\n${this.output.join('')}`)));
      look();
    });
    return patiently(listening, () => `The product did not start:\n${this.output.join('')}`);
  }

  async call<T>(method: string, path: string, token?: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Uploads a file for a blast. */
  async upload(token: string, fileName: string, content: Buffer): Promise<BlastMedia> {
    const response = await fetch(`${this.url}/api/blasts/media?fileName=${encodeURIComponent(fileName)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', authorization: `Bearer ${token}` },
      body: new Uint8Array(content),
    });
    if (!response.ok) throw new Error(`the upload was answered ${response.status}`);
    return (await response.json()) as BlastMedia;
  }

  /** The SUPERADMIN's token. */
  async signIn(): Promise<string> {
    return (await this.call<LoginAnswer>('POST', '/auth/login', undefined, SUPERADMIN)).accessToken;
  }

  /** It is there and does nothing, as on a machine that swaps or stands still. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  /** Ends it as Docker and systemd do, and waits for that. */
  async end(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.ended;
  }

  /** Ends it without a chance to say goodbye. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
