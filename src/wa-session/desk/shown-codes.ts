import type { PairingCodeChange, QrChange } from '@koneksi/contracts/realtime';
import { toQrChange } from '../domain/code-outcome.js';
import type { SessionActor } from '../session-actor.js';

/** Which connection shows codes: of which claim of which outlet. A QR that WhatsApp renews belongs to the same round. */
export interface Pairing {
  readonly outletId: string;
  readonly epoch: string;
  readonly round: number;
}

/** What an outlet shows to whoever may link it. */
export interface ShownCodes extends Pairing {
  readonly qr: QrChange;
  readonly code: PairingCodeChange;
}

export function shownBy({ outletId, owner, round, qr, code }: SessionActor): ShownCodes {
  return { outletId, epoch: owner.epoch, round, qr: toQrChange(outletId, qr), code };
}
