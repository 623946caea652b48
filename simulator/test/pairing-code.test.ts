import { afterEach, expect, test } from '@jest/globals';
import { type Simulator, type SimulatorOptions, startSimulator } from '../src/simulator.js';
import { type Companion, Companions, freshCredentials } from './companion.js';

const NUMBER = '628111111111';
const companions = new Companions();
let simulator: Simulator;

async function registering(options?: SimulatorOptions, browser?: [string, string, string]): Promise<Companion> {
  simulator = await startSimulator(options);
  const companion = companions.start(simulator, freshCredentials(), browser && { browser });
  await companion.qr();
  return companion;
}

afterEach(async () => {
  await companions.stop();
  await simulator.stop();
});

interface Answer {
  tag: string;
  attrs: Record<string, string>;
  content?: unknown;
}

/** The next answer to a query of the companion's: rc14 does not show it to the application. */
function answered(companion: Companion): Promise<unknown> {
  return new Promise((resolve) => {
    const take = (node: Answer) => {
      if (node.tag !== 'iq' || node.attrs.type === 'set') return;
      companion.socket.ws.off('frame', take);
      const [child] = (node.content ?? []) as Answer[];
      resolve(child?.tag === 'error' ? child.attrs : null);
    };
    companion.socket.ws.on('frame', take);
  });
}

async function ask(companion: Companion, number = NUMBER): Promise<{ code: string; error: unknown }> {
  const error = answered(companion);
  return { code: await companion.socket.requestPairingCode(number), error: await error };
}

test("a product's own name gets 400, and its code does not link", async () => {
  const companion = await registering({}, ['Koneksi', 'Chrome', '1.0.0']);
  const { code, error } = await ask(companion);
  expect(error).toEqual({ code: '400', text: 'bad-request' });
  await expect(simulator.phone(NUMBER).enterCode(code)).rejects.toMatchObject({ code: 'CODE_NOT_EXPECTED' });
  // The QR of the same connection still does.
  await expect(simulator.phone(NUMBER).scan(companion.qrs[0] ?? '')).resolves.toMatchObject({ id: 1 });
});

test('more codes for one number than WhatsApp gives are answered 429, for other numbers not', async () => {
  const companion = await registering({ codesPerHour: 2 });
  for (let round = 0; round < 2; round++) expect((await ask(companion)).error).toBeNull();
  expect((await ask(companion)).error).toEqual({ code: '429', text: 'rate-overlimit' });
  expect((await ask(companion, '628222222222')).error).toBeNull();
  simulator.advance(3_600_001);
  expect((await ask(companion)).error).toBeNull();
});

test('a code typed too late is refused, and the next one links', async () => {
  const companion = await registering({ firstQrMs: 3_600_000 });
  const { code: late } = await ask(companion);
  simulator.advance(180_001);
  await expect(simulator.phone(NUMBER).enterCode(late)).rejects.toMatchObject({ code: 'CODE_EXPIRED' });
  const { code } = await ask(companion);
  await expect(simulator.phone(NUMBER).enterCode(late)).rejects.toMatchObject({ code: 'CODE_WRONG' });
  await expect(simulator.phone(NUMBER).enterCode(code)).resolves.toMatchObject({ id: 1 });
});

test('a code asked for again for another number is no longer good for the first', async () => {
  const companion = await registering();
  const { code } = await ask(companion);
  await ask(companion, '628222222222');
  // Each number has the request that was made for it; the companion remembers only its last code.
  await expect(simulator.phone(NUMBER).enterCode(code)).rejects.toMatchObject({ code: 'CODE_WRONG' });
});

test('errors at either stage can be asked for, for one number', async () => {
  const companion = await registering();
  const phone = simulator.phone(NUMBER);
  phone.faults.refuseCode({ stage: 'companion_hello', code: '503', text: 'service-unavailable', times: 1 });
  expect((await ask(companion)).error).toEqual({ code: '503', text: 'service-unavailable' });
  const { code } = await ask(companion);
  const control = await fetch(`${simulator.controlUrl}/phones/${NUMBER}/faults`, {
    method: 'POST',
    body: JSON.stringify({ fault: 'refuseCode', stage: 'companion_finish', code: '400', times: 1 }),
  });
  expect(control.status).toBe(200);
  const finish = answered(companion);
  await expect(phone.enterCode(code)).rejects.toMatchObject({ code: 'DEVICE_REFUSED' });
  expect(await finish).toEqual({ code: '400', text: 'bad-request' });
});
