import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { type LinkedDevice, type Simulator, startSimulator } from '../src/simulator.js';
import { type Companion, Companions, type Credentials, freshCredentials, poll } from './companion.js';
import { control } from './control-call.js';
import { bytesIn, notification, PasskeyCeremony } from './passkey-ceremony.js';

const NUMBER = '628111111111';
const companions = new Companions();
let simulator: Simulator;
let credentials: Credentials;
let companion: Companion;
const codes: string[] = [];

beforeEach(async () => {
  simulator = await startSimulator();
  codes.length = 0;
  simulator.on('passkey-code', ({ code }) => codes.push(code));
  await control(simulator, '/phones', { number: NUMBER, demandsPasskey: true });
  credentials = freshCredentials();
  companion = companions.start(simulator, credentials);
});

afterEach(async () => {
  await companions.stop();
  await simulator.stop();
});

const shop = () => simulator.phone(NUMBER);

/** The phone scans, and the companion is asked for the passkey. */
async function scanned(): Promise<{ linked: Promise<LinkedDevice>; options: string }> {
  const asked = notification(companion, 'passkey_prologue_request');
  const linked = shop().scan(await companion.qr());
  linked.catch(() => undefined);
  return { linked, options: bytesIn(await asked, 'passkey_request_options').toString('utf8') };
}

test('bare rc14 hears of no pairing until its QR codes are used up', async () => {
  const { linked, options } = await scanned();
  expect(JSON.parse(options)).toMatchObject({ rpId: 'whatsapp.com', userVerification: 'required' });
  await companion.socket.query({ tag: 'iq', attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:p' }, content: [] });
  expect(companion.updates.some(({ isNewLogin }) => isNewLogin)).toBe(false);
  simulator.advance(300_001);
  await expect(linked).rejects.toMatchObject({ code: 'PASSKEY_EXPIRED' });
  expect(companion.updates.some(({ connection }) => connection === 'close')).toBe(false);
});

test('who carries the ceremony through is linked, with the same code on both', async () => {
  const { linked, options } = await scanned();
  const ceremony = new PasskeyCeremony(companion);
  const continued = notification(companion, 'crsc_continuation');
  const { assertion } = await control(simulator, `/phones/${NUMBER}/passkey-assertion`, { options });
  await ceremony.prologue(assertion as string);
  const code = await ceremony.open(await continued);
  expect(codes).toEqual([code]);
  await ceremony.confirm(await continued);
  await expect(linked).resolves.toMatchObject({ id: 1 });
  expect((await companion.closed()).code).toBe(515);
  await companions.start(simulator, credentials).live();
});

test.each<[string, { withoutProof: true } | { handoff: Buffer }]>([
  ['no proof', { withoutProof: true }],
  ['the proof of another', { handoff: randomBytes(32) }],
])('%s of having shown the QR is refused, and the right one still links', async (_, flaws) => {
  const { linked, options } = await scanned();
  const assertion = shop().assertPasskey(options);
  const right = new PasskeyCeremony(companion);
  await expect(new PasskeyCeremony(companion, flaws).prologue(assertion)).rejects.toMatchObject({ data: 400 });
  expect(codes).toEqual([]);
  const continued = notification(companion, 'crsc_continuation');
  await right.prologue(assertion);
  await right.open(await continued);
  await right.confirm(await continued);
  await expect(linked).resolves.toMatchObject({ id: 1 });
});

test('a passkey is of use on pages of WhatsApp only, and for this challenge only', async () => {
  const { options } = await scanned();
  expect(() => shop().assertPasskey(options, 'https://koneksi.example')).toThrow(
    expect.objectContaining({ code: 'PASSKEY_REFUSED' }),
  );
  const elsewhere = shop().assertPasskey(options, 'https://faq.whatsapp.com');
  const { challenge: _, ...rest } = JSON.parse(options) as Record<string, unknown>;
  const old = shop().assertPasskey(JSON.stringify({ ...rest, challenge: randomBytes(32).toString('base64url') }));
  for (const assertion of [elsewhere, old])
    await expect(new PasskeyCeremony(companion).prologue(assertion)).rejects.toMatchObject({
      data: 401,
    });
});

test('another nonce than the one that was promised is refused', async () => {
  const { options } = await scanned();
  const ceremony = new PasskeyCeremony(companion, { nonce: randomBytes(32) });
  const continued = notification(companion, 'crsc_continuation');
  await ceremony.prologue(shop().assertPasskey(options));
  await expect(ceremony.open(await continued)).rejects.toMatchObject({ data: 400 });
  await expect(ceremony.confirm(await continued)).rejects.toMatchObject({ data: 400 });
  expect(codes).toEqual([]);
});

test('logins of one address that come too fast wait, or are refused', async () => {
  const one = await companions.pair(simulator, '628222222222');
  const other = await companions.pair(simulator, '628333333333');
  await Promise.all([one.stop(), other.stop()]);
  await poll(() => simulator.connections().length === 1, 'both to be gone');
  // On a busy machine two may come more than a second apart: here it is one second for all of them.
  const second = jest.spyOn(Date, 'now').mockReturnValue(Date.now());
  simulator.faults.throttleLogins({ perSecond: 1, delayMs: 1_500 });
  const started = performance.now();
  await Promise.all([one, other].map((each) => companions.start(simulator, each.credentials).open()));
  // Timers may be a millisecond early.
  expect(performance.now() - started).toBeGreaterThanOrEqual(1_490);
  expect(simulator.counters().loginsThrottled).toBe(1);

  await control(simulator, '/faults', { fault: 'throttleLogins', perSecond: 1, reason: '503' });
  const again = [one, other].map((each) => companions.start(simulator, each.credentials));
  const codes = await Promise.race(again.map(async (each) => (await each.closed()).code));
  second.mockRestore();
  expect(codes).toBe(503);
  expect(simulator.faults.active()).toMatchObject([{ fault: 'throttleLogins' }]);
  simulator.faults.clear();
  expect(simulator.faults.active()).toEqual([]);
});
