import { describe, expect, test } from '@jest/globals';
import {
  NOW,
  NUMBER,
  SECOND,
  MINUTE,
  base,
  PAIRING,
  pairing,
  ASKED,
  CODE,
  closed,
  lost,
} from '../../../test/transitions/states.js';
import { codeOutcome, codeOverdue, toCodeChange } from './code-outcome.js';
import { inStep } from './in-step.js';
import { wakeAt } from './on-tick.js';
import type { SessionEvent, Transition } from './session-event.js';
import { toRecord, type SessionRecord } from './session-record.js';
import type { Phase, SessionState } from './session-state.js';
import { transition } from './transition.js';

test('words follow the method: who was shown a code is told of a code, also after a restart', () => {
  const byCode = { ...PAIRING, phase: { ...PAIRING.phase, method: 'pairing-code' } as Phase };
  expect(toRecord(byCode).params).toEqual({ method: 'pairing-code' });
  const ended = toRecord(transition(byCode, closed({ kind: 'refs-ended' }), NOW).state);
  expect(ended).toMatchObject({ reason: 'QR_EXPIRED', params: { method: 'pairing-code' } });
  expect(toRecord(transition(base, { type: 'restore', record: ended }, NOW).state)).toEqual(ended);
});

const OTHER = '6281299900001';
const refusedFor = (seconds: number | null) =>
  transition(ASKED, { type: 'code-refused', code: 'PAIRING_CODE_LIMITED', seconds, connection: 3 }, NOW).state;
const on = (state: SessionState, event: SessionEvent, now = NOW) => transition(state, event, now);
const press = (state: SessionState, now = NOW) => on(state, { type: 'connect', method: 'pairing-code' }, now);
const shown = (state: SessionState, now = NOW) =>
  on(state, { type: 'qr', text: 'x', lifetimeMs: MINUTE, roundMs: 3 * MINUTE, connection: state.connection }, now);
const renumbered = (state: SessionState, number: string) =>
  on(state, { type: 'settings-changed', outlet: { ...state.outlet, number } });
const asks = ({ effects }: Transition): boolean => effects.some(({ type }) => type === 'request-code');
const limitedUntil = (retryAt: number) => ({ kind: 'refused', code: 'PAIRING_CODE_LIMITED', retryAt });

test('a refused code is told with when to ask again', () => {
  expect(refusedFor(60).codeRefused).toEqual({ code: 'PAIRING_CODE_LIMITED', retryAt: NOW + MINUTE });
  const guessed = { code: 'PAIRING_CODE_LIMITED', retryAt: NOW + 60 * MINUTE, guessed: true };
  expect(refusedFor(null).codeRefused).toEqual(guessed);
});

test.each([
  [3_600, new Date(NOW + 60 * MINUTE).toISOString()],
  [null, null],
])('a limit of %p seconds is told as WhatsApp told it, by whoever tells it', (seconds, retryAt) => {
  const limited = refusedFor(seconds);
  const record = JSON.parse(JSON.stringify(toRecord(limited))) as SessionRecord;
  const killed = on({ ...base, tries: record.tries }, { type: 'restore', record }).state;
  const skew = -480 * MINUTE;
  for (const state of [limited, press(limited).state, press(killed).state, shown(press(killed).state).state]) {
    expect(toCodeChange('o', null, state.codeRefused).refusal).toEqual({ code: 'PAIRING_CODE_LIMITED', retryAt });
    const { guessed } = inStep(state, skew).codeRefused!;
    expect(guessed).toBe(seconds === null ? true : undefined);
  }
});

test.each<[string, (limited: SessionState) => SessionState]>([
  ['beside the QR', (limited) => limited],
  ['after a pause', (limited) => on(on(limited, { type: 'pause', by: 'Adi' }).state, { type: 'resume' }).state],
  ['after the codes ran out', (limited) => on(limited, closed({ kind: 'refs-ended' })).state],
  ['after a line that dropped', (limited) => on(limited, lost).state],
  ['after giving up', (limited) => on(limited, { type: 'logout' }).state],
  [
    'after a link',
    (limited) => {
      const linking = on(limited, { type: 'paired', link: 'new', number: NUMBER, name: null, connection: 3 }).state;
      return on(linking, closed({ kind: 'logged-out' })).state;
    },
  ],
  ['after another number and back', (limited) => renumbered(renumbered(limited, OTHER).state, NUMBER).state],
  [
    'after a kill',
    (limited) => {
      const record = JSON.parse(JSON.stringify(toRecord(limited))) as SessionRecord;
      return on({ ...base, tries: record.tries }, { type: 'restore', record }).state;
    },
  ],
  ['by a clock that was set back', (limited) => ({ ...inStep(limited, -480 * MINUTE), skew: -480 * MINUTE })],
])('twenty presses within a known limit are answered from it, and ask WhatsApp nothing: %s', (_, reach) => {
  let state = reach(refusedFor(3_600));
  const until = NOW + 60 * MINUTE + state.skew;
  for (let times = 0; times < 20; times++) {
    const pressed = press(state);
    expect(asks(pressed)).toBe(false);
    expect(codeOutcome(pressed.state)).toEqual(limitedUntil(until));
    const qr = shown(pressed.state);
    expect(asks(qr)).toBe(false);
    expect(codeOutcome(qr.state)).toEqual(limitedUntil(until));
    // The QR is offered instead, and told as one.
    expect(toRecord(qr.state)).toMatchObject({ reason: 'PAIRING', params: {}, qrShown: true });
    state = qr.state;
  }
  const after = press(state, NOW + 60 * MINUTE + 1);
  expect(asks(after) || asks(shown(after.state, NOW + 60 * MINUTE + 1))).toBe(true);
});

