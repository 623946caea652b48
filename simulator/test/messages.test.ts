import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Phone, type Simulator, startSimulator } from '../src/simulator.js';
import { type Companion, Companions, type Credentials, poll } from './companion.js';
import { drainKeys } from './drain-keys.js';

const NUMBER = '628111111111';
const companions = new Companions();
let simulator: Simulator;
let credentials: Credentials;
let companion: Companion;
let contacts = 0;

/** A contact nobody wrote to before. */
function contact(): Phone {
  return simulator.phone(`6282${String(++contacts).padStart(8, '0')}`, { name: `Customer ${contacts}` });
}

function pn(phone: Phone): string {
  return `${phone.number}@s.whatsapp.net`;
}

beforeAll(async () => {
  simulator = await startSimulator();
  ({ credentials } = companion = await companions.pair(simulator, NUMBER));
});

afterEach(() => {
  simulator.faults.clear();
});

afterAll(async () => {
  await companions.stop();
  await simulator.stop();
});

/** A test that ended the session goes on with a new one. */
async function reconnect(): Promise<Companion> {
  companion = await companions.start(simulator, credentials).live();
  return companion;
}

test("a text is decrypted by the contact's phone, copied to the own one, acknowledged and receipted", async () => {
  const phone = contact();
  const id = await companion.send(pn(phone), 'Halo, ada promo hari ini 🌶️');
  await companion.status(id, 3);
  expect(phone.inbox).toEqual([
    {
      id,
      from: NUMBER,
      text: 'Halo, ada promo hari ini 🌶️',
      at: expect.any(Number),
      retries: 0,
      preview: null,
      file: null,
    },
  ]);
  expect(simulator.phone(NUMBER).sent.at(-1)).toMatchObject({
    id,
    to: phone.number,
    text: 'Halo, ada promo hari ini 🌶️',
  });
  expect(companion.acks.find((ack) => ack.id === id)).toMatchObject({ from: pn(phone) });
});

test('addressed by LID it is the same person, and the receipt comes from the LID', async () => {
  const phone = contact();
  const lid = `${phone.lid}@lid`;
  const id = await companion.send(lid, 'by lid');
  await companion.status(id, 3);
  expect(phone.inbox).toMatchObject([{ text: 'by lid' }]);
  expect(companion.statuses.find(({ key }) => key.id === id)?.key.remoteJid ?? lid).toBe(lid);
});

test('messages keep their order and their words', async () => {
  const phone = contact();
  const texts = Array.from({ length: 20 }, (_, index) => `message ${index} ${'x'.repeat(index * 40)}`);
  const ids: string[] = [];
  for (const text of texts) ids.push(await companion.send(pn(phone), text));
  await companion.status(ids.at(-1) ?? '', 3);
  expect(phone.inbox.map(({ text }) => text)).toEqual(texts);
});

test('a phone that reads says so, and one that is told to says nothing', async () => {
  const reader = contact();
  reader.receipts = 'read';
  const read = await companion.send(pn(reader), 'read me');
  await companion.status(read, 4);

  const quiet = contact();
  quiet.receipts = 'none';
  const id = await companion.send(pn(quiet), 'keep quiet');
  await poll(() => quiet.inbox.length === 1, 'the message');
  const receipts = () => companion.receipts.filter((receipt) => receipt.id === id);
  await poll(() => receipts().length > 0, 'the word of our own phone');
  expect(receipts()).toMatchObject([{ type: 'sender', recipient: pn(quiet) }]);
});

test('a phone that lost its session asks again, and then reads the message once', async () => {
  const phone = contact();
  await companion.status(await companion.send(pn(phone), 'first'), 3);
  phone.faults.loseSession({ times: 1 });
  const id = await companion.send(pn(phone), 'second');
  await companion.status(id, 3);
  expect(phone.inbox).toMatchObject([
    { text: 'first', retries: 0 },
    { id, text: 'second', retries: 1 },
  ]);
  expect(simulator.counters()).toMatchObject({ retriesOut: 1 });
});

test('it asks a second time with keys of its own, when the first did not help', async () => {
  const phone = contact();
  await companion.status(await companion.send(pn(phone), 'first'), 3);
  phone.faults.loseSession({ times: 2 });
  const id = await companion.send(pn(phone), 'second');
  await companion.status(id, 3);
  expect(phone.inbox.at(-1)).toMatchObject({ text: 'second', retries: 2 });
});

test("a customer's message reaches the companion and the own phone, and is acknowledged", async () => {
  const phone = contact();
  const receipt = new Promise((resolve) =>
    simulator.on('receipt', (fact) => fact.to === phone.number && resolve(fact)),
  );
  const { id } = await phone.send(NUMBER, 'ready?');
  const { message, type } = await companion.until(
    () => companion.upserts.find(({ message: { key } }) => key.id === id),
    'the message',
  );
  expect(type).toBe('notify');
  expect(message).toMatchObject({
    key: { remoteJid: pn(phone), remoteJidAlt: `${phone.lid}@lid`, fromMe: false },
    pushName: phone.name,
    message: { conversation: 'ready?' },
  });
  expect(simulator.phone(NUMBER).inbox.at(-1)).toMatchObject({ id, from: phone.number, text: 'ready?' });
  expect(await receipt).toMatchObject({ number: NUMBER, device: 1, type: 'inactive' });
});

test('a customer may come by LID', async () => {
  const phone = contact();
  phone.addressing = 'lid';
  const { id } = await phone.send(NUMBER, 'from a lid');
  const { message } = await companion.until(
    () => companion.upserts.find(({ message: { key } }) => key.id === id),
    'the message',
  );
  expect(message).toMatchObject({
    key: { remoteJid: `${phone.lid}@lid`, remoteJidAlt: pn(phone) },
    message: { conversation: 'from a lid' },
  });
});

