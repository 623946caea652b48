import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { JUNK_KINDS } from '../src/faults/junk.js';
import { type Simulator, startSimulator } from '../src/simulator.js';
import { type Companion, Companions, type Credentials, freshCredentials, poll } from './companion.js';
import { guard } from './guard.js';

const NUMBER = '628111111111';
const CONTACT = '628222222222@s.whatsapp.net';
const companions = new Companions();
let simulator: Simulator;
let credentials: Credentials;

beforeAll(async () => {
  simulator = await startSimulator();
  ({ credentials } = await companions.pair(simulator, NUMBER));
  await companions.stop();
});

afterEach(async () => {
  simulator.faults.clear();
  simulator.phone(NUMBER).faults.clear();
  await companions.stop();
});

afterAll(() => simulator.stop());

const login = (config?: ConstructorParameters<typeof Companion>[2]): Companion =>
  companions.start(simulator, credentials, config);
const own = () => simulator.phone(NUMBER).faults;

test.each([401, 403, 429, 503])('an upgrade refused with HTTP %i, as often as asked', async (status) => {
  simulator.faults.refuseUpgrade(status, { times: 2 });
  expect((await login().closed()).code).toBe(status);
  expect((await login().closed()).code).toBe(status);
  await login().open();
});

test('refused connections, while open ones stay', async () => {
  const companion = await login().live();
  await simulator.faults.refuseConnections();
  expect((await companions.start(simulator, freshCredentials()).closed()).code).toBe(408);
  await companion.send(CONTACT, 'still here');
  await simulator.faults.acceptConnections();
  await companions.start(simulator, freshCredentials()).qr();
});

test('connections refused for a while are accepted again by themselves', async () => {
  await simulator.faults.refuseConnections({ forMs: 1_000 });
  await expect(fetch(simulator.controlUrl)).rejects.toThrow('fetch failed');
  let isBack = false;
  await poll(() => {
    void fetch(simulator.controlUrl).then(
      () => (isBack = true),
      () => undefined,
    );
    return isBack;
  }, 'the port to open');
});

test("no ServerHello is a 408 after the client's own patience", async () => {
  simulator.faults.silentHandshake({ times: 1 });
  expect((await login({ connectTimeoutMs: 2_000 }).closed()).code).toBe(408);
  await login().open();
});

test('a stuck login neither opens nor closes', async () => {
  own().stuckLogin({ times: 1 });
  const stuck = login();
  await poll(
    () => simulator.connections().some(({ number, phase }) => number === NUMBER && phase === 'handshake'),
    'the login',
  );
  expect(stuck.updates.some(({ connection }) => connection === 'open' || connection === 'close')).toBe(false);
  await login().open();
  expect(stuck.updates.some(({ connection }) => connection === 'open' || connection === 'close')).toBe(false);
});

test("unanswered iqs keep a login from opening until the client's queries give up", async () => {
  own().unansweredIqs({ xmlns: 'encrypt', times: 1 });
  const companion = login({ defaultQueryTimeoutMs: 20_000 });
  await poll(() => (simulator.counters().iqsUnanswered ?? 0) === 1, 'the first iq');
  expect(companion.updates.some(({ connection }) => connection === 'open')).toBe(false);
});

test('silence is a 408 by the keep-alive: five seconds after its interval', async () => {
  const companion = await login({ keepAliveIntervalMs: 100 }).live();
  own().freeze('silent');
  expect(await companion.closed()).toMatchObject({ code: 408, message: 'Connection was lost' });
});

test('a silent server answers nothing, and goes on where it stood when thawed', async () => {
  const companion = await login().live();
  expect(own().freeze('silent')).toBe(1);
  expect(simulator.connections()).toMatchObject([{ frozen: true }]);
  const sending = companion.socket.query({
    tag: 'iq',
    attrs: { xmlns: 'w:p', type: 'get', to: '@s.whatsapp.net' },
    content: [{ tag: 'ping', attrs: {} }],
  });
  await simulator.phone('628333333333').send(NUMBER, 'held back');
  expect(companion.texts).toEqual([]);
  expect(own().thaw()).toBe(1);
  await sending;
  await companion.until(() => companion.texts.includes('held back'), 'the message');
});

