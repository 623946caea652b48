import { describe, expect, test } from '@jest/globals';
import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import { base, MINUTE, NOW, NUMBER } from '../../../test/transitions/states.js';
import { inStep } from './in-step.js';
import { isPhoneToBeAsked } from './phone-silence.js';
import type { ConnectionEvent, SessionEvent } from './session-event.js';
import { toRecord } from './session-record.js';
import type { SessionState } from './session-state.js';
import { beginning, transition } from './transition.js';

type Said = ConnectionEvent extends infer Event ? (Event extends unknown ? Omit<Event, 'connection'> : never) : never;
type Do = (state: SessionState) => SessionState;

const DAY = 24 * 60 * MINUTE;
let now = NOW;
let skew = 0;

const all =
  (...steps: Do[]): Do =>
  (state) =>
    steps.reduce((reached, step) => step(reached), state);
/** As the session does it: by the clock as it is, and with what the socket heard last. */
const on =
  (event: SessionEvent): Do =>
  (found) => {
    const state = inStep(found, skew);
    const isOnline = state.phase.name === 'online';
    const lastSeen = isOnline ? Math.max(now + skew, state.lastSeen ?? 0) : state.lastSeen;
    return transition({ ...state, lastSeen }, event, now).state;
  };
const say =
  (event: Said): Do =>
  (state) =>
    on({ ...event, connection: state.connection })(state);
const tick = on({ type: 'tick' });
const days =
  (count: number): Do =>
  (state) => {
    now += count * DAY;
    return tick(state);
  };
const clock =
  (by: number): Do =>
  (state) => {
    skew += by * DAY;
    return tick(state);
  };
/** Nothing runs for so long, and the clock says by how much. */
const off =
  (count: number, by = 0): Do =>
  (state) => {
    const record = JSON.parse(JSON.stringify(toRecord(tick(state)))) as ReturnType<typeof toRecord>;
    now += count * DAY;
    skew += by * DAY;
    const { outletId, outlet, linkedNumber, linkedAt, sessionName } = state;
    const { lastSeen, lastEnding, everLinked, tries, phoneSeenAt, listeningSince } = record;
    const row = { lastSeen, lastEnding, everLinked, tries, facts: { phoneSeenAt, listeningSince } };
    const found = beginning({ outletId, outlet, linkedNumber, linkedAt, sessionName, ...row, seed: 3, skew });
    return on({ type: 'restore', record })(found);
  };
const pause = on({ type: 'pause', by: 'Adi' });
const resume = on({ type: 'resume' });
const set = (isActive: boolean): Do => on({ type: 'settings-changed', outlet: { ...base.outlet, isActive } });
const paired: Do = all(
  on({ type: 'connect', method: 'qr' }),
  say({ type: 'qr', text: 'x', lifetimeMs: MINUTE, roundMs: 3 * MINUTE }),
  say({ type: 'paired', link: 'new', number: NUMBER, name: null }),
  say({ type: 'closed', cause: { kind: 'restart' } }),
);
const opened = say({ type: 'opened', number: NUMBER, name: null });
const linked = all(paired, opened);
const sign: Do = (state) => say({ type: 'phone-seen', at: now + skew })(state);
const lost = say({ type: 'closed', cause: { kind: 'lost', detail: '428' } });
const loggedOut = say({ type: 'closed', cause: { kind: 'logged-out' } });

const after = (history: Do): SessionState => {
  [now, skew] = [NOW, 0];
  return history(on({ type: 'restore', record: null })(base));
};
const levels = (state: SessionState) =>
  toRecord(state).warnings.flatMap(({ code, level }) => (code === 'PHONE_NOT_SEEN' ? [level] : []));

describe.each<[string, Do, ReasonCode]>([
  ['was listened for all the while', all(linked, days(14)), 'PHONE_AWAY'],
  ['was listened for until the line dropped', all(linked, days(14), lost, tick), 'PHONE_AWAY'],
  ['was listened for by one process after the other', all(linked, days(7), off(0.01), opened, days(7)), 'PHONE_AWAY'],
  ['was missed before the server went off', all(linked, days(12), off(3)), 'PHONE_AWAY'],
  ['was missed for less than that', all(linked, days(13.9)), 'LOGGED_OUT'],
  ['may have been online through a pause', all(linked, pause, days(20), resume), 'LOGGED_OUT'],
  ['may have been online through a pause later on', all(linked, days(3), pause, days(12), resume), 'LOGGED_OUT'],
  [
    'may have been online through two pauses',
    all(linked, pause, days(9), resume, opened, pause, days(9), resume),
    'LOGGED_OUT',
  ],
  ['may have been online while the outlet was inactive', all(linked, set(false), days(20), set(true)), 'LOGGED_OUT'],
  ['may have been online while the server was off', all(linked, off(15)), 'LOGGED_OUT'],
  ['may have been online while the server was off, by its clock alone', all(linked, off(0, 15)), 'LOGGED_OUT'],
  ['may have been online before we came back', all(linked, off(13), opened, days(2)), 'LOGGED_OUT'],
  ['is missed since long after we came back', all(linked, off(13), opened, days(14)), 'PHONE_AWAY'],
  ['may have been online while this machine slept', all(linked, days(1), clock(20)), 'LOGGED_OUT'],
  ['was never heard of by a link that never was online', all(paired, off(20)), 'LOGGED_OUT'],
  ['was missed before thirty idle days of our own', all(linked, days(12), pause, days(31), resume), 'LOGGED_OUT'],
  ['was missed by a clock that was set back', all(linked, days(2), clock(-30)), 'LOGGED_OUT'],
  [
    'was missed through a clock that was set back and forth',
    all(linked, clock(-30), days(14), clock(30)),
    'PHONE_AWAY',
  ],
])('a link that ends whose phone %s', (_, history, reason) => {
  test(`is told as ${reason}`, () => expect(toRecord(after(all(history, loggedOut))).reason).toBe(reason));
});

