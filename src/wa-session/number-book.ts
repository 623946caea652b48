import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { prepared } from '../database/prepared.js';
import { whenRecorded } from './when-recorded.js';

/** One name of somebody, and their number in digits. */
export interface Learned {
  alias: string;
  number: string;
}

const REMEMBERED = 20_000;

/**
 * Which number is behind a LID, learned by any outlet and kept when its link ends: WhatsApp names people alike to
 * everybody, and one who says STOP to one outlet is known to all.
 */
@Injectable()
export class NumberBook {
  /** `null` is known to be unknown. */
  private readonly recent = new Map<string, string | null>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly bus: EventBus,
    private readonly clock: Clock,
  ) {}

  /** Settles once it is kept, and whatever waited for these names is done. */
  async learn(pairs: readonly Learned[]): Promise<void> {
    const unknown = pairs.filter(({ alias, number }) => this.recent.get(alias) !== number);
    if (unknown.length === 0) return;
    const newest = new Map(unknown.map(({ alias, number }) => [alias, number]));
    const rows = await prepared<Learned>(
      this.dataSource,
      `INSERT INTO known_numbers AS k (alias, number, learned_at)
       SELECT n.alias, n.number, $3 FROM unnest($1::text[], $2::text[]) AS n(alias, number) ORDER BY n.alias
       ON CONFLICT (alias) DO UPDATE SET number = EXCLUDED.number, learned_at = EXCLUDED.learned_at
       WHERE k.number <> EXCLUDED.number
       RETURNING alias, number`,
      [[...newest.keys()], [...newest.values()], new Date(this.clock.wall())],
    );
    for (const { alias, number } of unknown) this.remember(alias, number);
    if (rows.length > 0)
      await whenRecorded((waitFor) => this.bus.publish('numbers.learned', { learned: rows, waitFor }));
  }

  /** The number behind a name; `null` where nobody has learned it. */
  async find(alias: string): Promise<string | null> {
    const known = this.recent.get(alias);
    if (known !== undefined) return known;
    const [row] = await prepared<Learned>(this.dataSource, 'SELECT alias, number FROM known_numbers WHERE alias = $1', [
      alias,
    ]);
    this.remember(alias, row?.number ?? null);
    return row?.number ?? null;
  }

  private remember(alias: string, number: string | null): void {
    if (this.recent.size >= REMEMBERED) this.recent.clear();
    this.recent.set(alias, number);
  }
}
