import { expect, test } from '@jest/globals';
import { NOW, NUMBER, SECOND, MINUTE, ONLINE, LOGGING_IN, closed, lost } from '../../../test/transitions/states.js';
import { wakeAt } from './on-tick.js';
import { toRecord } from './session-record.js';
import type { Phase } from './session-state.js';
import { transition } from './transition.js';

test('every failure doubles the longest wait up to a minute, and only a stable open starts anew', () => {
  let state = ONLINE;
  const longest: number[] = [];
  for (let failures = 0; failures < 10; failures++) {
    const after = transition({ ...state, phase: LOGGING_IN.phase, connection: 3 }, lost, NOW).state;
    longest.push((toRecord(after).nextRetryAt ?? 0) - NOW);
    state = after;
  }
  longest.forEach((wait, failures) => expect(wait).toBeLessThanOrEqual(Math.min(60, 2 ** failures) * SECOND));
  const reopened = transition(
    { ...state, phase: LOGGING_IN.phase, connection: 3 },
    { type: 'opened', number: NUMBER, name: null, connection: 3 },
    NOW,
  ).state;
  expect(reopened.failures).toBe(10);
  expect(transition(reopened, { type: 'tick' }, NOW + 5 * MINUTE - 1).state.failures).toBe(10);
  expect(transition(reopened, { type: 'tick' }, NOW + 5 * MINUTE).state.failures).toBe(0);
});

test('a database that failed for a moment is tried again within seconds, however often WhatsApp failed before', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const { phase } = transition({ ...ONLINE, seed, failures: 12 }, { type: 'store-failed', connection: 3 }, NOW).state;
    expect(phase).toMatchObject({ name: 'waiting', code: 'STORE_DOWN' });
    expect((phase as Phase & { name: 'waiting' }).retryAt - NOW).toBeLessThanOrEqual(5 * SECOND);
  }
});

test('an outage is told once: a retry under way does not pretend to be news', () => {
  const unreachable = transition(LOGGING_IN, lost, NOW).state;
  const retrying = transition(unreachable, { type: 'tick' }, wakeAt(unreachable) ?? NaN).state;
  expect(toRecord(retrying)).toMatchObject({ status: 'TIMEOUT', reason: 'WHATSAPP_UNREACHABLE' });
});

test('a restriction tells why, and until when only where WhatsApp does', () => {
  const told = (seconds: number | null, detail: string | null) =>
    toRecord(transition(ONLINE, closed({ kind: 'restricted', seconds, detail }), NOW).state);
  expect(told(60, '102')).toMatchObject({
    params: { detail: '102', until: new Date(NOW + MINUTE).toISOString() },
    nextRetryAt: NOW + MINUTE,
  });
  expect(told(null, '106')).toMatchObject({ params: { detail: '106' }, nextRetryAt: null });
  expect(told(null, null).params).toEqual({});
});