test.each<[string, Do, string[]]>([
  ['10 days of listening', all(linked, days(10)), ['warning']],
  ['12 days of listening', all(linked, days(12)), ['problem']],
  ['12 days of listening, and a line that dropped', all(linked, days(12), lost), ['problem']],
  ['12 days of listening and a restart', all(linked, days(12), off(0.01), opened), ['problem']],
  ['12 days of a pause', all(linked, pause, days(12)), []],
  ['12 days of a pause, and back', all(linked, pause, days(12), resume, opened), []],
  ['12 days of a pause, and not back yet', all(linked, pause, days(12), resume), []],
  ['12 days of being inactive', all(linked, set(false), days(12)), []],
  ['12 days without a server', all(linked, off(12), opened), []],
  ['12 days of listening, and a pause', all(linked, days(12), pause), []],
  ['12 days of listening, and a short pause', all(linked, days(12), pause, days(0.1), resume, opened), ['problem']],
  ['9 days of listening, and 3 of a line that is down', all(linked, days(9), lost, days(3)), []],
  ['12 days of sleep', all(linked, clock(12)), []],
  ['a clock that was set back in between', all(linked, days(6), clock(-3), days(6)), ['problem']],
])('after %s the warnings of the phone are %j', (_, history, told) => {
  expect(levels(after(history))).toEqual(told);
});

const day = (count: number): string => new Date(NOW + count * DAY).toISOString();
test.each<[string, Do, number]>([
  ['ten days of silence', all(linked, days(10)), 0],
  ['ten days after a pause', all(linked, days(1), pause, days(2), resume, opened, days(10)), 0],
  ['ten days after a server that was off', all(linked, off(13), opened, days(10)), 0],
  [
    'ten days after a server that was off, and a restart',
    all(linked, off(13), opened, days(5), off(0.01), opened, days(5)),
    0,
  ],
  [
    'a sign on day 3 and two pauses',
    all(linked, days(3), sign, pause, days(2), resume, opened, days(9), pause, days(2), resume, opened, days(10)),
    3,
  ],
])('after %s the day is told on which the phone was last heard of', (_, history, seen) => {
  const [warning] = toRecord(after(history)).warnings;
  expect(warning).toMatchObject({ code: 'PHONE_NOT_SEEN', since: day(seen), until: day(seen + 14) });
});

test.each<[string, number, number | null, number | null, boolean]>([
  ['8.9 days of silence', -8.9, null, null, false],
  ['9 days of silence, a day before anybody is warned', -9, null, null, true],
  ['10 days of silence, and asked on the day before', -10, null, -0.9, false],
  ['10 days of silence, and asked a day ago', -10, null, -1, true],
  ['10 days of silence, and asked by a clock that was set back since', -10, null, 3, true],
  ['12 days of which nobody listened to the first eleven', -12, -1, null, true],
  ['the same, and asked before', -12, -1, -11, true],
  ['the same, and asked after', -12, -1, -0.9, false],
  ['the same nine days on', -20, -9, -8.9, true],
  ['a sign since we listen again', -0.5, -1, null, false],
])('whether the phone is asked after %s', (_, seen, listening, asked, isAsked) => {
  const at = (count: number | null): number | null => (count === null ? null : NOW + count * DAY);
  expect(isPhoneToBeAsked({ phoneSeenAt: at(seen), listeningSince: at(listening) }, at(asked), NOW)).toBe(isAsked);
});

test('a phone that answers when it is asked is never told to be away', () => {
  let state = after(linked);
  for (let round = 0; round < 60 * 24; round++) {
    const { facts } = state;
    if (isPhoneToBeAsked(facts, null, now + skew)) state = sign(state);
    state = days(1 / 24)(state);
    expect(levels(state)).toEqual([]);
  }
});
