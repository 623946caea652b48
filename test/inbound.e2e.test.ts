import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EventBus, type Facts } from '../src/common/event-bus.js';
import { eventually } from './support/eventually.js';
import { Koneksi, type LinkedOutlet } from './support/koneksi.js';

type Received = Facts['message.received'];

let koneksi: Koneksi;
let linked: LinkedOutlet;
const received: Received[] = [];

const saying = (text: string): Promise<Received> =>
  eventually(`"${text}" is told`, () => received.find((message) => message.text === text));

beforeAll(async () => {
  koneksi = await Koneksi.start();
  koneksi.app.app.get(EventBus, { strict: false }).on('message.received', (message) => received.push(message));
  linked = await koneksi.linked(await koneksi.dashboard());
});
afterAll(() => koneksi.stop());

test('tells who wrote to which outlet, the first message after linking included', async () => {
  const { outlet } = linked;
  await koneksi.simulator.phone('628111222333').send(outlet.whatsappNumber, 'Halo');
  expect(await saying('Halo')).toMatchObject({ outletId: outlet.id, number: '628111222333' });
});

test('finds the number of someone WhatsApp names by LID', async () => {
  const phone = koneksi.simulator.phone('628111222444');
  phone.addressing = 'lid';
  await phone.send(linked.outlet.whatsappNumber, 'Dari LID');
  expect(await saying('Dari LID')).toMatchObject({ number: '628111222444' });
});

test('tells what was written while the outlet was away, once', async () => {
  linked.phone.faults.end('drop');
  await koneksi.simulator.phone('628111222333').send(linked.outlet.whatsappNumber, 'STOP');
  await saying('STOP');
  expect(received.filter(({ text }) => text === 'STOP')).toHaveLength(1);
});

test('says nothing of it in the log', () => {
  expect(koneksi.logged.join('')).not.toMatch(/Halo|Dari LID|STOP|628111222333/);
});
