import { describe, expect, test } from '@jest/globals';
import {
  CAREFUL,
  finishesAt,
  pauseMs,
  quietUntil,
  UNHURT,
  type Carefulness,
  type Load,
  type WhatsappLimit,
} from './careful.js';
import { instantOf, localDay, nextMidnight } from './local-time.js';

const careful: Carefulness = { ...CAREFUL, paceMinMs: 20_000, paceMaxMs: 40_000 };
const at = (time: string): number => Date.parse(time);
const fresh = { newChats: 0, knownChats: 0, sendingDay: 30 };

describe('pauses', () => {
  test.each([
    [0, 20_000],
    [0.5, 30_000],
    [0.999999, 40_000],
  ])('at %d', (random, pause) => {
    expect(pauseMs(careful, random)).toBe(pause);
  });
});

describe('days and times of an outlet', () => {
  test.each([
    ['2026-11-21T16:59:59Z', 'Asia/Jakarta', '2026-11-21'],
    ['2026-11-21T17:00:00Z', 'Asia/Jakarta', '2026-11-22'],
    ['2026-11-21T16:00:00Z', 'Asia/Makassar', '2026-11-22'],
    ['2026-11-21T15:00:00Z', 'Asia/Jayapura', '2026-11-22'],
  ] as const)('%s in %s is %s', (instant, zone, day) => {
    expect(localDay(at(instant), zone)).toBe(day);
    expect(localDay(nextMidnight(at(instant), zone) - 1, zone)).toBe(day);
    expect(localDay(nextMidnight(at(instant), zone), zone) > day).toBe(true);
  });

  test.each([
    ['2026-11-22T09:00:00', 'Asia/Jakarta', '2026-11-22T02:00:00Z'],
    ['2026-11-22T09:00', 'Asia/Jayapura', '2026-11-22T00:00:00Z'],
    ['2026-11-22T09:00:00+08:00', 'Asia/Jakarta', '2026-11-22T01:00:00Z'],
    ['2026-11-22T09:00:00Z', 'Asia/Makassar', '2026-11-22T09:00:00Z'],
  ] as const)('%s in %s is %s', (time, zone, instant) => {
    expect(instantOf(time, zone)).toBe(at(instant));
  });
});

describe('quiet hours', () => {
  const byDay = { zone: 'Asia/Jakarta', quietHours: { from: '12:00', to: '13:00' } } as const;
  test.each([
    ['2026-11-21T11:59:59+07:00', null],
    ['2026-11-21T12:00:00+07:00', '2026-11-21T13:00:00+07:00'],
    ['2026-11-21T12:59:59+07:00', '2026-11-21T13:00:00+07:00'],
    ['2026-11-21T13:00:00+07:00', null],
  ])('at %s until %s', (now, until) => {
    expect(quietUntil(at(now), byDay)).toBe(until === null ? null : at(until));
  });

  test('none', () => {
    expect(quietUntil(at('2026-11-21T00:00:00Z'), { zone: 'Asia/Jakarta', quietHours: null })).toBeNull();
  });
});

