import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Clock } from '../../common/clock.js';
import { EventBus } from '../../common/event-bus.js';
import { Ledger } from '../ledger.js';
import { KeyEncryptionKey } from '../../common/envelope.js';
import type { Config } from '../../config/config.js';
import { BlastKeys } from '../blast-keys.js';
import { Replies } from './replies.js';
import { ReplyWords } from './reply-words.js';

/** The figures in docs/benchmarks.md are of 10,000. */
const REPLIES = Number(process.env.KONEKSI_CROSSING_REPLIES ?? 1_500);
const IN_FLIGHT = 8;
const PEOPLE = 300;
const OUTLETS = 3;
const BLASTS = 9;
const TEN_SECONDS = 10_000;
const BASE = Math.floor(Date.now() / TEN_SECONDS) * TEN_SECONDS - 60 * 3_600_000;

interface Sent {
  blastId: string;
  seq: number;
  outletId: string;
  number: string;
  messageId: string;
  at: number;
}
interface Reply {
  messageId: string;
  outletId: string;
  number: string;
  byAlias: boolean;
  quotes: string | null;
  at: number;
  /** The row it must count for. */
  target: Sent | null;
}

/** Chance that a run can repeat. */
let seed = 20_261_127;
function chance(below: number): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
}
const textOf = (messageId: string): string => `Mau kak, ${messageId}`;
const aliasOf = (number: string): string => `9${number}@lid`;

const outlets = Array.from({ length: OUTLETS }, () => randomUUID());
const people = Array.from({ length: PEOPLE }, (_, n) => `62877${String(8_000_000 + n)}`);
const sent: Sent[] = [];
const keyring = new KeyEncryptionKey(Buffer.alloc(32, 5));
const keys = new BlastKeys(keyring, { secrets: { credentialsKey: Buffer.alloc(32, 5) } } as Config);
let words: ReplyWords;
let database: TestDatabase;
let replies: Replies;
const bus = new EventBus();

beforeAll(async () => {
  database = await createTestDatabase();
  for (let blast = 0; blast < BLASTS; blast++) {
    const blastId = randomUUID();
    const { keyId, wrappedKey } = keys.issue(blastId);
    await database.dataSource.query(
      `INSERT INTO blasts (id, status, created_at, created_by, created_by_name, recipients, key_id, wrapped_key, message, request_hash)
       VALUES ($1, 'finished', $2, $1, 'Budi', 0, $3, $4, '', '')`,
      [blastId, new Date(BASE), keyId, wrappedKey],
    );
    for (const outletId of outlets)
      await database.dataSource.query(
        `INSERT INTO blast_outlets (blast_id, outlet_id, outlet_name, sent) VALUES ($1, $2, 'Jakarta', $3)`,
        [blastId, outletId, PEOPLE / OUTLETS],
      );
    for (const [index, number] of people.entries()) {
      const at = BASE + (1 + chance(5_000)) * TEN_SECONDS;
      const messageId = `3EB0${blastId.slice(0, 8)}${index}`;
      sent.push({ blastId, seq: index + 1, outletId: outlets[(index + blast) % OUTLETS]!, number, messageId, at });
    }
  }
  await database.dataSource.query(
    `INSERT INTO blast_recipients (blast_id, seq, outlet_id, number, status, message_id, sending_at, sent_at)
     SELECT blast_id, seq, outlet_id, number, 'sent', message_id, at, at
     FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[])
       AS s(blast_id, seq, outlet_id, number, message_id, at)`,
    [
      sent.map(({ blastId }) => blastId),
      sent.map(({ seq }) => seq),
      sent.map(({ outletId }) => outletId),
      sent.map(({ number }) => number),
      sent.map(({ messageId }) => messageId),
      sent.map(({ at }) => new Date(at)),
    ],
  );
  await database.dataSource.query('INSERT INTO blast_policy (keep_replies) VALUES (true)');
  words = new ReplyWords(database.dataSource, keys);
  const ledger = new Ledger(database.dataSource, new Clock());
  replies = new Replies(database.dataSource, ledger, words, new Clock(), bus);
});
afterAll(async () => {
  replies.beforeApplicationShutdown();
  await database.drop();
});

/** One that people might write: to the latest, to an older one they quote, or quoting what another outlet sent. */
function anyReply(bySender: ReadonlyMap<string, Sent[]>): Reply {
  const outletId = outlets[chance(OUTLETS)]!;
  const number = people[chance(PEOPLE)]!;
  const at = BASE + (1 + chance(7_000)) * TEN_SECONDS + 5_000;
  const before = bySender.get(`${outletId} ${number}`)!.filter((one) => one.at < at);
  const latest = before.toSorted((one, other) => other.at - one.at)[0] ?? null;
  const kind = chance(10);
  const quoted = kind < 4 ? (before[chance(Math.max(1, before.length))] ?? null) : null;
  const foreign =
    kind === 4 ? bySender.get(`${outlets[(outlets.indexOf(outletId) + 1) % OUTLETS]} ${number}`)![0]! : null;
  const quotes = quoted?.messageId ?? foreign?.messageId ?? null;
  return { messageId: randomUUID(), outletId, number, byAlias: chance(5) < 2, quotes, at, target: quoted ?? latest };
}

