import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AlertChannel, AlertRecipient } from '@koneksi/contracts/alerts';
import { eventually } from '../../test/support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import type { Caller } from '../auth/caller.js';
import type { FromAnyOutlet, Word } from '../blast/messages/from-any-outlet.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import type { Config } from '../config/config.js';
import type { Deliveries } from '../webhooks/deliveries.js';
import type { WebhookSender } from '../webhooks/webhook-sender.js';
import type { AlertLinks } from './alert-links.js';
import { AlertOutbox } from './alert-outbox.js';
import { AlertSender } from './alert-sender.js';
import { AlertTests } from './alert-tests.js';
import { Mailer } from '../mail/mailer.js';
import type { PushRoad } from './push/push-road.js';
import { Roads } from './roads.js';

const CALLER: Caller = { id: randomUUID(), kind: 'user', name: 'Ani', role: 'ADMIN', outletIds: 'all' };

const FIRST = 'SELECT * FROM alert_deliveries ORDER BY seq LIMIT 1';

interface Row {
  channel: AlertChannel;
  target: string;
  status: string;
  tries: number;
  fault: string | null;
  leased: boolean;
}

let database: TestDatabase;
/** Takes every connection and says nothing. */
let silent: Server;
const callers = new Set<Socket>();
let outbox: AlertOutbox;
let mailer: Mailer;
let sender: AlertSender;
let tests: AlertTests;
let byWhatsapp: (phone: string) => Promise<Word>;
let takenBack: string[];
let linksAsked: number;
let roadsOf: (mailer: Mailer) => Roads;

beforeAll(async () => {
  database = await createTestDatabase();
  silent = createServer((socket) => {
    callers.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => callers.delete(socket));
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => silent.close(resolve));
  await database.drop();
});

beforeEach(() => {
  const config = {
    smtp: { url: `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`, from: 'alerts@example.com' },
    alerts: { retryMs: 3_600_000, timeoutMs: 20_000 },
    http: { publicOrigins: ['https://koneksi.example.com'], port: 0 },
  } as unknown as Config;
  const clock = new Clock();
  byWhatsapp = () => Promise.resolve('sent');
  takenBack = [];
  const takeBack = (key: string): Promise<Word> =>
    takenBack.push(key) === 1 ? Promise.reject(new Error('no such message')) : Promise.resolve('refused');
  const outlets = { send: (_: string, phone: string) => byWhatsapp(phone), takeBack } as unknown as FromAnyOutlet;
  const webhooks = { handOver: () => Promise.resolve(true) } as unknown as Deliveries;
  const push = { cutOff: () => undefined } as PushRoad;
  linksAsked = 0;
  const links = { of: () => Promise.resolve(linksAsked++ && null) } as unknown as AlertLinks;
  outbox = new AlertOutbox(database.dataSource, clock);
  mailer = new Mailer(config);
  const waker = { wake: () => undefined } as WebhookSender;
  roadsOf = (mailer) => new Roads(mailer, outlets, webhooks, waker, push, links, config);
  const roads = roadsOf(mailer);
  sender = new AlertSender(outbox, roads, config, clock, new EventBus());
  tests = new AlertTests(outbox, roads, sender, clock);
});
afterEach(async () => {
  mailer.cutOff();
  sender.onModuleDestroy();
  await sender.beforeApplicationShutdown();
  for (const socket of callers) socket.destroy();
  await database.dataSource.query('DELETE FROM alert_deliveries');
});

const waits = (channel: AlertChannel, target: string): Promise<unknown> =>
  database.dataSource.query(
    `INSERT INTO alert_deliveries (id, channel, target, language, content, incident_ids, at, next_try_at)
     VALUES (gen_random_uuid(), $1, $2, 'id', $3, '{}', now(), now() - interval '1 second')`,
    [
      channel,
      target,
      { kind: 'test', ruleName: 'Jaga', zone: 'Asia/Jakarta', at: new Date().toISOString(), items: [] },
    ],
  );

const rows = (): Promise<Row[]> =>
  database.dataSource.query(
    `SELECT channel, target, status, tries, last_tries -> 0 ->> 'fault' AS fault, leased_until IS NOT NULL AS leased
     FROM alert_deliveries ORDER BY seq`,
  );

