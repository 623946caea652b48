import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { BinaryNode } from '@whiskeysockets/baileys';
import type { PasskeyAssertion } from '@koneksi/contracts/passkey';
import { startSimulator, type Phone, type Simulator } from '@koneksi/whatsapp-simulator';
import { Companions, freshCredentials, type Companion } from '../../../../simulator/test/companion.js';
import { PatchedLink, pinged } from '../../../../test/support/patched-link.js';
import { addSpareRefs } from './spare-refs.js';

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

test.each(['a QR', 'a code'])('the phone lists what was linked by %s as Koneksi, a browser', async (way) => {
  const { link, qr } = await patchedQr();
  if (way === 'a code') await link.connection.requestCode(NUMBER);
  const linking = way === 'a QR' ? phone.scan(qr) : phone.enterCode((await link.until('code')).pairingCode);
  await expect(linking).resolves.toMatchObject({ name: 'Koneksi', platform: 'CHROME' });
  expect(phone.devices).toMatchObject([{ name: 'Koneksi', platform: 'CHROME' }]);
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

const HELLO = ['link_code_pairing_ref', 'primary_identity_pub', 'link_code_pairing_wrapped_primary_ephemeral_pub'];

test.each([
  ['the hello of the phone', HELLO, 1],
  ['a hello that lacks a key, which rc14 does not answer', HELLO.slice(0, 2), 0],
  ['another stage of a code', ['link_code_pairing_ref'], 0],
  ['a stage of which nothing is known', [], 0],
])('an error that follows %s refuses the typed code as often as it should', async (_, parts, times) => {
  const { link } = await patchedQr();
  const content = parts.map((tag) => ({ tag, attrs: {}, content: Buffer.alloc(32, 9) }));
  const stage: BinaryNode = { tag: 'link_code_companion_reg', attrs: {}, content };
  const told: BinaryNode = { tag: 'notification', attrs: { type: stage.tag }, content: [stage] };
  // By the name that rc14 does not listen to: it would answer keys that are made up.
  link.socket.ws.emit('CB:notification,type:link_code_companion_reg', told);
  link.socket.ws.emit('CB:iq,type:error', { tag: 'iq', attrs: { id: 'of another question', type: 'error' } });
  await pinged(link.socket);
  expect(count(link, 'code-refused')).toBe(times);
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
  const { options } = await link.until('passkey-asked');
  expect(options).toMatchObject({ rpId: 'whatsapp.com', userVerification: 'required' });
});

/** The phone scans, and WhatsApp asks for its passkey. */
async function passkeyAsked(): Promise<{ link: PatchedLink; linking: Promise<unknown>; assertion: PasskeyAssertion }> {
  phone.demandsPasskey = true;
  const { link, qr } = await patchedQr();
  const linking = phone.scan(qr);
  linking.catch(() => undefined);
  const { options } = await link.until('passkey-asked');
  const assertion = JSON.parse(phone.assertPasskey(JSON.stringify(options))) as PasskeyAssertion;
  return { link, linking, assertion };
}

test('patched the assertion is handed in, the code is the one on the phone, and its owner’s yes links', async () => {
  const codes: string[] = [];
  simulator.on('passkey-code', ({ code }) => codes.push(code));
  const { link, linking, assertion } = await passkeyAsked();
  await link.connection.provePasskey(assertion);
  const { code } = await link.until('passkey-code');
  expect(code).toMatch(/^[1-9A-HJ-NP-TV-Z]{4}-[1-9A-HJ-NP-TV-Z]{4}$/);
  expect(codes).toEqual([code]);
  await link.connection.confirmPasskey(code);
  await expect(linking).resolves.toMatchObject({ id: 1 });
  expect(await link.until('paired')).toMatchObject({ number: NUMBER });
  expect((await link.until('closed')).cause).toEqual({ kind: 'restart' });
});

test('a forged assertion is refused and the right one still links; a demand that ran out is told as that', async () => {
  const { link, linking, assertion } = await passkeyAsked();
  const signature = Buffer.from('no signature at all').toString('base64url');
  await link.connection.provePasskey({ ...assertion, response: { ...assertion.response, signature } });
  expect(await link.until('passkey-refused')).toMatchObject({ code: 'PASSKEY_REFUSED' });
  await link.connection.provePasskey(assertion);
  const { code } = await link.until('passkey-code');
  link.events.length = 0;
  simulator.advance(300_001);
  await expect(linking).rejects.toMatchObject({ code: 'PASSKEY_EXPIRED' });
  await link.connection.confirmPasskey(code);
  expect(await link.until('passkey-refused')).toMatchObject({ code: 'PASSKEY_EXPIRED' });
});

const DEMAND = 'CB:notification,type:passkey_prologue_request';
const demandFor = (challenge: string): BinaryNode => ({
  tag: 'notification',
  attrs: { from: '@s.whatsapp.net', type: 'passkey_prologue_request', id: 'again' },
  content: [
    {
      tag: 'passkey_request_options',
      attrs: {},
      content: Buffer.from(JSON.stringify({ challenge, rpId: 'whatsapp.com' })),
    },
  ],
});
const challengeOf = (link: PatchedLink): string =>
  (link.events.find(({ type }) => type === 'passkey-asked') as { options: { challenge: string } }).options.challenge;
const count = (link: PatchedLink, type: string): number => link.events.filter((event) => event.type === type).length;

test('a demand told again, with what it is over or without, leaves what has begun as it is', async () => {
  const { link, linking, assertion } = await passkeyAsked();
  await link.connection.provePasskey(assertion);
  const { code } = await link.until('passkey-code');
  link.socket.ws.emit(DEMAND, demandFor(challengeOf(link)));
  link.socket.ws.emit(DEMAND, { ...demandFor(''), content: [] });
  await pinged(link.socket);
  expect(count(link, 'passkey-asked')).toBe(1);
  await link.connection.confirmPasskey(code);
  await expect(linking).resolves.toMatchObject({ id: 1 });
});

test('a code that is not the one both sides have now is not confirmed', async () => {
  const { link, assertion } = await passkeyAsked();
  await link.connection.provePasskey(assertion);
  await link.until('passkey-code');
  await link.connection.confirmPasskey('AAAA-BBBB');
  expect(await link.until('passkey-refused')).toMatchObject({ code: 'PASSKEY_REFUSED' });
  expect(phone.devices).toEqual([]);
});

test.each(['companion_nonce', 'passkey_prologue', 'ref', 'encrypted_pairing_request'])(
  'an answer to %s that comes after a new demand says nothing of that',
  async (step) => {
    const { link, assertion } = await passkeyAsked();
    const held = new Promise<string>((resolve) => {
      const { sendNode } = link.socket;
      link.socket.sendNode = async (node) => {
        if (Array.isArray(node.content) && node.content[0]?.tag === step) resolve(node.attrs['id'] ?? '');
        else await sendNode(node);
      };
    });
    const proving = link.connection.provePasskey(assertion);
    const confirming =
      step === 'encrypted_pairing_request' &&
      link.until('passkey-code').then(({ code }) => link.connection.confirmPasskey(code));
    const id = await held;
    link.socket.ws.emit(DEMAND, demandFor('bmV3'));
    await pinged(link.socket);
    expect(count(link, 'passkey-asked')).toBe(2);
    const error: BinaryNode = { tag: 'error', attrs: { code: '404' } };
    link.socket.ws.emit(`TAG:${id}`, { tag: 'iq', attrs: { id, type: 'error' }, content: [error] });
    await Promise.all([proving, confirming]);
    await pinged(link.socket);
    expect(count(link, 'passkey-refused')).toBe(0);
  },
);

test('after a code that was mistyped, the QR links by a passkey', async () => {
  const mistyped = (code: string): string => (code.startsWith('Z') ? 'Y' : 'Z') + code.slice(1);
  const { link, qr } = await patchedQr();
  await link.connection.requestCode(NUMBER);
  const { pairingCode } = await link.until('code');
  await expect(phone.enterCode(mistyped(pairingCode))).rejects.toMatchObject({ code: 'CODE_WRONG' });
  phone.demandsPasskey = true;
  const linking = phone.scan(qr);
  const { options } = await link.until('passkey-asked');
  await link.connection.provePasskey(JSON.parse(phone.assertPasskey(JSON.stringify(options))) as PasskeyAssertion);
  await link.connection.confirmPasskey((await link.until('passkey-code')).code);
  await expect(linking).resolves.toMatchObject({ id: 1 });
  expect(await link.until('paired')).toMatchObject({ number: NUMBER });
  expect(count(link, 'passkey-refused')).toBe(0);
});

test('a passkey is asked for after a typed code too, and links', async () => {
  phone.demandsPasskey = true;
  const { link } = await patchedQr();
  await link.connection.requestCode(NUMBER);
  const linking = phone.enterCode((await link.until('code')).pairingCode);
  const { options } = await link.until('passkey-asked');
  await link.connection.provePasskey(JSON.parse(phone.assertPasskey(JSON.stringify(options))) as PasskeyAssertion);
  await link.connection.confirmPasskey((await link.until('passkey-code')).code);
  await expect(linking).resolves.toMatchObject({ id: 1 });
  await link.until('closed');
});

test('with its last QR bare rc14 would end; patched it ends so too, but for one whose passkey is waited for', async () => {
  const { link } = await patchedQr();
  const shown = (): number => link.events.filter(({ type }) => type === 'qr').length;
  // As rc14 does by its timer; the simulator sent six refs.
  const next = (): void => void link.socket.ev.emit('connection.update', { qr: 'next' });
  for (let more = 0; more < 5; more++) next();
  expect(shown()).toBe(6);
  next();
  expect(shown()).toBe(6);
  expect((await link.until('closed')).cause).toEqual({ kind: 'refs-ended' });
  await link.connection.close();

  const { link: waiting } = await passkeyAsked();
  for (let more = 0; more < 8; more++) waiting.socket.ev.emit('connection.update', { qr: 'next' });
  await pinged(waiting.socket);
  expect(waiting.events.map(({ type }) => type)).not.toContain('closed');
});

test('rc14 is given refs for five minutes more, and what it may show is counted without them', () => {
  const ref: BinaryNode = { tag: 'ref', attrs: {}, content: Buffer.from('2@x') };
  const offer: BinaryNode = { tag: 'pair-device', attrs: {}, content: [ref, ref] };
  expect(addSpareRefs({ tag: 'iq', attrs: {}, content: [offer] })).toBe(2);
  expect((offer.content as BinaryNode[]).length).toBeGreaterThanOrEqual(2 + 300 / 20);
});
