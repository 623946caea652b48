import { describe, expect, test } from '@jest/globals';
import type { Interval, Mark } from '@koneksi/contracts/uptime-mark';
import fc from 'fast-check';
import { dateOf, follow, hourOf, midnightOf, type Course, type CourseTerms, type Turn } from './course.js';
import { NO_TIME, plus, type Sums } from './sums.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WIB = 7 * HOUR;
/** Noon in Jakarta. */
const T = Date.parse('2026-11-27T05:00:00.000Z');
const TERMS: CourseTerms = { offsetMs: WIB, planned: [], blind: [], hoursFrom: -Infinity };
const NEW: Course = { mark: null, upto: T };

/** `minute kind`, minutes counted from noon. */
const turns = (...list: [minute: number, kind: Turn['kind']][]): Turn[] =>
  list.map(([minute, kind]) => ({ at: T + minute * MINUTE, kind }));
const between = (from: number, to: number): Interval => ({ from: T + from * MINUTE, to: T + to * MINUTE });

/** Minutes by mark. */
function counted(list: readonly Turn[], until: number | null, terms: Partial<CourseTerms> = {}, before = NEW): Sums {
  const { shares } = follow(before, list, until === null ? null : T + until * MINUTE, { ...TERMS, ...terms });
  return shares.reduce((sums, { mark, ms }) => plus(sums, { ...NO_TIME, [mark]: ms / MINUTE }), NO_TIME);
}

describe('what counts as what', () => {
  test.each<[string, [number, Turn['kind']][], Partial<Sums>]>([
    ['an outlet that works is up', [[0, 'well']], { up: 60 }],
    ['one that should and does not is down', [[0, 'down']], { down: 60 }],
    ['one that is switched off, or not linked yet, is paused', [[0, 'off']], { paused: 60 }],
    [
      'each stretch counts for itself',
      [
        [0, 'well'],
        [10, 'down'],
        [15, 'well'],
        [40, 'off'],
      ],
      { up: 35, down: 5, paused: 20 },
    ],
    [
      'whoever holds a phone to what is down has not mended it yet',
      [
        [0, 'down'],
        [10, 'in-hand'],
        [20, 'well'],
      ],
      { down: 20, up: 40 },
    ],
    [
      'whoever links a new outlet has broken nothing',
      [
        [0, 'off'],
        [10, 'in-hand'],
        [30, 'well'],
      ],
      { paused: 30, up: 30 },
    ],
    [
      'what was first heard of with a phone in hand was not linked before',
      [
        [0, 'in-hand'],
        [30, 'well'],
      ],
      { paused: 30, up: 30 },
    ],
    [
      'an outlet that works and is linked anew does not work meanwhile',
      [
        [0, 'well'],
        [10, 'in-hand'],
        [20, 'well'],
      ],
      { up: 50, down: 10 },
    ],
    ['an outlet counts from its first word on', [[50, 'well']], { up: 10 }],
    [
      'and not beyond its removal',
      [
        [0, 'well'],
        [20, 'removed'],
      ],
      { up: 20 },
    ],
    [
      'but again where it was brought back',
      [
        [0, 'well'],
        [20, 'removed'],
        [50, 'well'],
      ],
      { up: 30 },
    ],
  ])('%s', (_, list, expected) => {
    expect(counted(turns(...list), 60)).toEqual({ ...NO_TIME, ...expected });
  });
});

describe('planned work', () => {
  const planned = [between(10, 30)];
  test('is no downtime, nor is what works meanwhile anything but up', () => {
    expect(counted(turns([0, 'down']), 60, { planned })).toEqual({ up: 0, down: 40, paused: 20 });
    expect(counted(turns([0, 'well']), 60, { planned })).toEqual({ up: 60, down: 0, paused: 0 });
  });
  test('of two windows at once is counted once', () => {
    expect(counted(turns([0, 'down']), 60, { planned: [...planned, between(20, 40)] }).paused).toBe(30);
  });
});

describe('time that nobody lived through', () => {
  test('counts as nothing', () => {
    expect(counted(turns([0, 'well']), 60, { blind: [between(10, 30)] })).toEqual({ up: 40, down: 0, paused: 0 });
  });
  test('nor does planned work in it', () => {
    const terms = { blind: [between(10, 30)], planned: [between(20, 40)] };
    expect(counted(turns([0, 'down']), 60, terms)).toEqual({ up: 0, down: 30, paused: 10 });
  });
});

describe('a clock that was set back', () => {
  test('counts nothing twice, and knows what happened meanwhile', () => {
    const list = turns([0, 'well'], [30, 'down'], [10, 'well'], [20, 'off']);
    expect(counted(list, 40)).toEqual({ up: 30, down: 0, paused: 10 });
  });
  test('up to now is no further than it was', () => {
    expect(follow({ mark: 'up', upto: T }, [], T - HOUR, TERMS)).toEqual({
      course: { mark: 'up', upto: T },
      shares: [],
    });
  });
});