describe('a mail server that takes connections and says nothing', () => {
  test('holds up neither WhatsApp nor webhooks, however many mails wait before them', async () => {
    for (let n = 0; n < 9; n++) await waits('email', `orang${n}@example.com`);
    await waits('whatsapp', '6281234567890');
    await waits('webhook', randomUUID());
    sender.onApplicationBootstrap();
    await eventually('what others take is sent', async () =>
      (await rows()).every(({ channel, status }) => channel === 'email' || status === 'sent'),
    );
    const mails = (await rows()).filter(({ channel }) => channel === 'email');
    expect(mails.map(({ status, tries, leased }) => [status, tries, leased])).toEqual(
      Array.from({ length: 9 }, (_, n) => ['pending', 0, n < 4]),
    );
  });

  test('holds up the end of the process for a few seconds, and what it was sent is tried after the next start', async () => {
    await waits('email', 'orang@example.com');
    sender.onApplicationBootstrap();
    await eventually('it is asked', () => callers.size > 0);
    sender.onModuleDestroy();
    await sender.beforeApplicationShutdown();
    expect(await rows()).toMatchObject([{ status: 'pending', tries: 1, fault: 'CUT_OFF', leased: false }]);
  });

  test('is waited for no longer than is asked', async () => {
    const mail = { id: randomUUID(), to: 'orang@example.com', subject: 'Tes', body: 'Tes', language: 'id' };
    expect(await mailer.send(mail, 50)).toEqual({ fault: 'TIMEOUT', code: null });
  });
});

test('no link is made for a mail that no server is there to take', async () => {
  await waits('email', 'orang@example.com');
  const [message] = await outbox.take({ email: 1, whatsapp: 0, push: 0, webhook: 0 }, 60_000, []);
  const none = { smtp: null, alerts: { timeoutMs: 20_000 } } as unknown as Config;
  expect(await roadsOf(new Mailer(none)).send(message!)).toEqual({ fault: 'NOT_CONFIGURED', code: null });
  expect(linksAsked).toBe(0);
  await roadsOf(mailer).send(message!, 50);
  expect(linksAsked).toBe(1);
});

test('what is dropped while an outlet has it is taken back, until that is known', async () => {
  byWhatsapp = () => Promise.resolve('waiting');
  await waits('whatsapp', '6281234567890');
  sender.onApplicationBootstrap();
  await eventually('an outlet has it', async () => (await rows())[0]?.fault === 'WAITING_TURN');
  await database.dataSource.query(`UPDATE alert_deliveries SET status = 'dropped', next_try_at = at`);
  sender.wake();
  await eventually('it is to be taken back', () => takenBack.length === 1);
  byWhatsapp = () => Promise.resolve('sent');
  await waits('whatsapp', '6281234567891');
  sender.wake();
  await eventually('the next is sent', async () => (await rows())[1]?.status === 'sent');
  // Half a minute passes.
  await eventually('it is asked again later', async () => {
    await database.dataSource.query('UPDATE alert_deliveries SET next_try_at = at WHERE next_try_at > now()');
    sender.wake();
    return takenBack.length === 2;
  });
  await eventually('that is known', async () => {
    const [row] = await database.dataSource.query<{ next_try_at: Date | null }[]>(FIRST);
    return row?.next_try_at === null;
  });
  expect((await rows())[0]).toMatchObject({ status: 'dropped', tries: 1 });
  const [{ id }] = await database.dataSource.query<[{ id: string }]>(FIRST);
  expect(takenBack).toEqual([`alert ${id}`, `alert ${id}`]);
});

describe('a test of a rule', () => {
  const phones = Array.from({ length: 20 }, (_, n) => `62812345600${10 + n}`);
  const recipients = phones.map((phone): AlertRecipient => ({ channel: 'whatsapp', phone, language: 'id' }));

  test('goes to several at once, each once', async () => {
    let open = (): void => undefined;
    const several = new Promise<void>((resolve) => (open = resolve));
    const asked: string[] = [];
    byWhatsapp = async (phone) => {
      if (asked.push(phone) === 4) open();
      await several;
      return 'sent';
    };
    const ids = await tests.send(CALLER, null, recipients);
    expect(new Set(ids).size).toBe(20);
    expect(asked.toSorted()).toEqual(phones);
    expect((await rows()).map(({ status }) => status)).toEqual(phones.map(() => 'sent'));
  });

  test('goes to all others where one cannot even be tried, and says so of that one', async () => {
    byWhatsapp = (phone) =>
      phone === phones[3] ? Promise.reject(new Error('no such thing')) : Promise.resolve('sent');
    await tests.send(CALLER, null, recipients);
    const failed = (await rows()).filter(({ status }) => status !== 'sent');
    expect(failed).toMatchObject([{ target: phones[3], status: 'dead', tries: 1, fault: 'CUT_OFF' }]);
  });
});