test('nor does anything else that would ask for a code by itself', () => {
  const known = { ...CODE, watched: true, tries: refusedFor(3_600).tries };
  const { phase } = CODE;
  const ending = { ...known, phase: { ...phase, endsAt: NOW + 15 * SECOND } as Phase };
  const replaced = on(ending, { type: 'tick' });
  expect(asks(replaced)).toBe(false);
  expect(asks(shown(replaced.state))).toBe(false);
  const takenAway = { ...known, phase: { ...phase, pairingCode: null } as Phase };
  expect(asks(on(takenAway, { type: 'watched', watched: true }))).toBe(false);
});

test.each(['PAIRING_CODE_LIMITED', 'PAIRING_CODE_REFUSED', 'WHATSAPP_UNREACHABLE'] as const)(
  '%s is said of a number, and not of the one that the outlet gets next',
  (code) => {
    const refused = on(ASKED, { type: 'code-refused', code, seconds: null, connection: 3 }).state;
    const next = renumbered(refused, OTHER).state;
    expect(next.codeRefused).toBeNull();
    expect(asks(press(next))).toBe(true);
    expect(renumbered(refused, NUMBER).state.codeRefused).toEqual(refused.codeRefused);
  },
);

describe('a wish for a code that our own limits hold back', () => {
  const exhausted = { opens: { spent: 12, at: NOW, allowance: 12 } };
  const turn = press({ ...base, ...exhausted }).state;
  const opening = press(base).state;
  const queued = on(opening, { type: 'queued', connection: opening.connection }).state;

  test.each<[string, SessionState, number | null]>([
    ['the outlet’s own', turn, NOW + 15 * SECOND],
    ['a place among all outlets', queued, null],
    ['its own, by a clock that was set back', inStep(turn, -480 * MINUTE), NOW + 15 * SECOND - 480 * MINUTE],
  ])('is no word of WhatsApp, and told as a turn that is waited for: %s', (_, state, retryAt) => {
    expect(toRecord(state).reason).toBe('WAITING_TURN');
    expect(codeOutcome(state)).toBeUndefined();
    expect(codeOverdue(state)).toEqual({ kind: 'waiting-turn', retryAt });
  });

  test('goes on by itself once its turn comes', () => {
    const opened = on(turn, { type: 'tick' }, wakeAt(turn)!);
    expect(opened.effects.map(({ type }) => type)).toEqual(['open']);
    expect(asks(shown(opened.state, wakeAt(turn)!))).toBe(true);
  });

  test('is answered with what is known of codes, whoever has to wait', () => {
    const known = press({ ...refusedFor(3_600), ...exhausted, phase: base.phase }).state;
    expect(toRecord(known).reason).toBe('WAITING_TURN');
    expect(codeOutcome(known)).toEqual(limitedUntil(NOW + 60 * MINUTE));
  });

  test.each<[string, SessionState]>([
    ['was asked and said nothing', on(opening, { type: 'started', connection: opening.connection }).state],
    [
      'is not reached',
      on(opening, { ...closed({ kind: 'lost', detail: '428' }), connection: opening.connection } as SessionEvent).state,
    ],
  ])('is WhatsApp’s silence only where that %s', (_, state) => {
    expect(codeOverdue(state)).toEqual({ kind: 'refused', code: 'WHATSAPP_UNREACHABLE', retryAt: null });
  });
});

test('a code lives as long as its connection, and none is shown with 15 seconds to live', () => {
  const given = (endsAt: number, watched: boolean) =>
    transition(pairing({ asked: true, endsAt }, { watched }), { type: 'code', pairingCode: 'x', connection: 3 }, NOW);
  const long = given(NOW + MINUTE, false).state;
  expect(long.phase).toMatchObject({ pairingCode: { text: 'x', expiresAt: NOW + MINUTE } });
  expect(wakeAt(long)).toBe(NOW + 45 * SECOND);
  expect(given(NOW + 15 * SECOND, false).state.phase).toMatchObject({ name: 'pairing', pairingCode: null });
  expect(given(NOW + 15 * SECOND, true).effects.map(({ type }) => type)).toEqual(['open']);
});
