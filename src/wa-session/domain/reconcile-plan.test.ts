import { expect, test } from '@jest/globals';
import type { LiveProof } from './live-proof.js';
import { planReconcile, type Compared } from './reconcile-plan.js';
import { toRecord, type SessionRecord } from './session-record.js';
import type { OutletSettings } from './session-state.js';
import { beginning } from './transition.js';

const outlet: OutletSettings = {
  name: 'Jakarta',
  number: '6281234567890',
  isActive: true,
  autoReconnect: true,
  city: 'Jakarta',
  tags: ['mall', 'drive-thru'],
};
const resting = toRecord(
  beginning({ outletId: 'o', outlet, linkedNumber: null, linkedAt: null, sessionName: null, lastSeen: null, seed: 1 }),
);
const connected: SessionRecord = { ...resting, status: 'CONNECTED', reason: null, connectedAt: 1, lastSeen: 5 };
const proof: LiveProof = {
  status: 'CONNECTED',
  qrShown: false,
  name: null,
  inMemory: true,
  websocketOpen: true,
  userPresent: true,
  heard: true,
};

const compare = (over: {
  stored?: SessionRecord | null;
  live?: SessionRecord;
  proof?: LiveProof;
  storedOutlet?: OutletSettings;
}): Compared => ({
  outletId: 'o',
  outlet: { stored: over.storedOutlet ?? outlet, live: outlet },
  record: { stored: over.stored === undefined ? connected : over.stored, live: over.live ?? connected },
  proof: over.proof ?? proof,
});
const plan = (over: Parameters<typeof compare>[0]) => planReconcile([compare(over)]);

test('nothing to mend where both agree', () => {
  expect(plan({})).toEqual([]);
});

test('evidence of life ticks on without being drift', () => {
  expect(plan({ stored: { ...connected, lastSeen: 1 } })).toEqual([]);
});

test('a link that is to be left must be in the row; that one was left is no reason to write', () => {
  expect(plan({ stored: { ...connected, leaving: true } })).toEqual([]);
  expect(plan({ live: { ...connected, leaving: true } })).toHaveLength(1);
});

test('jsonb keeps keys in its own order, which is no drift', () => {
  const paused: SessionRecord = { ...resting, status: 'PAUSED', reason: 'PAUSED_BY', params: { by: 'Adi', at: 'x' } };
  expect(
    plan({
      live: paused,
      stored: { ...paused, params: { at: 'x', by: 'Adi' } },
      proof: { ...proof, status: 'PAUSED' },
    }),
  ).toEqual([]);
});

test.each<[string, Partial<SessionRecord>]>([
  ['status', { status: 'DISCONNECTED' }],
  ['reason', { reason: 'BLOCKED' }],
  ['retry count', { retryCount: 7 }],
  ['device name', { sessionName: 'someone' }],
  ['connected at', { connectedAt: 99 }],
])('a row whose %s was edited follows the session', (_, edit) => {
  const stored = { ...connected, ...edit };
  expect(plan({ stored })).toEqual([{ outletId: 'o', type: 'drift-found', found: stored.status }]);
});

test('a deleted row is written again', () => {
  expect(plan({ stored: null })).toEqual([{ outletId: 'o', type: 'drift-found', found: 'DISCONNECTED' }]);
});

test('a socket that proves nothing is replaced rather than believed', () => {
  expect(plan({ proof: { ...proof, heard: false } })).toEqual([{ outletId: 'o', type: 'proof-failed' }]);
});

test('settings edited in SQL reach the session', () => {
  const storedOutlet = { ...outlet, autoReconnect: false };
  expect(plan({ storedOutlet })).toEqual([{ outletId: 'o', type: 'settings-changed', outlet: storedOutlet }]);
});

test.each<[string, Partial<OutletSettings>]>([
  ['name', { name: 'Jakarta Pusat' }],
  ['city', { city: null }],
  ['tags', { tags: ['mall'] }],
  ['order of tags', { tags: ['drive-thru', 'mall'] }],
])('a changed %s is told too', (_, edit) => {
  const storedOutlet = { ...outlet, ...edit };
  expect(plan({ storedOutlet })).toEqual([{ outletId: 'o', type: 'settings-changed', outlet: storedOutlet }]);
});

test('settings read again are no change', () => {
  expect(plan({ storedOutlet: structuredClone(outlet) })).toEqual([]);
});
