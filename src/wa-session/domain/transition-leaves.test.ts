import { describe, expect, test } from '@jest/globals';
import {
  ASKED,
  base,
  CODE,
  given,
  linked,
  LOGGING_IN,
  lost,
  MINUTE,
  NOW,
  NUMBER,
  ONLINE,
  PAIRING,
  SECOND,
} from '../../../test/transitions/states.js';
import type { CloseCause } from './close-cause.js';
import type { SessionEvent, Transition } from './session-event.js';
import { toRecord, type SessionRecord } from './session-record.js';
import type { SessionState } from './session-state.js';
import { beginning, transition } from './transition.js';

describe('a leave that is owed', () => {
  const number = '628999999999';
  const debt = { detail: 'phone not told', number };
  const strange = transition(LOGGING_IN, { type: 'opened', number, name: null, connection: 3 }, NOW).state;
  const told = (state: SessionState) => toRecord(state).params;
  const warned = (state: SessionState) =>
    toRecord(state).warnings.map(({ code, number: of }) => ({ code, number: of }));
  const on = (state: SessionState, event: SessionEvent) => transition(state, event, NOW + SECOND).state;

  test('is told once it could not be taken, and no more once it was', () => {
    expect(told(strange)).toEqual({ number });
    const owed = on(strange, { type: 'leave-owed', number });
    expect([told(owed), warned(owed)]).toEqual([debt, []]);
    expect(told(on(owed, { type: 'leave-taken', number }))).toEqual({ number });
  });

  test('is told by the first word after a restart', () => {
    const found = { ...base, lastEnding: strange.lastEnding, owed: [{ number, since: NOW }] };
    expect(told(on(found, { type: 'restore', record: toRecord(strange) }))).toEqual(debt);
  });

  test('is a warning wherever the reason tells of something else, until it is taken', () => {
    const parting = on(ONLINE, { type: 'logout' });
    const untold = on(parting, { type: 'parted', told: false, connection: parting.connection });
    expect(told(untold)).toEqual({ detail: 'phone not told', number: NUMBER });
    const pausing = on(parting, { type: 'pause', by: 'Adi' });
    const again = { ...untold, phase: ONLINE.phase, linkedNumber: NUMBER, connection: 9 };
    const lost = on(again, { type: 'closed', cause: { kind: 'lost', detail: '428' }, connection: 9 });
    for (const state of [again, lost, pausing]) {
      expect(warned(state)).toEqual([{ code: 'PHONE_NOT_TOLD', number: NUMBER }]);
      expect(warned(on(state, { type: 'leave-taken', number: NUMBER }))).toEqual([]);
    }
  });

  test('of another phone is no word of this link', () => {
    const owed = on(strange, { type: 'leave-owed', number: '628111' });
    expect([told(owed), warned(owed)]).toEqual([{ number }, [{ code: 'PHONE_NOT_TOLD', number: '628111' }]]);
  });

  test.each<[CloseCause, boolean]>([
    [{ kind: 'logged-out' }, false],
    // The account moved to another phone, or the token is none: no phone lists what nobody can log in with.
    [{ kind: 'blocked', detail: '403' }, false],
    [{ kind: 'misconfigured', detail: '413' }, false],
    [{ kind: 'misconfigured', detail: '415' }, false],
    [{ kind: 'misconfigured', detail: '409' }, true],
    // A ban may end, and its devices come back.
    [{ kind: 'banned', detail: '406' }, true],
    [{ kind: 'lost', detail: '428' }, true],
  ])('of a link that WhatsApp ended by %j: %s', (cause, isOwed) => {
    const parting = on(ONLINE, { type: 'logout' });
    const ended = on(parting, { type: 'closed', cause, connection: parting.connection });
    expect(told(ended)).toEqual(isOwed ? { detail: 'phone not told', number: NUMBER } : {});
    expect(ended.owed).toHaveLength(isOwed ? 1 : 0);
  });

  test('is told beside the QR of the next link', () => {
    const linkedBefore = linked(
      { name: 'parked', code: 'WRONG_NUMBER', params: {}, retryAt: null },
      { linkedNumber: number },
    );
    const connecting = on(linkedBefore, { type: 'connect', method: 'qr' });
    const { connection } = connecting;
    const shown = on(connecting, { type: 'qr', text: 'x', lifetimeMs: 60_000, roundMs: 160_000, connection });
    expect(told(shown)).toEqual({});
    const owed = on(shown, { type: 'leave-owed', number });
    expect(told(owed)).toEqual(debt);
    expect(told(on(owed, { type: 'leave-taken', number }))).toEqual({});
  });
});

