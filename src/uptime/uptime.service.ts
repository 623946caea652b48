import { Injectable } from '@nestjs/common';
import type {
  CityUptime,
  OutletUptime,
  Uptime,
  UptimeBucket,
  UptimeRanking,
  UptimeWindow,
} from '@koneksi/contracts/uptime';
import { uptimeOf } from '@koneksi/contracts/uptime-mark';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { IncidentStays, type Stays } from '../incidents/incident-stays.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { frameOf, lengthsOf, type Frame } from './domain/frame.js';
import { NO_TIME, plus, totalOf, type Sums } from './domain/sums.js';
import { offsetOf } from './uptime-book.js';
import { UptimeSums, type Counted, type Range } from './uptime-sums.js';

const WORST = 10;
const HOME_OFFSET_MS = offsetOf(null);

/** How outlets worked over time, as a caller may see them. */
@Injectable()
export class UptimeService {
  constructor(
    private readonly sums: UptimeSums,
    private readonly stays: IncidentStays,
    private readonly outlets: OutletsService,
    private readonly clock: Clock,
  ) {}

  /** All outlets of the caller together. Days are told by the midnights of Jakarta, and are those of each outlet. */
  together(caller: Caller, window: UptimeWindow): Promise<Uptime> {
    return this.answer(caller.outletIds, window, HOME_OFFSET_MS);
  }

  /** One outlet by its own midnights. @throws `OUTLET_NOT_FOUND` */
  async one(caller: Caller, id: string, window: UptimeWindow): Promise<Uptime> {
    const outlet = await this.outlets.require(caller, id);
    const [counted] = await this.sums.outlets({ outletIds: [outlet.id] });
    return this.answer([outlet.id], window, counted?.offsetMs ?? HOME_OFFSET_MS);
  }

  /** Who was down longest, and how the cities fared. */
  async ranking(caller: Caller, window: UptimeWindow): Promise<UptimeRanking> {
    const frame = frameOf(window, Math.round(this.clock.wall()), HOME_OFFSET_MS);
    const { counted, sums } = await this.sums.read({ outletIds: caller.outletIds }, rangeOf(frame), 'outlet', frame.to);
    const lines = counted.map((outlet) => {
      const length = lengthOf(frame, outlet.offsetMs);
      return { outlet, sums: sums.of(String(outlet.no)), length };
    });
    const worst = lines
      .filter((line) => line.sums.down > 0)
      .sort((one, other) => other.sums.down - one.sums.down)
      .slice(0, WORST);
    const ids = worst.map(({ outlet }) => outlet.outletId);
    const stays = await this.stays.each(ids, new Date(frame.bars[0]!.from), new Date(frame.to));
    return {
      ...toldOf(window, frame),
      worst: worst.map((line) => toOutlet(line, stays.get(line.outlet.outletId))),
      cities: citiesOf(lines),
    };
  }

  private async answer(outletIds: Caller['outletIds'], window: UptimeWindow, offsetMs: number): Promise<Uptime> {
    const frame = frameOf(window, Math.round(this.clock.wall()), offsetMs);
    const { counted, sums } = await this.sums.read({ outletIds }, rangeOf(frame), 'bar', frame.to);
    const ids = counted.map((outlet) => outlet.outletId);
    const stays = await this.stays.together(ids, new Date(frame.bars[0]!.from), new Date(frame.to));
    const lengths = barLengths(frame, offsetMs, counted);
    const bars = frame.bars.map(({ key, from }, index) => ({ from, sums: sums.of(key), length: lengths[index]! }));
    const total = bars.reduce((all, bar) => plus(all, bar.sums), NO_TIME);
    return {
      ...toldOf(window, frame),
      outlets: counted.length,
      ...figuresOf(total, stays),
      buckets: bars.map(({ from, sums: bar, length }): UptimeBucket => ({
        from: new Date(from).toISOString(),
        ...secondsOf(bar, length),
      })),
    };
  }
}

interface Line {
  outlet: Counted;
  sums: Sums;
  /** Of the window, for this outlet. */
  length: number;
}

const NONE: Stays = { incidents: 0, meanSeconds: null };
const seconds = (ms: number): number => Math.round(ms) / 1_000;

const rangeOf = ({ unit, bars }: Frame): Range => ({
  unit,
  first: bars[0]!.key,
  last: bars.at(-1)!.key,
  isOpen: true,
});

const lengthOf = (frame: Frame, offsetMs: number): number =>
  lengthsOf(frame, offsetMs - HOME_OFFSET_MS).reduce((sum, length) => sum + length, 0);

/** How much time there was in each bar, of all outlets together. */
function barLengths(frame: Frame, offsetMs: number, counted: readonly Counted[]): number[] {
  const zones = Map.groupBy(counted, (outlet) => outlet.offsetMs);
  const perZone = [...zones].map(([zone, outlets]) =>
    lengthsOf(frame, zone - offsetMs).map((length) => length * outlets.length),
  );
  return frame.bars.map((_, index) => perZone.reduce((sum, lengths) => sum + lengths[index]!, 0));
}

function toldOf(window: UptimeWindow, { bars, to }: Frame): Pick<Uptime, 'window' | 'from' | 'to'> {
  return { window, from: new Date(bars[0]!.from).toISOString(), to: new Date(to).toISOString() };
}

function secondsOf(sums: Sums, length: number): Omit<UptimeBucket, 'from'> {
  return {
    up: seconds(sums.up),
    down: seconds(sums.down),
    paused: seconds(sums.paused),
    // A clock that was set back has more behind it than it says.
    unknown: seconds(Math.max(0, length - totalOf(sums))),
  };
}

function figuresOf(
  sums: Sums,
  { incidents, meanSeconds }: Stays,
): Pick<Uptime, 'uptime' | 'downSeconds' | 'incidents' | 'meanTimeToRepairSeconds'> {
  return {
    uptime: uptimeOf(sums),
    downSeconds: seconds(sums.down),
    incidents,
    meanTimeToRepairSeconds: meanSeconds === null ? null : seconds(meanSeconds * 1_000),
  };
}

function toOutlet({ outlet, sums, length }: Line, stays = NONE): OutletUptime {
  const { outletId, name, city } = outlet;
  return { outletId, name, city, ...secondsOf(sums, length), ...figuresOf(sums, stays) };
}

function citiesOf(lines: readonly Line[]): CityUptime[] {
  const cities = [...Map.groupBy(lines, ({ outlet }) => outlet.city)].map(([city, members]): CityUptime => {
    const sums = members.reduce((all, line) => plus(all, line.sums), NO_TIME);
    const length = members.reduce((sum, line) => sum + line.length, 0);
    return {
      city,
      outlets: members.length,
      ...secondsOf(sums, length),
      uptime: uptimeOf(sums),
      downSeconds: seconds(sums.down),
    };
  });
  const rank = ({ uptime }: CityUptime): number => uptime ?? 2;
  return cities.sort((one, other) => rank(one) - rank(other) || (one.city ?? '').localeCompare(other.city ?? '', 'id'));
}