test('a dead peer answers no close handshake either', async () => {
  const companion = await login().live();
  own().freeze('tcp');
  const socket = (companion.socket.ws as unknown as { socket: { readyState: number; close(): void } }).socket;
  socket.close();
  const disconnects = simulator.counters().disconnects ?? 0;
  await simulator.phone('628333333333').send(NUMBER, 'into the void');
  expect(socket.readyState).toBe(2);
  expect(simulator.counters().disconnects ?? 0).toBe(disconnects);
  // A newer login is let in; the dead one stays dead.
  const next = await login().live();
  await next.until(() => next.texts.includes('into the void'), 'the mail of the dead connection');
  expect(socket.readyState).toBe(2);
  own().thaw();
  await poll(() => socket.readyState === 3, 'the close');
});

test('acks come late, never, or refuse', async () => {
  const companion = await login().live();
  await companion.status(await companion.send(CONTACT, 'before'), 3);
  own().ack({ error: '479', times: 1 });
  const refused = await companion.send(CONTACT, 'refused');
  expect(await companion.refusal(refused)).toEqual(['479']);
  own().ack({ error: '463', times: 1 });
  const restricted = await companion.send(CONTACT, 'restricted');
  expect(await companion.refusal(restricted)).toEqual(['463', expect.stringContaining('restricted')]);
  expect(simulator.phone('628222222222').inbox.map(({ text }) => text)).not.toContain('refused');

  own().ack({ drop: true, times: 1 });
  const dropped = await companion.send(CONTACT, 'dropped');
  await companion.status(dropped, 3);
  own().ack({ delayMs: 150, times: 1 });
  const since = Date.now();
  const late = await companion.send(CONTACT, 'late');
  await companion.until(() => companion.acks.some(({ id }) => id === late), 'the ack');
  expect(Date.now() - since).toBeGreaterThanOrEqual(145);
  expect(companion.acks.some(({ id }) => id === dropped)).toBe(false);
});

test('latency delays everything in order', async () => {
  const companion = await login().live();
  own().latency(60);
  const since = Date.now();
  await companion.socket.query({
    tag: 'iq',
    attrs: { xmlns: 'w:p', type: 'get', to: '@s.whatsapp.net' },
    content: [{ tag: 'ping', attrs: {} }],
  });
  expect(Date.now() - since).toBeGreaterThanOrEqual(58);
  const phone = simulator.phone('628333333333');
  for (const text of ['1', '2', '3']) await phone.send(NUMBER, text);
  own().latency(0);
  await phone.send(NUMBER, '4');
  await companion.until(() => companion.texts.length === 4, 'the messages');
  expect(companion.texts).toEqual(['1', '2', '3', '4']);
});

test.each(['bad-gcm', 'not-a-node', 'truncated-deflate'] as const)(
  '%s is an error in rc14 and not the end of the connection',
  async (kind) => {
    const companion = await login().live();
    const errors = guard(companion);
    expect(own().junk(kind, 3, 7)).toBe(3);
    await poll(() => errors.length >= 3, 'the errors');
    await simulator.phone('628333333333').send(NUMBER, 'in step');
    await companion.until(() => companion.texts.includes('in step'), 'a good frame after the bad ones');
  },
);

test('two hundred odd frames leave the server standing and both sides in step', async () => {
  const companion = await login().live();
  guard(companion);
  own().junk('mixed', 200, 42);
  own().junk('oversized');
  await companion.socket.query({
    tag: 'iq',
    attrs: { xmlns: 'w:p', type: 'get', to: '@s.whatsapp.net' },
    content: [{ tag: 'ping', attrs: {} }],
  });
});

test('a fault that makes no sense is refused', () => {
  expect(JUNK_KINDS).toContain('mixed');
  const invalid = expect.objectContaining({ code: 'FAULT_INVALID' });
  expect(() => own().junk('mixed', 0)).toThrow(invalid);
  expect(() => own().ack({})).toThrow(invalid);
  expect(() => own().latency(-1)).toThrow(invalid);
  expect(() => own().stuckLogin({ times: 0 })).toThrow(invalid);
  expect(() => simulator.faults.refuseUpgrade(200)).toThrow(invalid);
});

test('standing faults can be listed and cleared', () => {
  own().stuckLogin({ times: 3 });
  own().refuseLogin({ reason: '403' });
  own().latency(5);
  expect(own().active()).toEqual([
    { fault: 'refuseLogin', value: { reason: '403' }, left: null },
    { fault: 'stuckLogin', value: true, left: 3 },
    { fault: 'latency', value: 5, left: null },
  ]);
  own().clear();
  expect(own().active()).toEqual([]);
});
