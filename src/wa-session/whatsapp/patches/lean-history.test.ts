import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { proto, writeRandomPadMax16 } from '@whiskeysockets/baileys';
import { sealMedia } from '../../../../simulator/src/media/media-cipher.js';
import type { Gate } from '../../../common/gate.js';
import { eventually } from '../../../../test/support/eventually.js';
import { LeanHistory, makePlaces, type Past } from './lean-history.js';

type Notification = proto.Message.IHistorySyncNotification;

const { INITIAL_BOOTSTRAP, NON_BLOCKING_DATA, PUSH_NAME, RECENT, FULL, ON_DEMAND, INITIAL_STATUS_V3 } =
  proto.HistorySync.HistorySyncType;
const OWN = '628111111111';
const TOKEN = Buffer.from('leave to write');

/** What WhatsApp's host answers, by path; anything else hangs. */
let files: Map<string, Promise<Response> | Response>;
let asked: string[];
let left: Map<string, Notification>;
let readings: Map<string, Promise<Past>>;
let kept: string[];
let places: Gate;
const standard = globalThis.fetch;

beforeEach(() => {
  [files, asked, left, readings, kept] = [new Map(), [], new Map(), new Map(), []];
  places = makePlaces();
  globalThis.fetch = jest.fn<typeof fetch>(async (input) => {
    const { pathname } = new URL(input);
    asked.push(pathname);
    return files.get(pathname) ?? new Promise(() => undefined);
  });
});
afterEach(() => {
  globalThis.fetch = standard;
});

const packed = (id: string): Buffer => {
  const conversations = [{ id, tcToken: TOKEN, tcTokenTimestamp: 1 }];
  return deflateSync(proto.HistorySync.encode({ syncType: INITIAL_BOOTSTRAP, conversations }).finish());
};
const inline = (id: string): Notification => ({
  syncType: INITIAL_BOOTSTRAP,
  initialHistBootstrapInlinePayload: packed(id),
});

/** A file at WhatsApp, which answers with it once `opened`. */
function atWhatsApp(path: string, id: string, opened: Promise<unknown> = Promise.resolve()): Notification {
  const { encrypted, mediaKey, fileSha256, fileEncSha256, fileLength } = sealMedia(packed(id), 'history');
  const response = opened.then(() => new Response(new Uint8Array(encrypted)));
  files.set(path, response);
  return { syncType: INITIAL_BOOTSTRAP, directPath: path, mediaKey, fileSha256, fileEncSha256, fileLength };
}
const dead = (path: string, response?: Response): Notification => {
  if (response) files.set(path, response);
  return { syncType: INITIAL_BOOTSTRAP, directPath: path, mediaKey: Buffer.alloc(32, 7) };
};

/** A connection of an account. */
function connection(number = OWN) {
  const state = { isOver: false };
  const mustGoOn = (): void => {
    if (state.isOver) throw new Error('This connection has ended');
  };
  const history = new LeanHistory({
    own: () => ({ me: { id: `${number}:3@s.whatsapp.net` } }),
    waiting: {
      keep: async (id, notification) => void left.set(id, notification),
      forget: async (id) => {
        mustGoOn();
        left.delete(id);
      },
      failed: () => Promise.resolve(),
      left: async () => [...left],
    },
    readings,
    places,
    isOver: () => state.isOver,
    onMappings: () => Promise.resolve(),
    onConversations: async (conversations) => {
      mustGoOn();
      kept.push(...conversations.map(({ id }) => id));
    },
    onSalt: () => Promise.resolve(),
    complain: () => undefined,
  });
  return Object.assign(history, { end: () => void (state.isOver = true) });
}