describe('when a blast is through', () => {
  const noon = at('2026-11-21T12:00:00+07:00');
  const cases: [what: string, start: number, counts: [fresh: number, known: number], finish: string][] = [
    ['one after the other', noon, [0, 120], '2026-11-21T13:00:00+07:00'],
    [
      'begins in the morning what is made at night',
      at('2026-11-21T22:00:00+07:00'),
      [0, 120],
      '2026-11-22T09:00:00+07:00',
    ],
    ['goes on tomorrow with what the cap leaves', noon, [30, 0], '2026-11-22T08:05:00+07:00'],
    ['known and new side by side', noon, [20, 100], '2026-11-21T13:00:00+07:00'],
  ];
  test.each(cases)('%s', (_, start, [newChats, knownChats], finish) => {
    expect(finishesAt(start, { newChats, knownChats }, careful, fresh).finishesAt).toBe(at(finish));
  });

  const spent = { newChats: 20, knownChats: 0, sendingDay: 30 };
  test.each([
    ['nothing', noon, fresh, null, '2026-11-21T12:00:00+07:00'],
    ['quiet hours', at('2026-11-21T22:00:00+07:00'), fresh, 'QUIET_HOURS', '2026-11-22T08:00:00+07:00'],
    // The morning after is another day, with a cap of its own.
    ['quiet hours', at('2026-11-21T22:00:00+07:00'), spent, 'QUIET_HOURS', '2026-11-22T08:00:00+07:00'],
    ['the daily cap', noon, spent, 'DAILY_CAP', '2026-11-22T08:00:00+07:00'],
  ] as const)('its start waits for %s', (_, start, usage, waitsFor, startsAt) => {
    expect(finishesAt(start, { newChats: 5, knownChats: 0 }, careful, usage)).toMatchObject({
      waitsFor,
      startsAt: at(startsAt),
    });
  });

  const day = '2026-11-21T';
  test.each<[what: string, until: string, counts: [fresh: number, known: number], changes: object, late: number]>([
    ['those whose turn comes then or later', `${day}12:30:00+07:00`, [0, 120], {}, 60],
    ['nobody where all are out by then', `${day}13:00:00+07:00`, [0, 120], {}, 0],
    ['whom the cap leaves for tomorrow', `${day}20:00:00+07:00`, [30, 0], {}, 10],
    ['whom nothing may ever be sent to', `${day}20:00:00+07:00`, [5, 5], { newChatsPerDay: 0 }, 5],
    [
      'all whose quiet hours end after it',
      `${day}12:30:00+07:00`,
      [0, 5],
      { quietHours: { from: '11:00', to: '13:00' } },
      5,
    ],
    ['nobody where nothing pauses', `${day}12:00:01+07:00`, [20, 100], { paceMinMs: 0, paceMaxMs: 0 }, 0],
  ])('too late are %s', (_, until, [newChats, knownChats], changes, late) => {
    const alone = finishesAt(noon, { newChats, knownChats }, { ...careful, ...changes }, fresh);
    const told = finishesAt(noon, { newChats, knownChats }, { ...careful, ...changes }, fresh, undefined, at(until));
    expect(told.late).toBe(late);
    expect(told.finishesAt).toBe(Math.min(alone.finishesAt ?? at(until), at(until)));
    expect(told.startsAt).toBe(late === newChats + knownChats ? null : alone.startsAt);
    expect(alone.late).toBe(0);
  });

  test('at once with pacing off', () => {
    const off = { ...UNHURT, paceMinMs: 0, paceMaxMs: 0 };
    expect(finishesAt(noon, { newChats: 10_000, knownChats: 0 }, off, fresh).finishesAt).toBe(noon);
  });

  const later = at('2026-11-21T22:00:00+07:00');
  test.each([
    ['nobody may be written to', [0, 0], [5, 5], null],
    ['nobody new may be written to', [0, 200], [5, 5], later],
    ['nobody new may be written to, and all are', [0, 200], [5, 0], null],
    ['nobody known may be written to', [20, 0], [5, 5], later],
  ] as const)('never where %s', (_, [newChatsPerDay, knownChatsPerDay], [newChats, knownChats], startsAt) => {
    const shut = { ...careful, quietHours: null, newChatsPerDay, knownChatsPerDay };
    const span = { startsAt, finishesAt: null, waitsFor: 'ZERO_CAP' };
    expect(finishesAt(later, { newChats, knownChats }, shut, fresh)).toMatchObject(span);
  });

  test('a cap that nobody counts against puts nothing off', () => {
    const shut = { ...careful, newChatsPerDay: 0 };
    expect(finishesAt(noon, { newChats: 0, knownChats: 120 }, shut, fresh)).toMatchObject({
      startsAt: noon,
      finishesAt: at('2026-11-21T13:00:00+07:00'),
      waitsFor: null,
    });
  });

  const limits = { lockedUntil: null, left: null, countedAgainAt: null };
  const nextDay = at('2026-11-22T12:00:00+07:00');
  const oneHour = at('2026-11-21T13:00:00+07:00');
  test.each<
    [what: string, people: [fresh: number, known: number], limit: Partial<WhatsappLimit>, span: [string, string]]
  >([
    ['a lock of an hour, with strangers alone', [2, 0], { lockedUntil: oneHour }, ['13:00', '13:01']],
    ['a lock of an hour, behind whom it knows', [2, 60], { lockedUntil: oneHour }, ['12:00', '13:01']],
    ['a lock into the quiet hours', [2, 0], { lockedUntil: at('2026-11-21T23:00:00+07:00') }, ['08:00+1', '08:01+1']],
    ['a lock of a day', [2, 0], { lockedUntil: nextDay }, ['12:00+1', '12:01+1']],
    ['a lock that is over', [2, 0], { lockedUntil: at('2026-11-21T11:00:00+07:00') }, ['12:00', '12:01']],
    ['a quota of two until tomorrow noon', [4, 0], { left: 2, countedAgainAt: nextDay }, ['12:00', '12:01+1']],
    ['a quota of none, counted anew by nobody knows when', [2, 0], { left: 0 }, ['08:00+1', '08:01+1']],
    ['a quota that is enough', [4, 0], { left: 4, countedAgainAt: nextDay }, ['12:00', '12:02']],
    ['a lock, and nobody new', [0, 4], { lockedUntil: nextDay }, ['12:00', '12:02']],
  ])('with %s', (_, [newChats, knownChats], limit, span) => {
    const time = (said: string): number => at(`2026-11-2${said.endsWith('+1') ? 2 : 1}T${said.slice(0, 5)}:00+07:00`);
    expect(finishesAt(noon, { newChats, knownChats }, careful, fresh, { ...limits, ...limit })).toMatchObject({
      startsAt: time(span[0]),
      finishesAt: time(span[1]),
    });
  });

  test('a lock says that it is what is waited for, and warms nobody up', () => {
    const locked = { ...limits, lockedUntil: at('2026-11-26T12:00:00+07:00') };
    const told = finishesAt(noon, { newChats: 4, knownChats: 0 }, careful, { ...fresh, sendingDay: 1 }, locked);
    expect(told).toMatchObject({ waitsFor: 'WHATSAPP_LIMIT', slowest: { code: 'WHATSAPP_LIMIT', days: 2 } });
    // Three on the first day of sending, whenever that is.
    expect(told.finishesAt).toBe(at('2026-11-27T08:00:30+07:00'));
  });

  test.each<
    [
      what: string,
      people: [fresh: number, known: number],
      changes: Partial<Carefulness>,
      sendingDay: number,
      slowest: object | null,
    ]
  >([
    ['a new number and strangers', [200, 0], {}, 1, { code: 'NEW_CHATS', perDay: 3, days: 13, warmingUp: true }],
    ['an old number and strangers', [200, 0], {}, 30, { code: 'NEW_CHATS', perDay: 20, days: 10, warmingUp: false }],
    ['too many known ones', [0, 450], {}, 30, { code: 'KNOWN_CHATS', perDay: 200, days: 3, warmingUp: false }],
    ['its pauses', [0, 100], {}, 30, { code: 'PACE', perDay: null, days: 1, warmingUp: false }],
    ['a long night', [0, 100], { quietHours: { from: '12:30', to: '11:00' } }, 30, { code: 'QUIET_HOURS', days: 2 }],
    ['nothing', [0, 2], { paceMinMs: 0, paceMaxMs: 0 }, 30, null],
  ])('what takes longest: %s', (_, [newChats, knownChats], changes, sendingDay, slowest) => {
    const usage = { newChats: 0, knownChats: 0, sendingDay };
    const told = finishesAt(noon, { newChats, knownChats }, { ...careful, ...changes }, usage).slowest;
    if (slowest === null) expect(told).toBeNull();
    else expect(told).toMatchObject(slowest);
  });

  const tomorrow = at('2026-11-22T10:00:00+07:00');
  test.each<
    [
      what: string,
      start: number,
      people: [fresh: number, known: number],
      ahead: (Omit<Load, 'until'> & Partial<Load>)[],
      span: [starts: string, finishes: string, waitsFor: string | null],
    ]
  >([
    [
      'an hour of another blast goes first',
      noon,
      [0, 60],
      [{ from: noon, newChats: 0, knownChats: 120 }],
      ['13:00', '13:30', 'OTHER_BLASTS'],
    ],
    [
      'another blast uses up the day',
      noon,
      [10, 0],
      [{ from: noon, newChats: 20, knownChats: 0 }],
      ['08:00+1', '08:05+1', 'OTHER_BLASTS'],
    ],
    [
      'another blast uses up two days, message by message',
      noon,
      [10, 0],
      [
        { from: noon, newChats: 30, knownChats: 0 },
        { from: noon, newChats: 5, knownChats: 0 },
      ],
      ['08:07+1', '08:02+2', 'OTHER_BLASTS'],
    ],
    [
      'strangers of another blast wait for tomorrow, and its own are known',
      noon,
      [0, 60],
      [{ from: noon, newChats: 40, knownChats: 0 }],
      ['12:10', '12:40', 'OTHER_BLASTS'],
    ],
    [
      'it is for later, when another one is done',
      tomorrow,
      [0, 60],
      [{ from: noon, newChats: 0, knownChats: 120 }],
      ['10:00+1', '10:30+1', null],
    ],
    [
      'it is for later, and another one still has to go on then',
      tomorrow,
      [10, 0],
      [{ from: noon, newChats: 45, knownChats: 0 }],
      ['08:02+2', '08:07+2', 'DAILY_CAP'],
    ],
    [
      'another one begins half an hour before it',
      tomorrow,
      [0, 60],
      [{ from: at('2026-11-22T09:30:00+07:00'), newChats: 0, knownChats: 120 }],
      ['10:30+1', '11:00+1', 'OTHER_BLASTS'],
    ],
    [
      'another one goes on for five minutes and ends',
      noon,
      [10, 0],
      [{ from: noon, until: at('2026-11-21T12:05:00+07:00'), newChats: 30, knownChats: 0 }],
      ['12:05', '12:10', 'OTHER_BLASTS'],
    ],
    [
      'another one for weeks ends before it begins',
      tomorrow,
      [10, 0],
      [{ from: noon, until: at('2026-11-21T17:00:00+07:00'), newChats: 400, knownChats: 0 }],
      ['10:00+1', '10:05+1', null],
    ],
  ])(
    'what waits at the outlet is sent first: %s',
    (_, start, [newChats, knownChats], ahead, [starts, ends, waitsFor]) => {
      const time = (said: string): number => {
        const [clock, days = '0'] = said.split('+');
        return Math.floor(at(`2026-11-21T${clock}:00+07:00`) + Number(days) * 86_400_000);
      };
      const loads = ahead.map((load) => ({ until: null, ...load }));
      const told = finishesAt(start, { newChats, knownChats }, careful, fresh, undefined, null, loads);
      const toTheMinute = (instant: number | null): number | null => instant && instant - (instant % 60_000);
      expect([toTheMinute(told.startsAt), toTheMinute(told.finishesAt)]).toEqual([time(starts), time(ends)]);
      expect(told.waitsFor).toBe(waitsFor);
    },
  );

  test('years without anything to send warm nobody up, and take no time', () => {
    const inYears = at('2999-01-01T10:00:00+07:00');
    const ahead = [{ from: noon, until: null, newChats: 1, knownChats: 0 }];
    const people = { newChats: 6, knownChats: 0 };
    const told = finishesAt(inYears, people, careful, { ...fresh, sendingDay: 1 }, undefined, null, ahead);
    // The second day of seven: six of twenty.
    expect(told).toMatchObject({ startsAt: inYears, finishesAt: inYears + 6 * 30_000, slowest: { days: 1 } });
  });
});