test('once a contact has answered, the conversation goes on in the established session', async () => {
  const phone = contact();
  await companion.status(await companion.send(pn(phone), 'one'), 3);
  await phone.send(NUMBER, 'two');
  await companion.until(() => companion.texts.includes('two'), 'the answer');
  const handedOut = simulator.counters().keysHandedOut;
  await companion.status(await companion.send(pn(phone), 'three'), 3);
  await phone.send(NUMBER, 'four');
  await companion.until(() => companion.texts.includes('four'), 'the second answer');
  expect(phone.inbox.map(({ text }) => text)).toEqual(['one', 'three']);
  expect(simulator.counters().keysHandedOut).toBe(handedOut);
});

test("a companion that lost its session asks the customer's phone again, and reads the message", async () => {
  const phone = contact();
  await companion.status(await companion.send(pn(phone), 'one'), 3);
  await phone.send(NUMBER, 'two');
  await companion.until(() => companion.texts.includes('two'), 'the answer');
  const before = simulator.counters().retriesIn ?? 0;
  for (const key of credentials.keys.keys()) if (key.startsWith(`session ${phone.lid}`)) credentials.keys.delete(key);
  const { id } = await phone.send(NUMBER, 'three');
  await companion.until(
    () => companion.upserts.some(({ message }) => message.key.id === id && message.message?.conversation === 'three'),
    'the message sent again',
  );
  expect(simulator.counters().retriesIn).toBeGreaterThan(before);
});

test('what the owner writes on the phone shows up on the companion as sent by oneself', async () => {
  const phone = contact();
  const { id } = await simulator.phone(NUMBER).send(phone.number, 'from the handset');
  const { message } = await companion.until(
    () => companion.upserts.find(({ message: { key } }) => key.id === id),
    'the copy',
  );
  expect(message).toMatchObject({
    key: { fromMe: true, remoteJid: pn(phone) },
    message: { conversation: 'from the handset' },
  });
  expect(phone.inbox).toMatchObject([{ text: 'from the handset' }]);
});

test('mail for a companion that is away waits and comes as offline mail', async () => {
  await companion.stop();
  await poll(() => simulator.phone(NUMBER).devices[0]?.online === false, 'the companion to be gone');
  const phone = contact();
  for (const text of ['a', 'b', 'c']) await phone.send(NUMBER, text);
  await reconnect();
  await companion.until(() => companion.texts.length >= 3, 'the mail');
  expect(companion.texts).toEqual(['a', 'b', 'c']);
  expect(companion.upserts.map(({ type }) => type)).toEqual(['append', 'append', 'append']);
  await poll(() => (simulator.counters().receiptsIn ?? 0) > 0, 'receipts');
});

test('a phone that is off gets its messages when it is back', async () => {
  const phone = contact();
  phone.setOnline(false);
  const id = await companion.send(pn(phone), 'later');
  await companion.until(() => companion.acks.some((ack) => ack.id === id), 'the ack');
  expect(phone.inbox).toEqual([]);
  await expect(phone.send(NUMBER, 'no')).rejects.toMatchObject({ code: 'PHONE_OFFLINE' });
  phone.setOnline(true);
  await companion.status(id, 3);
  expect(phone.inbox).toMatchObject([{ text: 'later' }]);
});

test('lookups know who is on WhatsApp', async () => {
  simulator.unregister('628999999999');
  const found = await companion.socket.onWhatsApp('628777777777', '628999999999');
  // Baileys leaves out who is not there.
  expect(found).toEqual([{ jid: '628777777777@s.whatsapp.net', exists: true }]);
  const id = await companion.send('628999999999@s.whatsapp.net', 'hello?');
  expect(await companion.refusal(id)).toEqual(['404']);
  await expect(contact().send('628999999999', 'hello?')).rejects.toMatchObject({ code: 'NOT_REGISTERED' });
});

test('a companion low on one-time keys is told so and uploads more', async () => {
  const uploads = simulator.counters().preKeyUploads ?? 0;
  const handedOut = simulator.counters().keysHandedOut ?? 0;
  const peer = simulator.phone('628666666666');
  // 812 were uploaded.
  await drainKeys(companion, () => (simulator.counters().keysHandedOut ?? 0) - handedOut >= 812);
  await poll(() => (simulator.counters().preKeyUploads ?? 0) > uploads, 'an upload');
  await peer.send(NUMBER, 'still readable');
  await companion.until(() => companion.texts.includes('still readable'), 'the message');
});

test("two companions of one account both get the mail and each other's copies", async () => {
  const second = await companions.pair(simulator, NUMBER);
  const phone = contact();
  await phone.send(NUMBER, 'to both');
  await Promise.all([companion, second].map((each) => each.until(() => each.texts.includes('to both'), 'the message')));
  const id = await second.send(pn(phone), 'from the second');
  await companion.until(
    () => companion.upserts.find(({ message: { key } }) => key.id === id && key.fromMe),
    'the copy',
  );
  simulator.phone(NUMBER).unlink(2);
  await second.closed();
});

test('a message between two shops reaches phone and companion of the other', async () => {
  const other = await companions.pair(simulator, '628123123123');
  const id = await companion.send('628123123123@s.whatsapp.net', 'shop to shop');
  await other.until(() => other.texts.includes('shop to shop'), 'the message');
  await companion.status(id, 3);
  expect(simulator.phone('628123123123').inbox).toMatchObject([{ text: 'shop to shop' }]);
});
