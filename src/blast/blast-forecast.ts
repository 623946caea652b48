import type { BlastForecast } from '@koneksi/contracts/blasts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { NOT_BEFORE, notAfter } from './asked-again.js';
import { outletsOf } from './blast-reader.js';
import { toEstimate } from './domain/estimate.js';
import { Limits } from './limits/limits.js';

interface Left {
  outlet_id: string;
  hold_until: Date | null;
  not_before: Date | null;
  not_after: Date | null;
  new_chats: number;
  known_chats: number;
}

/** When what is left of a blast will be out, and what it waits for. */
@Injectable()
export class BlastForecasts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly limits: Limits,
    private readonly clock: Clock,
  ) {}

  /** The blast itself was asked for before. */
  async of(caller: Caller, blastId: string): Promise<BlastForecast> {
    const left = await this.dataSource.query<Left[]>(
      `SELECT o.outlet_id, o.hold_until, ${NOT_BEFORE} AS not_before, ${notAfter('o.outlet_id')} AS not_after,
         count(*) FILTER (WHERE NOT met)::int AS new_chats, count(*) FILTER (WHERE met)::int AS known_chats
       FROM blast_outlets o JOIN blasts b ON b.id = o.blast_id
       CROSS JOIN LATERAL (
         SELECT EXISTS (SELECT 1 FROM outlet_chats k WHERE k.outlet_id = r.outlet_id AND k.number = r.number
           AND k.replied_at IS NOT NULL) AS met
         FROM blast_recipients r WHERE r.blast_id = o.blast_id AND r.outlet_id = o.outlet_id AND r.status = 'queued') q
       WHERE o.blast_id = $1 AND ($2::uuid[] IS NULL OR o.outlet_id = ANY ($2::uuid[]))
       GROUP BY o.outlet_id, o.hold_until, b.id, o.blast_id, o.not_before, b.scheduled_at, b.not_after`,
      [blastId, outletsOf(caller)],
    );
    const limits = await this.limits.of(left.map(({ outlet_id }) => outlet_id));
    const now = this.clock.wall();
    const outlets = left.flatMap(({ outlet_id, hold_until, not_before, not_after, new_chats, known_chats }) => {
      const own = limits.get(outlet_id);
      if (!own) return [];
      const start = Math.max(now, hold_until?.getTime() ?? 0, not_before?.getTime() ?? 0);
      const estimate = toEstimate(
        now,
        start,
        { newChats: new_chats, knownChats: known_chats },
        own,
        not_after?.getTime() ?? null,
      );
      return [{ outletId: outlet_id, estimate }];
    });
    const ends = outlets.map(({ estimate }) => estimate.finishesAt);
    return { finishesAt: ends.includes(null) ? null : (ends.sort().at(-1) ?? null), outlets };
  }
}
