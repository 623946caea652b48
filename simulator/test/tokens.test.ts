import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inflateSync } from 'node:zlib';
import { type Phone, type Simulator, startSimulator } from '../src/simulator.js';
import { contactToken } from '../src/session/privacy-tokens.js';
import { type Companion, Companions, poll } from './companion.js';
import { control } from './control-call.js';

const NUMBER = '628111111111';
const WEEK_MS = 604_800_000;
const companions = new Companions();
let simulator: Simulator;
let companion: Companion;
let contacts = 0;

const shop = () => simulator.phone(NUMBER);
const contact = (): Phone => simulator.phone(`6282${String(++contacts).padStart(8, '0')}`);
const jid = ({ number }: Phone) => `${number}@s.whatsapp.net`;
const REFUSED = ['463', expect.any(String)];

beforeAll(async () => {
  simulator = await startSimulator();
  companion = await companions.pair(simulator, NUMBER);
  await control(simulator, '/phones', { number: NUMBER, demandsTokens: true });
});

afterAll(async () => {
  await companions.stop();
  await simulator.stop();
});

/** The token rc14 keeps of somebody. */
const kept = (phone: Phone) =>
  (companion.credentials.keys.get(`tctoken ${phone.lid}@lid`) as { token?: Buffer })?.token;

test('a stranger needs a token; somebody who wrote has issued one', async () => {
  const stranger = contact();
  expect(await companion.refusal(await companion.send(jid(stranger), 'Promo'))).toEqual(REFUSED);
  expect(stranger.inbox).toEqual([]);
  await stranger.send(NUMBER, 'Masih ada?');
  await poll(() => kept(stranger)?.length, 'the token');
  await companion.status(await companion.send(jid(stranger), 'Masih'), 3);
  // The one that was sent in the token's stead is asked of nobody: no second one is issued within the week.
  const issued = simulator.counters().tokensIssued;
  await stranger.send(NUMBER, 'Oke');
  await companion.until(() => companion.texts.includes('Oke'), 'the message');
  expect(simulator.counters().tokensIssued).toBe(issued);
});

test("one's own issuing gives the other side a token and oneself nothing", async () => {
  const other = await companions.pair(simulator, '628555555555');
  const stranger = simulator.phone('628555555555');
  expect(await companion.refusal(await companion.send(jid(stranger), 'x'))).toEqual(REFUSED);
  await poll(() => other.credentials.keys.has(`tctoken ${shop().lid}@lid`), 'the token of the shop');
  expect(kept(stranger)?.length ?? 0).toBe(0);
  await other.status(await other.send(`${NUMBER}@s.whatsapp.net`, 'allowed'), 3);
});

test('for who issued none, a token under the salt of the first history does', async () => {
  const stranger = contact();
  const history = companion.upserts
    .map(({ message }) => message.message?.protocolMessage?.historySyncNotification?.initialHistBootstrapInlinePayload)
    .find((payload) => payload);
  expect(inflateSync(history ?? Buffer.alloc(0)).includes(Buffer.from(shop().nctSalt))).toBe(true);

  const relay = (content: Uint8Array) =>
    companion.socket.relayMessage(
      jid(stranger),
      { conversation: 'Halo' },
      { additionalNodes: [{ tag: 'cstoken', attrs: {}, content }] },
    );
  const { lid } = stranger;
  const token = contactToken({ nctSalt: shop().nctSalt } as never, { lidJid: `${lid}@lid` } as never);
  expect(await companion.refusal(await relay(Buffer.alloc(32, 1)))).toEqual(REFUSED);
  await relay(token);
  await poll(() => stranger.inbox.length === 1, 'the message');
});

test('another salt comes by app state, after whatever companions wrote there', async () => {
  const version = () =>
    (companion.credentials.keys.get('app-state-sync-version regular_high') as { version?: number } | undefined)
      ?.version;
  const old = shop().nctSalt;
  await control(simulator, `/phones/${NUMBER}/nct-salt`, {});
  expect(shop().nctSalt).not.toEqual(old);
  await poll(() => version() === 1, 'the first');
  await companion.socket.chatModify({ mute: Date.now() + 3_600_000 }, jid(contact()));
  await poll(() => version() === 2, 'what the companion wrote');
  shop().renewNctSalt();
  await poll(() => version() === 3, 'the second');
});

test('a token can be issued without a message, and is good for this week and the three before', async () => {
  const friend = contact();
  await control(simulator, `/phones/${friend.number}/token`, { to: NUMBER });
  await poll(() => kept(friend)?.length, 'the token');
  await companion.status(await companion.send(jid(friend), 'one'), 3);
  simulator.advance(4 * WEEK_MS);
  expect(await companion.refusal(await companion.send(jid(friend), 'two'))).toEqual(REFUSED);
});
