import { describe, expect, test } from '@jest/globals';
import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import type { Pressed } from '@koneksi/contracts/outlet-status-schema';
import { LastPress } from './last-press.js';
import type { SessionCommand } from './session-event.js';

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
    const last = new LastPress();
    last.note(VERBS[act], 0);
    expect(last.behind(previous, { status }, 1_000)).toEqual(is ? { act, ...SARI } : null);
  });

  test('it is told once, soon, and not where something else was asked for by nobody', () => {
    const last = new LastPress();
    last.note(VERBS.connect, 0);
    last.note({ type: 'tick' }, 10);
    expect(last.behind('FAILED', { status: 'CONNECTING' }, 20)).not.toBeNull();
    expect(last.behind('FAILED', { status: 'CONNECTING' }, 30)).toBeNull();
    last.note(VERBS.logout, 40);
    expect(last.behind('CONNECTED', { status: 'DISCONNECTED' }, 60_000)).toBeNull();
    last.note(VERBS.connect, 70_000);
    last.note({ type: 'connect', method: 'qr' }, 70_001);
    expect(last.behind('FAILED', { status: 'CONNECTING' }, 70_002)).toBeNull();
  });
});
