import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { startSimulator, type Phone, type Simulator } from '@koneksi/whatsapp-simulator';
import type { BinaryNode, WASocket } from '@whiskeysockets/baileys';
import { Companions, freshCredentials, poll } from '../../../../simulator/test/companion.js';
import { plainMedia } from '../../../../simulator/test/plain-media.js';
import { PatchedLink, pinged } from '../../../../test/support/patched-link.js';
import { holdMessages } from '../../../../test/support/socket-of.js';
import { guardFrames } from './frame-guard.js';
import { recordFirst } from './recorded-first.js';

const companions = new Companions();
const links: PatchedLink[] = [];
let simulator: Simulator;
let restoreMedia: () => void;
let phones = 0;
/** The phone of a bare companion, that of a patched one, and somebody who writes to them. */
let bares: Phone;
let patcheds: Phone;
let customer: Phone;

beforeAll(async () => {
  simulator = await startSimulator();
  restoreMedia = plainMedia(() => simulator);
});
afterAll(async () => {
  await Promise.all(links.map(({ connection }) => connection.close()));
  await companions.stop();
  await simulator.stop();
  restoreMedia();
});
beforeEach(() => {
  const phone = (): Phone =>
    simulator.phone(`62811${String(1_000_000 + ++phones)}`, { name: `No ${phones}`, business: true });
  [bares, patcheds, customer] = [phone(), phone(), phone()];
});

const pairBare = () => companions.pair(simulator, bares.number);

async function pairPatched(options?: Parameters<typeof PatchedLink.open>[2]): Promise<PatchedLink> {
  const link = await PatchedLink.open(simulator, patcheds.number, options);
  links.push(link);
  return link;
}

/** Counts what a socket writes from here on. */
function frames(socket: WASocket): () => number {
  let count = 0;
  const wire = (socket.ws as unknown as { socket: { send(...parts: unknown[]): void } }).socket;
  const write = wire.send.bind(wire);
  wire.send = (...parts) => {
    count++;
    write(...parts);
  };
  return () => count;
}

test('bare rc14 says by itself that somebody is there; patched only that nobody is', async () => {
  await pairBare();
  await poll(() => bares.presences.some(({ type }) => type === null), 'a presence without a type');

  const link = await pairPatched();
  patcheds.name = 'Toko Baru';
  await patcheds.send(customer.number, 'Dari HP');
  await customer.send(patcheds.number, 'Halo');
  await poll(() => link.texts.length === 1, 'the message');
  await pinged(link.socket);
  expect(patcheds.presences.map(({ type }) => type)).toEqual(['unavailable']);
});

test('bare rc14 lets any presence out; patched none leaves that is not ours, by whatever way it comes', async () => {
  const { socket: bare } = await pairBare();
  await bare.sendPresenceUpdate('available');
  await bare.sendNode({ tag: 'presence', attrs: { type: 'available' } });
  await pinged(bare);
  expect(bares.presences.filter(({ type }) => type === 'available')).toHaveLength(2);

  const link = await pairPatched();
  const { socket, connection } = link;
  const ways: (() => Promise<unknown>)[] = [
    ...([{}, { name: 'Toko' }, { type: 'available' }, { type: 'unavailable' }] as BinaryNode['attrs'][]).map(
      (attrs) => () => socket.sendNode({ tag: 'presence', attrs }),
    ),
    () => socket.query({ tag: 'presence', attrs: { type: 'available' } }, 100),
    () => socket.sendPresenceUpdate('available'),
    () => socket.sendPresenceUpdate('unavailable'),
    () => socket.presenceSubscribe(`${customer.number}@s.whatsapp.net`),
  ];
  for (const way of ways) await expect((async () => way())()).rejects.toThrow('Connection Closed');
  await connection.sayPresence('available');
  await connection.sayPresence('unavailable');
  await pinged(socket);
  expect(patcheds.presences.map(({ type }) => type)).toEqual(['unavailable', 'available', 'unavailable']);
  // What was refused counts as no frame: what comes behind it can be read.
  await customer.send(patcheds.number, 'Halo');
  await poll(() => link.texts.includes('Halo'), 'the message');
  expect(connection.websocketOpen).toBe(true);
});

test('bare rc14 ends a healthy link where the clock is set ahead; patched it goes on', async () => {
  const { socket, updates } = await companions.pair(simulator, bares.number, { keepAliveIntervalMs: 100 });
  const { connection, events, socket: patched } = await pairPatched({ keepAliveMs: 100 });
  await Promise.all([pinged(socket), pinged(patched)]);
  const asked = frames(patched);
  const { now } = Date;
  let ahead = 0;
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + ahead);
  try {
    ahead = 3_600_000;
    await poll(() => updates.some(({ connection }) => connection === 'close'), 'the end of the bare one');
    await poll(() => asked() >= 3, 'questions to WhatsApp');
  } finally {
    clock.mockRestore();
  }
  await pinged(patched);
  expect([connection.websocketOpen, events.some(({ type }) => type === 'closed')]).toEqual([true, false]);
});

