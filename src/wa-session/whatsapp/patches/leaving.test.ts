import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '@koneksi/whatsapp-simulator';
import { Companions } from '../../../../simulator/test/companion.js';
import { unlinkConfirmed } from './confirmed-unlink.js';
import { endPromptly } from './prompt-end.js';

const companions = new Companions();
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ control: false });
});
afterAll(async () => {
  await companions.stop();
  await simulator.stop();
});

test('bare rc14 logs out without knowing whether; patched it waits for the answer', async () => {
  const phone = simulator.phone('628111111101');
  const bare = await companions.pair(simulator, phone.number);
  phone.faults.unansweredIqs({ xmlns: 'md' });
  await expect(bare.socket.logout()).resolves.toBeUndefined();
  expect(phone.devices).toHaveLength(1);

  const { socket } = await companions.start(simulator, bare.credentials).open();
  const { id } = bare.credentials.creds.me!;
  await expect(unlinkConfirmed(socket, id, 200)).rejects.toThrow();
  expect(phone.devices).toHaveLength(1);
  phone.faults.clear();
  await unlinkConfirmed(socket, id, 10_000);
  expect(phone.devices).toEqual([]);
});

test('bare rc14 ends a dead line after half a minute; patched at once', async () => {
  const [one, other] = ['628111111102', '628111111103'];
  const [bare, patched] = [await companions.pair(simulator, one), await companions.pair(simulator, other)];
  for (const number of [one, other]) simulator.phone(number).faults.freeze('tcp');
  let isOver = false;
  void bare.socket.end(undefined).then(() => (isOver = true));
  await endPromptly(patched.socket, undefined);
  expect(isOver).toBe(false);
  expect((await patched.closed()).code).toBeUndefined();
});
