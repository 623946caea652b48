import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { later } from '../../../bench/src/clean-up.ts';
import { until } from '../../../bench/src/clock.ts';
import { root } from '../../../bench/src/paths.ts';

interface EmbeddedPostgres {
  url(database: string): string;
  revive(): Promise<void>;
  stop(): Promise<void>;
}

interface EmbeddedPostgresModule {
  EmbeddedPostgres: { start(options: { directory: string; password: string }): Promise<EmbeddedPostgres> };
}

const START_WITHIN_MS = 30_000;

/** A PostgreSQL of a run's own, with the product's settings: its writes really reach the disk. It can be killed. */
export class OwnPostgres {
  private readonly server: EmbeddedPostgres;
  private readonly directory: string;
  readonly url: string;

  private constructor(server: EmbeddedPostgres, directory: string) {
    this.server = server;
    this.directory = directory;
    this.url = server.url('soak');
  }

  /** With one empty database. */
  static async start(directory: string): Promise<OwnPostgres> {
    const path = join(root, 'dist/src/database/embedded-postgres.js');
    const { EmbeddedPostgres } = (await import(path)) as EmbeddedPostgresModule;
    const server = await EmbeddedPostgres.start({ directory, password: 'soak' });
    later(() => server.stop());
    const client = new pg.Client(server.url('postgres'));
    await client.connect();
    await client.query('CREATE DATABASE soak');
    await client.end();
    return new OwnPostgres(server, directory);
  }

  /** SIGKILL to the server: what it was writing is left half written, and nobody starts it again. */
  async kill(): Promise<void> {
    const file = await readFile(join(this.directory, 'postgres/postmaster.pid'), 'utf8');
    process.kill(Number(file.split('\n')[0]), 'SIGKILL');
  }

  /** Starts it at the same address; it recovers from its log first. */
  async revive(): Promise<void> {
    await until('PostgreSQL to start again', START_WITHIN_MS, () =>
      // The processes of the killed one need a moment to notice.
      this.server.revive().then(
        () => true,
        () => false,
      ),
    );
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
