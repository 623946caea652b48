import { Injectable } from '@nestjs/common';
import type { OptOutKeyword } from '@koneksi/contracts/opt-outs';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { EventBus } from '../common/event-bus.js';

/** Whom the customer told, by its name of that time. */
type ToldOutlet = { id: string; name: string } | null;

interface LedgerLine {
  action: 'OPT_OUT' | 'OPT_IN';
  means: 'KEYWORD' | 'STAFF';
  outlet: ToldOutlet;
  keyword: OptOutKeyword | null;
  by: Pick<Caller, 'id' | 'name'> | null;
  note: string | null;
}

/** Which numbers want no messages, across all outlets. State and ledger change in one transaction. */
@Injectable()
export class OptOuts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly events: EventBus,
    private readonly clock: Clock,
  ) {}

  /** Those of `numbers` (digits with country code, no `+`) that no outlet may write to. */
  async isOptedOut(numbers: string[], manager: EntityManager = this.dataSource.manager): Promise<Set<string>> {
    const rows = await manager.query<{ number: string }[]>('SELECT number FROM opt_outs WHERE number = ANY ($1)', [
      numbers,
    ]);
    return new Set(rows.map(({ number }) => number));
  }

  /** A customer wrote `keyword` to an outlet. Answers whether that changed anything. */
  recordFromCustomer(number: string, outlet: ToldOutlet, keyword: OptOutKeyword): Promise<boolean> {
    return this.optOut(number, { action: 'OPT_OUT', means: 'KEYWORD', outlet, keyword, by: null, note: null });
  }

  /** Someone at the counter was told. Answers whether that changed anything. */
  recordByHand(number: string, by: Caller, outlet: ToldOutlet, note: string | null): Promise<boolean> {
    return this.optOut(number, { action: 'OPT_OUT', means: 'STAFF', outlet, keyword: null, by, note });
  }

  /** @throws `NOT_OPTED_OUT` where there is nothing to revoke. */
  async revoke(number: string, by: Caller, note: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [, deleted] = await manager.query<[unknown, number]>('DELETE FROM opt_outs WHERE number = $1', [number]);
      if (!deleted) throw new DomainError('NOT_OPTED_OUT', 404, 'this number is not opted out');
      const line: LedgerLine = { action: 'OPT_IN', means: 'STAFF', outlet: null, keyword: null, by, note };
      await this.addToLedger(manager, number, line);
    });
    this.events.publish('optout.revoked', { number });
  }

  private async optOut(number: string, line: LedgerLine): Promise<boolean> {
    const isNew = await this.dataSource.transaction(async (manager) => {
      const rows = await manager.query<unknown[]>(
        'INSERT INTO opt_outs (number, opted_out_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING number',
        [number, this.now()],
      );
      if (rows.length === 0) return false;
      await this.addToLedger(manager, number, line);
      return true;
    });
    if (isNew) this.events.publish('optout.recorded', { number });
    return isNew;
  }

  private async addToLedger(manager: EntityManager, number: string, line: LedgerLine): Promise<void> {
    await manager.query(
      `INSERT INTO opt_out_ledger
         (number, action, means, at, outlet_id, outlet_name, keyword, caller_id, caller_name, note)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        number,
        line.action,
        line.means,
        this.now(),
        line.outlet?.id ?? null,
        line.outlet?.name ?? null,
        line.keyword,
        line.by?.id ?? null,
        line.by?.name ?? null,
        line.note,
      ],
    );
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}
