import { describe, expect, test } from '@jest/globals';
import {
  NOW,
  NUMBER,
  MINUTE,
  ONLINE,
  PAIRING,
  NEVER_LINKED,
  LOGGED_OUT,
  closed,
  lost,
} from '../../../test/transitions/states.js';
import { wakeAt } from './on-tick.js';
import type { SessionEvent } from './session-event.js';
import { toRecord } from './session-record.js';
import type { SessionState } from './session-state.js';
import { transition } from './transition.js';

test('a sign of the phone from before the clock was set back counts from now', () => {
  const seen = { ...ONLINE, facts: { ...ONLINE.facts, phoneSeenAt: NOW + 40 * 24 * 60 * MINUTE } };
  const after = transition(seen, { type: 'tick' }, NOW).state;
  expect(toRecord(after).phoneSeenAt).toBe(NOW);
  const later = NOW + 11 * 24 * 60 * MINUTE;
  expect(toRecord(transition(after, { type: 'tick' }, later).state).warnings).toMatchObject([
    { code: 'PHONE_NOT_SEEN' },
  ]);
});

describe('an old client', () => {
  const old = NOW - 14 * 24 * 60 * MINUTE;
  const since = new Date(old).toISOString();
  const on = (state: SessionState, event: SessionEvent) => transition(state, event, NOW).state;
  const codes = (state: SessionState) => toRecord(state).warnings.map(({ code }) => code);

  test.each([
    ['never linked', NEVER_LINKED],
    ['online', ONLINE],
  ])('is told of an outlet that is %s, and no more once WhatsApp told a version', (_, state) => {
    const warned = on(state, { type: 'client-known', at: old });
    expect(codes(warned)).toContain('CLIENT_OLD');
    expect(codes(on(warned, { type: 'client-known', at: NOW }))).not.toContain('CLIENT_OLD');
  });

  test('may be why nothing was heard of a phone', () => {
    const shown = on(PAIRING, { type: 'client-known', at: old });
    const ended = on(shown, closed({ kind: 'refs-ended' }));
    expect(toRecord(ended)).toMatchObject({ reason: 'QR_EXPIRED', params: { clientSince: since } });
    expect(toRecord(on(PAIRING, closed({ kind: 'refs-ended' }))).params).toEqual({});
    // A day is no old age, and yet each attempt asks anew: WhatsApp's site did not answer before this one.
    const unasked = on(
      on(PAIRING, { type: 'client-known', at: NOW - 24 * 60 * MINUTE }),
      closed({ kind: 'refs-ended' }),
    );
    expect(toRecord(unasked).params).toEqual({ clientSince: new Date(NOW - 24 * 60 * MINUTE).toISOString() });
    expect(codes(unasked)).toEqual([]);
    const answered = on(unasked, { type: 'client-known', at: NOW });
    expect(toRecord(answered).params).toEqual({});
    const fresh = on(on(PAIRING, { type: 'client-known', at: NOW - 60 * MINUTE }), closed({ kind: 'refs-ended' }));
    expect(toRecord(fresh).params).toEqual({});
    // Where people fixed it nobody asks, whatever its age.
    const pinned = { ...PAIRING, facts: { ...PAIRING.facts, clientPinned: '2.3000.1' } };
    expect(toRecord(on(pinned, closed({ kind: 'refs-ended' })))).toMatchObject({
      reason: 'QR_EXPIRED',
      params: { pinned: '2.3000.1' },
    });
    const again = on(on(LOGGED_OUT, { type: 'client-known', at: old }), { type: 'connect', method: 'qr' });
    expect(toRecord(again).params).toEqual({});
  });

  test('outlives the link', () => {
    const paired = on(on(PAIRING, { type: 'client-known', at: old }), {
      type: 'paired',
      link: 'new',
      number: NUMBER,
      name: null,
      connection: 3,
    });
    expect(codes(paired)).toContain('CLIENT_OLD');
  });
});

describe('an outlet that keeps breaking', () => {
  const codes = (state: SessionState) => toRecord(state).warnings.map(({ code }) => code);
  /** Online again and again, each time until this happens. */
  const after = (times: number, event: SessionEvent): SessionState => {
    let state: SessionState = ONLINE;
    for (let nth = 0; nth < times; nth++)
      state = transition({ ...ONLINE, facts: state.facts }, event, NOW + nth * MINUTE).state;
    return state;
  };

  test('is told so from the fourth loss within a day on, also without a link, until a day has passed', () => {
    expect(codes(after(3, lost))).toEqual([]);
    const unstable = after(4, lost);
    expect(codes(unstable)).toEqual(['UNSTABLE']);
    expect(codes(transition({ ...unstable, linkedNumber: null }, { type: 'tick' }, NOW + MINUTE).state)).toEqual([
      'UNSTABLE',
    ]);
    expect(wakeAt({ ...ONLINE, facts: unstable.facts })).toBe(NOW + 24 * 60 * MINUTE);
    expect(codes(transition(unstable, { type: 'tick' }, NOW + 24 * 60 * MINUTE).state)).toEqual([]);
  });

  test.each<[string, SessionEvent]>([
    ['people pause', { type: 'pause', by: 'Ani' }],
    ['people log out', { type: 'logout' }],
    ['our own database is away from', { type: 'store-lost' }],
  ])('is none that %s', (_, event) => {
    expect(codes(after(5, event))).toEqual([]);
  });
});