/** Until it is kept. Milliseconds. */
async function hear({ messageId, outletId, number, byAlias, quotes, at }: Reply): Promise<number> {
  const began = performance.now();
  const kept: Promise<unknown>[] = [];
  const waitFor = (work: Promise<unknown>): void => void kept.push(work);
  const said = { messageId, outletId, text: textOf(messageId), quotes, at, waitFor };
  if (byAlias) bus.publish('message.unattributed', { ...said, alias: aliasOf(number) });
  else bus.publish('message.received', { ...said, number });
  await Promise.all(kept);
  return performance.now() - began;
}

/** What was written stands where it belongs, once, and nothing that answers nothing is left. */
async function expectWords(all: readonly Reply[]): Promise<void> {
  const rows = await database.dataSource.query<{ blast_id: string; seq: number | null; message_id: string }[]>(
    'SELECT blast_id, seq, message_id FROM blast_replies',
  );
  const places = new Map(rows.map(({ message_id, blast_id, seq }) => [message_id, `${blast_id} ${seq}`]));
  const meant = new Map(all.flatMap(({ messageId, target: t }) => (t ? [[messageId, `${t.blastId} ${t.seq}`]] : [])));
  expect(places).toEqual(meant);
  for (const [blastId, ofBlast] of Map.groupBy(rows, (row) => row.blast_id)) {
    const told = await words.of(
      blastId,
      ofBlast.map(({ seq }) => seq!),
    );
    for (const { seq, message_id } of ofBlast)
      expect(told.get(seq!)!.map(({ text }) => text)).toContain(textOf(message_id));
  }
}

test(`of ${REPLIES} crossing replies, by number and by LID alone, none counts for a wrong blast`, async () => {
  const bySender = Map.groupBy(sent, ({ outletId, number }) => `${outletId} ${number}`);
  const all = Array.from({ length: REPLIES }, () => anyReply(bySender));
  const took: number[] = [];
  const queue = all.values();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (const reply of queue) took.push(await hear(reply));
    }),
  );
  // Whose LID it is comes out afterwards.
  await database.dataSource.query(
    `INSERT INTO known_numbers (alias, number, learned_at) SELECT alias, number, now() FROM unnest($1::text[], $2::text[]) AS k(alias, number)`,
    [people.map(aliasOf), people],
  );
  const learning: Promise<unknown>[] = [];
  const learned = people.map((number) => ({ alias: aliasOf(number), number }));
  bus.publish('numbers.learned', { learned, waitFor: (work) => void learning.push(work) });
  await Promise.all(learning);

  const keyOf = (blastId: string, seq: number): string => `${blastId} ${seq}`;
  const expected = new Set(all.flatMap(({ target }) => (target ? [keyOf(target.blastId, target.seq)] : [])));
  const rows = await database.dataSource.query<{ blast_id: string; seq: number }[]>(
    'SELECT blast_id, seq FROM blast_recipients WHERE replied_at IS NOT NULL',
  );
  const counted = new Set(rows.map(({ blast_id, seq }) => keyOf(blast_id, seq)));
  expect([...counted].filter((key) => !expected.has(key))).toEqual([]);
  expect([...expected].filter((key) => !counted.has(key))).toEqual([]);
  const [totals] = await database.dataSource.query<{ replied: number }[]>(
    'SELECT sum(replied)::int AS replied FROM blast_outlets',
  );
  expect(totals).toEqual({ replied: expected.size });
  await expectWords(all);
  const sorted = took.sort((one, other) => one - other);
  const at = (share: number): string => sorted[Math.ceil(share * sorted.length) - 1]!.toFixed(1);
  process.stdout.write(`${REPLIES} replies: median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms\n`);
}, 600_000);

test.each([{ byAlias: false }, { byAlias: true }])(
  'what somebody writes within one second reads in their order, under a name of theirs: $byAlias',
  async ({ byAlias }) => {
    const { blastId, seq, outletId, number, at: sentAt } = sent.toSorted((one, other) => other.at - one.at)[0]!;
    const alias = aliasOf(number);
    await database.dataSource.query('DELETE FROM blast_replies');
    await database.dataSource.query('DELETE FROM known_numbers WHERE alias = $1', [alias]);
    // WhatsApp's ids have no order; neither has a table that nobody orders.
    const written = ['3F', '0A', 'FF', '01', 'A0'].map((id) => `${id}${String(byAlias)}`);
    for (const messageId of written)
      await hear({ messageId, outletId, number, byAlias, quotes: null, at: sentAt + 1_000, target: null });
    await database.dataSource.query('INSERT INTO known_numbers VALUES ($1, $2, now())', [alias, number]);
    const learning: Promise<unknown>[] = [];
    bus.publish('numbers.learned', { learned: [{ alias, number }], waitFor: (work) => void learning.push(work) });
    await Promise.all(learning);
    const told = await words.of(blastId, [seq]);
    expect(told.get(seq)?.map(({ text }) => text)).toEqual(written.map(textOf));
  },
);