test('a frame that does not decrypt is a rejection nobody hears in bare rc14; patched it ends the connection', async () => {
  const { socket, updates } = await pairBare();
  const [listener] = socket.ws.listeners('message') as ((frame: Buffer) => Promise<void>)[];
  const bad = Buffer.concat([Buffer.of(0, 0, 20), Buffer.alloc(20, 1)]);
  await expect(listener!(bad)).rejects.toThrow();
  expect(updates.some(({ connection }) => connection === 'close')).toBe(false);

  const failed = new Promise((resolve) => guardFrames(socket.ws, resolve));
  socket.ws.emit('message', bad);
  expect(await failed).toMatchObject({ message: expect.any(String) });
});

test('bare rc14 refuses a status it cannot decrypt, and mail stands behind it; patched it is acknowledged', async () => {
  const bare = await pairBare();
  const link = await pairPatched();
  customer.postUnreadableStatus(bares.number);
  await poll(() => simulator.counters()['statusesRefused'] === 1, 'the refusal');
  await customer.send(bares.number, 'Masih ada?');
  await pinged(bare.socket);
  expect(bare.texts).toEqual([]);

  await poll(() => patcheds.devices[0]?.unacknowledged === 0, 'the end of its first mail');
  customer.postUnreadableStatus(patcheds.number);
  await poll(() => patcheds.devices[0]?.unacknowledged === 0, 'its acknowledgement');
  await customer.send(patcheds.number, 'Masih ada?');
  await poll(() => link.texts.includes('Masih ada?'), 'the message');
  expect(simulator.counters()['statusesRefused']).toBe(1);
});

test('what nobody can decrypt holds up nothing behind it, and the phone is asked beside it, once for each', async () => {
  const link = await pairPatched();
  const asked = jest.spyOn(link.socket, 'requestPlaceholderResend');
  // rc14 would wait two seconds before each, with the lock of all mail: longer than this test may take.
  const ids = Array.from({ length: 20 }, () => customer.postUndecryptable(patcheds.number, 'person').id);
  await customer.send(patcheds.number, 'Masih ada?');
  await poll(() => link.texts.includes('Masih ada?'), 'the message');
  expect(asked.mock.calls.map(([key]) => key.id)).toEqual(ids);
  asked.mockRestore();
});

test('bare rc14 whose lock of messages hangs answers pings and tells nothing; patched it is seen for how long', async () => {
  const bare = await pairBare();
  holdMessages(bare.socket);
  await customer.send(bares.number, 'Halo?');
  await pinged(bare.socket);
  expect([bare.texts, bare.updates.some(({ connection }) => connection === 'close')]).toEqual([[], false]);

  let now = 1_000;
  const clock = { now: () => now, wall: () => now, skew: () => 0 };
  const link = await pairPatched({ clock: clock as never });
  holdMessages(link.socket);
  await customer.send(patcheds.number, 'Halo?');
  await poll(() => link.connection.stalledBy.length === 1, 'what holds it up');
  now += 31_000;
  expect(link.connection.stalledMs).toBe(31_000);
});

test('bare rc14 acknowledges a receipt that nobody has recorded; patched it waits', async () => {
  const receipt: BinaryNode = {
    tag: 'receipt',
    attrs: { id: 'ABC', from: `${customer.number}@s.whatsapp.net`, t: '1764000000' },
  };
  const { socket } = await pairBare();
  await pinged(socket);
  const written = frames(socket);
  socket.ws.emit('CB:receipt', receipt);
  await poll(() => written() === 1, 'the acknowledgement');

  const recorded = Promise.withResolvers<void>();
  recordFirst(socket.ws, 'CB:receipt', () => recorded.promise);
  socket.ws.emit('CB:receipt', receipt);
  await pinged(socket);
  expect(written()).toBe(2);
  recorded.resolve();
  await poll(() => written() === 3, 'the acknowledgement');
});

test('bare rc14 takes in the messages of a history; patched only who and tokens, of each part that has them', async () => {
  for (const phone of [bares, patcheds]) phone.history = { conversations: 20, messages: 400 };
  const downloads = (phone: Phone, type: string) =>
    phone.historyFiles.filter(({ syncType }) => syncType === type).map((file) => file.downloads);
  await pairBare();
  await poll(() => downloads(bares, 'RECENT').some((count) => count === 1), 'the recent messages');

  const known = new Set<string>();
  const onLearned = async (learned: readonly { number: string }[]): Promise<void> => {
    for (const { number } of learned) known.add(number);
  };
  const link = await pairPatched({ onLearned });
  await poll(() => downloads(patcheds, 'INITIAL_BOOTSTRAP').some((count) => count === 1), 'the first part');
  // One of whom the first part tells, and one of whom a recent one does.
  for (const number of ['6285500000000', '6285500000019']) await poll(() => known.has(number), `the LID of ${number}`);
  await customer.send(patcheds.number, 'Halo');
  await poll(() => link.texts.length === 1, 'the message behind the history');
  expect(downloads(patcheds, 'RECENT').every((count) => count === 1)).toBe(true);
  expect(downloads(patcheds, 'FULL').every((count) => count === 0)).toBe(true);
});

