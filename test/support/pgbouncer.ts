import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.js';

/** Debian's `pgbouncer`; `null` where it is not installed. */
export const PGBOUNCER: string | null =
  ['pgbouncer', '/usr/sbin/pgbouncer'].find((path) => spawnSync(path, ['--version']).status === 0) ?? null;

/** As many as a pooler is there to save: fewer than the pools of one node. */
const SERVER_CONNECTIONS = 8;

/** PgBouncer in transaction mode before one database, whose connections begin with these sentences. */
export class PgBouncer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly directory: string,
    readonly url: string,
  ) {}

  static async start(databaseUrl: string, firstSentences: string): Promise<PgBouncer> {
    const directory = await mkdtemp(join(tmpdir(), 'koneksi-pgbouncer-'));
    const port = await freePort();
    const { hostname, port: server, username, password, pathname } = new URL(databaseUrl);
    const settings = [
      '[databases]',
      `koneksi = host=${hostname} port=${server} dbname=${pathname.slice(1)} user=${decodeURIComponent(username)} password=${decodeURIComponent(password)} connect_query='${firstSentences}'`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      'pool_mode = transaction',
      `default_pool_size = ${SERVER_CONNECTIONS}`,
      'max_client_conn = 200',
    ];
    const path = join(directory, 'pgbouncer.ini');
    await writeFile(path, `${settings.join('\n')}\n`);
    // It refuses to be root, who alone could read what root wrote.
    const isRoot = process.getuid?.() === 0;
    for (const [place, mode] of [
      [directory, 0o755],
      [path, 0o644],
    ] as const)
      if (isRoot) await chmod(place, mode);
    const child = spawn(PGBOUNCER!, [...(isRoot ? ['-u', 'nobody'] : []), path], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
      said.push(line);
      if (line.includes('process up')) {
        child.stderr.resume();
        return new PgBouncer(child, directory, `postgres://koneksi@127.0.0.1:${port}/koneksi`);
      }
    }
    throw new Error(`PgBouncer did not start:\n${said.join('\n')}`);
  }

  async end(): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGINT');
      await ended;
    }
    await rm(this.directory, { recursive: true });
  }
}
