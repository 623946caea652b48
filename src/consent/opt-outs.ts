import { Injectable } from '@nestjs/common';
import type { OptOutKeyword } from '@koneksi/contracts/opt-outs';
import { canonicalNumber } from '@koneksi/contracts/phone-number';
import type { TextLanguage } from '@koneksi/contracts/text-language';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { EventBus } from '../common/event-bus.js';
import { SystemDataSource } from '../database/system-data-source.js';
import { OWE_SQL, UNOWE_SQL } from './owed-confirmations.js';
import { takeWishTurn } from './wish-turn.js';

/** What a customer wrote, once it is known to be a keyword. */
export interface KeywordReceived {
  /** Digits with country code, no `+`. */
  number: string;
  outletId: string;
  keyword: OptOutKeyword;
  /** What it was written in; `null` where the words did not tell. */
  language: TextLanguage | null;
  /** When WhatsApp took it, in milliseconds since the epoch. */
  at: number;
}

interface LedgerLine {
  action: 'OPT_OUT' | 'OPT_IN';
  means: 'KEYWORD' | 'STAFF';
  outletId: string | null;
  keyword: OptOutKeyword | null;
  by: Pick<Caller, 'id' | 'name'> | null;
  note: string | null;
}

/** A keyword older than this when a person lets the number back in is the one they overruled, delivered late. */
const TOLD_ONE_BY_ONE = 100;
const CLOCKS_DIFFER_BY_MS = 60_000;

/** Which numbers want no messages, across all outlets. State and ledger change in one transaction. */
@Injectable()
export class OptOuts {
  constructor(
    private readonly dataSource: SystemDataSource,
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

  /** Answers whether that changed anything. */
  recordFromCustomer({ number: written, outletId, keyword, language, at }: KeywordReceived): Promise<boolean> {
    const line: LedgerLine = { action: 'OPT_OUT', means: 'KEYWORD', outletId, keyword, by: null, note: null };
    const number = canonicalNumber(written);
    return this.optOut(number, line, new Date(at + CLOCKS_DIFFER_BY_MS), {
      also: async (manager) => {
        await manager.query(OWE_SQL, [number, outletId, languageFor(number, keyword, language), new Date(at)]);
      },
    });
  }

  /** Someone at the counter was told. `first` is done in the same transaction. Answers whether that changed anything. */
  recordByHand(
    number: string,
    by: Caller,
    outletId: string | null,
    note: string | null,
    first?: (manager: EntityManager) => Promise<void>,
  ): Promise<boolean> {
    const line: LedgerLine = { action: 'OPT_OUT', means: 'STAFF', outletId, keyword: null, by, note };
    return this.optOut(number, line, this.now(), { first });
  }

  /**
   * Those that wanted no messages in the tool before, in the transaction of an import. Answers the new ones, which
   * {@link tell} announces once they are committed.
   */
  async addFromFile(
    manager: EntityManager,
    numbers: readonly string[],
    by: Pick<Caller, 'id' | 'name'> | null,
    outletId: string | null,
  ): Promise<string[]> {
    if (numbers.length === 0) return [];
    const rows = await manager.query<{ number: string }[]>(
      `WITH added AS (
         INSERT INTO opt_outs (number, opted_out_at) SELECT DISTINCT number, $2::timestamptz FROM unnest($1::text[]) AS number
         ON CONFLICT DO NOTHING RETURNING number),
       told AS (
         INSERT INTO opt_out_ledger (number, action, means, at, outlet_id, outlet_name, caller_id, caller_name)
         SELECT number, 'OPT_OUT', 'IMPORT', $2, $3, (SELECT name FROM outlets WHERE id = $3), $4::uuid, $5 FROM added)
       SELECT number FROM added`,
      [numbers, this.now(), outletId, by?.id ?? null, by?.name ?? null],
    );
    await manager.query('DELETE FROM held_wishes WHERE number = ANY ($1)', [numbers]);
    return rows.map(({ number }) => number);
  }

  /**
   * To be called once they are committed. Each message asks again before it leaves; the word only makes those that wait
   * show it sooner, and is not worth thousands of statements.
   */
  async tell(numbers: readonly string[]): Promise<void> {
    if (numbers.length === 0) return;
    // Held while these were not committed yet: whoever wrote it is answered with them.
    await this.dataSource.query('DELETE FROM held_wishes WHERE number = ANY ($1)', [numbers]);
    if (numbers.length > TOLD_ONE_BY_ONE) return;
    for (const number of numbers) this.events.publish('optout.recorded', { number });
  }

  /** @throws `NOT_OPTED_OUT` where there is nothing to revoke. */
  async revoke(number: string, by: Caller, note: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [, deleted] = await manager.query<[unknown, number]>('DELETE FROM opt_outs WHERE number = $1', [number]);
      if (!deleted) throw new DomainError('NOT_OPTED_OUT', 404, 'this number is not opted out');
      await manager.query(UNOWE_SQL, [number]);
      const line: LedgerLine = { action: 'OPT_IN', means: 'STAFF', outletId: null, keyword: null, by, note };
      await this.addToLedger(manager, number, line);
    });
    this.events.publish('optout.revoked', { number });
  }

  /** `first` and `also` are done in the same transaction, `also` where it changed anything. */
  private async optOut(
    number: string,
    line: LedgerLine,
    unlessOptedInAfter: Date,
    { first, also }: Partial<Record<'first' | 'also', (manager: EntityManager) => Promise<void>>>,
  ): Promise<boolean> {
    const isNew = await this.dataSource.transaction(async (manager) => {
      await first?.(manager);
      await takeWishTurn(manager, number);
      const rows = await manager.query<unknown[]>(
        `INSERT INTO opt_outs (number, opted_out_at)
         SELECT $1, $2::timestamptz WHERE NOT EXISTS
           (SELECT FROM opt_out_ledger WHERE number = $1 AND action = 'OPT_IN' AND at > $3)
         ON CONFLICT DO NOTHING RETURNING number`,
        [number, this.now(), unlessOptedInAfter],
      );
      // Whatever else they wrote is answered with it.
      await manager.query('DELETE FROM held_wishes WHERE number = $1', [number]);
      if (rows.length === 0) return false;
      await this.addToLedger(manager, number, line);
      await also?.(manager);
      return true;
    });
    if (isNew) this.events.publish('optout.recorded', { number });
    return isNew;
  }

  private async addToLedger(manager: EntityManager, number: string, line: LedgerLine): Promise<void> {
    await manager.query(
      `INSERT INTO opt_out_ledger
         (number, action, means, at, outlet_id, outlet_name, keyword, caller_id, caller_name, note)
       VALUES ($1, $2, $3, $4, $5, (SELECT name FROM outlets WHERE id = $5), $6, $7, $8, $9)`,
      [
        number,
        line.action,
        line.means,
        this.now(),
        line.outletId,
        line.keyword,
        line.by?.id ?? null,
        line.by?.name ?? null,
        line.note,
      ],
    );
  }

  private now(): Date {
    return new Date(this.clock.wall());
  }
}

/** What they are answered in: as they wrote, or else as their word or their country has it. */
function languageFor(number: string, keyword: OptOutKeyword, written: TextLanguage | null): TextLanguage {
  if (written !== null) return written;
  if (keyword === 'BERHENTI') return 'id';
  if (keyword === 'UNSUBSCRIBE') return 'en';
  return number.startsWith('62') ? 'id' : 'en';
}
