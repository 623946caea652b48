import { beforeAll, expect, test } from '@jest/globals';
import { DEFAULT_CONNECTION_CONFIG } from '@whiskeysockets/baileys';
import { beginAtOnce } from '../../../../test/support/signal-parties.js';
import { undoFailedTrials } from './failed-trials.js';
import { silenceSignalConsole } from './quiet-console.js';

const bare = DEFAULT_CONNECTION_CONFIG.makeSignalRepository;

beforeAll(() => silenceSignalConsole());

// In this order: what is installed stays.
test('with bare libsignal, who begin to write to each other at once cannot read each other', async () => {
  await expect(beginAtOnce(bare)).rejects.toThrow();
});

test('patched they read each other from the first message on', async () => {
  undoFailedTrials();
  expect(await beginAtOnce(bare)).toEqual(['Promo!', 'Buka?', 'Halo?', 'Buka.']);
});
