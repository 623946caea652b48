import { Injectable } from '@nestjs/common';
import type { LinkAuditAnswer, LinkAuditQuery } from '@koneksi/contracts/link-audit';
import type { QrAnswer } from '@koneksi/contracts/outlets';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { RefusedForNow } from '../common/refused-for-now.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { Presses } from '../outlets/presses.js';
import { SessionDesk, type Verb } from './desk/session-desk.js';
import type { CodeRefusal, LinkMethod, ShownQr } from './domain/session-state.js';
import { LinkAudit } from './link-audit.js';
import { refusalOf } from './refusals.js';

/** Until a place among all outlets is asked for again, where nobody knows when one is free. Seconds. */
const TURN_IN_S = 5;

/** What people do with a session. Every verb may be pressed twice. */
@Injectable()
export class WaSessionService {
  constructor(
    private readonly outlets: OutletsService,
    private readonly desk: SessionDesk,
    private readonly audit: LinkAudit,
    private readonly clock: Clock,
    private readonly presses: Presses,
  ) {}

  /**
   * Starts linking or reconnecting; answers the pairing code where one was asked for and is needed.
   * @throws `PAIRING_CODE_REFUSED`, `PAIRING_CODE_LIMITED`, `WHATSAPP_UNREACHABLE`, `PAIRING_CODE_UNAVAILABLE`
   */
  async connect(caller: Caller, outletId: string, method: LinkMethod): Promise<ShownQr | null> {
    const id = await this.tell(caller, outletId, { type: 'connect', method });
    if (method === 'qr') return null;
    const outcome = await this.desk.pairingCode(id);
    switch (outcome.kind) {
      case 'shown': {
        const codes = await this.desk.look(id);
        if (!codes) throw withoutCode();
        await this.audit.record(caller, codes, 'pairing-code');
        return outcome;
      }
      case 'linked':
        return null;
      // The outlet connects all the same.
      case 'refused':
        throw this.refused(outcome).afterDone();
      case 'store-down':
        throw new DomainError('STORE_DOWN', 503, 'the database does not answer').afterDone();
      case 'waiting-turn':
        throw this.held(outcome.retryAt).afterDone();
      case 'over':
        throw withoutCode();
    }
  }

  private refused({ code, retryAt, guessed }: CodeRefusal): DomainError {
    switch (code) {
      case 'PAIRING_CODE_LIMITED': {
        const seconds = Math.max(1, Math.ceil(((retryAt ?? 0) - this.clock.wall()) / 1_000));
        const howLong = guessed ? 'now; by experience that lasts about an hour' : `for ${seconds} s`;
        return new RefusedForNow(code, `WhatsApp gives no code for this number ${howLong}`, seconds);
      }
      case 'PAIRING_CODE_REFUSED':
        return new DomainError(code, 502, 'WhatsApp refused to give a pairing code; the QR links all the same');
      case 'WHATSAPP_UNREACHABLE':
        return new DomainError(code, 503, 'no answer from WhatsApp; Koneksi keeps trying');
    }
  }

  private held(retryAt: number | null): DomainError {
    const seconds = retryAt === null ? TURN_IN_S : Math.max(1, Math.ceil((retryAt - this.clock.wall()) / 1_000));
    const why = 'the outlet waits for its turn to connect, and WhatsApp was not asked yet; it connects by itself';
    return new RefusedForNow('PAIRING_CODE_UNAVAILABLE', why, seconds, 503);
  }

  /** Until the outlet obeys and its row says so; its id as it is written. @throws {TooManyAttempts}, or why it came to nothing */
  async tell(caller: Caller, outletId: string, verb: Verb): Promise<string> {
    const { id } = await this.outlets.require(caller, outletId);
    await this.presses.take(caller.id, id);
    const refused = await this.desk.tell(id, { ...verb, pressedBy: { kind: caller.kind, name: caller.name } });
    if (refused) throw refusalOf(refused);
    return id;
  }

  /** The QR on show. @throws `QR_NOT_SHOWN` */
  async qr(caller: Caller, outletId: string): Promise<QrAnswer> {
    const { id } = await this.outlets.require(caller, outletId);
    const codes = await this.desk.look(id);
    const { qr = null, expiresAt = null } = codes?.qr ?? {};
    if (!codes || qr === null || expiresAt === null)
      throw new DomainError('QR_NOT_SHOWN', 404, 'no QR is shown for this outlet');
    await this.audit.record(caller, codes, 'qr');
    return { qr, expiresAt };
  }

  /** Who was shown a QR or pairing code of this outlet, newest first. For ADMINs. */
  async linkAudit(caller: Caller, outletId: string, page: LinkAuditQuery): Promise<LinkAuditAnswer> {
    const { id } = await this.outlets.requireAsAdmin(caller, outletId);
    return { success: true, outletId: id, ...(await this.audit.list(id, page)) };
  }
}

const withoutCode = (): DomainError =>
  new DomainError('PAIRING_CODE_UNAVAILABLE', 503, 'the attempt ended before WhatsApp gave a code').afterDone();
