import { expect, test } from '@jest/globals';
import {
  closed,
  given,
  linked,
  LOGGING_IN,
  NOW,
  NUMBER,
  ONLINE,
  PAIRING,
  SECOND,
} from '../../../test/transitions/states.js';
import { isLeftBehind } from './left-behind.js';
import type { Effect, SessionEvent } from './session-event.js';
import type { SessionState } from './session-state.js';
import { transition } from './transition.js';

const on = (state: SessionState, ...events: SessionEvent[]): SessionState =>
  events.reduce((before, event) => transition(before, event, NOW + SECOND).state, state);

const logout: SessionEvent = { type: 'logout' };
const later: SessionEvent = { type: 'leave-later' };
const pause: SessionEvent = { type: 'pause', by: 'Adi' };
const connect: SessionEvent = { type: 'connect', method: 'qr' };
const told = { type: 'parted', told: true, connection: 3 } as const;
const stranger = { type: 'opened', number: '628999999999', name: null, connection: 3 } as const;
const blocked = on(LOGGING_IN, closed({ kind: 'blocked', detail: '403' }));
const ranOut = (state: SessionState): SessionState => ({ ...state, phase: { name: 'expired', method: 'qr' } });

const owed: Effect = { type: 'quarantine', owedInS: 1 };

/** Each ended a link, and setting it aside failed: nothing answered that it is. */
const LEFT: [string, SessionState, Effect][] = [
  ['a logout that WhatsApp heard', on(ONLINE, logout, told), owed],
  ['a logout that WhatsApp did not hear', on(LOGGING_IN, logout, later), owed],
  ['a logout, then a pause', on(ONLINE, logout, pause), owed],
  ['a logout, then a new link that nobody scanned', ranOut(on(ONLINE, logout, connect)), owed],
  ['a link to a phone that is not the outlet’s', on(LOGGING_IN, stranger), owed],
  ['a link that WhatsApp ended', on(ONLINE, closed({ kind: 'logged-out' })), { type: 'quarantine' }],
  ['a dead link, then a new one that nobody scanned', ranOut(on(blocked, connect)), { type: 'quarantine' }],
];

test.each(LEFT)('what could not be set aside is, once the store is back: %s', (_, state, effect) => {
  expect(isLeftBehind(state)).toBe(true);
  const again = transition(state, { type: 'store-back' }, NOW + 2 * SECOND);
  expect(again.effects).toEqual([effect]);
  // Until that worked as well.
  expect(isLeftBehind(again.state)).toBe(true);
  const done = on(again.state, { type: 'set-aside' });
  expect(isLeftBehind(done)).toBe(false);
  expect(transition(done, { type: 'store-back' }, NOW + 3 * SECOND).effects).toEqual([]);
});

test.each<[string, SessionState]>([
  ['a link that is in use', ONLINE],
  ['a logout that is still being told', on(ONLINE, logout)],
  ['a new link in the making', { ...PAIRING, leaving: true }],
  ['one whose phone was found', linked({ name: 'linking', until: NOW + SECOND }, { leaving: true })],
  ['one that waits for a passkey', on({ ...PAIRING, leaving: true }, { type: 'passkey-demanded', connection: 3 })],
  ['an outlet that was never linked', given({ name: 'resting', code: 'NEVER_LINKED' })],
])('nothing is set aside of %s', (_, state) => {
  expect(isLeftBehind(state)).toBe(false);
  expect(transition(state, { type: 'store-back' }, NOW + 2 * SECOND).effects).toEqual([]);
});

test('what was told of the ending stays as it was', () => {
  const state = on(ONLINE, logout, told);
  const again = transition(state, { type: 'store-back' }, NOW + 2 * SECOND).state;
  expect(again).toEqual(state);
  expect(again.lastEnding?.number).toBe(NUMBER);
});
