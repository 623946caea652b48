import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Remote } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { now, until } from '../clock.ts';
import { OwnPostgres } from '../product/own-postgres.ts';
import { ProductServer } from '../product/server.ts';

/** Nothing measured here depends on how fast they knock. */
const FAST = { WA_CONNECTS_PER_SECOND: '1000', WA_CONNECT_BURST: '10000', SOCKETS_PER_CALLER: '10000' };
const SPREAD_WITHIN_MS = 300_000;
/** Shares that differ by less stay as they are. */
const TOLERANCE = 0.1;

export interface Surroundings {
  service: { url: string; rootKey: string };
  simulator: Remote<SimulatorMethods>;
  outlets: number;
}

interface Options extends Surroundings {
  /** A copy of linked outlets, to use up. */
  dataDir: string;
  processes: number;
  /** Whether they are nodes; one that is not has the database to itself. */
  several: boolean;
}

/** So many processes of the built product on one PostgreSQL. */
export class Fleet {
  readonly nodes: readonly ProductServer[];
  /** From the first start until every outlet is connected and each has its share. Seconds. */
  readonly spreadWall: number;
  private readonly postgres: OwnPostgres;
  private readonly pool: pg.Pool;

  private constructor(nodes: readonly ProductServer[], postgres: OwnPostgres, pool: pg.Pool, spreadWall: number) {
    this.nodes = nodes;
    this.postgres = postgres;
    this.pool = pool;
    this.spreadWall = spreadWall;
  }

  static async start({ dataDir, processes, several, service, simulator, outlets }: Options): Promise<Fleet> {
    const secrets = JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8')) as Record<string, string>;
    const postgres = await OwnPostgres.of(dataDir, secrets['databasePassword']!);
    const env = {
      ...FAST,
      DATABASE_URL: postgres.url,
      JWT_SECRET: secrets['jwtSecret']!,
      CREDENTIALS_KEY: secrets['credentialsKey']!,
      BLAST_PACE_MS: '0-0',
      ...(several && { SEVERAL_NODES: 'on' }),
    };
    // Of its own, or it would look for a PostgreSQL that it had started.
    const nodes = Array.from(
      { length: processes },
      (_, index) => new ProductServer({ dataDir: join(dataDir, `node-${index}`), simulator: service, env }),
    );
    const pool = new pg.Pool({ connectionString: postgres.url, max: 1 });
    const begun = now();
    await Promise.all(nodes.map((node) => node.start()));
    await until(`${outlets} outlets at ${processes} processes`, SPREAD_WITHIN_MS, async () => {
      const owned = await ownedIn(pool);
      const most = Math.ceil(outlets / processes) * (1 + TOLERANCE);
      const isSpread = owned.size === processes && [...owned.values()].every(({ length }) => length <= most);
      return isSpread && (await simulator.online()) === outlets;
    });
    return new Fleet(nodes, postgres, pool, (now() - begun) / 1_000);
  }

  /** Outlets of each node, in the order of `nodes`. */
  async owned(): Promise<string[][]> {
    const byPort = await ownedIn(this.pool);
    return this.nodes.map(({ url }) => byPort.get(new URL(url).port) ?? []);
  }

  /** Transactions that were committed so far, ours among them. */
  async commits(): Promise<number> {
    // A backend tells within a second of its last transaction.
    const { rows } = await this.pool.query<{ commits: number }>(
      'SELECT xact_commit::float8 AS commits FROM pg_stat_database WHERE datname = current_database()',
    );
    return rows[0]?.commits ?? 0;
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    await this.pool.end();
    await this.postgres.stop();
  }
}

/** By the port of who owns them. */
async function ownedIn(pool: pg.Pool): Promise<Map<string, string[]>> {
  const { rows } = await pool.query<{ id: string; url: string }>(
    'SELECT l.outlet_id AS id, n.url FROM wa_lease l JOIN node n ON n.id = l.owner ORDER BY 1',
  );
  const byPort = Map.groupBy(rows, ({ url }) => new URL(url).port);
  return new Map([...byPort].map(([port, owned]) => [port, owned.map(({ id }) => id)]));
}
