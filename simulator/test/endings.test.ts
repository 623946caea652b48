import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Ending, type EndingName, type Simulator, startSimulator } from '../src/simulator.js';
import { BAN_CODES } from '../src/faults/endings.js';
import { type Companion, Companions, type Credentials } from './companion.js';
import { guard } from './guard.js';

const NUMBER = '628111111111';
const companions = new Companions();
let simulator: Simulator;
let credentials: Credentials;

beforeAll(async () => {
  simulator = await startSimulator();
  ({ credentials } = await companions.pair(simulator, NUMBER));
  await companions.stop();
});

afterEach(async () => {
  simulator.faults.clear();
  simulator.phone(NUMBER).faults.clear();
  await companions.stop();
});

afterAll(() => simulator.stop());

const login = (): Companion => companions.start(simulator, credentials);

/** What Baileys shows for each. */
const CODES: [Ending, number][] = [
  ['replaced', 440],
  ['device-removed', 401],
  ['logged-out', 401],
  ['temporarily-banned', 402],
  ['forbidden', 403],
  ['outdated', 405],
  ['banned', 406],
  ['conflict', 409],
  ['token-expired', 413],
  ['token-invalid', 414],
  ['token-not-found', 415],
  [{ temporaryBan: { code: 106 } }, 402],
  ['downgraded', 411],
  ['unknown-stream-error', 500],
  ['unavailable', 503],
  ['unavailable-failure', 503],
  ['restart', 515],
  ['stream-end', 428],
  ['close', 428],
  ['drop', 428],
  [{ failure: { reason: '499' } }, 499],
  [{ streamError: { code: '502', child: 'whatever' } }, 502],
];

test.each(CODES)('%j in an open session shows as %i', async (ending, code) => {
  const companion = await login().open();
  expect(simulator.faults.end(ending)).toBe(1);
  expect((await companion.closed()).code).toBe(code);
});

/** The same stanzas, met where success is expected. */
const AT_LOGIN: readonly Ending[] = [
  'replaced',
  'device-removed',
  'temporarily-banned',
  'outdated',
  'unavailable',
  'close',
];

test.each(CODES.filter(([ending]) => AT_LOGIN.includes(ending)))('%j at login shows as %i', async (ending, code) => {
  simulator.faults.endLogin(ending, { times: 1 });
  expect((await login().closed()).code).toBe(code);
});

test('a failure whose reason is no number leaves rc14 without a close event', async () => {
  const companion = await login().open();
  const errors = guard(companion);
  simulator.faults.end('reason-not-a-number' satisfies EndingName);
  await companion.until(
    () => companion.updates.some(({ connection }) => connection === 'close') || errors.length > 0,
    'an error',
  );
  expect(String(errors[0])).toContain('must be a number');
});

test('a temporary ban tells why and until when', async () => {
  simulator.phone(NUMBER).faults.refuseLogin({ reason: '402', attrs: { code: '104', expire: '120' }, times: 1 });
  expect((await login().closed()).data).toMatchObject({ reason: '402', code: '104', expire: '120' });
  await login().open();
});

test.each(BAN_CODES)('a ban for reason %i says so, and when it ends where WhatsApp knows', async (code) => {
  simulator.faults.endLogin({ temporaryBan: { code, expiresInSeconds: 7_200 } }, { times: 1 });
  const { data } = await login().closed();
  expect(data).toMatchObject({ reason: '402', code: code.toString(), expire: '7200' });
  simulator.faults.endLogin({ temporaryBan: { code } }, { times: 1 });
  expect((await login().closed()).data).not.toHaveProperty('expire');
});

test("an account's own ending spares the others", async () => {
  const other = await companions.pair(simulator, '628222222222');
  const companion = await login().open();
  expect(simulator.phone(NUMBER).faults.end('unavailable', { device: 9 })).toBe(0);
  expect(simulator.phone(NUMBER).faults.end('unavailable', { device: 1 })).toBe(1);
  expect((await companion.closed()).code).toBe(503);
  expect(other.updates.some(({ connection }) => connection === 'close')).toBe(false);
});
