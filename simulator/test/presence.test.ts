import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../src/simulator.js';
import { type Companion, Companions, poll } from './companion.js';
import { control } from './control-call.js';

const NUMBER = '628111111111';
const CUSTOMER = '628222222222';
const companions = new Companions();
let simulator: Simulator;
let companion: Companion;

beforeAll(async () => {
  simulator = await startSimulator();
  simulator.phone(NUMBER, { name: 'Shop', business: true });
  companion = await companions.pair(simulator, NUMBER);
});

afterAll(async () => {
  await companions.stop();
  await simulator.stop();
});

const shop = () => simulator.phone(NUMBER);
const device = () => shop().devices[0];

async function written(): Promise<void> {
  const notified = new Promise((resolve) => {
    const stop = simulator.on('notified', (fact) => {
      stop();
      resolve(fact);
    });
  });
  await simulator.phone(CUSTOMER).send(NUMBER, 'Masih ada?');
  await notified;
}

test('a companion that says unavailable lets the phone ring', async () => {
  await companion.socket.sendPresenceUpdate('unavailable');
  await poll(() => shop().presences.at(-1)?.type === 'unavailable', 'the presence');
  expect(device()?.available).toBe(false);
  const { rung } = shop().notifications;
  await written();
  expect(shop().notifications).toMatchObject({ rung: rung + 1 });
});

test('one that says available silences it, and so does rc14 by every update of its own name', async () => {
  await companion.socket.sendPresenceUpdate('available');
  await poll(() => device()?.available, 'to be available');
  await written();
  expect(shop().notifications.silenced).toBe(1);

  await companion.socket.sendPresenceUpdate('unavailable');
  await poll(() => device()?.available === false, 'to be unavailable');
  // An update without `me` differs from the stored name: rc14 sends a presence without a type.
  companion.socket.ev.emit('creds.update', { accountSettings: { unarchiveChats: false } });
  await poll(() => shop().presences.at(-1)?.type === null, 'the presence without a type');
  expect(device()).toMatchObject({ available: true });
  await written();
  expect(shop().notifications.silenced).toBe(2);
});

test('presence ends with the line, and nobody is available who has not said so', async () => {
  const { credentials } = companion;
  const before = shop().presences.length;
  await companion.stop();
  await poll(() => device()?.online === false, 'the companion to be gone');
  expect(device()).toMatchObject({ available: false, lastAvailableAt: expect.any(Number) });
  companion = await companions.start(simulator, credentials, { fireInitQueries: false }).open();
  expect(device()).toMatchObject({ online: true, available: false });
  expect(await control(simulator, `/phones/${NUMBER}/presences`)).toMatchObject({ notifications: { silenced: 2 } });
  expect(shop().presences.length).toBeGreaterThanOrEqual(before);
});

test('the clock goes forward only, by HTTP too', async () => {
  const before = simulator.now();
  expect((await control(simulator, '/clock', { advanceMs: 86_400_000 })).now).toBeGreaterThanOrEqual(
    before + 86_400_000,
  );
  expect(simulator.now()).toBeGreaterThanOrEqual(before + 86_400_000);
  expect(await control(simulator, '/clock', { advanceMs: -1 })).toMatchObject({ code: 'TIME_INVALID' });
  expect(() => simulator.advance(Number.NaN)).toThrow(expect.objectContaining({ code: 'TIME_INVALID' }));
});
