import { Injectable } from '@nestjs/common';
import type { RecordOptOut, RevokeOptOut } from '@koneksi/contracts/opt-outs';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { includesRole } from '../auth/rights.js';
import { DomainError } from '../common/domain-error.js';
import { requireRoom, type QuotaFact } from '../common/quota-reached.js';
import { takeQuotaTurn } from '../common/quota-turn.js';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { OptOuts } from './opt-outs.js';

const BY_HAND_EACH_DAY = 100;

/** Opting out and back in by hand: who may do it to whom. */
@Injectable()
export class StaffOptOuts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outlets: OutletsService,
    private readonly optOuts: OptOuts,
  ) {}

  async record(caller: Caller, { phone, outletId, note }: RecordOptOut): Promise<void> {
    const isAdmin = includesRole(caller.role, 'ADMIN');
    if (!isAdmin && !outletId) throw new ValidationFailed([fieldProblem('outletId', 'REQUIRED')]);
    const outlet = outletId ? await this.outlets.require(caller, outletId) : null;
    // Opting out holds for every outlet, so a USER does it to their own customers only.
    if (!isAdmin && !(await this.isContact(outlet!.id, phone))) {
      throw new DomainError('CONTACT_NOT_FOUND', 404, 'the number is no contact of this outlet');
    }
    const room = isAdmin ? undefined : (manager: EntityManager) => this.requireRoom(manager, caller);
    await this.optOuts.recordByHand(phone, caller, outlet?.id ?? null, note ?? null, room);
  }

  async revoke(caller: Caller, { phone, note }: RevokeOptOut): Promise<void> {
    if (caller.kind !== 'user') throw new DomainError('FORBIDDEN', 403, 'only a person lets a number back in');
    await this.optOuts.revoke(phone, caller, note);
  }

  /**
   * It holds for the whole chain: more than a busy day brings is nothing a cashier does. Within the transaction that
   * writes it down.
   * @throws {QuotaReached}
   */
  private async requireRoom(manager: EntityManager, caller: Caller): Promise<void> {
    await takeQuotaTurn(manager, 'opt-outs', caller.id);
    requireRoom(await this.quota(caller, manager), 'opt-outs by hand in a day');
  }

  async quota({ id }: Caller, manager: EntityManager = this.dataSource.manager): Promise<QuotaFact> {
    const [{ count }] = await manager.query<[{ count: number }]>(
      `SELECT count(*)::int AS count FROM opt_out_ledger WHERE caller_id = $1 AND at > now() - interval '1 day'`,
      [id],
    );
    return { name: 'opt-outs', limit: BY_HAND_EACH_DAY, used: count };
  }

  private async isContact(outletId: string, number: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>('SELECT FROM contacts WHERE outlet_id = $1 AND number = $2', [
      outletId,
      number,
    ]);
    return rows.length > 0;
  }
}
