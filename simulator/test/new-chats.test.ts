import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BaileysEventMap } from '@whiskeysockets/baileys';
import { type Simulator, startSimulator } from '../src/simulator.js';
import { type Companion, Companions, poll } from './companion.js';
import { control } from './control-call.js';

const NUMBER = '628111111111';
const companions = new Companions();
let simulator: Simulator;
let companion: Companion;
const caps: BaileysEventMap['message-capping.update'][] = [];

beforeAll(async () => {
  simulator = await startSimulator();
  companion = await companions.pair(simulator, NUMBER);
  companion.socket.ev.on('message-capping.update', (cap) => caps.push(cap));
});

afterAll(async () => {
  await companions.stop();
  await simulator.stop();
});

const jid = (number: string) => `${number}@s.whatsapp.net`;
const told = (isActive: boolean) =>
  companion.until(
    () => {
      const last = companion.updates.findLast(({ reachoutTimeLock }) => reachoutTimeLock)?.reachoutTimeLock;
      return last?.isActive === isActive && last;
    },
    `a lock that is ${isActive ? 'on' : 'off'}`,
  );

test('a lock is pushed, told when asked, keeps strangers away only, and is lifted', async () => {
  const known = simulator.phone('628222222222');
  await known.send(NUMBER, 'Masih ada?');
  await companion.until(() => companion.texts.includes('Masih ada?'), 'the message');
  const ends = Math.ceil(Date.now() / 1_000) * 1_000 + 3_600_000;
  simulator.phone(NUMBER).pushNewChats({ lockedUntil: ends, enforcementType: 'WEB_COMPANION_ONLY' });
  expect(await told(true)).toMatchObject({
    timeEnforcementEnds: new Date(ends),
    enforcementType: 'WEB_COMPANION_ONLY',
  });
  expect(await companion.socket.fetchAccountReachoutTimelock()).toMatchObject({ isActive: true });

  const stranger = await companion.send(jid('628333333333'), 'Promo');
  expect(await companion.refusal(stranger)).toEqual(['463', expect.any(String)]);
  const answer = await companion.send(jid(known.number), 'Masih');
  await companion.status(answer, 3);
  expect(simulator.phone('628333333333').inbox).toEqual([]);

  await control(simulator, `/phones/${NUMBER}/new-chats`, { lockedUntil: null });
  await told(false);
  await companion.status(await companion.send(jid('628333333333'), 'Promo'), 3);
});

test('a lock without an end is one minute to WhatsApp Web, and one can hold that the query knows nothing of', async () => {
  simulator.phone(NUMBER).pushNewChats({ lockedUntil: Date.now() + 3_600_000, tellsEnd: false, isAnswered: false });
  const lock = await told(true);
  expect(lock.timeEnforcementEnds?.getTime()).toBeLessThan(Date.now() + 61_000);
  expect(await companion.socket.fetchAccountReachoutTimelock()).toMatchObject({ isActive: false });
  expect(await companion.refusal(await companion.send(jid('628444444444'), 'x'))).toEqual(['463', expect.any(String)]);
  simulator.advance(3_600_001);
  await companion.status(await companion.send(jid('628444444444'), 'x'), 3);
});

test('the quota of new chats is pushed, counted and told', async () => {
  const phone = simulator.phone(NUMBER);
  phone.pushNewChats({ quota: { used: 8, total: 10, endsAt: Date.now() + 86_400_000 }, isAnswered: true });
  await poll(() => caps.at(-1)?.total_quota === 10, 'the quota');
  await companion.status(await companion.send(jid('628555555555'), 'one'), 3);
  await companion.status(await companion.send(jid('628555555555'), 'two'), 3);
  expect(await companion.socket.fetchNewChatMessageCap()).toMatchObject({ used_quota: 10, total_quota: 10 });
  await simulator.phone('628555555555').send(NUMBER, 'yes?');
  await companion.until(() => companion.texts.includes('yes?'), 'the answer');
  await companion.status(await companion.send(jid('628555555555'), 'three'), 3);
  expect(await companion.socket.fetchNewChatMessageCap()).toMatchObject({ used_quota: 10, total_quota: 10 });
});
