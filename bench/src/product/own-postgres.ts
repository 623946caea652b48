import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { later } from '../clean-up.ts';
import { until } from '../clock.ts';
import { root } from '../paths.ts';

interface EmbeddedPostgres {
  url(database: string): string;
  revive(): Promise<void>;
  stop(): Promise<void>;
}

interface EmbeddedPostgresModule {
  EmbeddedPostgres: {
    start(options: {
      directory: string;
      password: string;
      settings: Record<string, string>;
    }): Promise<EmbeddedPostgres>;
  };
}

/** Three nodes have 28 connections each. */
const SETTINGS = { max_connections: '200' };

const START_WITHIN_MS = 30_000;

/** A PostgreSQL of a run's own, with the product's settings: its writes really reach the disk. It can be killed. */
export class OwnPostgres {
  private readonly server: EmbeddedPostgres;
  private readonly directory: string;
  readonly url: string;

  private constructor(server: EmbeddedPostgres, directory: string, database: string) {
    this.server = server;
    this.directory = directory;
    this.url = server.url(database);
  }

  /** With one empty database. */
  static async start(directory: string): Promise<OwnPostgres> {
    const server = await launch(directory, 'soak');
    const client = new pg.Client(server.url('postgres'));
    await client.connect();
    await client.query('CREATE DATABASE soak');
    await client.end();
    return new OwnPostgres(server, directory, 'soak');
  }

  /** On what a product of one process left in its directory. */
  static async of(dataDir: string, password: string): Promise<OwnPostgres> {
    return new OwnPostgres(await launch(dataDir, password), dataDir, 'postgres');
  }

  async pid(): Promise<number> {
    const file = await readFile(join(this.directory, 'postgres/postmaster.pid'), 'utf8');
    return Number(file.split('\n')[0]);
  }

  /** SIGKILL to the server: what it was writing is left half written, and nobody starts it again. */
  async kill(): Promise<void> {
    process.kill(await this.pid(), 'SIGKILL');
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

async function launch(directory: string, password: string): Promise<EmbeddedPostgres> {
  const path = join(root, 'dist/src/database/embedded-postgres.js');
  const { EmbeddedPostgres } = (await import(path)) as EmbeddedPostgresModule;
  const server = await EmbeddedPostgres.start({ directory, password, settings: SETTINGS });
  later(() => server.stop());
  return server;
}
