import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Phone, type Simulator, startSimulator } from '../src/simulator.js';
import { type Companion, Companions, poll } from './companion.js';
import { control } from './control-call.js';

const NUMBER = '628111111111';
const companions = new Companions();
let simulator: Simulator;
let companion: Companion;
let friend: Phone;

beforeAll(async () => {
  simulator = await startSimulator();
  friend = simulator.phone('628222222222', { name: 'Ayu' });
  companion = await companions.pair(simulator, NUMBER);
});

afterAll(async () => {
  await companions.stop();
  await simulator.stop();
});

const refused = (times: number) => poll(() => simulator.counters().statusesRefused === times, `${times} refusals`);

/** Whatever was sent before this was answered has come. */
async function caughtUp(): Promise<void> {
  await companion.socket.query({ tag: 'iq', attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:p' }, content: [] });
}

test('a status that rc14 refuses holds up what comes after, at every login, until it is acknowledged plainly', async () => {
  const { id } = friend.postUnreadableStatus(NUMBER);
  await refused(1);
  await friend.send(NUMBER, 'Masih ada?');
  await friend.send(NUMBER, 'Halo?');
  await caughtUp();
  expect(companion.texts).toEqual([]);

  for (let login = 2; login <= 3; login++) {
    const { credentials } = companion;
    await companion.stop();
    companion = await companions.start(simulator, credentials).open();
    await refused(login);
    await caughtUp();
    expect(companion.texts).toEqual([]);
    expect(companion.updates.some(({ receivedPendingNotifications }) => receivedPendingNotifications)).toBe(false);
  }

  const attrs = { id, to: 'status@broadcast', class: 'message', participant: `${friend.number}@s.whatsapp.net` };
  await companion.socket.sendNode({ tag: 'ack', attrs });
  await companion.live();
  await companion.until(() => companion.texts.length === 2, 'what was held up');
  expect(companion.texts).toEqual(['Masih ada?', 'Halo?']);
  expect(companion.upserts.map(({ type }) => type)).toContain('append');
});

test('what comes after one acknowledged plainly is not held up', async () => {
  await companion.live();
  companion.socket.ws.removeAllListeners('CB:message');
  const before = simulator.counters().statusesRefused;
  const { id } = (await control(simulator, `/phones/${friend.number}/status`, { to: NUMBER })) as { id: string };
  const attrs = { id, to: 'status@broadcast', class: 'message', participant: `${friend.number}@s.whatsapp.net` };
  await companion.socket.sendNode({ tag: 'ack', attrs });
  await friend.send(NUMBER, 'later');
  await caughtUp();
  expect(simulator.counters().statusesRefused).toBe(before);
  const { credentials } = companion;
  await companion.stop();
  companion = await companions.start(simulator, credentials).live();
  await companion.until(() => companion.texts.includes('later'), 'the message');
});