test('what WhatsApp answers of new chats is told although it does not answer the other question', async () => {
  const link = await pairPatched();
  const words = (): object[] => link.events.flatMap((event) => (event.type === 'new-chats' ? [event.word] : []));
  const endsAt = Math.ceil(Date.now() / 1_000) * 1_000 + 3_600_000;
  const rules = { lockedUntil: endsAt, quota: { used: 1, total: 9, endsAt } };
  await poll(() => words().length === 2, 'what is asked for after the login');
  patcheds.newChats = { ...rules, answers: { lock: 'refused' } };
  await expect(link.connection.askNewChats()).rejects.toThrow();
  expect(words().slice(2)).toEqual([{ left: 8, countedAgainAt: endsAt }]);
  patcheds.newChats = { ...rules, answers: { quota: 'refused' } };
  await expect(link.connection.askNewChats()).rejects.toThrow();
  expect(words().slice(3)).toEqual([{ lockedUntil: endsAt }]);
});

test.each(['lock', 'quota'] as const)(
  'an answer about the %s that was asked for before a push is older than it',
  async (held) => {
    const link = await pairPatched();
    const words = (): object[] => link.events.flatMap((event) => (event.type === 'new-chats' ? [event.word] : []));
    await poll(() => words().length === 2, 'what is asked for after the login');
    patcheds.newChats = { lockedUntil: null, quota: { used: 1, total: 9, endsAt: 0 }, answers: { [held]: 'held' } };
    const asked = link.connection.askNewChats();
    await poll(() => patcheds.heldAnswers === 1 && words().length === 3, 'the answer to the other');
    const lockedUntil = Math.ceil(Date.now() / 1_000) * 1_000 + 3_600_000;
    patcheds.pushNewChats({ lockedUntil, quota: { used: 9, total: 9, endsAt: 0 } });
    const pushed = [{ lockedUntil }, { left: 0, countedAgainAt: null }];
    await poll(() => words().length === 5, 'what is pushed');
    patcheds.releaseAnswers();
    await asked;
    expect(words().slice(3)).toEqual(pushed);
  },
);

test('bare rc14 issues a token with every message to one person; patched with the first alone', async () => {
  const bare = await pairBare();
  const issued = (): number => simulator.counters()['tokensIssued'] ?? 0;
  let before = issued();
  for (const text of ['one', 'two']) {
    await bare.status(await bare.send(`${customer.number}@s.whatsapp.net`, text), 2);
    before++;
    await poll(() => issued() === before, `the token with ${text}`);
  }

  const { messenger } = (await pairPatched()).connection;
  const other = simulator.phone('628999999991');
  before = issued();
  for (const [to, count] of [
    [customer, 1],
    [customer, 1],
    [other, 2],
  ] as const) {
    const content = messenger.compose('Halo', null);
    const outcome = await messenger.begin(to.number, `3EB0${phones++}`, content).leave(async () => true, 10_000);
    expect(outcome).toEqual({ kind: 'acknowledged' });
    await poll(() => issued() >= before + count, 'the token');
  }
  expect(issued()).toBe(before + 2);
});

test('bare rc14 has written a message when it is encrypted; patched it waits for leave', async () => {
  const bare = await pairBare();
  // Companions write to their own phones as well, whenever they please.
  const handedIn: string[] = [];
  const unheard = simulator.on('message', ({ to, id }) => void (to === customer.number && handedIn.push(id)));
  await bare.send(`${customer.number}@s.whatsapp.net`, 'Halo');
  await pinged(bare.socket);
  expect(handedIn).toHaveLength(1);

  const { connection, socket } = await pairPatched();
  const message = connection.messenger.begin(customer.number, '3EB0AAAA', connection.messenger.compose('Halo', null));
  const [asked, allowed] = [Promise.withResolvers<void>(), Promise.withResolvers<boolean>()];
  const left = message.leave(() => {
    asked.resolve();
    return allowed.promise;
  }, 10_000);
  await asked.promise;
  await pinged(socket);
  expect(handedIn).toHaveLength(1);
  allowed.resolve(true);
  expect(await left).toEqual({ kind: 'acknowledged' });
  expect(handedIn.slice(1)).toEqual(['3EB0AAAA']);
  unheard();
});

test('bare rc14 starts five caches that wake up by themselves with every socket; patched four are plain maps', () => {
  const timers = jest.spyOn(globalThis, 'setInterval');
  const sweepsOf = (start: () => void): number => {
    timers.mockClear();
    start();
    return timers.mock.calls.length;
  };
  const bare = sweepsOf(() => companions.start(simulator, freshCredentials()));
  const patched = sweepsOf(() => links.push(new PatchedLink(simulator, freshCredentials())));
  timers.mockRestore();
  expect([bare, patched]).toEqual([5, 1]);
});
