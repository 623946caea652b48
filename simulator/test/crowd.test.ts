import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agreementKey } from '../src/crypto/curve.js';
import { type Simulator, startSimulator } from '../src/simulator.js';
import { child, stanza } from '../src/wire/stanza.js';
import { Companions, poll } from './companion.js';
import { RawClient } from './raw-client.js';
import { seedAccounts, type SeededCompanion } from './seeded-accounts.js';

const SESSIONS = 200;
const companions = new Companions();
let directory: string;
let simulator: Simulator;
let seeded: SeededCompanion[];
let crowd: RawClient[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'simulator-'));
  const dataFile = join(directory, 'crowd.data');
  seeded = await seedAccounts(dataFile, SESSIONS);
  simulator = await startSimulator({ dataFile });
  crowd = seeded.map(() => new RawClient(simulator.url));
  await Promise.all(
    crowd.map(async (client, index) => {
      const { noise, number } = seeded[index] as SeededCompanion;
      await client.handshake(agreementKey(noise), { username: Number(number), device: 1, passive: true, pull: true });
      client.send(stanza('iq', { id: 'a', xmlns: 'passive', type: 'set' }, [stanza('active')]));
    }),
  );
  await poll(
    () => crowd.every(({ stanzas }) => stanzas.some((node) => child(node, 'offline'))),
    'everybody to be active',
  );
});

afterAll(async () => {
  for (const client of crowd) client.stop();
  await companions.stop();
  await simulator.stop();
  await rm(directory, { recursive: true });
});

test('two hundred log in at the same moment, each as itself', () => {
  const online = simulator.connections().filter(({ phase }) => phase === 'online');
  expect(new Set(online.map(({ number }) => number))).toEqual(new Set(seeded.map(({ number }) => number)));
  expect(simulator.counters()).toMatchObject({ logins: SESSIONS });
});

test('a Baileys among them works as if it were alone', async () => {
  const companion = await companions.pair(simulator, '628111111111');
  await companion.status(await companion.send('628222222222@s.whatsapp.net', 'in a crowd'), 3);
  expect(simulator.phone('628222222222').inbox).toMatchObject([{ text: 'in a crowd' }]);
});

test('a customer reaches every one of them', async () => {
  const customer = simulator.phone('628333333333');
  await Promise.all(seeded.map(({ number }) => customer.send(number, 'hello all')));
  await poll(
    () => crowd.every(({ stanzas }) => stanzas.some(({ tag }) => tag === 'message')),
    'the message everywhere',
  );
});

test('one fault ends them all', async () => {
  expect(simulator.faults.end('unavailable')).toBeGreaterThanOrEqual(SESSIONS);
  await poll(() => crowd.every(({ closeCode }) => closeCode !== undefined), 'all to be closed');
  expect(crowd.every(({ stanzas }) => stanzas.at(-1)?.tag === 'stream:error')).toBe(true);
});
