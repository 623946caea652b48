import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { proto } from '@whiskeysockets/baileys';
import { type Simulator, type SimulatorEvents, startSimulator } from '../src/simulator.js';
import { Companions, freshCredentials, poll } from './companion.js';
import { control } from './control-call.js';

const NUMBER = '628111111111';
const DAY_MS = 86_400_000;
const companions = new Companions();
let simulator: Simulator;
let unlinked: SimulatorEvents['unlinked'][];

beforeEach(async () => {
  simulator = await startSimulator();
  unlinked = [];
  simulator.on('unlinked', (fact) => unlinked.push(fact));
  // Only who has a name can say that it is available.
  simulator.phone(NUMBER, { name: 'Shop', business: true });
});

afterEach(async () => {
  await companions.stop();
  await simulator.stop();
});

const shop = () => simulator.phone(NUMBER);
const DEVICE_REMOVED = { code: 401, message: 'Stream Errored (conflict)' };

test('a companion whose account was banned and registered anew gets 406 as often as it comes, until it is scanned anew', async () => {
  const companion = await companions.pair(simulator, NUMBER);
  await control(simulator, `/phones/${NUMBER}/registered-anew`, {});
  expect((await companion.closed()).code).toBe(428);
  for (let attempt = 0; attempt < 2; attempt++)
    expect((await companions.start(simulator, companion.credentials).closed()).code).toBe(406);
  const again = await companions.pair(simulator, NUMBER);
  await simulator.phone('628222222222').send(NUMBER, 'Halo lagi');
  await again.until(() => again.texts.includes('Halo lagi'), 'the message');
});

test('a companion whose account moved to a new phone gets 403 as often as it comes, until it is scanned anew', async () => {
  const companion = await companions.pair(simulator, NUMBER);
  await control(simulator, `/phones/${NUMBER}/new-phone`, {});
  expect((await companion.closed()).code).toBe(428);
  for (let attempt = 0; attempt < 2; attempt++)
    expect((await companions.start(simulator, companion.credentials).closed()).code).toBe(403);
  expect(shop().devices).toEqual([]);
  expect(unlinked).toMatchObject([{ device: 1, cause: 'new-phone' }]);

  const again = await companions.pair(simulator, NUMBER);
  await simulator.phone('628222222222').send(NUMBER, 'Halo lagi');
  await again.until(() => again.texts.includes('Halo lagi'), 'the message');
  const id = await again.send('628222222222@s.whatsapp.net', 'Halo');
  await again.status(id, 3);
});

test('who wrote to the old phone is read by the new one', async () => {
  const customer = simulator.phone('628222222222');
  await customer.send(NUMBER, 'before');
  shop().moveToNewPhone();
  await customer.send(NUMBER, 'after');
  await poll(() => shop().inbox.length === 2, 'both messages');
  expect(shop().inbox.map(({ text }) => text)).toEqual(['before', 'after']);
});

test('companions go when the phone was away for 14 days, also those that are connected', async () => {
  const companion = await companions.pair(simulator, NUMBER);
  const gone = await companions.pair(simulator, NUMBER);
  await gone.stop();
  simulator.advance(10 * DAY_MS);
  shop().setOnline(false);
  simulator.advance(13 * DAY_MS);
  expect(shop().lastSeenAt).toBeLessThan(simulator.now() - 12 * DAY_MS);
  expect(shop().devices).toHaveLength(2);
  simulator.advance(DAY_MS);
  expect(await companion.closed()).toMatchObject(DEVICE_REMOVED);
  expect(await companions.start(simulator, gone.credentials).closed()).toMatchObject({ code: 401 });
  expect(unlinked.find(({ device }) => device === 1)).toMatchObject({ cause: 'phone-away' });
});

test('one that is never available goes after 30 days, one that is for a moment each day stays for 60', async () => {
  const idle = await companions.pair(simulator, NUMBER);
  const alive = await companions.pair(simulator, NUMBER);
  await idle.socket.sendPresenceUpdate('unavailable');
  for (let day = 0; day < 60; day++) {
    await alive.socket.sendPresenceUpdate('available');
    await poll(() => shop().devices.find(({ id }) => id === 2)?.available, 'to be available');
    await alive.socket.sendPresenceUpdate('unavailable');
    await poll(() => shop().devices.find(({ id }) => id === 2)?.available === false, 'to be unavailable');
    await control(simulator, '/clock', { advanceMs: DAY_MS });
  }
  expect(await idle.closed()).toMatchObject(DEVICE_REMOVED);
  expect(unlinked).toMatchObject([{ device: 1, cause: 'idle' }]);
  expect(shop().devices).toMatchObject([{ id: 2, online: true }]);
});

test('WhatsApp itself can remove a companion soon after it was linked', async () => {
  shop().faults.removeAfterLinking({ afterMs: 300, times: 1 });
  const credentials = freshCredentials();
  const registering = companions.start(simulator, credentials);
  await shop().scan(await registering.qr());
  await registering.closed();
  expect(await companions.start(simulator, credentials).closed()).toMatchObject(DEVICE_REMOVED);
  expect(unlinked).toMatchObject([{ device: 1, cause: 'removed' }]);
  await companions.pair(simulator, NUMBER);
});

test('a fifth companion fails on the phone and hears nothing', async () => {
  for (let linked = 0; linked < 4; linked++) {
    const companion = companions.start(simulator, freshCredentials());
    await shop().scan(await companion.qr());
  }
  const fifth = companions.start(simulator, freshCredentials());
  await expect(shop().scan(await fifth.qr())).rejects.toMatchObject({ code: 'TOO_MANY_DEVICES' });
  expect(fifth.updates.filter(({ connection }) => connection !== undefined)).toEqual([
    { connection: 'connecting', receivedPendingNotifications: false },
  ]);
  expect(simulator.connections().at(-1)).toMatchObject({ phase: 'registering' });
});

test('a phone that is on answers when its companion asks for the app state key, and one that is off does later', async () => {
  const companion = await companions.pair(simulator, NUMBER);
  const asked = async () => {
    const { myAppStateKeyId } = companion.credentials.creds;
    const message = proto.Message.fromObject({
      protocolMessage: {
        type: proto.Message.ProtocolMessage.Type.APP_STATE_SYNC_KEY_REQUEST,
        appStateSyncKeyRequest: { keyIds: [{ keyId: Buffer.from(myAppStateKeyId ?? '', 'base64') }] },
      },
    });
    await companion.socket.relayMessage(`${NUMBER}@s.whatsapp.net`, message, {
      additionalAttributes: { category: 'peer', push_priority: 'high_force' },
    });
  };
  const receipts: string[] = [];
  companion.socket.ws.on('CB:receipt', ({ attrs }: { attrs: Record<string, string> }) =>
    receipts.push(attrs.type ?? ''),
  );
  let shares = 0;
  companion.socket.ev.on('creds.update', ({ myAppStateKeyId }) => myAppStateKeyId && shares++);
  await asked();
  await poll(() => shares === 1 && receipts.includes('peer_msg'), 'the key');
  shop().setOnline(false);
  await asked();
  await companion.send('628222222222@s.whatsapp.net', 'not seen by the phone yet');
  expect(shares).toBe(1);
  shop().setOnline(true);
  await poll(() => shares === 2 && receipts.includes('sender'), 'the key, and the copy to be confirmed');
});
