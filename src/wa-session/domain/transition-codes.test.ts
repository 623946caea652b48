import { expect, test } from '@jest/globals';
import { NOW, SECOND, MINUTE, base, PAIRING, pairing, ASKED, closed } from '../../../test/transitions/states.js';
import { wakeAt } from './on-tick.js';
import { toRecord } from './session-record.js';
import type { Phase } from './session-state.js';
import { transition } from './transition.js';

test('words follow the method: who was shown a code is told of a code, also after a restart', () => {
  const byCode = { ...PAIRING, phase: { ...PAIRING.phase, method: 'pairing-code' } as Phase };
  expect(toRecord(byCode).params).toEqual({ method: 'pairing-code' });
  const ended = toRecord(transition(byCode, closed({ kind: 'refs-ended' }), NOW).state);
  expect(ended).toMatchObject({ reason: 'QR_EXPIRED', params: { method: 'pairing-code' } });
  expect(toRecord(transition(base, { type: 'restore', record: ended }, NOW).state)).toEqual(ended);
});

test('a refused code is told with when to ask again, until somebody does', () => {
  const refused = (seconds: number | null) =>
    transition(ASKED, { type: 'code-refused', code: 'PAIRING_CODE_LIMITED', seconds, connection: 3 }, NOW).state;
  expect(refused(60).codeRefused).toEqual({ code: 'PAIRING_CODE_LIMITED', retryAt: NOW + MINUTE });
  expect(refused(null).codeRefused).toEqual({ code: 'PAIRING_CODE_LIMITED', retryAt: NOW + 60 * MINUTE });
  const again = transition(refused(60), { type: 'connect', method: 'pairing-code' }, NOW);
  expect(again.state.codeRefused).toBeNull();
  expect(again.effects.map(({ type }) => type)).toEqual(['request-code']);
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
