import type { Estimate } from '@koneksi/contracts/blast-preview';
import type { HoldCode } from '@koneksi/contracts/blast-states';
import type { BlastForecast } from '@koneksi/contracts/blasts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { outletsOf } from './blast-reader.js';
import { toEstimate } from './domain/estimate.js';
import { Limits, type OutletLimits } from './limits/limits.js';
import { aheadOf, WorkAhead, type WaitingPart } from './work-ahead.js';

/** What a part that is held waits for; its own time is nothing that puts it off. */
const WAITS_FOR: Record<HoldCode, Estimate['waitsFor']> = {
  NOT_YET: null,
  QUIET_HOURS: 'QUIET_HOURS',
  DAILY_CAP: 'DAILY_CAP',
  RESTRICTED: 'WHATSAPP_LIMIT',
  OUTLET_UNHEALTHY: 'OUTLET_UNHEALTHY',
  STOPPED_RESTRICTED: 'STOPPED',
  STOPPED_REFUSALS: 'STOPPED',
};

/** When what is left of a blast will be out, and what it waits for. */
@Injectable()
export class BlastForecasts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly work: WorkAhead,
    private readonly limits: Limits,
    private readonly clock: Clock,
  ) {}

  /** The blast itself was asked for before. */
  async of(caller: Caller, blastId: string): Promise<BlastForecast> {
    const left = await this.dataSource.query<{ outlet_id: string }[]>(
      `SELECT o.outlet_id FROM blast_outlets o
       WHERE o.blast_id = $1 AND o.queued > 0 AND ($2::uuid[] IS NULL OR o.outlet_id = ANY ($2::uuid[]))`,
      [blastId, outletsOf(caller)],
    );
    const ids = left.map(({ outlet_id }) => outlet_id);
    const [limits, parts] = await Promise.all([this.limits.of(ids), this.work.at(ids, blastId)]);
    const outlets = parts.flatMap((part) => {
      const own = part.blast_id === blastId ? limits.get(part.outlet_id) : undefined;
      return own ? [{ outletId: part.outlet_id, estimate: this.estimate(part, parts, own) }] : [];
    });
    const ends = outlets.map(({ estimate }) => estimate.finishesAt);
    return { finishesAt: ends.includes(null) ? null : (ends.sort().at(-1) ?? null), outlets };
  }

  private estimate(part: WaitingPart, parts: readonly WaitingPart[], limits: OutletLimits): Estimate {
    const now = this.clock.wall();
    const until = part.hold_until?.getTime() ?? null;
    const held = part.hold_code !== null && (until === null || until > now) ? WAITS_FOR[part.hold_code] : null;
    const notAfter = part.not_after?.getTime() ?? null;
    const people = { newChats: part.new_chats, knownChats: part.known_chats };
    const start = Math.max(part.from, until ?? 0);
    const told = toEstimate(now, start, people, limits, notAfter, aheadOf(part, parts, now));
    if (told.waitsFor === 'ZERO_CAP' || held === null) return told;
    if (until !== null) return { ...told, waitsFor: held };
    // When somebody mends it nobody knows.
    return { ...told, startsAt: null, finishesAt: part.not_after?.toISOString() ?? null, waitsFor: held };
  }
}
