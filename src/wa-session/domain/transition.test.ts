import { describe, expect, test } from '@jest/globals';
import { CODES } from '../../../test/transitions/codes.js';
import { ENDINGS } from '../../../test/transitions/endings.js';
import { LINKS } from '../../../test/transitions/linking.js';
import { RESTARTS } from '../../../test/transitions/restarts.js';
import { CLOCK } from '../../../test/transitions/time-and-truth.js';
import { VERBS } from '../../../test/transitions/verbs.js';
import { NOW, base, given, ONLINE, PAUSED, INACTIVE, type Row } from '../../../test/transitions/states.js';
import type { SessionEvent } from './session-event.js';
import { toRecord } from './session-record.js';
import type { SessionState } from './session-state.js';
import { transition } from './transition.js';

describe.each([
  ['endings', ENDINGS],
  ['verbs', VERBS],
  ['linking', LINKS],
  ['codes', CODES],
  ['time and truth', CLOCK],
  ['restarts', RESTARTS],
] as const)('%s', (_, rows) => {
  test.each([...rows])('$name', ({ from, on, status, reason, effects, retryWithin }: Row) => {
    const { state, effects: done } = transition(from, on, NOW);
    const told = toRecord(state);
    expect([told.status, told.reason, done.map((effect) => effect.type)]).toEqual([status, reason, effects]);
    if (retryWithin === null) expect(told.nextRetryAt).toBeNull();
    if (retryWithin) {
      const wait = (told.nextRetryAt ?? NaN) - NOW;
      expect(wait).toBeGreaterThanOrEqual(retryWithin[0]);
      expect(wait).toBeLessThanOrEqual(retryWithin[1]);
    }
  });
});

test.each([
  ['OUTLET_PAUSED', PAUSED, 'qr'],
  ['OUTLET_INACTIVE', INACTIVE, 'qr'],
  ['ALREADY_LINKED', ONLINE, 'pairing-code'],
] as const)('connect is refused with %s, and nothing moves', (refusal, from, method) => {
  const outcome = transition(from, { type: 'connect', method }, NOW);
  expect(outcome).toEqual({ state: from, effects: [], refusal });
});

test('the row never holds the QR or the pairing code', () => {
  const shown = given({
    name: 'pairing',
    method: 'pairing-code',
    qr: { text: 'CANARY-QR', expiresAt: NOW },
    asked: false,
    pairingCode: { text: 'CANARYPC', expiresAt: NOW },
    endsAt: NOW,
  });
  const row = JSON.stringify(toRecord(shown));
  expect(row).not.toContain('CANARY');
  expect(toRecord(shown).qrShown).toBe(true);
});

test('whatever arrives in whatever order, no event leaves the machine without a status or with two sockets', () => {
  const events = [...ENDINGS, ...VERBS, ...LINKS, ...CODES, ...CLOCK, ...RESTARTS].map((row) => row.on);
  let state: SessionState = base;
  let seed = 42;
  let now = NOW;
  for (let step = 0; step < 20_000; step++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    now += seed % 5_000;
    const event = events[seed % events.length] as SessionEvent;
    const current = 'connection' in event && step % 3 ? { ...event, connection: state.connection } : event;
    const outcome = transition(state, current, now);
    const opened = outcome.effects.filter((effect) => effect.type === 'open');
    expect(opened.length).toBeLessThanOrEqual(1);
    for (const effect of opened) expect(effect).toMatchObject({ connection: outcome.state.connection });
    expect(outcome.state.connection).toBeGreaterThanOrEqual(state.connection);
    toRecord(outcome.state);
    state = outcome.state;
  }
});
