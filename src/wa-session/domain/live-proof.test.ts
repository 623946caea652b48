import { expect, test } from '@jest/globals';
import { healthCriteria, isHealthy, liveStatus, maxSilence, type LiveProof } from './live-proof.js';
import { toRecord } from './session-record.js';
import { beginning } from './transition.js';

const LIMIT = 35_000;
const proven: LiveProof = {
  status: 'CONNECTED',
  qrShown: false,
  name: 'Toko',
  inMemory: true,
  websocketOpen: true,
  userPresent: true,
  silentForMs: 100,
};

const outlet = { name: 'x', number: '6281234567890', isActive: true, autoReconnect: true, city: null, tags: [] };
const offline = toRecord(
  beginning({ outletId: 'o', outlet, linkedNumber: null, linkedAt: null, sessionName: null, lastSeen: null, seed: 1 }),
);
const connected = { ...offline, status: 'CONNECTED', reason: null } as const;

test('a proven socket is connected', () => {
  expect(liveStatus(proven, LIMIT)).toBe('CONNECTED');
});

test.each<[string, Partial<LiveProof>]>([
  ['no socket in memory', { inMemory: false }],
  ['a closed websocket', { websocketOpen: false }],
  ['no user', { userPresent: false }],
  ['silence longer than keep-alive allows', { silentForMs: LIMIT + 1 }],
  ['no word at all', { silentForMs: null }],
])('%s is not connected, whatever the session believes', (_, lack) => {
  expect(liveStatus({ ...proven, ...lack }, LIMIT)).toBe('CONNECTING');
});

test('a session that is not connected stays what it is, however open its socket', () => {
  expect(liveStatus({ ...proven, status: 'PAUSED' }, LIMIT)).toBe('PAUSED');
});

test('healthy only where all five criteria hold', () => {
  expect(isHealthy(healthCriteria(connected, proven, true, LIMIT))).toBe(true);
  expect(isHealthy(healthCriteria(offline, proven, true, LIMIT))).toBe(false);
  expect(isHealthy(healthCriteria(connected, { ...proven, silentForMs: LIMIT + 1 }, true, LIMIT))).toBe(false);
  expect(isHealthy(healthCriteria(connected, { ...proven, websocketOpen: false }, true, LIMIT))).toBe(false);
  expect(isHealthy(healthCriteria(connected, { ...proven, userPresent: false }, true, LIMIT))).toBe(false);
  expect(isHealthy(healthCriteria(connected, proven, false, LIMIT))).toBe(false);
});

test('the silence allowed is the keep-alive and some time to answer', () => {
  expect(maxSilence(25_000)).toBe(35_000);
  expect(maxSilence(1_000)).toBe(3_000);
});
