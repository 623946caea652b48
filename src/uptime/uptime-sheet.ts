import { Injectable } from '@nestjs/common';
import type { Locale } from '@koneksi/contracts/reason-texts';
import type { Readable } from 'node:stream';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { IncidentStays } from '../incidents/incident-stays.js';
import { monthFrame, monthOf, type Month } from './domain/frame.js';
import { NO_TIME, plus, totalOf, type Sums, type Tally } from './domain/sums.js';
import { offsetOf } from './uptime-book.js';
import { UptimeSums, type Counted } from './uptime-sums.js';
import { sheetFile, type SheetLine } from './sheet-file.js';

/** A month as a sheet: every outlet that was there, also those that were removed since. */
@Injectable()
export class UptimeSheet {
  constructor(
    private readonly sums: UptimeSums,
    private readonly stays: IncidentStays,
    private readonly clock: Clock,
  ) {}

  /** @param month `YYYY-MM`; the one under way in Jakarta where it is not said */
  async of(caller: Caller, month: string | undefined, locale: Locale): Promise<{ month: string; csv: Readable }> {
    const now = Math.round(this.clock.wall());
    const chosen = month ?? monthOf(now, offsetOf(null));
    const frame = monthFrame(chosen);
    const [first, last] = [frame.dates[0]!, frame.dates.at(-1)!];
    const range = { unit: 'day', first, last, isOpen: false } as const;
    const audience = { outletIds: caller.outletIds, withRemoved: caller.outletIds === 'all' };
    const { counted, sums } = await this.sums.read(audience, range, 'outlet and bar', now);
    const [from, to] = [frame.from(offsetOf(null)), Math.min(now, frame.to(offsetOf(null)))];
    const ids = counted.map(({ outletId }) => outletId);
    const stays = await this.stays.each(ids, new Date(from), new Date(to));
    const lines = counted
      .map((outlet) => ({ ...lineOf(outlet, frame, sums, now), stays: stays.get(outlet.outletId) ?? null }))
      .filter(({ outlet, total }) => outlet.isThere || totalOf(total) > 0);
    return { month: chosen, csv: sheetFile(lines, frame.dates.length, locale) };
  }
}

function lineOf(outlet: Counted, month: Month, sums: Tally, now: number): Omit<SheetLine, 'stays'> {
  const days = month.dates.map((date): Sums => sums.of(`${outlet.no} ${date}`));
  const total = days.reduce(plus, NO_TIME);
  const from = month.from(outlet.offsetMs);
  const passed = Math.max(0, Math.min(now, month.to(outlet.offsetMs)) - from);
  return { outlet, days, total, unknown: outlet.isThere ? Math.max(0, passed - totalOf(total)) : null };
}
