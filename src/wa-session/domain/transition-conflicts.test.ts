import { expect, test } from '@jest/globals';
import { MINUTE, NOW, NUMBER, ONLINE, base, closed } from '../../../test/transitions/states.js';
import { toRecord, type SessionRecord } from './session-record.js';
import type { SessionState } from './session-state.js';
import { transition } from './transition.js';

const replaced = closed({ kind: 'replaced' });

/** The same outlet in another process, whose machine has another time and another monotonic clock. */
function takenUp(record: SessionRecord, now: number, skew: number): SessionState {
  const found = { ...base, linkedNumber: NUMBER, skew, lastEnding: record.lastEnding };
  const restored = transition(found, { type: 'restore', record }, now).state;
  return { ...restored, phase: ONLINE.phase, connection: ONLINE.connection };
}

test.each([
  ['a moment later', 9, null],
  ['much later', 11, expect.any(Number)],
])('a second 440 %s is known as one, whichever process had the first', (_, minutes, retry) => {
  const told = toRecord(transition(ONLINE, replaced, NOW).state);
  expect(told.conflictAt).toBe(NOW + ONLINE.skew);
  const [now, skew] = [5_000_000, NOW + ONLINE.skew + minutes * MINUTE - 5_000_000];
  const again = transition(takenUp(told, now, skew), replaced, now).state;
  expect(toRecord(again)).toMatchObject({ reason: 'REPLACED', nextRetryAt: retry });
});

test('a first 440 of the future, by a clock that was set back since, counts as one of now', () => {
  const told = toRecord(transition(ONLINE, replaced, NOW).state);
  const [now, skew] = [5_000_000, NOW + ONLINE.skew - 60 * MINUTE - 5_000_000];
  const state = takenUp(told, now, skew);
  expect(state.lastConflictAt).toBe(now);
  expect(toRecord(transition(state, replaced, now).state)).toMatchObject({ nextRetryAt: null });
});
