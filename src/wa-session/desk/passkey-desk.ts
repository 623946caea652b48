import { Injectable } from '@nestjs/common';
import type { PasskeyRequest } from '@koneksi/contracts/passkey';
import { Clock } from '../../common/clock.js';
import { toPasskeyRequest, type PasskeyOutcome } from '../domain/passkey.js';
import type { SessionCommand } from '../domain/session-event.js';
import type { AskRefusal } from '../session-actor.js';
import { SessionRegistry } from '../session-registry.js';
import type { Pairing } from './session-desk.js';

/** Longer than a step may take before the session itself gives it up. */
const OUTCOME_WITHIN_MS = 30_000;

/** What people do about a passkey that WhatsApp asks for. */
export type PasskeyStep = Extract<
  SessionCommand,
  { type: 'passkey-handed-in' | 'passkey-compared' | 'passkey-given-up' }
>;

/** What WhatsApp asks for on one connection. */
export interface AskedPasskey extends Pairing {
  readonly request: PasskeyRequest;
}

/** What came of a step; where it was not taken, why, and for how many seconds that holds. */
export type PasskeyAnswer = PasskeyOutcome | { kind: 'not-taken'; code: AskRefusal; seconds: number };

/** Linking by a passkey, by outlet, for whoever has been found to be allowed to. */
@Injectable()
export class PasskeyDesk {
  constructor(
    private readonly registry: SessionRegistry,
    private readonly clock: Clock,
  ) {}

  /** `null` where WhatsApp waits for no passkey of this outlet. */
  asked(outletId: string): AskedPasskey | null {
    const actor = this.registry.find(outletId);
    if (!actor?.ceremony) return null;
    const { owner, round, ceremony } = actor;
    const request = toPasskeyRequest(ceremony, this.clock.skew());
    return request && { outletId, epoch: owner.epoch, round, request };
  }

  /** Resolves when WhatsApp took it or refused, or nothing came of it. */
  async take(outletId: string, step: PasskeyStep): Promise<PasskeyAnswer> {
    const actor = this.registry.find(outletId);
    if (!actor) return { kind: 'not-taken', code: 'PASSKEY_NOT_ASKED', seconds: 0 };
    const code = await actor.ask(step);
    if (code) {
      const waitMs = (actor.ceremony?.nextTryAt ?? 0) - this.clock.now();
      return { kind: 'not-taken', code, seconds: Math.max(1, Math.ceil(waitMs / 1_000)) };
    }
    return (await actor.passkeyOutcome(OUTCOME_WITHIN_MS)) ?? { kind: 'refused', code: 'PASSKEY_UNANSWERED' };
  }
}