test('each part with conversations that comes unasked is read, and no other', async () => {
  const it = connection();
  const types = [INITIAL_BOOTSTRAP, PUSH_NAME, NON_BLOCKING_DATA, RECENT, FULL, ON_DEMAND, INITIAL_STATUS_V3];
  for (const syncType of types) {
    const historySyncNotification = { ...inline(`of ${syncType}`), syncType };
    const message = proto.Message.encode({ protocolMessage: { historySyncNotification } }).finish();
    const envelope = { id: `${syncType}`, from: `${OWN}@s.whatsapp.net`, category: 'peer' };
    // What rc14 gets of it is empty in any case.
    const instead = await it.take(envelope, writeRandomPadMax16(message));
    expect(Buffer.from(instead ?? []).includes(`of ${syncType}`)).toBe(false);
    expect(instead).not.toBeNull();
  }
  const read = [INITIAL_BOOTSTRAP, PUSH_NAME, NON_BLOCKING_DATA, RECENT].map((syncType) => `of ${syncType}`);
  await eventually('they are read', () => kept.length === read.length && left.size === 0);
  expect(kept.sort()).toEqual(read.sort());
});

test('what cannot be read, and what never comes, keeps nothing behind it waiting', async () => {
  left = new Map([
    ['gone', dead('/gone', new Response(null, { status: 404 }))],
    ['hangs', dead('/hangs')],
    ['gone too', dead('/gone-too', new Response(null, { status: 410 }))],
    ['A', inline('ayu')],
    ['B', atWhatsApp('/b', 'budi')],
  ]);
  const it = connection();
  void it.resume();
  await eventually('both are read', () => kept.length === 2);
  expect(kept.sort()).toEqual(['ayu', 'budi']);
  await eventually('they are forgotten', () => left.size === 3);
  expect([...left.keys()]).toEqual(['gone', 'hangs', 'gone too']);
  it.end();
});

test('many are read a few at a time', async () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  for (let index = 0; index < 20; index++) left.set(`${index}`, atWhatsApp(`/${index}`, `${index}`, opened));
  const reading = connection().resume();
  await eventually('the first are asked for', () => asked.length > 1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked.length).toBeLessThan(10);
  open();
  await reading;
  expect(kept).toHaveLength(20);
  expect(left.size).toBe(0);
});

test('files of many accounts are fetched a few at a time, and one that does not come gives its place up', async () => {
  jest.useFakeTimers();
  try {
    const accounts = Array.from({ length: 12 }, (_, index) => `62811${index}`);
    const connections = accounts.map((number) => {
      left = new Map([[number, dead(`/of-${number}`)]]);
      const it = connection(number);
      void it.resume();
      return it;
    });
    await jest.advanceTimersByTimeAsync(0);
    expect(asked).toEqual(accounts.slice(0, 8).map((number) => `/of-${number}`));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(asked).toEqual(accounts.map((number) => `/of-${number}`));
    await jest.advanceTimersByTimeAsync(10_000);
    for (const it of connections) it.end();
  } finally {
    jest.useRealTimers();
  }
});

test('no file is read twice, by one connection or by the next, which keeps what was read', async () => {
  let open: () => void = () => undefined;
  left.set('A', atWhatsApp('/a', 'ayu', new Promise<void>((resolve) => (open = resolve))));
  const first = connection();
  void first.resume();
  void first.resume();
  await eventually('it is asked for', () => asked.length > 0);
  first.end();
  const next = connection().resume();
  open();
  await next;
  expect([asked, kept, left.size]).toEqual([['/a'], ['ayu'], 0]);
});

test('what was read as its connection ended is kept by the next, without another reading', async () => {
  let open: () => void = () => undefined;
  left.set('A', atWhatsApp('/a', 'ayu', new Promise<void>((resolve) => (open = resolve))));
  const first = connection();
  const reading = first.resume();
  await eventually('it is asked for', () => asked.length > 0);
  first.end();
  open();
  await reading;
  expect([kept, left.size]).toEqual([[], 1]);
  await connection().resume();
  expect([asked, kept, left.size]).toEqual([['/a'], ['ayu'], 0]);
});
