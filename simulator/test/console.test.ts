import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { muteSessionRecords } from '../src/crypto/mute-session-records.js';
import { type Simulator, startSimulator } from '../src/simulator.js';
import { Companions } from './companion.js';

const printed: unknown[][] = [];
const companions = new Companions();
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(async () => {
  await companions.stop();
  await simulator.stop();
});

/** A console that keeps what reaches it, muted like the real one. */
function listener(): Console {
  const keep = (...args: unknown[]) => void printed.push(args);
  const target = { log: keep, info: keep, warn: keep, error: keep, debug: keep } as unknown as Console;
  muteSessionRecords(target);
  return target;
}

test('session records, which hold private keys, do not reach the console; other lines do', () => {
  const target = listener();
  muteSessionRecords(target);
  target.info('Closing session:', { privKey: 'secret' });
  target.error('Failed to decrypt message with any known session...');
  target.error('Session error:Error: Bad MAC', 'stack');
  target.info('listening', 4);
  target.error(new Error('mine'));
  expect(printed).toEqual([['listening', 4], [new Error('mine')]]);
});

test('retries, replaced sessions and failed decryptions print nothing', async () => {
  const { log, info, warn, error } = console;
  const lines: unknown[][] = [];
  const keep = (...args: unknown[]) => void lines.push(args);
  Object.assign(console, { log: keep, info: keep, warn: keep, error: keep });
  // muted again, over the spies
  delete (console as unknown as Record<symbol, unknown>)[Symbol.for('koneksi.session-records-muted')];
  muteSessionRecords();
  try {
    const companion = await companions.pair(simulator, '628111111111');
    const phone = simulator.phone('628222222222');
    await companion.status(await companion.send('628222222222@s.whatsapp.net', 'one'), 3);
    phone.faults.loseSession({ times: 2 });
    await companion.status(await companion.send('628222222222@s.whatsapp.net', 'two'), 3);
  } finally {
    Object.assign(console, { log, info, warn, error });
  }
  expect(lines).toEqual([]);
});
