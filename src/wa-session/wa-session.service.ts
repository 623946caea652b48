import { Injectable } from '@nestjs/common';
import type { LinkAuditAnswer } from '@koneksi/contracts/link-audit';
import type { QrAnswer } from '@koneksi/contracts/outlets';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { RefusedForNow } from '../common/refused-for-now.js';
import { OutletsService } from '../outlets/outlets.service.js';
import type { RefusalCode, SessionCommand } from './domain/session-event.js';
import type { CodeRefusal, LinkMethod, ShownQr } from './domain/session-state.js';
import { LinkAudit } from './link-audit.js';
import { SessionActor } from './session-actor.js';
import { SessionRegistry } from './session-registry.js';

/** From the request until WhatsApp gave a pairing code. */
const CODE_WITHIN_MS = 25_000;

/** From a command until its outcome is in the outlet's row. */
const RECORDED_WITHIN_MS = 5_000;

const REFUSALS: Record<RefusalCode, string> = {
  OUTLET_PAUSED: 'the outlet is paused; resume it first',
  OUTLET_INACTIVE: 'the outlet is deactivated; activate it first',
  ALREADY_LINKED: 'the outlet is linked already; a pairing code is for linking',
};

/** What people do with a session. Every verb may be pressed twice. */
@Injectable()
export class WaSessionService {
  constructor(
    private readonly outlets: OutletsService,
    private readonly registry: SessionRegistry,
    private readonly audit: LinkAudit,
    private readonly clock: Clock,
  ) {}

  /**
   * Starts linking or reconnecting; answers the pairing code where one was asked for and is needed.
   * @throws `PAIRING_CODE_REFUSED`, `PAIRING_CODE_LIMITED`, `WHATSAPP_UNREACHABLE`, `PAIRING_CODE_UNAVAILABLE`
   */
  async connect(caller: Caller, outletId: string, method: LinkMethod): Promise<ShownQr | null> {
    const actor = await this.command(caller, outletId, { type: 'connect', method });
    if (method === 'qr' || actor.linked) return null;
    const outcome = await actor.pairingCode(CODE_WITHIN_MS);
    switch (outcome.kind) {
      case 'shown':
        await this.audit.record(caller, actor, 'pairing-code');
        return outcome;
      case 'linked':
        return null;
      case 'refused':
        throw this.refused(outcome);
      case 'store-down':
        throw new DomainError('STORE_DOWN', 503, 'the database does not answer');
      case 'over':
        throw new DomainError('PAIRING_CODE_UNAVAILABLE', 503, 'the attempt ended before WhatsApp gave a code');
    }
  }

  private refused({ code, retryAt }: CodeRefusal): DomainError {
    switch (code) {
      case 'PAIRING_CODE_LIMITED': {
        const seconds = Math.max(1, Math.ceil(((retryAt ?? 0) - this.clock.wall()) / 1_000));
        return new RefusedForNow(code, `WhatsApp gives no code for this number for ${seconds} s`, seconds);
      }
      case 'PAIRING_CODE_REFUSED':
        return new DomainError(code, 502, 'WhatsApp refused to give a pairing code; the QR links all the same');
      case 'WHATSAPP_UNREACHABLE':
        return new DomainError(code, 503, 'no answer from WhatsApp; Koneksi keeps trying');
    }
  }

  async pause(caller: Caller, outletId: string): Promise<void> {
    await this.command(caller, outletId, { type: 'pause', by: caller.name });
  }

  async resume(caller: Caller, outletId: string): Promise<void> {
    await this.command(caller, outletId, { type: 'resume' });
  }

  async logout(caller: Caller, outletId: string): Promise<void> {
    await this.command(caller, outletId, { type: 'logout' });
  }

  /** The QR on show. @throws `QR_NOT_SHOWN` */
  async qr(caller: Caller, outletId: string): Promise<QrAnswer> {
    const actor = await this.actorOf(caller, outletId);
    const { qr } = actor;
    if (!qr) throw new DomainError('QR_NOT_SHOWN', 404, 'no QR is shown for this outlet');
    await this.audit.record(caller, actor, 'qr');
    return { qr: qr.text, expiresAt: new Date(qr.expiresAt).toISOString() };
  }

  /** Who was shown a QR or pairing code of this outlet, newest first. For ADMINs. */
  async linkAudit(caller: Caller, outletId: string, limit: number): Promise<LinkAuditAnswer> {
    const { id } = await this.outlets.requireAsAdmin(caller, outletId);
    return { success: true, outletId: id, entries: await this.audit.list(id, limit) };
  }

  private async command(caller: Caller, outletId: string, command: SessionCommand): Promise<SessionActor> {
    const actor = await this.actorOf(caller, outletId);
    const refusal = await actor.ask(command);
    if (refusal) throw new DomainError(refusal, 409, REFUSALS[refusal]);
    // What was answered must outlive a kill in the next moment.
    if (!(await actor.recorded(RECORDED_WITHIN_MS))) {
      throw new DomainError('STORE_DOWN', 503, 'the database does not answer; the outlet obeys for now');
    }
    return actor;
  }

  private async actorOf(caller: Caller, outletId: string): Promise<SessionActor> {
    const { id } = await this.outlets.require(caller, outletId);
    // An outlet made a moment ago may not have its session yet.
    if (!this.registry.find(id)) await this.registry.add([id]);
    const actor = this.registry.find(id);
    if (!actor) throw new DomainError('STORE_DOWN', 503, 'the session of this outlet could not be started');
    return actor;
  }
}
