import type { OutletStatusName, ReasonCode } from '@koneksi/contracts/outlet-status';
import type { CloseCause } from '../../src/wa-session/domain/close-cause.js';
import type { Effect, SessionEvent } from '../../src/wa-session/domain/session-event.js';
import type { Phase, SessionState } from '../../src/wa-session/domain/session-state.js';
import { beginning } from '../../src/wa-session/domain/transition.js';

export const NOW = Date.UTC(2026, 10, 21, 3, 0, 0);
export const NUMBER = '6281234567890';
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

export const base = beginning({
  outletId: 'o',
  outlet: { name: 'Jakarta', number: NUMBER, isActive: true, autoReconnect: true, city: null, tags: [] },
  linkedNumber: null,
  linkedAt: null,
  sessionName: null,
  lastSeen: null,
  seed: 7,
});

export const given = (phase: Phase, over: Partial<SessionState> = {}): SessionState => ({
  ...base,
  connection: 3,
  ...over,
  phase,
});
export const linked = (phase: Phase, over: Partial<SessionState> = {}): SessionState =>
  given(phase, { linkedNumber: NUMBER, ...over });

export const ONLINE = linked({ name: 'online', openedAt: NOW - MINUTE });
export const LOGGING_IN = linked({
  name: 'opening',
  purpose: 'login',
  method: 'qr',
  code: 'RECONNECTING',
  detail: null,
  openBy: NOW + 45 * SECOND,
});
export const WAITING = linked(
  { name: 'waiting', purpose: 'login', method: 'qr', code: 'RECONNECTING', detail: '428', retryAt: NOW + SECOND },
  { failures: 2 },
);
export const PAIRING = given(
  {
    name: 'pairing',
    method: 'qr',
    qr: { text: 'secret', expiresAt: NOW + MINUTE },
    asked: false,
    pairingCode: null,
    endsAt: NOW + 160 * SECOND,
  },
  { qrRounds: 1 },
);
export const pairing = (
  over: Partial<Phase & { name: 'pairing' }>,
  state: Partial<SessionState> = {},
): SessionState => ({
  ...PAIRING,
  ...state,
  phase: { ...(PAIRING.phase as Phase & { name: 'pairing' }), method: 'pairing-code', ...over },
});
export const ASKED = pairing({ asked: true });
export const CODE = pairing({ pairingCode: { text: 'ABCD1234', expiresAt: NOW + 160 * SECOND } });
export const LINKING = linked({ name: 'linking', until: NOW + 30 * SECOND });
export const PARTING = linked({ name: 'parting', until: NOW + 30 * SECOND });
export const PAUSED = linked({ name: 'paused', by: 'Adi', at: NOW - MINUTE });
export const NEVER_LINKED = given({ name: 'resting', code: 'NEVER_LINKED' });
export const INACTIVE = given({ name: 'resting', code: 'INACTIVE' }, { outlet: { ...base.outlet, isActive: false } });
export const LOGGED_OUT = given({ name: 'parked', code: 'LOGGED_OUT', params: {}, retryAt: null });
export const NO_AUTO = { outlet: { ...base.outlet, autoReconnect: false } };

export const closed = (cause: CloseCause): SessionEvent => ({ type: 'closed', cause, connection: 3 });
export const lost = closed({ kind: 'lost', detail: '428' });

export interface Row {
  name: string;
  from: SessionState;
  on: SessionEvent;
  status: OutletStatusName;
  reason: ReasonCode | null;
  effects: Effect['type'][];
  retryWithin?: [number, number] | null;
}
