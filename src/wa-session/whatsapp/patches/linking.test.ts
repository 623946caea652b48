import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startSimulator, type Phone, type Simulator } from '@koneksi/whatsapp-simulator';
import { Companions, freshCredentials, type Companion } from '../../../../simulator/test/companion.js';
import { PatchedLink, pinged } from '../../../../test/support/patched-link.js';

const NUMBER = '628111111111';
const companions = new Companions();
let simulator: Simulator;
let phone: Phone;
let patched: PatchedLink | undefined;

beforeEach(async () => {
  simulator = await startSimulator({ control: false });
  phone = simulator.phone(NUMBER);
});
afterEach(async () => {
  await patched?.connection.close();
  patched = undefined;
  await companions.stop();
  await simulator.stop();
});

async function bareQr(browser?: [string, string, string]): Promise<Companion> {
  const bare = companions.start(simulator, freshCredentials(), browser && { browser });
  await bare.qr();
  return bare;
}

async function patchedQr(): Promise<{ link: PatchedLink; qr: string }> {
  patched = new PatchedLink(simulator, freshCredentials());
  return { link: patched, qr: (await patched.until('qr')).text };
}

test('bare rc14 shows a code that WhatsApp refused; patched its display is one that WhatsApp knows', async () => {
  const bare = await bareQr(['Koneksi', 'Chrome', '1.0']);
  const refused = await bare.socket.requestPairingCode(NUMBER);
  expect(refused).toHaveLength(8);
  await pinged(bare.socket);
  await expect(phone.enterCode(refused)).rejects.toMatchObject({ code: 'CODE_NOT_EXPECTED' });

  const { link } = await patchedQr();
  await link.connection.requestCode(NUMBER);
  await expect(phone.enterCode((await link.until('code')).pairingCode)).resolves.toMatchObject({ id: 1 });
  await link.until('closed');
});

test.each([
  ['400', 'PAIRING_CODE_REFUSED'],
  ['429', 'PAIRING_CODE_LIMITED'],
])('bare rc14 does not hear of an answer %s; patched it is %s', async (code, told) => {
  phone.faults.refuseCode({ stage: 'companion_hello', code });
  await expect((await bareQr()).socket.requestPairingCode(NUMBER)).resolves.toHaveLength(8);

  const { link, qr } = await patchedQr();
  await link.connection.requestCode(NUMBER);
  expect(await link.until('code-refused')).toMatchObject({ code: told });
  await expect(phone.scan(qr)).resolves.toMatchObject({ id: 1 });
  await link.until('closed');
});

test('after a typed code was refused, bare rc14 tells nobody and its QR is dead; patched both are mended', async () => {
  phone.faults.refuseCode({ stage: 'companion_finish', code: '400' });
  const bare = await bareQr();
  const typed = await bare.socket.requestPairingCode(NUMBER);
  await pinged(bare.socket);
  await expect(phone.enterCode(typed)).rejects.toMatchObject({ code: 'DEVICE_REFUSED' });
  await pinged(bare.socket);
  expect(bare.updates.every(({ connection, qr }) => connection === 'connecting' || qr)).toBe(true);
  await expect(phone.scan(bare.qrs.at(-1) ?? '')).rejects.toThrow();

  const { link, qr } = await patchedQr();
  await link.connection.requestCode(NUMBER);
  const { pairingCode } = await link.until('code');
  await expect(phone.enterCode(pairingCode)).rejects.toMatchObject({ code: 'DEVICE_REFUSED' });
  expect(await link.until('code-refused')).toMatchObject({ code: 'PAIRING_CODE_REFUSED' });
  await expect(phone.scan(qr)).resolves.toMatchObject({ id: expect.any(Number) });
  await link.until('closed');
});

test('bare rc14 says nothing of a demand for a passkey; patched it is told', async () => {
  phone.demandsPasskey = true;
  const bare = await bareQr();
  const asked = new Promise<void>((resolve) =>
    bare.socket.ws.on('CB:notification,type:passkey_prologue_request', () => resolve()),
  );
  phone.scan(bare.qrs[0] ?? '').catch(() => undefined);
  await asked;
  await pinged(bare.socket);
  expect(bare.updates.every(({ connection, qr }) => connection === 'connecting' || qr)).toBe(true);

  const { link, qr } = await patchedQr();
  phone.scan(qr).catch(() => undefined);
  await link.until('passkey-asked');
});
