import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { eventually } from '../../test/support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { Clock } from '../common/clock.js';
import { EventBus, type Facts } from '../common/event-bus.js';
import type { SendingDesk } from '../wa-session/desk/sending-desk.js';
import type { Proof } from '../wa-session/messenger.js';
import { SentMessages } from '../wa-session/sent-messages.js';
import type { BlastKeys } from './blast-keys.js';
import { Ledger } from './ledger.js';
import { WordFromWhatsapp } from './sending/word-from-whatsapp.js';

const MESSAGES = 9;
const blastId = randomUUID();
const outletId = randomUUID();
const messageIdOf = (seq: number): string => `3EB0${seq}`;
const logged: string[] = [];

let database: TestDatabase;
let ledger: Ledger;
let bus: EventBus;
/** What the message carried that is answered. */
let proof: Proof;

beforeAll(async () => {
  jest.spyOn(Logger.prototype, 'error').mockImplementation((message: unknown) => void logged.push(String(message)));
  database = await createTestDatabase();
  const { dataSource } = database;
  await dataSource.query(
    `INSERT INTO blasts (id, status, created_at, created_by, created_by_name, recipients, key_id, wrapped_key, message, request_hash)
     VALUES ($1, 'running', now(), $1, 'Budi', $2, '', '', '', '')`,
    [blastId, MESSAGES],
  );
  await dataSource.query(
    `INSERT INTO blast_outlets (blast_id, outlet_id, outlet_name, sending) VALUES ($1, $2, 'Jakarta', $3)`,
    [blastId, outletId, MESSAGES],
  );
  await dataSource.query(
    `INSERT INTO blast_recipients (blast_id, seq, outlet_id, number, status, message_id)
     SELECT $1, n, $2, '62877' || n, 'sending', '3EB0' || n FROM generate_series(1, $3::int) n`,
    [blastId, outletId, MESSAGES],
  );
  ledger = new Ledger(dataSource, new Clock());
  bus = new EventBus();
  const desk = {
    owner: () => ({ outletId, epoch: '1' }),
    line: () => ({ outletId, epoch: '1', messenger: { proofFor: () => Promise.resolve(proof) } }),
    askNewChats: () => Promise.resolve(null),
  } as unknown as SendingDesk;
  new WordFromWhatsapp(dataSource, ledger, {} as BlastKeys, new Clock(), bus, new SentMessages(), desk);
});
afterAll(() => database.drop());

test('a move that PostgreSQL refuses is thrown out alone; the others of its batch are written', async () => {
  const moves = Array.from({ length: MESSAGES - 2 }, (_, index) => {
    const at = { blastId, seq: index + 1 };
    return index === 3
      ? ledger.record({ ...at, to: 'failed', reason: 'REFUSED', code: 'rahasia\0' })
      : ledger.record({ ...at, to: 'sent' });
  });
  const outcomes = await Promise.allSettled(moves);
  expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([true, true, true, false, true, true, true]);
  expect(logged).toEqual(['A recipient cannot become "failed": PostgreSQL refuses it with 22P05']);
  const [counts] = await database.dataSource.query('SELECT sending, sent FROM blast_outlets');
  expect(counts).toEqual({ sending: 3, sent: 6 });
});

test('a receipt that PostgreSQL refuses to look for keeps no other from being written', async () => {
  logged.length = 0;
  const recorded: Promise<unknown>[] = [];
  const waitFor = (work: Promise<unknown>): void => void recorded.push(work);
  const messageIds = [messageIdOf(8), 'rahasia\0', messageIdOf(9)];
  bus.publish('message.receipted', {
    outletId,
    messageIds,
    kind: 'delivered',
    waitFor,
  } satisfies Facts['message.receipted']);
  await Promise.all(recorded);
  const [counts] = await database.dataSource.query('SELECT sending, delivered FROM blast_outlets');
  expect(counts).toEqual({ sending: 1, delivered: 2 });
  expect(logged).toEqual(['A receipt cannot be looked up: PostgreSQL refuses it with 22021']);
});

test('a receipt that waits for the database keeps no process from ending', async () => {
  jest.useFakeTimers();
  try {
    let asked = 0;
    const query = (): Promise<never> => {
      asked++;
      return Promise.reject(new Error('the pool has ended'));
    };
    const away = { driver: { master: { query } }, options: { extra: { pooled: false } } } as unknown as DataSource;
    const newBus = new EventBus();
    const word = new WordFromWhatsapp(
      away,
      ledger,
      {} as BlastKeys,
      new Clock(),
      newBus,
      new SentMessages(),
      {} as SendingDesk,
    );
    newBus.publish('message.receipted', { outletId, messageIds: ['3EB0A'], kind: 'read', waitFor: () => undefined });
    await jest.advanceTimersByTimeAsync(5_000);
    expect(asked).toBe(5);
    word.beforeApplicationShutdown();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(asked).toBe(5);
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});

test.each<[code: string, carried: Proof, reason: string]>([
  ['463', 'none', 'NO_TOKEN'],
  ['463', 'token', 'RESTRICTED'],
  ['463', 'salt', 'NEW_CHAT_REFUSED'],
  ['479', 'none', 'REFUSED'],
])('an answer %s that came late to a message with %s is told as %s', async (code, carried, reason) => {
  const { dataSource } = database;
  const messageId = `3EB0LATE${reason}`;
  await dataSource.query(
    `WITH one AS (UPDATE blasts SET recipients = recipients + 1 WHERE id = $1 RETURNING recipients AS seq),
       more AS (UPDATE blast_outlets SET unknown = unknown + 1 WHERE blast_id = $1)
     INSERT INTO blast_recipients (blast_id, seq, outlet_id, number, status, message_id)
     SELECT $1, seq, $2, '62878' || seq, 'unknown', $3 FROM one`,
    [blastId, outletId, messageId],
  );
  proof = carried;
  bus.publish('message.answered', { outletId, messageId, code });
  const told = (): Promise<object[]> =>
    dataSource.query('SELECT status, reason, code FROM blast_recipients WHERE message_id = $1', [messageId]);
  await eventually('the refusal', async () => (await told()).some((row) => 'status' in row && row.status === 'failed'));
  expect(await told()).toEqual([{ status: 'failed', reason, code }]);
});
