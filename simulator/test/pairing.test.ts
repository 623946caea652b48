import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../src/simulator.js';
import { Companion, freshCredentials, pair } from './companion.js';

let simulator: Simulator;
const companions: Companion[] = [];
const companion = (...args: ConstructorParameters<typeof Companion>) => {
  const made = new Companion(...args);
  companions.push(made);
  return made;
};

beforeEach(async () => {
  simulator = await startSimulator();
});

afterEach(async () => {
  await Promise.all(companions.splice(0).map((each) => each.stop()));
  await simulator.stop();
});

test('pairs by QR, sends the companion away with 515 and lets it log in', async () => {
  const credentials = freshCredentials();
  const registering = companion(simulator, credentials);
  const device = await simulator.phone('628111111111', { name: 'Shop', business: true }).scan(await registering.qr());
  expect(device).toMatchObject({ id: 1, jid: '628111111111:1@s.whatsapp.net' });
  expect((await registering.closed()).code).toBe(515);
  expect(credentials.creds.me).toMatchObject({ id: '628111111111:1@s.whatsapp.net', name: 'Shop' });
  const loggedIn = await companion(simulator, credentials).live();
  expect(simulator.phone('628111111111').devices).toMatchObject([{ id: 1, online: true }]);
  expect(loggedIn.credentials.creds.me?.lid).toBe(`${simulator.phone('628111111111').lid}:1@lid`);
});

test('text', async () => {
  const c = await pair(simulator, '628111111112');
  companions.push(c);
  const sent = await c.socket.sendMessage('628222222222@s.whatsapp.net', { text: 'hello' });
  await c.until(() => c.statuses.find(({ key, update }) => key.id === sent?.key.id && update.status === 3));
  expect(simulator.phone('628222222222').inbox).toMatchObject([{ from: '628111111112', text: 'hello', retries: 0 }]);
  await simulator.phone('628222222222').send('628111111112', 'back');
  await c.until(() => c.texts.includes('back'));
});
