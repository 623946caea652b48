import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '../src/simulator.js';
import { Companions, type Credentials, freshCredentials, poll } from './companion.js';

const NUMBER = '628111111111';
const CONTACT = '628222222222';
const companions = new Companions();
let directory: string;
let dataFile: string;
let simulator: Simulator;
let credentials: Credentials;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'simulator-'));
  dataFile = join(directory, 'whatsapp.data');
  simulator = await startSimulator({ dataFile });
  ({ credentials } = await companions.pair(simulator, NUMBER));
  await companions.stop();
});

afterEach(async () => {
  simulator.faults.clear();
  await companions.stop();
});

afterAll(async () => {
  await simulator.stop();
  await rm(directory, { recursive: true });
});

test('a companion comes back with the routing info it was given', async () => {
  expect(credentials.creds.routingInfo).toBeInstanceOf(Uint8Array);
  await companions.start(simulator, credentials).live();
});

test('a second login of the same device replaces the first with 440', async () => {
  const older = await companions.start(simulator, credentials).live();
  await companions.start(simulator, credentials).live();
  expect(await older.closed()).toMatchObject({ code: 440, message: 'Stream Errored (conflict)' });
  expect(simulator.connections().filter(({ phase }) => phase === 'online')).toHaveLength(1);
});

test("somebody else's noise key does not open the account", async () => {
  const { initAuthCreds } = await import('@whiskeysockets/baileys');
  const forged = { creds: { ...initAuthCreds(), me: credentials.creds.me }, keys: new Map() } as Credentials;
  expect((await companions.start(simulator, forged).closed()).code).toBe(401);
});

test('405 only as long as the client is older than it may be', async () => {
  simulator.faults.refuseLogin({ reason: '405', untilVersion: [2, 3000, 5] });
  expect((await companions.start(simulator, credentials, { version: [2, 3000, 4] }).closed()).code).toBe(405);
  expect((await companions.start(simulator, freshCredentials(), { version: [2, 3000, 4] }).closed()).code).toBe(405);
  await companions.start(simulator, credentials, { version: [2, 3000, 5] }).live();
});

test('everything but connections outlives a restart, and the root key stays', async () => {
  const before = await companions.start(simulator, credentials).live();
  const first = await before.send(`${CONTACT}@s.whatsapp.net`, 'before');
  await before.status(first, 3);
  await before.stop();
  await poll(() => simulator.connections().length === 0, 'the client to leave');
  await simulator.phone(CONTACT).send(NUMBER, 'while away');
  const { rootKey } = simulator;
  const port = Number(new URL(simulator.url).port);
  await simulator.stop();
  expect((await stat(dataFile)).mode & 0o777).toBe(0o600);

  simulator = await startSimulator({ dataFile, port });
  expect(simulator.rootKey).toBe(rootKey);
  expect(simulator.phone(NUMBER).devices).toMatchObject([{ id: 1, online: false }]);
  const after = await companions.start(simulator, credentials).live();
  await after.until(() => after.texts.includes('while away'), 'the mail of before');
  // The contact's phone reads on in the session of before: its keys and ratchets are the same.
  const second = await after.send(`${CONTACT}@s.whatsapp.net`, 'after');
  await after.status(second, 3);
  expect(simulator.phone(CONTACT).inbox).toMatchObject([{ text: 'after', retries: 0 }]);
  expect(simulator.counters().undecryptable).toBeUndefined();
});

test('a pairing is on disk when the scan resolves', async () => {
  const companion = await companions.pair(simulator, '628333333333');
  expect(await readFile(dataFile, 'utf8')).toContain(
    Buffer.from(companion.credentials.creds.noiseKey.public).toString('base64'),
  );
});

test('an unlinked device gets 401 at once and at every later login', async () => {
  const companion = await companions.pair(simulator, '628444444444');
  simulator.phone('628444444444').unlink(1);
  expect(await companion.closed()).toMatchObject({ code: 401, message: 'Stream Errored (conflict)' });
  expect(await companions.start(simulator, companion.credentials).closed()).toMatchObject({
    code: 401,
    message: 'Connection Failure',
  });
  expect(() => simulator.phone('628444444444').unlink(1)).toThrow(expect.objectContaining({ code: 'DEVICE_UNKNOWN' }));
});

test('a companion that logs out is unlinked', async () => {
  const companion = await companions.pair(simulator, '628555555555');
  await companion.socket.logout();
  await poll(() => simulator.phone('628555555555').devices.length === 0, 'the device to be gone');
});

test('a file of somebody else is not overwritten', async () => {
  const other = join(directory, 'notes.txt');
  await writeFile(other, 'mine');
  await expect(startSimulator({ dataFile: other })).rejects.toMatchObject({ code: 'DATA_FILE_UNREADABLE' });
  expect(await readFile(other, 'utf8')).toBe('mine');
});

test('listens beyond loopback only when told to, and says when a port is taken', async () => {
  await expect(startSimulator({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'REMOTE_REFUSED' });
  await expect(startSimulator({ host: 'example.com' })).rejects.toMatchObject({ code: 'REMOTE_REFUSED' });
  await expect(startSimulator({ port: Number(new URL(simulator.url).port) })).rejects.toMatchObject({
    code: 'PORT_UNAVAILABLE',
  });
  const remote = await startSimulator({ host: '0.0.0.0', allowRemote: true });
  await remote.stop();
});
