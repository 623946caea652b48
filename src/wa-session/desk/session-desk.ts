import { Injectable } from '@nestjs/common';
import type { OutletStatusName, ReasonCode } from '@koneksi/contracts/outlet-status';
import type { PairingCodeChange, QrChange } from '@koneksi/contracts/realtime';
import { toQrChange, type CodeOutcome } from '../domain/code-outcome.js';
import type { SessionCommand } from '../domain/session-event.js';
import { SessionActor, type AskRefusal } from '../session-actor.js';
import { SessionRegistry } from '../session-registry.js';

/** From the request until WhatsApp gave a pairing code. */
const CODE_WITHIN_MS = 25_000;

/** From a command until its outcome is in the outlet's row. */
const RECORDED_WITHIN_MS = 5_000;

/** What people ask of a session. */
export type Verb = Extract<SessionCommand, { type: 'connect' | 'pause' | 'resume' | 'logout' }>;

/** Why a verb came to nothing, or may be forgotten by a kill in the next moment. */
export type VerbRefusal = AskRefusal | 'NOT_RECORDED';

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

/** What a session says of itself. */
export interface SessionFacts {
  readonly outletId: string;
  readonly status: OutletStatusName;
  readonly reason: ReasonCode | null;
  /** Whether credentials of a finished pairing exist. */
  readonly linked: boolean;
}

/** Linking outlets and steering their sessions, by outlet, for whoever has been found to be allowed to. */
@Injectable()
export class SessionDesk {
  constructor(private readonly registry: SessionRegistry) {}

  /** Resolves when the outlet obeys and its row says so. Every verb may be given twice. */
  async tell(outletId: string, verb: Verb): Promise<VerbRefusal | undefined> {
    // An outlet made a moment ago may not have its session yet.
    if (!this.registry.find(outletId)) await this.registry.add([outletId]);
    const actor = this.registry.find(outletId);
    if (!actor) return 'NOT_RUNNING';
    const refusal = await actor.ask(verb);
    if (refusal) return refusal;
    // What was answered must outlive a kill in the next moment.
    return (await actor.recorded(RECORDED_WITHIN_MS)) ? undefined : 'NOT_RECORDED';
  }

  /** What comes of the wish for a pairing code, as soon as that is known. */
  async pairingCode(outletId: string): Promise<CodeOutcome> {
    const actor = this.registry.find(outletId);
    if (actor?.linked) return { kind: 'linked' };
    return (await actor?.pairingCode(CODE_WITHIN_MS)) ?? { kind: 'over' };
  }

  /** What is on show now; `null` where no session of this outlet is known. For those who may see it. */
  codes(outletId: string): ShownCodes | null {
    const actor = this.registry.find(outletId);
    if (!actor) return null;
    const { owner, round, qr, code } = actor;
    return { outletId, epoch: owner.epoch, round, qr: toQrChange(outletId, qr), code };
  }

  /** Whether anybody watches: a QR that nobody does is not renewed for ever. */
  watch(outletId: string, watched: boolean): void {
    this.registry.find(outletId)?.post({ type: 'watched', watched });
  }

  facts(outletId: string): SessionFacts | null {
    const actor = this.registry.find(outletId);
    return actor ? toFacts(actor) : null;
  }

  /** Of every session here. */
  all(): SessionFacts[] {
    return [...this.registry.all()].map(toFacts);
  }
}

function toFacts({ outletId, record: { status, reason }, linked }: SessionActor): SessionFacts {
  return { outletId, status, reason, linked };
}
