import { expect, test } from '@jest/globals';
import { healthCriteria, isHeard, isHealthy, liveStatus, maxSilence, type LiveProof } from './live-proof.js';
import { toRecord } from './session-record.js';
import { beginning } from './transition.js';

const proven: LiveProof = {
  status: 'CONNECTED',
  qrShown: false,
  name: 'Toko',
  inMemory: true,
  websocketOpen: true,
  userPresent: true,
  heard: true,
};

const outlet = { name: 'x', number: '6281234567890', isActive: true, autoReconnect: true, city: null, tags: [] };
const offline = toRecord(
  beginning({ outletId: 'o', outlet, linkedNumber: null, linkedAt: null, sessionName: null, lastSeen: null, seed: 1 }),
);
const connected = { ...offline, status: 'CONNECTED', reason: null } as const;

test('a proven socket is connected', () => {
  expect(liveStatus(proven)).toBe('CONNECTED');
});

test.each<[string, Partial<LiveProof>]>([
  ['no socket in memory', { inMemory: false }],
  ['a closed websocket', { websocketOpen: false }],
  ['no user', { userPresent: false }],
  ['silence longer than keep-alive allows', { heard: false }],
])('%s is not connected, whatever the session believes', (_, lack) => {
  expect(liveStatus({ ...proven, ...lack })).toBe('CONNECTING');
});

test('a session that is not connected stays what it is, however open its socket', () => {
  expect(liveStatus({ ...proven, status: 'PAUSED' })).toBe('PAUSED');
});

test('healthy only where all five criteria hold', () => {
  expect(isHealthy(healthCriteria(connected, proven, true))).toBe(true);
  expect(isHealthy(healthCriteria(offline, proven, true))).toBe(false);
  expect(isHealthy(healthCriteria(connected, { ...proven, heard: false }, true))).toBe(false);
  expect(isHealthy(healthCriteria(connected, { ...proven, websocketOpen: false }, true))).toBe(false);
  expect(isHealthy(healthCriteria(connected, { ...proven, userPresent: false }, true))).toBe(false);
  expect(isHealthy(healthCriteria(connected, proven, false))).toBe(false);
});

test('the silence allowed is the keep-alive and some time to answer', () => {
  expect(maxSilence(25_000)).toBe(35_000);
  expect(maxSilence(1_000)).toBe(3_000);
});

test.each<[number | null, boolean]>([
  [0, true],
  [35_000, true],
  [35_001, false],
  [null, false],
])('a silence of %p ms where 35 s are allowed: heard %p', (silentForMs, heard) => {
  expect(isHeard(silentForMs, 35_000)).toBe(heard);
});
