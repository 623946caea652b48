import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EventBus } from '../common/event-bus.js';
import type { Wish } from './domain/wish.js';
import type { PendingWishEntity } from './pending-wish.entity.js';
import { Wishes, type WishTold } from './wishes.js';

interface Row extends Pick<PendingWishEntity, 'alias' | 'keyword' | 'words' | 'language' | 'at'> {
  outlet_id: string;
  number: string;
}

/** What is pending and has a number by now. */
const KNOWN_SQL = `
  SELECT p.alias, p.outlet_id, p.keyword, p.words, p.language, p.at, k.number
  FROM pending_opt_outs p JOIN known_numbers k ON k.alias = p.alias
  WHERE $1::text[] IS NULL OR p.alias = ANY ($1)`;

/** One for each name: the newest, but what is not sure never takes the place of what is. */
const KEEP_SQL = `
  INSERT INTO pending_opt_outs AS p (alias, outlet_id, keyword, words, language, at) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (alias) DO UPDATE
  SET outlet_id = EXCLUDED.outlet_id, keyword = EXCLUDED.keyword, words = EXCLUDED.words,
    language = EXCLUDED.language, at = EXCLUDED.at
  WHERE p.keyword IS NULL OR EXCLUDED.keyword IS NOT NULL`;

/**
 * Keeps the wish of people whom WhatsApp names by LID alone, and takes it up for every outlet as soon as any of them learns
 * the number: whoever learns it to write to them waits for that.
 */
@Injectable()
export class PendingWishes implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger(PendingWishes.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly events: EventBus,
    private readonly wishes: Wishes,
  ) {}

  onModuleInit(): void {
    this.events.on('numbers.learned', ({ learned, waitFor }) => {
      waitFor(this.takeUp(learned.map(({ alias }) => alias)));
    });
  }

  /** What a process that died left between learning a number and taking it up. */
  onApplicationBootstrap(): void {
    this.takeUp(null).catch((error: unknown) => {
      this.logger.error(`Wishes by LID wait: ${error instanceof Error ? error.name : 'unknown error'}`);
    });
  }

  async keep(alias: string, { outletId, wish, language, at }: WishTold): Promise<void> {
    const [keyword, words] = wish.kind === 'sure' ? [wish.keyword, null] : [null, wish.words];
    await this.dataSource.query(KEEP_SQL, [alias, outletId, keyword, words, language, new Date(at)]);
    // The number may have been learned meanwhile.
    await this.takeUp([alias]);
  }

  private async takeUp(aliases: readonly string[] | null): Promise<void> {
    const rows = await this.dataSource.query<Row[]>(KNOWN_SQL, [aliases]);
    for (const { alias, outlet_id: outletId, keyword, words, language, at, number } of rows) {
      const wish: Wish = keyword ? { kind: 'sure', keyword } : { kind: 'unsure', words: words ?? '' };
      await this.wishes.take(number, { outletId, wish, language, at: at.getTime() });
      await this.dataSource.query('DELETE FROM pending_opt_outs WHERE alias = $1 AND at = $2', [alias, at]);
    }
  }
}
