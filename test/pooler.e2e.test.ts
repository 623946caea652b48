import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BlastCreated } from '@koneksi/contracts/blast-requests';
import type { Blast } from '@koneksi/contracts/blasts';
import { addContacts } from './support/blasts.js';
import { ChildKoneksi, childEnv } from './support/child-koneksi.js';
import { Cluster } from './support/cluster.js';
import { eventually } from './support/eventually.js';
import { asNode } from './support/history-triggers.js';
import { PGBOUNCER, PgBouncer } from './support/pgbouncer.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

const OUTLETS = 6;
const RECIPIENTS = 40;
const LIMITS = 'SET statement_timeout = 5000; SET idle_in_transaction_session_timeout = 15000';

// Debian has it: `apt-get install pgbouncer`.
const behindPgBouncer = PGBOUNCER ? describe : describe.skip;

behindPgBouncer('behind PgBouncer in transaction mode', () => {
  let cluster: Cluster;
  let pooler: PgBouncer;
  let token: string;
  const start = (name: string): Promise<ChildKoneksi> =>
    cluster.start(name, {
      DATABASE_URL: asNode(pooler.url, name),
      DATABASE_DIRECT_URL: asNode(cluster.database.url, name),
    });
  beforeAll(async () => {
    cluster = await Cluster.make();
    pooler = await PgBouncer.start(cluster.database.url, LIMITS);
    const first = await start('a');
    token = await first.signIn();
    await cluster.link(first, token, OUTLETS);
  }, 120_000);
  afterAll(async () => {
    await cluster.stop();
    await pooler.end();
  });

  const left = ({ counts }: Blast): number => counts.sent + counts.delivered + counts.read;

  test('a blast goes on over the node that is killed, each message once, and every page hears of all', async () => {
    const b = await start('b');
    for (const name of ['a', 'b']) await cluster.openPage(name, token);
    const fair = OUTLETS / 2;
    await eventually('b has its share', async () => (await cluster.owners()).get('b')?.length === fair);
    await cluster.allConnected(['a', 'b']);
    const seen = { ...cluster, dataSource: cluster.database.dataSource };
    for (const [at, { id }] of cluster.outlets.entries()) await addContacts(seen, id, at * RECIPIENTS, RECIPIENTS);
    const outletIds = cluster.outlets.map(({ id }) => id);
    const { id } = await b.call<BlastCreated>('POST', '/blasts', token, {
      outletIds,
      message: 'Promo akhir bulan',
      noWayOut: 'Hanya uji coba',
    });
    const progress = (): Promise<Blast> => b.call<Blast>('GET', `/blasts/${id}`, token);
    await eventually('it is under way', async () => left(await progress()) > RECIPIENTS / 2);
    await cluster.nodes.get('a')!.kill();
    await cluster.allConnected(['b']);
    await eventually('it ended', async () => (await progress()).status === 'finished');
    await cluster.pagesKnowAll();
    expect(await cluster.history.complaints({ mayReplace: 0, tests: [] })).toEqual([]);
    const ended = await progress();
    expect(left(ended) + ended.counts.unknown).toBe(OUTLETS * RECIPIENTS);
  }, 180_000);

  test('one that would have the database alone is kept out, as it is without a pooler', async () => {
    const lonely = await ChildKoneksi.start({
      ...childEnv(cluster),
      DATABASE_URL: pooler.url,
      DATABASE_DIRECT_URL: cluster.database.url,
    });
    await eventually('it waits', () => lonely.output.join('').includes('still uses this database'));
    await lonely.kill();
  });
});

behindPgBouncer('a pooler that is not fit', () => {
  let [database, other]: TestDatabase[] = [];
  let pooler: PgBouncer;
  beforeAll(async () => {
    database = await createTestDatabase();
    other = await createTestDatabase();
  });
  afterAll(async () => {
    for (const each of [database!, other!]) await each.drop();
  });

  /** What the start ends with. */
  async function refusal(sentences: string, directUrl: () => string | undefined): Promise<string> {
    pooler = await PgBouncer.start(database!.url, sentences);
    try {
      const direct = directUrl();
      const started = await ChildKoneksi.start({
        ...childEnv({ database: database! }),
        DATABASE_URL: pooler.url,
        ...(direct && { DATABASE_DIRECT_URL: direct }),
      });
      await started.ended;
      return started.output.join('');
    } finally {
      await pooler.end();
    }
  }

  test.each([
    [
      'there is no way past it',
      LIMITS,
      () => undefined,
      /A pooler answers at .*DATABASE_DIRECT_URL must lead to PostgreSQL/,
    ],
    [
      'the way past it leads through it',
      LIMITS,
      () => `${pooler.url}?`,
      /A pooler answers at .*DATABASE_DIRECT_URL must lead/,
    ],
    ['the way past it leads elsewhere', LIMITS, () => other!.url, /lead to different databases/],
    [
      'it lets statements run for ever',
      'SET idle_in_transaction_session_timeout = 1',
      () => database!.url,
      /no limit of time.*"SET statement_timeout = 5000"/,
    ],
  ])(
    'is refused at the start in a sentence: %s',
    async (_, sentences, directUrl, sentence) => {
      expect(await refusal(sentences, directUrl)).toMatch(sentence);
    },
    120_000,
  );
});
