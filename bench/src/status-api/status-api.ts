import { join } from 'node:path';
import type { Benchmark, Outcome, Sizes } from '../benchmark.ts';
import { Child, type Remote } from '../children/child.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import type { ReadingResult, StatusReaderMethods } from '../children/status-readers.ts';
import type { StatusServerMethods } from '../children/status-servers.ts';
import { temporaryDirectory } from '../paths.ts';
import { Api } from '../product/api.ts';
import { databaseUrl } from '../product/database-url.ts';
import { childFile } from '../product/linked-state.ts';
import { createOutlets } from '../product/outlets.ts';
import { ProductServer } from '../product/server.ts';
import { median, round } from '../statistics.ts';

export const statusApi: Benchmark = {
  name: 'status-api',
  about: 'the status document over REST, beside a query per outlet and beside the same bytes from memory',
  run,
};

interface Plan {
  outlets: number[];
  rounds: number;
  seconds: number;
}

const FULL: Plan = { outlets: [1_000, 5_000], rounds: 3, seconds: 10 };
const QUICK: Plan = { outlets: [1_000], rounds: 1, seconds: 3 };
const CONNECTIONS = 10;

type Contender = 'bare' | 'product' | 'product, gzip' | 'product, 304' | 'query per outlet';

interface Measured {
  outlets: number;
  contender: Contender;
  rounds: ReadingResult[];
}

interface Footprint {
  outlets: number;
  /** The longest that the product's event loop was held. Milliseconds. */
  longestHeld: number;
  /** Megabytes, before and after. */
  rssBefore: number;
  rssAfter: number;
}

async function run(sizes: Sizes): Promise<Outcome> {
  const plan = { ...(sizes.quick ? QUICK : FULL), ...(sizes.outlets && { outlets: sizes.outlets }) };
  const directory = await temporaryDirectory();
  const simulator = new Child<SimulatorMethods>({ file: childFile('simulator') });
  const service = await simulator.call.start();
  const measured: Measured[] = [];
  const footprints: Footprint[] = [];
  for (const count of plan.outlets) {
    const dataDir = join(directory, String(count));
    const server = new ProductServer({ dataDir, simulator: service });
    await server.start();
    process.stderr.write(`${count} outlets: creating them\n`);
    await createOutlets(server.url, count);
    footprints.push(await measure(server, dataDir, { ...plan, outlets: [count] }, measured));
    await server.stop();
  }
  await simulator.call.stop();
  return report(measured, footprints);
}

async function measure(
  server: ProductServer,
  dataDir: string,
  { outlets: [outlets = 0], rounds, seconds }: Plan,
  measured: Measured[],
): Promise<Footprint> {
  const { token } = await Api.login(server.url);
  const url = `${server.url}/api/outlets/status`;
  const identity = { authorization: `Bearer ${token}`, 'accept-encoding': 'identity' };
  const whole = await fetch(url, { headers: identity });
  const json = await whole.text();
  const bare = new Child<StatusServerMethods>({ file: childFile('status-servers') });
  const rival = new Child<StatusServerMethods>({ file: childFile('status-servers') });
  const contenders: [Contender, string, Record<string, string>][] = [
    ['bare', await bare.call.bare(json), {}],
    ['product', url, identity],
    ['product, gzip', url, { ...identity, 'accept-encoding': 'gzip' }],
    ['product, 304', url, { ...identity, 'if-none-match': whole.headers.get('etag') ?? '' }],
    ['query per outlet', `${await rival.call.perOutlet(await databaseUrl(dataDir))}/api/outlets/status`, {}],
  ];
  const readers = new Child<StatusReaderMethods>({ file: childFile('status-readers') });
  const results = new Map<Contender, ReadingResult[]>(contenders.map(([name]) => [name, []]));
  const rssBefore = await server.probe.rss();
  await server.probe.watchLoop();
  for (let round = 1; round <= rounds; round++)
    for (const [name, address, headers] of contenders) {
      process.stderr.write(`${outlets} outlets, round ${round}: ${name}\n`);
      results.get(name)?.push(await readOne(readers.call, { address, headers, seconds }));
    }
  const footprint = {
    outlets,
    longestHeld: await server.probe.longestHeld(),
    rssBefore,
    rssAfter: await server.probe.rss(),
  };
  for (const [contender, found] of results) measured.push({ outlets, contender, rounds: found });
  await Promise.all([bare.end(), rival.end(), readers.end()]);
  return footprint;
}

function readOne(
  readers: Remote<StatusReaderMethods>,
  { address, headers, seconds }: { address: string; headers: Record<string, string>; seconds: number },
): Promise<ReadingResult> {
  return readers.read({ url: address, headers, connections: CONNECTIONS, seconds });
}

function report(measured: Measured[], footprints: Footprint[]): Outcome {
  const rate = (outlets: number, contender: Contender): number =>
    median(
      measured
        .find((each) => each.outlets === outlets && each.contender === contender)!
        .rounds.map((round) => round.perSecond),
    );
  const rows = measured.map(({ outlets, contender, rounds }) => [
    `${outlets}, ${contender}`,
    round(rate(outlets, contender)),
    round(rate(outlets, contender) / rate(outlets, 'bare'), 2),
    round(rate(outlets, contender) / rate(outlets, 'query per outlet'), 1),
    round(median(rounds.map(({ durations }) => durations.median))),
    round(median(rounds.map(({ durations }) => durations.p99))),
    Math.round((rounds[0]?.bytes ?? 0) / 1_000),
    [...new Set(rounds.flatMap(({ codes }) => Object.keys(codes)))].join(' '),
  ]);
  const targets = footprints.flatMap(({ outlets, longestHeld, rssBefore, rssAfter }) => {
    const overRival = rate(outlets, 'product') / rate(outlets, 'query per outlet');
    const ofBare = rate(outlets, 'product') / rate(outlets, 'bare');
    return [
      {
        name: `${outlets}: over a query per outlet`,
        aim: '20 times',
        measured: `${round(overRival)} times`,
        met: overRival >= 20,
      },
      {
        name: `${outlets}: of the same bytes from memory`,
        aim: '0.5',
        measured: String(round(ofBare, 2)),
        met: ofBare >= 0.5,
      },
      {
        name: `${outlets}: event loop held for at most`,
        aim: '20 ms',
        measured: `${round(longestHeld)} ms`,
        met: longestHeld <= 20,
      },
      {
        name: `${outlets}: memory under it`,
        aim: 'flat',
        measured: `${Math.round(rssBefore)} → ${Math.round(rssAfter)} MB`,
        met: rssAfter < rssBefore * 1.25,
      },
    ];
  });
  return {
    tables: [
      {
        title: `${CONNECTIONS} connections; medians of the rounds`,
        columns: ['outlets', 'answers/s', 'of bare', 'of a query per outlet', 'median ms', 'p99 ms', 'kB', 'codes'],
        rows,
      },
    ],
    targets,
    details: { measured, footprints },
  };
}
