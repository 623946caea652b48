import { describe, expect, test } from '@jest/globals';
import {
  given,
  linked,
  lost,
  closed,
  LOGGING_IN,
  MINUTE,
  NOW,
  ONLINE,
  SECOND,
} from '../../../test/transitions/states.js';
import type { CloseCause } from './close-cause.js';
import { inStep } from './in-step.js';
import { wakeAt } from './on-tick.js';
import type { SessionEvent } from './session-event.js';
import { toRecord } from './session-record.js';
import type { SessionState } from './session-state.js';
import { beginning, transition } from './transition.js';

const HOUR = 60 * MINUTE;
const STEPS = [-48 * HOUR, -8 * HOUR, -90 * SECOND, -SECOND, SECOND, 90 * SECOND, 8 * HOUR, 48 * HOUR];

const on = (state: SessionState, event: SessionEvent, now = NOW): SessionState => transition(state, event, now).state;
/** A link that did not hold is not opened again at once. */
const UNPROVED = { ...ONLINE, failures: 5, phase: { name: 'online', openedAt: NOW } } as const;
const unreachable = on(LOGGING_IN, lost);
const told = (cause: CloseCause): SessionState => on(ONLINE, closed(cause));
const restricted = told({ kind: 'restricted', seconds: 4 * 3_600, detail: '101' });

/** Every state that promises a retry. */
const WAITS: [string, SessionState][] = [
  ['a link that dropped', on(UNPROVED, lost)],
  ['WhatsApp that is not reached', unreachable],
  ['WhatsApp that asks for patience', told({ kind: 'unavailable', detail: '503' })],
  ['a restart', on(UNPROVED, closed({ kind: 'restart' }))],
  ['a database that is away', on({ ...ONLINE, failures: 9 }, { type: 'store-lost' })],
  [
    'a turn that is waited for',
    on({ ...unreachable, opens: { spent: 12, at: NOW, allowance: 12 }, phase: ONLINE.phase }, { type: 'proof-failed' }),
  ],
  ['a link that another client took', told({ kind: 'replaced' })],
  ['a client that is too old', told({ kind: 'outdated' })],
  ['a restriction', restricted],
];

const leftOf = (state: SessionState, now: number): number => (toRecord(state).nextRetryAt ?? NaN) - now - state.skew;
/** By time itself: when it is woken up, and tries. */
const triesIn = (state: SessionState, now: number): number => {
  const due = wakeAt(state) ?? NaN;
  expect(transition(state, { type: 'tick' }, due - 1).effects.map(({ type }) => type)).not.toContain('open');
  expect(transition(state, { type: 'tick' }, due + 1).effects.map(({ type }) => type)).toContain('open');
  return due - now;
};

/** The state after the process that wrote it ended and another one found its row. */
function restarted(state: SessionState, skew: number, now: number): SessionState {
  const record = toRecord(state);
  const { outletId, outlet, linkedNumber, sessionName, lastSeen, linkedAt } = state;
  const { lastEnding, everLinked } = record;
  const found = {
    outletId,
    outlet,
    linkedNumber,
    sessionName,
    lastSeen,
    linkedAt,
    lastEnding,
    everLinked,
    seed: 1,
    skew,
  };
  return on(beginning(found), { type: 'restore', record }, now);
}

test('each reason that may promise a retry is among those that are tried', () => {
  const codes = WAITS.map(([, state]) => toRecord(state).reason);
  expect(new Set(codes)).toEqual(
    new Set([
      'RECONNECTING',
      'WHATSAPP_UNREACHABLE',
      'STORE_DOWN',
      'WAITING_TURN',
      'REPLACED',
      'OUTDATED',
      'RESTRICTED',
    ]),
  );
  for (const [, state] of WAITS) expect(leftOf(state, NOW)).toBeGreaterThan(0);
});