test.each<[string, SessionState]>([
  ['shows a QR', PAIRING],
  ['asks for a code', ASKED],
  ['shows a code', CODE],
  [
    'connects',
    given({ name: 'opening', purpose: 'link', method: 'qr', code: 'PAIRING', detail: null, openBy: NOW + SECOND }),
  ],
  ['gave up', given({ name: 'expired', method: 'qr' })],
])('a try at a link that %s and is given up is owed to the phone that may just have said yes', (_, state) => {
  const { effects, state: after } = transition(state, { type: 'logout' }, NOW);
  expect(effects.at(-1)).toEqual({ type: 'quarantine', owedInS: 1 });
  // Which phone that is, if any, stands in the row alone.
  expect([after.owed, toRecord(after).params]).toEqual([[], {}]);
});

describe('a stranger’s phone that said yes', () => {
  const stranger = '628999999999';
  const LATER = NOW + 3 * MINUTE;
  const on = (state: SessionState, event: SessionEvent, now = NOW + SECOND) => transition(state, event, now);
  const killed = (state: SessionState, row = state, number = NUMBER): Transition => {
    const record = JSON.parse(JSON.stringify(toRecord(row))) as SessionRecord;
    const { linkedNumber, linkedAt } = state;
    const { lastSeen, lastEnding, everLinked, leaving } = record;
    const outlet = { ...base.outlet, number };
    const found = { outletId: 'o', outlet, linkedNumber, linkedAt, sessionName: null, owed: state.owed };
    return on(
      beginning({ ...found, lastSeen, lastEnding, everLinked, leaving, seed: 3 }),
      { type: 'restore', record },
      LATER,
    );
  };
  const yes = (from: SessionState) =>
    on(from, { type: 'paired', link: 'new', number: stranger, name: null, connection: 3 }, NOW).state;
  const first = yes(PAIRING);
  const again = yes({ ...PAIRING, everLinked: true, lastSeen: NOW - MINUTE });
  const dropped = on(again, lost).state;
  const pausing = (state: SessionState) => on(state, { type: 'pause', by: 'Adi' }).state;
  const sentAway = { type: 'quarantine', owedInS: 1 };

  test.each<[string, Transition]>([
    ['and the row does not say so', killed(first, PAIRING)],
    ['and the row says so', killed(first)],
    ['for an outlet that was linked before', killed(again)],
    ['for such an outlet, and the row does not say so', killed(again, { ...PAIRING, everLinked: true })],
    ['for such an outlet, and the line dropped', killed(dropped)],
    ['before a pause, without a kill', on(pausing(first), { type: 'resume' })],
    ['before a pause and a kill', on(killed(pausing(first)).state, { type: 'resume' })],
  ])('and never was online is left: %s', (_, { state, effects }) => {
    expect(effects[0]).toEqual(sentAway);
    expect(state.linkedNumber).toBeNull();
    expect(toRecord(state)).toMatchObject({ reason: 'WRONG_NUMBER', params: { number: stranger }, leaving: true });
    const owed = on(state, { type: 'leave-owed', number: stranger }).state;
    expect(toRecord(owed).params).toEqual({ detail: 'phone not told', number: stranger });
    const next = killed({ ...state, linkedNumber: stranger });
    expect(next.effects[0]).toEqual(sentAway);
    expect(toRecord(next.state)).toMatchObject({ reason: 'WRONG_NUMBER', params: { number: stranger } });
    const aside = on(state, { type: 'set-aside' }).state;
    expect(killed(aside).effects.map(({ type }) => type)).not.toContain('quarantine');
    expect(toRecord(killed(aside).state)).toMatchObject({ reason: 'WRONG_NUMBER', params: { number: stranger } });
  });

  const online = { ...ONLINE, everLinked: true, linkedAt: NOW - MINUTE, lastSeen: NOW };
  const set = (state: SessionState) =>
    on(state, { type: 'settings-changed', outlet: { ...base.outlet, number: stranger } }).state;
  test.each<[string, SessionState]>([
    ['and parked', killed(set(online), set(online), stranger).state],
    ['while nothing ran', killed(online, online, stranger).state],
    ['while nothing ran, of a line that was down', killed(on(online, lost).state, undefined, stranger).state],
  ])('a link that was online is kept when its outlet gets another number %s', (_, state) => {
    expect(state).toMatchObject({ linkedNumber: NUMBER, phase: { name: 'parked', code: 'WRONG_NUMBER' } });
  });
});
