import { Injectable } from '@nestjs/common';
import type { PasskeyAssertion, PasskeyCode, PasskeyRequest } from '@koneksi/contracts/passkey';
import type { Caller } from '../auth/caller.js';
import { DomainError } from '../common/domain-error.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { PasskeyDesk, type AskedPasskey, type PasskeyAnswer } from './desk/passkey-desk.js';
import type { PasskeyOutcome } from './domain/passkey.js';
import type { PasskeyRefusal } from './domain/session-state.js';
import { LinkAudit } from './link-audit.js';
import { refusalOf } from './refusals.js';

const REFUSED: Record<PasskeyRefusal, [httpStatus: number, sentence: string]> = {
  PASSKEY_REFUSED: [502, 'WhatsApp refused the passkey answer; make another one for the same request'],
  PASSKEY_UNANSWERED: [504, 'neither WhatsApp nor the phone went on; open WhatsApp on the phone and hand it in again'],
};

/**
 * Linking by a passkey whose word was made elsewhere: on WhatsApp's own page or by a tool. For ADMINs alone: whoever may
 * not see the outlet is told nothing of it, and staff no more than that a passkey is wanted.
 */
@Injectable()
export class PasskeyService {
  constructor(
    private readonly outlets: OutletsService,
    private readonly desk: PasskeyDesk,
    private readonly audit: LinkAudit,
  ) {}

  /** What WhatsApp asks for. @throws `PASSKEY_NOT_ASKED` */
  async request(caller: Caller, outletId: string): Promise<PasskeyRequest> {
    const { id } = await this.outlets.requireAsAdmin(caller, outletId);
    await this.audit.record(caller, await this.asked(id), 'passkey-request');
    // Recording takes a while, in which it may have ended.
    return (await this.asked(id)).request;
  }

  /**
   * Hands an assertion to WhatsApp; the code to compare, once the phone went on.
   * @throws `PASSKEY_NOT_ASKED`, `PASSKEY_BUSY`, `PASSKEY_OUTDATED`, `PASSKEY_REFUSED`, `PASSKEY_UNANSWERED`,
   * `PASSKEY_EXPIRED`, `TOO_MANY_ATTEMPTS`
   */
  async handIn(caller: Caller, outletId: string, assertion: PasskeyAssertion): Promise<PasskeyCode> {
    const { id } = await this.outlets.requireAsAdmin(caller, outletId);
    await this.audit.record(caller, await this.asked(id), 'passkey-assertion');
    const answer = await this.desk.take(id, { type: 'passkey-handed-in', assertion });
    if (answer.kind !== 'code') throw refused(answer);
    return { success: true, code: answer.code, expiresAt: new Date(answer.expiresAt).toISOString() };
  }

  /**
   * A person compared this code; resolves when the phone has linked.
   * @throws as `handIn`, `PASSKEY_NOT_COMPARED`, `PASSKEY_CODE_REPLACED`
   */
  async confirm(caller: Caller, outletId: string, code: string): Promise<void> {
    const { id } = await this.outlets.requireAsAdmin(caller, outletId);
    const asked = await this.asked(id);
    // Who confirms another one confirms nothing.
    if (asked.request.code === code) await this.audit.record(caller, asked, 'passkey-confirmation');
    const answer = await this.desk.take(id, { type: 'passkey-compared', code });
    if (answer.kind !== 'linked') throw refused(answer);
  }

  /** Nothing is linked, and the connection ends. @throws `PASSKEY_NOT_ASKED` */
  async giveUp(caller: Caller, outletId: string): Promise<void> {
    const { id } = await this.outlets.requireAsAdmin(caller, outletId);
    // WhatsApp may ask for one before it says what it must prove: then there is nothing to audit, and all to give up.
    const asked = await this.desk.asked(id);
    if (asked) await this.audit.record(caller, asked, 'passkey-given-up');
    const answer = await this.desk.take(id, { type: 'passkey-given-up' });
    if (answer.kind === 'not-taken') throw refused(answer);
  }

  private async asked(outletId: string): Promise<AskedPasskey> {
    const asked = await this.desk.asked(outletId);
    if (!asked) throw refusalOf('PASSKEY_NOT_ASKED');
    return asked;
  }
}

function refused(answer: PasskeyAnswer): DomainError {
  if (answer.kind === 'not-taken') return refusalOf(answer.code, answer.seconds);
  const error = withoutLink(answer);
  // It went to WhatsApp, whatever came back; where nothing did, nobody knows.
  return error.httpStatus === 504 ? error : error.afterDone();
}

function withoutLink(answer: PasskeyOutcome): DomainError {
  switch (answer.kind) {
    case 'refused':
      return new DomainError(answer.code, ...REFUSED[answer.code]);
    case 'linked':
      return new DomainError('ALREADY_LINKED', 409, 'the outlet was linked meanwhile');
    case 'code':
    case 'over':
      return new DomainError('PASSKEY_EXPIRED', 410, 'WhatsApp waits no longer; connect and scan once more');
  }
}
