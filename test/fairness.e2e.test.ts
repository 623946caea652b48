import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ResumeAnswer } from '@koneksi/contracts/realtime';
import { DataSource } from 'typeorm';
import { SystemDataSource } from '../src/database/system-data-source.js';
import { eventually } from './support/eventually.js';
import { Koneksi, type LinkedOutlet, type Person } from './support/koneksi.js';

const CONTACTS = 30_000;
/** More than may wait at once; what they cost by themselves in this very process stays small. */
const ASKING = 60;
/** How long somebody asks as fast as they can. */
const LASTS_MS = 4_000;
/** So many that a machine that stands still for some seconds is not the middle of them. */
const AT_LEAST = 5;

let koneksi: Koneksi;
let greedy: Person;
let own: string;
let other: LinkedOutlet;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  own = (await koneksi.outlet()).id;
  greedy = await koneksi.person('USER', [own]);
  await koneksi.database.dataSource.query(
    `INSERT INTO contacts (id, outlet_id, number, name, tags)
     SELECT gen_random_uuid(), $1, (628100000000 + n)::text, 'Pelanggan ' || md5(n::text), ARRAY['tag' || n % 50]
     FROM generate_series(1, $2::int) AS n`,
    [own, CONTACTS],
  );
  other = await koneksi.linked(await koneksi.dashboard());
});
afterAll(() => koneksi.stop());

const percentile = (took: number[], share: number): number =>
  took.toSorted((a, b) => a - b)[Math.min(took.length - 1, Math.floor(took.length * share))]!;

async function timesOf(ask: () => Promise<{ status: number }>, lastsMs: number): Promise<number[]> {
  const took: number[] = [];
  for (const from = performance.now(); took.length < AT_LEAST || performance.now() - from < lastsMs;) {
    const began = performance.now();
    expect((await ask()).status).toBe(200);
    took.push(performance.now() - began);
  }
  return took;
}

test.each<[string, () => string]>([
  ['contacts by a letter they all have', () => `/outlets/${own}/contacts?search=e`],
  ['contacts by what none has', () => `/outlets/${own}/contacts?search=zzzzzz`],
  ['tags', () => `/outlets/${own}/contacts/tags`],
  ['whole pages', () => `/outlets/${own}/contacts?limit=200`],
  ['their profile', () => '/auth/me'],
])('who asks for %s as fast as they can waits for themselves, and for nobody else', async (_, path) => {
  const statuses = new Map<number, number>();
  let isOver = false;
  const asking = Array.from({ length: ASKING }, async () => {
    while (!isOver) {
      const { status } = await koneksi.call('GET', path(), { token: greedy.token });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  });
  const took = await timesOf(() => koneksi.call('GET', '/outlets/status'), LASTS_MS);
  isOver = true;
  await Promise.all(asking);
  // They are in this process too, which costs more than being refused; `soak -- one-bad-account` has the figures.
  expect(percentile(took, 0.5)).toBeLessThan(3_000);
  expect([...statuses.keys()].filter((status) => status !== 200 && status !== 429)).toEqual([]);
  expect(statuses.get(200)).toBeGreaterThan(0);
});

test('what people ask for takes no connection from what keeps the outlets going', async () => {
  const { app } = koneksi.app;
  const people = app.get(DataSource);
  const system = app.get(SystemDataSource);
  expect(system).not.toBe(people);
  const dashboard = await koneksi.dashboard();
  // As if every request had got past the gates at once.
  const taken = Array.from({ length: 16 }, () => people.createQueryRunner());
  try {
    await Promise.all(taken.map((each) => each.connect()));
    other.phone.unlink();
    await eventually('the change is told', () => dashboard.changes.length > 0);
    expect(dashboard.changes.map(({ status }) => status.reason?.code)).not.toContain('STORE_DOWN');
  } finally {
    await Promise.all(taken.map((each) => each.release()));
  }
});

test('a page that resumes over and over is answered one at a time', async () => {
  const dashboard = await koneksi.dashboard(greedy.token);
  const answers: ResumeAnswer[] = await Promise.all(
    Array.from({ length: 40 }, () => dashboard.socket.emitWithAck('outlet-status:resume', { cursor: 0 })),
  );
  expect(new Set(answers.map(({ success }) => success))).toEqual(new Set([true]));
});

test('live looks at WhatsApp: some wait, and the others are refused', async () => {
  const asked = Array.from({ length: 30 }, () => koneksi.call('POST', '/outlets/status/refresh'));
  const answers = await Promise.all(asked);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
  const refused = answers.find(({ status }) => status === 429)!;
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
});