describe.each(WAITS)('the wait for %s takes as long as it takes', (_, state) => {
  /** WhatsApp's own goes on while this machine sleeps, which looks like a clock that is set ahead. */
  const isEarlier = (by: number): number => (state === restricted && by > 0 ? by : 0);
  const wait = triesIn(state, NOW);
  const passed = Math.min(SECOND, wait / 2);

  test.each(STEPS)('and a clock set by %i ms in the middle', (by) => {
    const now = NOW + passed;
    const after = on(inStep(state, by), { type: 'tick' }, now);
    if (isEarlier(by) >= wait - passed) return expect(toRecord(after).reason).toBe('RECONNECTING');
    const left = wait - passed - isEarlier(by);
    expect(triesIn(after, now)).toBeCloseTo(left, 0);
    expect(leftOf(after, now)).toBeCloseTo(left, -1);
    const { until } = toRecord(after).params;
    if (until) expect(Date.parse(until) - now - by).toBeCloseTo(left, -1);
  });

  test('and a clock that is set back and forth', () => {
    const there = on(inStep(state, -8 * HOUR), { type: 'tick' }, NOW);
    const back = on(inStep(there, 0), { type: 'tick' }, NOW);
    if (isEarlier(1)) return expect(toRecord(back).reason).toBe('RECONNECTING');
    expect(triesIn(back, NOW)).toBeCloseTo(wait, 0);
  });

  test.each(STEPS.filter((by) => by < 0))('and a clock set by %i ms while nothing ran', (by) => {
    const after = restarted(state, by, NOW);
    if (toRecord(after).nextRetryAt === null) return expect(after.phase.name).toBe('opening');
    expect(triesIn(after, NOW)).toBeLessThanOrEqual(wait + 1);
    expect(leftOf(after, NOW)).toBeLessThanOrEqual(wait + 1);
  });
});

test.each([-48 * HOUR, -8 * HOUR])('what a person overrode stays so, also by a clock set by %i ms', (by) => {
  const later = NOW + MINUTE;
  const pressed = on(told({ kind: 'outdated' }), { type: 'connect', method: 'qr' }, later);
  expect(pressed.phase.name).toBe('opening');
  expect(restarted(inStep(pressed, by), by, later).phase.name).toBe('opening');
  expect(restarted(pressed, by, later).phase.name).toBe('opening');
});

test('a process that finds a row takes its instants as they are, however far its clock is from time itself', () => {
  const found = restarted(inStep(restricted, 8 * HOUR), 0, NOW + MINUTE);
  expect(leftOf(found, NOW + MINUTE)).toBeCloseTo(4 * HOUR - MINUTE, -1);
  const slept = restarted(told({ kind: 'outdated' }), 8 * HOUR, NOW);
  expect(slept.phase.name).toBe('opening');
});

test.each(STEPS)('the limit of codes is told as it is, by a clock set by %i ms', (by) => {
  const refused = given({ name: 'resting', code: 'NEVER_LINKED' });
  const limited = { ...refused, codeRefused: { code: 'PAIRING_CODE_LIMITED', retryAt: NOW + HOUR } as const };
  const left = inStep(limited, by).codeRefused!.retryAt! - NOW - by;
  expect(left).toBe(by > 0 ? HOUR - by : HOUR);
});

describe.each<[string, number, string]>([
  ['two minutes', 2 * MINUTE, 'REMOVED_BY_WHATSAPP'],
  ['eleven minutes', 11 * MINUTE, 'LOGGED_OUT'],
])('who ended a link that was made %s ago', (_, age, reason) => {
  const made = { ...ONLINE, linkedAt: NOW - age };
  const ended = (state: SessionState) => toRecord(on(state, closed({ kind: 'logged-out' }))).reason;

  test.each([0, 11 * MINUTE, ...STEPS])('does not hang on a clock set by %i ms since', (by) => {
    expect(ended(inStep(made, by))).toBe(reason);
    expect(ended(inStep(inStep(made, by), -by / 2))).toBe(reason);
  });
});

test('nothing that has no wait of its own moves', () => {
  const blocked = told({ kind: 'blocked', detail: '403' });
  expect({ ...inStep(blocked, -8 * HOUR), skew: 0 }).toEqual(blocked);
  const resting = linked({ name: 'resting', code: 'AUTO_RECONNECT_OFF' });
  expect({ ...inStep(resting, 8 * HOUR), skew: 0 }).toEqual(resting);
});
