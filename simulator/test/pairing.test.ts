import { afterEach, expect, test } from '@jest/globals';
import { type Simulator, type SimulatorOptions, startSimulator } from '../src/simulator.js';
import { Companions, freshCredentials, poll } from './companion.js';

const NUMBER = '628111111111';
const companions = new Companions();
let simulator: Simulator;

async function start(options?: SimulatorOptions): Promise<void> {
  simulator = await startSimulator(options);
}

afterEach(async () => {
  await companions.stop();
  await simulator.stop();
});

test('pairs by QR, sends the companion away with 515, and lets it log in as what it became', async () => {
  await start();
  const credentials = freshCredentials();
  const registering = companions.start(simulator, credentials);
  const device = await simulator
    .phone(NUMBER, { name: 'Shop', business: true, platform: 'iphone' })
    .scan(await registering.qr());
  expect(device).toMatchObject({ id: 1, jid: `${NUMBER}:1@s.whatsapp.net` });
  expect((await registering.closed()).code).toBe(515);
  expect(credentials.creds).toMatchObject({
    me: { id: `${NUMBER}:1@s.whatsapp.net`, name: 'Shop' },
    platform: 'iphone',
  });

  await companions.start(simulator, credentials).live();
  expect(simulator.phone(NUMBER).devices).toMatchObject([{ id: 1, online: true }]);
  expect(credentials.creds.me?.lid).toBe(`${simulator.phone(NUMBER).lid}:1@lid`);
  expect(simulator.counters()).toMatchObject({ registrations: 1, pairings: 1, logins: 1, preKeyUploads: 1 });
});

test('the first login goes live at once, by the history the phone shares', async () => {
  await start();
  const companion = await companions.pair(simulator, NUMBER);
  expect(companion.credentials.creds.accountSyncCounter).toBe(1);
  expect(companion.credentials.creds.myAppStateKeyId).toBeTruthy();
});

test("an ADV secret that is not the companion's makes it refuse the phone", async () => {
  await start();
  const registering = companions.start(simulator, freshCredentials());
  const parts = (await registering.qr()).split(',');
  parts[3] = Buffer.alloc(32, 7).toString('base64');
  await expect(simulator.phone(NUMBER).scan(parts.join(','))).rejects.toMatchObject({ code: 'DEVICE_REFUSED' });
  expect((await registering.closed()).message).toBe('Invalid account signature');
  expect(simulator.phone(NUMBER).devices).toEqual([]);
});

test('a QR with keys of another client is refused before anything is sent', async () => {
  await start();
  const one = companions.start(simulator, freshCredentials());
  const other = companions.start(simulator, freshCredentials());
  const [ref] = (await one.qr()).split(',');
  const [, ...keys] = (await other.qr()).split(',');
  await expect(simulator.phone(NUMBER).scan([ref, ...keys].join(','))).rejects.toMatchObject({ code: 'QR_MISMATCH' });
});

test('only what looks like a QR, is still shown, and by a client that is still there, can be scanned', async () => {
  await start();
  const phone = simulator.phone(NUMBER);
  await expect(phone.scan('https://example.com')).rejects.toMatchObject({ code: 'QR_MALFORMED' });
  const registering = companions.start(simulator, freshCredentials());
  const qr = await registering.qr();
  await registering.stop();
  await poll(() => simulator.connections().length === 0, 'the client to leave');
  await expect(phone.scan(qr)).rejects.toMatchObject({ code: 'QR_EXPIRED' });
});

test('a ref that was rotated away is expired, the one shown now is not', async () => {
  await start({ firstQrMs: 300, nextQrMs: 60_000 });
  const registering = companions.start(simulator, freshCredentials(), { qrTimeout: 400 });
  const first = await registering.qr();
  const second = await registering.until(() => registering.qrs[1], 'the second QR');
  await expect(simulator.phone(NUMBER).scan(first)).rejects.toMatchObject({ code: 'QR_EXPIRED' });
  await expect(simulator.phone(NUMBER).scan(second)).resolves.toMatchObject({ id: 1 });
});

test('a client that used up its refs gives up with 408', async () => {
  await start({ qrRefs: 2 });
  const registering = companions.start(simulator, freshCredentials(), { qrTimeout: 30 });
  expect(await registering.closed()).toMatchObject({ code: 408, message: 'QR refs attempts ended' });
  expect(registering.qrs).toHaveLength(2);
});

test('a phone that is off cannot scan', async () => {
  await start();
  const phone = simulator.phone(NUMBER);
  phone.setOnline(false);
  const registering = companions.start(simulator, freshCredentials());
  await expect(phone.scan(await registering.qr())).rejects.toMatchObject({ code: 'PHONE_OFFLINE' });
});

test('a phone takes no more companions than it may, until one is unlinked', async () => {
  await start({ maxDevices: 1 });
  const phone = simulator.phone(NUMBER);
  await phone.scan(await companions.start(simulator, freshCredentials()).qr());
  const second = companions.start(simulator, freshCredentials());
  await expect(phone.scan(await second.qr())).rejects.toMatchObject({ code: 'TOO_MANY_DEVICES' });
  phone.unlink();
  await expect(phone.scan(await second.qr())).resolves.toMatchObject({ id: 2 });
});

test('pairs by code, dash and case as people type it', async () => {
  await start();
  const credentials = freshCredentials();
  const registering = companions.start(simulator, credentials);
  await registering.qr();
  const requested = new Promise((resolve) => simulator.on('code-requested', resolve));
  const code = await registering.socket.requestPairingCode(NUMBER);
  await requested;
  const device = await simulator.phone(NUMBER).enterCode(`${code.slice(0, 4)}-${code.slice(4).toLowerCase()}`);
  expect(device.jid).toBe(`${NUMBER}:1@s.whatsapp.net`);
  expect((await registering.closed()).code).toBe(515);
  await companions.start(simulator, credentials).live();
});

test('a wrong code is found out, and the right one still works', async () => {
  await start();
  const registering = companions.start(simulator, freshCredentials());
  await registering.qr();
  const phone = simulator.phone(NUMBER);
  await expect(phone.enterCode('ABCDEFGH')).rejects.toMatchObject({ code: 'CODE_NOT_EXPECTED' });
  const requested = new Promise((resolve) => simulator.on('code-requested', resolve));
  const code = await registering.socket.requestPairingCode(NUMBER, 'ABCD1234');
  await requested;
  await expect(phone.enterCode('ABCD1235')).rejects.toMatchObject({ code: 'CODE_WRONG' });
  await expect(phone.enterCode(code)).resolves.toMatchObject({ id: 1 });
});

test('credentials of an abandoned pairing code are refused with 401', async () => {
  await start();
  const credentials = freshCredentials();
  const registering = companions.start(simulator, credentials);
  await registering.qr();
  await registering.socket.requestPairingCode(NUMBER);
  await registering.stop();
  expect((await companions.start(simulator, credentials).closed()).code).toBe(401);
});
