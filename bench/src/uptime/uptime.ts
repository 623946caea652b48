import { join } from 'node:path';
import { UPTIME_WINDOWS } from '@koneksi/contracts/uptime';
import pg from 'pg';
import type { Benchmark, Outcome, Sizes, Target } from '../benchmark.ts';
import { Child } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { temporaryDirectory } from '../paths.ts';
import { Api } from '../product/api.ts';
import { databaseUrl } from '../product/database-url.ts';
import { childFile } from '../product/linked-state.ts';
import { createOutlets } from '../product/outlets.ts';
import { ProductServer } from '../product/server.ts';
import { round, summarise, type Summary } from '../statistics.ts';

export const uptime: Benchmark = {
  name: 'uptime',
  about: 'a year of many outlets: what it takes on disk, and how soon each view is there',
  run,
};

const MOST_MEGABYTES = 50;
const MOST_MS = 100;
/** Of each outlet in a year. */
const INCIDENTS = 40;

interface View {
  path: string;
  bytes: number;
  durations: Summary;
}

interface Measured {
  outlets: number;
  /** Megabytes with indexes, by table. */
  sizes: Record<string, number>;
  views: View[];
}

async function run(sizes: Sizes): Promise<Outcome> {
  const counts = sizes.outlets ?? [1_000];
  const rounds = sizes.quick ? 5 : 30;
  const directory = await temporaryDirectory();
  const simulator = new Child<SimulatorMethods>({ file: childFile('simulator') });
  const service = await simulator.call.start();
  const measured: Measured[] = [];
  for (const count of counts) {
    const dataDir = join(directory, String(count));
    const server = new ProductServer({ dataDir, simulator: service });
    await server.start();
    process.stderr.write(`${count} outlets: creating them and their year\n`);
    await createOutlets(server.url, count);
    const kept = await pastOf(await databaseUrl(dataDir), count);
    measured.push({ outlets: count, sizes: kept, views: await look(server.url, rounds) });
    await server.stop();
  }
  await simulator.call.stop();
  return report(measured);
}

/** A year as the book writes it: a row a day of every outlet, and the hours of three days. Answers what it takes. */
async function pastOf(url: string, count: number): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const known = async (): Promise<number> =>
    Number((await client.query<{ n: string }>('SELECT count(*) AS n FROM uptime_outlets')).rows[0]!.n);
  while ((await known()) < count) await new Promise((resolve) => setTimeout(resolve, 250));
  for (const sql of SEED_SQL) await client.query(sql);
  const { rows } = await client.query<{ name: string; bytes: string }>(
    `SELECT relname AS name, pg_total_relation_size(oid) AS bytes FROM pg_class
     WHERE relkind = 'r' AND (relname LIKE 'uptime%' OR relname LIKE 'incident%') ORDER BY relname`,
  );
  await client.end();
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, Number(bytes) / 1e6]));
}

const SEED_SQL = [
  `INSERT INTO uptime_days (no, day, up, down, paused)
   SELECT no, d::date, 86400000 - s.down, s.down, 0 FROM uptime_outlets
   CROSS JOIN generate_series(current_date - 365, current_date - 1, interval '1 day') d
   CROSS JOIN LATERAL (SELECT (no * 31 + (d::date - '2020-01-01') * 17) % 600000 AS down) s
   ORDER BY d, no ON CONFLICT DO NOTHING`,
  `INSERT INTO uptime_hours (no, hour, up, down, paused)
   SELECT no, h, 3590000, 10000, 0 FROM uptime_outlets
   CROSS JOIN generate_series(date_trunc('hour', now()) - interval '96 hours', date_trunc('hour', now()) - interval '1 hour', interval '1 hour') h
   ORDER BY h, no ON CONFLICT DO NOTHING`,
  `INSERT INTO incident (id, code, started_at, last_fell_at, ended_at)
   SELECT md5(u.no || '-' || n)::uuid, 'RECONNECTING', s.at, s.at, s.at + interval '7 minutes' FROM uptime_outlets u
   CROSS JOIN generate_series(1, ${INCIDENTS}) n
   CROSS JOIN LATERAL (SELECT now() - (n * 9 + u.no % 9) * interval '1 day' AS at) s`,
  `INSERT INTO incident_outlet (incident_id, outlet_id, name, since, until)
   SELECT i.id, u.outlet_id, u.name, i.started_at, i.ended_at FROM uptime_outlets u
   CROSS JOIN generate_series(1, ${INCIDENTS}) n JOIN incident i ON i.id = md5(u.no || '-' || n)::uuid`,
  'VACUUM ANALYZE',
];

async function look(url: string, rounds: number): Promise<View[]> {
  const api = await Api.login(url);
  const [outlet] = await api.outlets();
  const windows = Object.keys(UPTIME_WINDOWS);
  const paths = [
    ...windows.map((window) => `/uptime?window=${window}`),
    ...windows.map((window) => `/uptime/ranking?window=${window}`),
    `/outlets/${outlet!.id}/uptime?window=365d`,
    '/uptime/month.csv',
  ];
  const views: View[] = [];
  for (const path of paths) {
    process.stderr.write(`${path.replace(/[0-9a-f-]{36}/, 'ID')}\n`);
    const samples: number[] = [];
    let bytes = 0;
    for (let index = 0; index <= rounds; index++) {
      const begun = performance.now();
      const answer = await fetch(`${url}/api${path}`, { headers: { authorization: `Bearer ${api.token}` } });
      bytes = (await answer.arrayBuffer()).byteLength;
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
      // The first opens connections.
      if (index > 0) samples.push(performance.now() - begun);
    }
    views.push({ path: path.replace(outlet!.id, 'ID'), bytes, durations: summarise(samples) });
  }
  return views;
}

function report(measured: Measured[]): Outcome {
  const targets = measured.flatMap(({ outlets, sizes, views }): Target[] => {
    const total = Object.entries(sizes).reduce((sum, [name, size]) => sum + (name.startsWith('uptime') ? size : 0), 0);
    // The sheet is a file, not a view.
    const slowest = views
      .filter(({ path }) => !path.endsWith('.csv'))
      .reduce((one, other) => (other.durations.median > one.durations.median ? other : one));
    const { median } = slowest.durations;
    return [
      {
        name: `${outlets}: a year on disk`,
        aim: `under ${MOST_MEGABYTES} MB`,
        measured: `${round(total)} MB`,
        met: total < MOST_MEGABYTES,
      },
      {
        name: `${outlets}: slowest view, ${slowest.path}`,
        aim: `under ${MOST_MS} ms`,
        measured: `${round(median)} ms`,
        met: median < MOST_MS,
      },
    ];
  });
  return {
    tables: measured.flatMap(({ outlets, sizes, views }) => [
      {
        title: `${outlets} outlets: tables with their indexes`,
        columns: ['table', 'MB'],
        rows: Object.entries(sizes).map(([name, size]) => [name, round(size)]),
      },
      {
        title: `${outlets} outlets: views`,
        columns: ['view', 'median ms', 'p95 ms', 'max ms', 'kB'],
        rows: views.map(({ path, bytes, durations }) => [
          path,
          ...[durations.median, durations.p95, durations.max].map((ms) => round(ms)),
          round(bytes / 1_000),
        ]),
      },
    ]),
    targets,
    details: measured,
  };
}
