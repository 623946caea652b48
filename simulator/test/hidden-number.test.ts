import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../src/simulator.js';
import { type Companion, Companions, freshCredentials, poll } from './companion.js';
import { control } from './control-call.js';

const NUMBER = '628111111111';
const companions = new Companions();
let simulator: Simulator;
let companion: Companion;

beforeAll(async () => {
  simulator = await startSimulator();
  companion = await companions.pair(simulator, NUMBER);
});

afterAll(async () => {
  await companions.stop();
  await simulator.stop();
});

const received = (text: string) =>
  companion.until(
    () => companion.upserts.find(({ message }) => message.message?.conversation === text)?.message.key,
    text,
  );

test('who hides the number writes from a LID alone, can be answered there, and may tell it later', async () => {
  const { lid } = (await control(simulator, '/phones', { number: '628222222222', hidesNumber: true })) as {
    lid: string;
  };
  const customer = simulator.phone('628222222222');
  await customer.send(NUMBER, 'STOP');
  const key = await received('STOP');
  expect(key.remoteJid).toBe(`${lid}@lid`);
  expect(key.remoteJidAlt).toBeUndefined();

  const id = await companion.send(`${lid}@lid`, 'Baik, tidak kami kirimi lagi');
  await companion.status(id, 3);
  expect(customer.inbox).toMatchObject([{ text: 'Baik, tidak kami kirimi lagi' }]);
  expect(JSON.stringify([...companion.upserts, ...companion.statuses])).not.toContain(customer.number);

  customer.hidesNumber = false;
  customer.addressing = 'lid';
  await customer.send(NUMBER, 'ini nomor saya');
  expect(await received('ini nomor saya')).toMatchObject({
    remoteJid: `${lid}@lid`,
    remoteJidAlt: '628222222222@s.whatsapp.net',
  });
});

test('a client too old to be linked is refused on the phone and hears nothing; a newer one is linked', async () => {
  const phone = simulator.phone('628333333333');
  await control(simulator, `/phones/${phone.number}/faults`, { fault: 'refuseLinking', untilVersion: [2, 3000, 5] });
  const old = companions.start(simulator, freshCredentials(), { version: [2, 3000, 4] });
  await expect(phone.scan(await old.qr())).rejects.toMatchObject({ code: 'LINKING_REFUSED' });
  const requested = new Promise((resolve) => simulator.on('code-requested', resolve));
  const code = await old.socket.requestPairingCode(phone.number);
  await requested;
  await expect(phone.enterCode(code)).rejects.toMatchObject({ code: 'LINKING_REFUSED' });
  expect(old.updates.some(({ connection }) => connection === 'close')).toBe(false);

  const current = companions.start(simulator, freshCredentials(), { version: [2, 3000, 5] });
  await expect(phone.scan(await current.qr())).resolves.toMatchObject({ id: 1 });
  phone.faults.clear();
  phone.faults.refuseLinking({ times: 1 });
  const any = companions.start(simulator, freshCredentials());
  await expect(phone.scan(await any.qr())).rejects.toMatchObject({ code: 'LINKING_REFUSED' });
  await poll(() => phone.faults.active().length === 0, 'the refusal to be used up');
});
