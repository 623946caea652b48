import { Injectable } from '@nestjs/common';
import type { PasskeyRequest } from '@koneksi/contracts/passkey';
import { Clock } from '../../common/clock.js';
import { toPasskeyRequest, type PasskeyOutcome } from '../domain/passkey.js';
import type { SessionCommand } from '../domain/session-event.js';
import { OutletCommands } from './outlet-commands.js';
import type { AskRefusal } from '../session-actor.js';
import { SessionRegistry } from '../session-registry.js';
import type { Pairing } from './shown-codes.js';

/** Longer than a step may take before the session itself gives it up. */
const OUTCOME_WITHIN_MS = 30_000;

/** From a question to another node until its answer, beside what it waits for. */
const ROUND_TRIP_MS = 5_000;

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
  private readonly asking: (outletId: string, payload: null) => Promise<AskedPasskey | null>;
  private readonly taking: (outletId: string, step: PasskeyStep) => Promise<PasskeyAnswer>;

  constructor(
    private readonly registry: SessionRegistry,
    private readonly clock: Clock,
    commands: OutletCommands,
  ) {
    this.asking = commands.command('asked-passkey', ROUND_TRIP_MS, (outletId) =>
      Promise.resolve(this.askedHere(outletId)),
    );
    this.taking = commands.command('passkey', OUTCOME_WITHIN_MS + ROUND_TRIP_MS, (outletId, step: PasskeyStep) =>
      this.takeHere(outletId, step),
    );
  }

  /** `null` where WhatsApp waits for no passkey of this outlet. @throws `OWNER_UNKNOWN`, `OWNER_UNANSWERED` */
  asked(outletId: string): Promise<AskedPasskey | null> {
    return this.asking(outletId, null);
  }

  /** Resolves when WhatsApp took it or refused, or nothing came of it. @throws `OWNER_UNKNOWN`, `OWNER_UNANSWERED` */
  take(outletId: string, step: PasskeyStep): Promise<PasskeyAnswer> {
    return this.taking(outletId, step);
  }

  private askedHere(outletId: string): AskedPasskey | null {
    const actor = this.registry.find(outletId);
    if (!actor?.ceremony) return null;
    const { owner, round, ceremony } = actor;
    const request = toPasskeyRequest(ceremony, this.clock.skew());
    return request && { outletId, epoch: owner.epoch, round, request };
  }

  private async takeHere(outletId: string, step: PasskeyStep): Promise<PasskeyAnswer> {
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
