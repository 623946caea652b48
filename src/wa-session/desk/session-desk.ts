import { Injectable } from '@nestjs/common';
import type { OutletStatusName, ReasonCode } from '@koneksi/contracts/outlet-status';
import type { CodeOutcome } from '../domain/code-outcome.js';
import type { SessionCommand } from '../domain/session-event.js';
import { OutletCommands } from './outlet-commands.js';
import { SessionActor, type AskRefusal } from '../session-actor.js';
import { SessionRegistry } from '../session-registry.js';
import { RemoteCodes } from './remote-codes.js';
import { shownBy, type ShownCodes } from './shown-codes.js';

/** From the request until WhatsApp gave a pairing code. */
const CODE_WITHIN_MS = 25_000;

/** From a command until its outcome is in the outlet's row. */
const RECORDED_WITHIN_MS = 5_000;

/** From a command to another node until its answer, beside what it waits for. */
const ROUND_TRIP_MS = 5_000;

/** What people ask of a session. */
export type Verb = Extract<SessionCommand, { type: 'connect' | 'pause' | 'resume' | 'logout' }>;

/** Why a verb came to nothing, or may be forgotten by a kill in the next moment. */
export type VerbRefusal = AskRefusal | 'NOT_RECORDED';

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
  private readonly telling: (outletId: string, verb: Verb) => Promise<VerbRefusal | null>;
  private readonly askingCode: (outletId: string, payload: null) => Promise<CodeOutcome>;

  constructor(
    private readonly registry: SessionRegistry,
    private readonly remote: RemoteCodes,
    commands: OutletCommands,
  ) {
    this.telling = commands.command('tell', RECORDED_WITHIN_MS + ROUND_TRIP_MS, async (outletId, verb: Verb) => {
      return (await this.tellHere(outletId, verb)) ?? null;
    });
    this.askingCode = commands.command('pairing-code', CODE_WITHIN_MS + ROUND_TRIP_MS, (outletId) =>
      this.pairingCodeHere(outletId),
    );
  }

  /** Resolves when the outlet obeys and its row says so. Every verb may be given twice. @throws `OWNER_UNKNOWN`, `OWNER_UNANSWERED` */
  async tell(outletId: string, verb: Verb): Promise<VerbRefusal | undefined> {
    return (await this.telling(outletId, verb)) ?? undefined;
  }

  /** What comes of the wish for a pairing code, as soon as that is known. @throws `OWNER_UNKNOWN`, `OWNER_UNANSWERED` */
  pairingCode(outletId: string): Promise<CodeOutcome> {
    return this.askingCode(outletId, null);
  }

  /** What is on show now, wherever the session is; `null` where there is none. @throws `OWNER_UNKNOWN`, `OWNER_UNANSWERED` */
  look(outletId: string): Promise<ShownCodes | null> {
    return this.remote.look(outletId);
  }

  /** The same in this turn, for those who watch: of a session elsewhere as it last told. For those who may see it. */
  codes(outletId: string): ShownCodes | null {
    const actor = this.registry.find(outletId);
    return actor ? shownBy(actor) : this.remote.last(outletId);
  }

  /** Whether anybody watches on this node: a QR that nobody does is not renewed for ever. */
  watch(outletId: string, watched: boolean): void {
    this.remote.watch(outletId, watched);
  }

  private async tellHere(outletId: string, verb: Verb): Promise<VerbRefusal | undefined> {
    // An outlet made a moment ago may not have its session yet.
    if (!this.registry.find(outletId)) await this.registry.add([outletId]);
    const actor = this.registry.find(outletId);
    if (!actor) return 'NOT_RUNNING';
    const refusal = await actor.ask(verb);
    if (refusal) return refusal;
    // What was answered must outlive a kill in the next moment.
    return (await actor.recorded(RECORDED_WITHIN_MS)) ? undefined : 'NOT_RECORDED';
  }

  private async pairingCodeHere(outletId: string): Promise<CodeOutcome> {
    const actor = this.registry.find(outletId);
    if (actor?.linked) return { kind: 'linked' };
    return (await actor?.pairingCode(CODE_WITHIN_MS)) ?? { kind: 'over' };
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
