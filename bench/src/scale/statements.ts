import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { now } from '../clock.ts';
import { root } from '../paths.ts';
import { databaseUrl } from '../product/database-url.ts';
import { ProductServer } from '../product/server.ts';
import { median } from '../statistics.ts';

/** Milliseconds, medians. */
export interface Statements {
  outlets: number;
  nodes: number;
  /** Asked by each node every second. */
  roster: number;
  claim: number;
  /** Read by each node every 15 s. */
  own: number;
  /** Read by each node as it begins. */
  all: number;
  /** Asked where somebody reads the status document, at most once at a time. */
  stamp: number;
}

const PER_NODE = 1_000;
const TIMES = 7;

interface Queries {
  query(sql: string, values?: unknown[]): Promise<unknown>;
}
interface Built {
  NodeRoster: new (queries: Queries) => { read(): Promise<unknown> };
  SessionOwnership: new (queries: Queries, identity: { id: string }) => { claim(atMost: number): Promise<unknown[]> };
  OutletRows: new (queries: Queries) => {
    all(): Promise<unknown>;
    ownedBy(owner: string): Promise<unknown>;
    stamp(): Promise<unknown>;
  };
}

/** The product's own statements, without the product, against so many outlets of nodes with a thousand each. */
export async function measureStatements(
  dataDir: string,
  simulator: { url: string; rootKey: string },
  sizes: readonly number[],
): Promise<Statements[]> {
  const server = new ProductServer({ dataDir, simulator });
  await server.start();
  const pool = new pg.Pool({ connectionString: await databaseUrl(dataDir), max: 1 });
  // The product would claim what is seeded: it stands still, its database goes on.
  server.signal('SIGSTOP');
  const measured: Statements[] = [];
  for (const outlets of sizes) {
    process.stderr.write(`${outlets} outlets in the database\n`);
    measured.push(await measure(pool, outlets));
  }
  server.signal('SIGCONT');
  await pool.end();
  await server.kill();
  await server.stop();
  return measured;
}

async function measure(pool: pg.Pool, outlets: number): Promise<Statements> {
  const nodes = outlets / PER_NODE;
  for (const sql of SEED_SQL) await pool.query(sql, sql.includes('$1') ? [outlets] : []);
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM node');
  const id = rows[0]!.id;
  const queries: Queries = {
    query: async (sql, values) => {
      const { command, rows: found, rowCount } = await pool.query(sql, values);
      return command === 'UPDATE' ? [found, rowCount] : (found as unknown[]);
    },
  };
  const { NodeRoster, SessionOwnership, OutletRows } = await built();
  const [roster, ownership, read] = [
    new NodeRoster(queries),
    new SessionOwnership(queries, { id }),
    new OutletRows(queries),
  ];
  const free = (): Promise<unknown> =>
    pool.query('UPDATE wa_lease SET owner = $2 WHERE owner = $1', [id, randomUUID()]);
  return {
    outlets,
    nodes,
    roster: await timed(() => roster.read()),
    own: await timed(() => read.ownedBy(id)),
    all: await timed(() => read.all()),
    stamp: await timed(() => read.stamp()),
    claim: await timed(() => ownership.claim(PER_NODE), free),
  };
}

async function timed(work: () => Promise<unknown>, before?: () => Promise<unknown>): Promise<number> {
  const samples: number[] = [];
  for (let count = 0; count < TIMES; count++) {
    await before?.();
    const begun = now();
    await work();
    samples.push(now() - begun);
  }
  return median(samples);
}

async function built(): Promise<Built> {
  const files = ['cluster/roster.js', 'wa-session/ownership.js', 'wa-session/outlet-rows.js'];
  const modules = await Promise.all(files.map((file) => import(join(root, 'dist/src', file)) as Promise<object>));
  return Object.assign({}, ...modules) as Built;
}

/** In one order, so that a thousand neighbours are no node's. */
const SEED_SQL = [
  'DELETE FROM outlets',
  'DELETE FROM node',
  `INSERT INTO outlets (id, name, whatsapp_number)
   SELECT gen_random_uuid(), 'Outlet ' || n, (6281300000000 + n)::text FROM generate_series(1, $1::int) n`,
  `INSERT INTO wa_session (outlet_id, status, reason_code, session_name, connected_at, last_seen, since, revision)
   SELECT id, 'CONNECTED', NULL, name, now(), now(), now(), 1 FROM outlets`,
  `INSERT INTO node (id, url, version, schema_version)
   SELECT gen_random_uuid(), 'http://node-' || n, '1', 'a1' FROM generate_series(1, $1::int / ${PER_NODE}) n`,
  `INSERT INTO wa_lease (outlet_id, owner, epoch)
   SELECT o.id, n.id, 1 FROM (SELECT id, row_number() OVER (ORDER BY id) AS at FROM outlets) o
   JOIN (SELECT id, row_number() OVER () - 1 AS at FROM node) n ON n.at = o.at % (SELECT count(*) FROM node)`,
  'VACUUM ANALYZE outlets, wa_session, wa_lease, node',
];
