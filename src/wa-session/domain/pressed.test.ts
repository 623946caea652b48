import { describe, expect, test } from '@jest/globals';
import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import type { Pressed } from '@koneksi/contracts/outlet-status-schema';
import { pressedBehind } from './pressed.js';
import type { SessionCommand, SessionEvent } from './session-event.js';

const SARI = { kind: 'user', name: 'Sari' } as const;
const VERBS: Record<Pressed['act'], SessionCommand> = {
  connect: { type: 'connect', method: 'qr', pressedBy: SARI },
  pause: { type: 'pause', by: 'Sari', pressedBy: SARI },
  resume: { type: 'resume', pressedBy: SARI },
  logout: { type: 'logout', pressedBy: SARI },
};

describe('who is behind a change', () => {
  test.each<[Pressed['act'], OutletStatusName, OutletStatusName, boolean]>([
    ['connect', 'FAILED', 'CONNECTING', true],
    ['connect', 'CONNECTED', 'FAILED', false],
    ['pause', 'CONNECTED', 'PAUSED', true],
    ['pause', 'CONNECTED', 'TIMEOUT', false],
    ['resume', 'PAUSED', 'CONNECTING', true],
    ['resume', 'PAUSED', 'FAILED', true],
    ['resume', 'CONNECTED', 'FAILED', false],
    ['logout', 'CONNECTED', 'DISCONNECTED', true],
    ['logout', 'CONNECTED', 'TIMEOUT', false],
  ])('%s, %s to %s: %s', (act, previous, status, is) => {
    expect(pressedBehind(VERBS[act], previous, status)).toEqual(is ? { act, ...SARI } : null);
  });

  test.each<SessionEvent>([{ type: 'tick' }, { type: 'connect', method: 'qr' }])('nobody: $type', (event) => {
    expect(pressedBehind(event, 'FAILED', 'CONNECTING')).toBeNull();
  });
});
