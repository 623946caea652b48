import type { PairingCodeChange, QrChange } from '@koneksi/contracts/realtime';
import { toRecord } from './session-record.js';
import type { CodeRefusal, SessionState, ShownQr } from './session-state.js';

/** What comes of a person's wish for a pairing code. */
export type CodeOutcome =
  | ({ kind: 'shown' } & ShownQr)
  | ({ kind: 'refused' } & CodeRefusal)
  /** The phone linked meanwhile: no code is needed. */
  | { kind: 'linked' }
  | { kind: 'store-down' }
  /** Our own limits hold it back: until then where that is known. Wall time, milliseconds. */
  | { kind: 'waiting-turn'; retryAt: number | null }
  /** The attempt ended, as a push tells. */
  | { kind: 'over' };

const UNREACHABLE = { kind: 'refused', code: 'WHATSAPP_UNREACHABLE', retryAt: null } as const;

/** What is answered where that is not known by the time a person has waited long enough. */
export function codeOverdue(state: SessionState): CodeOutcome {
  const { reason, nextRetryAt } = toRecord(state);
  return reason === 'WAITING_TURN' ? { kind: 'waiting-turn', retryAt: nextRetryAt } : UNREACHABLE;
}

/** `undefined` while it is not yet known. */
export function codeOutcome({ phase, codeRefused }: SessionState): CodeOutcome | undefined {
  switch (phase.name) {
    case 'opening':
      // What is known is told before anything is opened.
      return codeRefused ? { kind: 'refused', ...codeRefused } : undefined;
    case 'pairing':
      if (phase.pairingCode) return { kind: 'shown', ...phase.pairingCode };
      if (phase.asked) return undefined;
      return codeRefused ? { kind: 'refused', ...codeRefused } : { kind: 'over' };
    case 'waiting':
      if (phase.code === 'STORE_DOWN') return { kind: 'store-down' };
      if (codeRefused) return { kind: 'refused', ...codeRefused };
      // It is us who wait: WhatsApp was not asked yet.
      return phase.code === 'WAITING_TURN' ? undefined : UNREACHABLE;
    case 'linking':
    case 'online':
      return { kind: 'linked' };
    default:
      return { kind: 'over' };
  }
}

const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());

/** The QR on show, as it is told to those who watch. */
export const toQrChange = (outletId: string, shown: ShownQr | null): QrChange => ({
  outletId,
  qr: shown?.text ?? null,
  expiresAt: iso(shown?.expiresAt ?? null),
});

/** `null` where none is. */
export const shownQr = ({ phase }: SessionState): ShownQr | null => (phase.name === 'pairing' ? phase.qr : null);

/** The code on show, as it is told to those who watch. */
export function toCodeChange(outletId: string, shown: ShownQr | null, refused: CodeRefusal | null): PairingCodeChange {
  return {
    outletId,
    pairingCode: shown?.text ?? null,
    expiresAt: iso(shown?.expiresAt ?? null),
    refusal: refused && { code: refused.code, retryAt: iso(refused.guessed ? null : refused.retryAt) },
  };
}

/** The code on show, and why there is none where WhatsApp refused. */
export function codeChangeOf({ outletId, phase, codeRefused }: SessionState): PairingCodeChange {
  if (phase.name !== 'pairing') return toCodeChange(outletId, null, null);
  return toCodeChange(outletId, phase.pairingCode, codeRefused);
}
