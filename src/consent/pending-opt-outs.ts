import type { OptOutKeyword } from '@koneksi/contracts/opt-outs';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EventBus } from '../common/event-bus.js';
import { readWish } from './domain/wish.js';
import { OptOuts } from './opt-outs.js';

interface Row {
  alias: string;
  outlet_id: string;
  keyword: OptOutKeyword;
  at: Date;
  number: string;
}

/** What is pending and has a number by now. */
const KNOWN_SQL = `
  SELECT p.alias, p.outlet_id, p.keyword, p.at, k.number
  FROM pending_opt_outs p JOIN known_numbers k ON k.alias = p.alias
  WHERE $1::text[] IS NULL OR p.alias = ANY ($1)`;

/**
 * Keeps the wish of people whom WhatsApp names by LID alone, and obeys it for every outlet as soon as any of them learns
 * the number: whoever learns it to write to them waits for that.
 */
@Injectable()
export class PendingOptOuts implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger(PendingOptOuts.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly events: EventBus,
    private readonly optOuts: OptOuts,
  ) {}

  onModuleInit(): void {
    this.events.on('message.unattributed', ({ outletId, alias, text, at, waitFor }) => {
      const wish = readWish(text);
      if (wish?.kind === 'sure') waitFor(this.keep({ alias, outletId, keyword: wish.keyword, at: new Date(at) }));
    });
    this.events.on('numbers.learned', ({ learned, waitFor }) => {
      waitFor(this.obey(learned.map(({ alias }) => alias)));
    });
  }

  /** What a process that died left between learning a number and obeying. */
  onApplicationBootstrap(): void {
    this.obey(null).catch((error: unknown) => {
      this.logger.error(`Opt-outs by LID wait: ${error instanceof Error ? error.name : 'unknown error'}`);
    });
  }

  private async keep({ alias, outletId, keyword, at }: PendingOptOut): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO pending_opt_outs (alias, outlet_id, keyword, at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (alias) DO UPDATE SET outlet_id = EXCLUDED.outlet_id, keyword = EXCLUDED.keyword, at = EXCLUDED.at`,
      [alias, outletId, keyword, at],
    );
    // The number may have been learned meanwhile.
    await this.obey([alias]);
  }

  private async obey(aliases: readonly string[] | null): Promise<void> {
    const rows = await this.dataSource.query<Row[]>(KNOWN_SQL, [aliases]);
    for (const { alias, outlet_id: outletId, keyword, at, number } of rows) {
      await this.optOuts.recordFromCustomer({ number, outletId, keyword, at: at.getTime() });
      await this.dataSource.query('DELETE FROM pending_opt_outs WHERE alias = $1 AND at = $2', [alias, at]);
    }
  }
}

interface PendingOptOut {
  alias: string;
  outletId: string;
  keyword: OptOutKeyword;
  at: Date;
}