describe('borders', () => {
  test('a stretch is told hour by hour', () => {
    const { shares } = follow({ mark: 'up', upto: T + 50 * MINUTE }, [], T + 130 * MINUTE, TERMS);
    expect(shares.map(({ from, ms }) => [(from - T) / MINUTE, ms / MINUTE])).toEqual([
      [50, 10],
      [60, 60],
      [120, 10],
    ]);
  });
  test('older than hours are kept, by midnights of its zone', () => {
    const terms = { ...TERMS, hoursFrom: T + 2 * DAY };
    const { shares } = follow({ mark: 'up', upto: T }, [], T + 2 * DAY, terms);
    expect(shares.map(({ from, ms }) => [dateOf(from, WIB), ms / HOUR])).toEqual([
      ['2026-11-27', 12],
      ['2026-11-28', 24],
      ['2026-11-29', 12],
    ]);
  });
  test.each([
    [7, '2026-11-27'],
    [8, '2026-11-27'],
    [9, '2026-11-28'],
  ])('at 22.30 in Jakarta the date of UTC+%i is %s', (hours, date) => {
    expect(dateOf(Date.parse('2026-11-27T15:30:00.000Z'), hours * HOUR)).toBe(date);
  });
  test('midnight and hour are those that were', () => {
    expect(new Date(midnightOf(T, WIB)).toISOString()).toBe('2026-11-26T17:00:00.000Z');
    expect(hourOf(T + 59 * MINUTE)).toBe(T);
  });
});

const STEP = 10_000;
const KINDS: readonly Turn['kind'][] = ['well', 'down', 'off', 'in-hand', 'removed'];
const SPAN_STEPS = (50 * HOUR) / STEP;
const steps = fc.integer({ min: 0, max: SPAN_STEPS });
const intervals = fc.array(
  fc
    .tuple(steps, steps)
    .map(([one, other]) => ({ from: T + Math.min(one, other) * STEP, to: T + Math.max(one, other) * STEP })),
  { maxLength: 3 },
);

/** Looks at every moment for itself, as nobody would who has to keep up. */
function momentByMoment(list: readonly Turn[], until: number, terms: CourseTerms): Map<string, number> {
  const sums = new Map<string, number>();
  let mark: Mark | null = null;
  let next = 0;
  let reached = T;
  const within = (at: number, all: readonly Interval[]): boolean => all.some(({ from, to }) => at >= from && at < to);
  const live = (to: number): void => {
    for (; reached < to; reached += STEP) {
      if (mark === null || within(reached, terms.blind)) continue;
      const told = mark === 'down' && within(reached, terms.planned) ? 'paused' : mark;
      const local = new Date(reached + terms.offsetMs).toISOString().slice(0, 13);
      sums.set(`${local} ${told}`, (sums.get(`${local} ${told}`) ?? 0) + STEP);
    }
  };
  for (; next < list.length; next++) {
    const { at, kind } = list[next]!;
    live(at);
    if (kind === 'removed') mark = null;
    else if (kind === 'well') mark = 'up';
    else if (kind === 'off') mark = 'paused';
    else if (kind === 'down') mark = 'down';
    else mark = mark === null || mark === 'paused' ? 'paused' : 'down';
  }
  live(until);
  return sums;
}

test('sums are those of the raw history, wherever the reader stopped and went on', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ step: steps, kind: fc.constantFrom(...KINDS) }), { maxLength: 12 }),
      fc.constantFrom(7, 8, 9),
      intervals,
      intervals,
      fc.array(fc.nat({ max: 12 }), { maxLength: 4 }),
      (changes, zone, planned, blind, stops) => {
        const terms = { offsetMs: zone * HOUR, planned, blind, hoursFrom: -Infinity };
        const list = changes.map(({ step, kind }): Turn => ({ at: T + step * STEP, kind }));
        const until = T + SPAN_STEPS * STEP;
        let course = NEW;
        const sums = new Map<string, number>();
        const read = (part: readonly Turn[], to: number | null): void => {
          const followed = follow(course, part, to, terms);
          course = followed.course;
          for (const { from, mark, ms } of followed.shares) {
            const key = `${new Date(from + terms.offsetMs).toISOString().slice(0, 13)} ${mark}`;
            sums.set(key, (sums.get(key) ?? 0) + ms);
          }
        };
        let taken = 0;
        for (const stop of stops.toSorted((one, other) => one - other)) {
          read(list.slice(taken, stop), null);
          taken = Math.max(taken, stop);
        }
        read(list.slice(taken), until);
        expect(new Map([...sums].sort())).toEqual(new Map([...momentByMoment(list, until, terms)].sort()));
      },
    ),
    { numRuns: 150 },
  );
});
