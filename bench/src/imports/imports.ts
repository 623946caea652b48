import { join } from 'node:path';
import type { ImportResult } from '@koneksi/contracts/contact-import';
import pg from 'pg';
import type { Benchmark, Outcome, Sizes } from '../benchmark.ts';
import { Child } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { temporaryDirectory } from '../paths.ts';
import { Api } from '../product/api.ts';
import { databaseUrl } from '../product/database-url.ts';
import { childFile } from '../product/linked-state.ts';
import { createOutlets } from '../product/outlets.ts';
import { ProductServer } from '../product/server.ts';
import { round, summarise } from '../statistics.ts';

export const imports: Benchmark = {
  name: 'imports',
  about: 'a file of 50,000 customers over REST, first and again, and how long the server stands still',
  run,
};

interface Plan {
  lines: number;
  rounds: number;
}

const FULL: Plan = { lines: 50_000, rounds: 5 };
const QUICK: Plan = { lines: 50_000, rounds: 1 };
const SECONDS_AIM = 5;
const HELD_AIM_MS = 50;

const KINDS = ['all new', 'the same again', 'the same, renamed'] as const;

interface Measured {
  seconds: number;
  /** The longest that the event loop was held. Milliseconds. */
  held: number;
}

async function run(sizes: Sizes): Promise<Outcome> {
  const { lines, rounds } = sizes.quick ? QUICK : FULL;
  const simulator = new Child<SimulatorMethods>({ file: childFile('simulator') });
  const service = await simulator.call.start();
  const dataDir = join(await temporaryDirectory(), 'imports');
  const server = new ProductServer({ dataDir, simulator: service });
  await server.start();
  await createOutlets(server.url, rounds);
  const database = new pg.Client({ connectionString: await databaseUrl(dataDir) });
  await database.connect();
  const api = await Api.login(server.url);
  const measured = new Map<string, Measured[]>(KINDS.map((kind) => [kind, []]));
  const bare: number[] = [];
  for (const [index, { id }] of (await api.outlets()).entries()) {
    for (const kind of KINDS) {
      process.stderr.write(`outlet ${index + 1} of ${rounds}: ${kind}\n`);
      const file = fileOf(lines, kind === 'the same, renamed' ? 'Ibu' : 'Pelanggan');
      measured.get(kind)?.push(await importInto(api, server, id, file, lines));
    }
    bare.push(await insertBare(database, id, lines));
  }
  await database.end();
  await server.stop();
  await simulator.call.stop();
  return report(measured, bare, lines);
}

async function importInto(
  api: Api,
  server: ProductServer,
  outletId: string,
  file: string,
  lines: number,
): Promise<Measured> {
  await server.probe.watchLoop();
  const began = performance.now();
  const response = await fetch(`${api.url}/api/outlets/${outletId}/contacts/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'text/csv' },
    body: file,
  });
  const result = (await response.json()) as ImportResult;
  const seconds = (performance.now() - began) / 1_000;
  if (response.status !== 200 || result.counts.lines - result.counts.rejected !== lines)
    throw new Error(
      `the import of ${lines} lines was answered with ${response.status} ${JSON.stringify(result).slice(0, 300)}`,
    );
  return { seconds, held: await server.probe.longestHeld() };
}

/**
 * What it cannot be faster than: as many rows into the same table with its indexes, made by PostgreSQL itself, nothing read
 * and nothing compared. Under the same customers' numbers of another country, so that the outlet has room for both. Seconds.
 */
async function insertBare(database: pg.Client, outletId: string, lines: number): Promise<number> {
  const began = performance.now();
  await database.query(
    `INSERT INTO contacts (id, outlet_id, number, name, fields, tags, created_at, updated_at)
     SELECT gen_random_uuid(), $1, (6581000000 + n)::text, 'Pelanggan ' || n, jsonb_build_object('kota', 'Bandung'),
            ARRAY['pelanggan', 'depok'], now(), now()
     FROM generate_series(1, $2::int) AS n`,
    [outletId, lines],
  );
  return (performance.now() - began) / 1_000;
}

/** As shops have them: names, numbers in several spellings, a town and tags. */
function fileOf(lines: number, word: string): string {
  const towns = ['Bandung', 'Depok', 'Surabaya', 'Medan'];
  const rows = Array.from({ length: lines }, (_, n) => {
    const number = `81${String(20_000_000 + n)}`;
    const phone = [`0${number}`, `+62 ${number}`, `62${number}`][n % 3];
    return `${word} ${n},${phone},${towns[n % towns.length]},"pelanggan, ${towns[(n + 1) % towns.length]}"`;
  });
  return `Nama,No. HP,Kota,Tag\n${rows.join('\n')}\n`;
}

function report(measured: ReadonlyMap<string, Measured[]>, bare: readonly number[], lines: number): Outcome {
  const floor = summarise(bare);
  const rows = [...measured].map(([kind, all]) => {
    const seconds = summarise(all.map((each) => each.seconds));
    const held = summarise(all.map((each) => each.held));
    const ratio = round(seconds.median / floor.median, 2);
    return [
      kind,
      seconds.n,
      round(seconds.median, 2),
      round(seconds.max, 2),
      ratio,
      round(held.median),
      round(held.max),
    ];
  });
  rows.push(['bare INSERT', floor.n, round(floor.median, 2), round(floor.max, 2), 1, '', '']);
  const targets = [...measured].flatMap(([kind, all]) => {
    const seconds = summarise(all.map((each) => each.seconds)).max;
    const held = summarise(all.map((each) => each.held)).max;
    return [
      {
        name: `${kind}: slowest`,
        aim: `${SECONDS_AIM} s`,
        measured: `${round(seconds, 2)} s`,
        met: seconds < SECONDS_AIM,
      },
      { name: `${kind}: loop held`, aim: `${HELD_AIM_MS} ms`, measured: `${round(held)} ms`, met: held <= HELD_AIM_MS },
    ];
  });
  return {
    tables: [
      {
        title: `Import of ${lines} lines`,
        columns: ['file', 'rounds', 'median s', 'slowest s', 'of bare', 'loop held, median ms', 'longest ms'],
        rows,
      },
    ],
    targets,
    details: { ...Object.fromEntries(measured), bare },
  };
}
