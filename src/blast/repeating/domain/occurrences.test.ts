import { describe, expect, test } from '@jest/globals';
import { birthdaysOn, dayOfMonth, monthOf } from './days.js';
import { dueAt, firstDay, nextDay, passedAt, passedSince, type Rule, type Zones } from './occurrences.js';

const monthly = (day: number, holidays: string[] = [], onHoliday: 'skip' | 'earlier' | 'later' = 'skip'): Rule => ({
  every: 'month',
  day,
  time: '09:00',
  holidays,
  onHoliday,
});
const birthdays = (holidays: string[] = []): Rule => ({
  every: 'birthday',
  field: 'lahir',
  time: '09:00',
  holidays,
  onHoliday: 'skip',
});

/** The next `count` days. */
function following(rule: Rule, after: string, count: number): (string | null)[] {
  const days: (string | null)[] = [];
  for (let day: string | null = after; day !== null && days.length < count;) days.push((day = nextDay(rule, day)));
  return days;
}

describe('every month', () => {
  test.each([
    [1, '2026-11-27', ['2026-12-01', '2027-01-01', '2027-02-01']],
    [27, '2026-11-27', ['2026-12-27', '2027-01-27']],
    [28, '2026-11-27', ['2026-11-28', '2026-12-28']],
    [31, '2026-11-27', ['2026-11-30', '2026-12-31', '2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30']],
    [30, '2028-01-30', ['2028-02-29', '2028-03-30']],
    [29, '2027-01-29', ['2027-02-28', '2027-03-29']],
    [29, '2100-02-01', ['2100-02-28', '2100-03-29']],
    [31, '2026-12-30', ['2026-12-31', '2027-01-31']],
  ])('on day %i after %s', (day, after, days) => expect(following(monthly(day), after, days.length)).toEqual(days));

  test.each([
    ['skip', ['2027-02-25', '2027-03-25', '2027-04-25']],
    ['earlier', ['2026-12-24', '2027-01-24', '2027-02-25']],
    ['later', ['2026-12-27', '2027-01-26', '2027-02-25']],
  ] as const)('a holiday is met with %s', (onHoliday, days) => {
    const holidays = ['2026-12-25', '2026-12-26', '2027-01-25'];
    expect(following(monthly(25, holidays, onHoliday), '2026-12-01', 3)).toEqual(days);
  });

  test('a day that moves over the end of a month keeps its own month', () => {
    const rule = monthly(1, ['2027-01-01'], 'earlier');
    expect(following(rule, '2026-11-30', 4)).toEqual(['2026-12-01', '2026-12-31', '2027-02-01', '2027-03-01']);
    const last = monthly(31, ['2026-12-31', '2027-01-01'], 'later');
    expect(following(last, '2026-11-30', 3)).toEqual(['2027-01-02', '2027-01-31', '2027-02-28']);
  });
});

test('birthdays come every day but on holidays', () => {
  expect(following(birthdays(['2026-12-25', '2026-12-26']), '2026-12-23', 3)).toEqual([
    '2026-12-24',
    '2026-12-27',
    '2026-12-28',
  ]);
});

test.each([
  ['2028-02-28', ['02-28']],
  ['2028-02-29', ['02-29']],
  ['2027-02-28', ['02-28', '02-29']],
  ['2100-02-28', ['02-28', '02-29']],
  ['2000-02-28', ['02-28']],
  ['2027-03-01', ['03-01']],
])('who has a birthday on %s', (day, dates) => expect(birthdaysOn(day)).toEqual(dates));

const WIB: Zones = ['Asia/Jakarta'];
const WITA: Zones = ['Asia/Makassar'];
const WIT: Zones = ['Asia/Jayapura'];
const ALL: Zones = [...WIB, ...WITA, ...WIT];

/** 09:00 is 00:00 UTC in WIT and 02:00 in WIB; the 27th ends at 15:00 UTC in WIT and at 17:00 in WIB. */
test.each([
  [ALL, '2026-11-26T23:54:59Z', { do: 'wait', until: Date.parse('2026-11-26T23:55:00Z') }],
  [ALL, '2026-11-26T23:55:00Z', { do: 'make' }],
  [ALL, '2026-11-27T02:00:00Z', { do: 'make' }],
  [ALL, '2026-11-27T16:59:59Z', { do: 'make' }],
  [ALL, '2026-11-27T17:00:00Z', { do: 'miss' }],
  [ALL, '2027-03-01T00:00:00Z', { do: 'miss' }],
  [WIB, '2026-11-26T23:55:00Z', { do: 'wait', until: Date.parse('2026-11-27T01:55:00Z') }],
  [WIB, '2026-11-27T01:55:00Z', { do: 'make' }],
  [WIB, '2026-11-27T16:59:59Z', { do: 'make' }],
  [WITA, '2026-11-27T00:54:00Z', { do: 'wait', until: Date.parse('2026-11-27T00:55:00Z') }],
  [WITA, '2026-11-27T16:00:00Z', { do: 'miss' }],
  [WIT, '2026-11-27T14:59:00Z', { do: 'make' }],
  [WIT, '2026-11-27T15:00:00Z', { do: 'miss' }],
])('for outlets in %j at %s the 27th at 09:00 is due: %j', (zones, now, due) =>
  expect(dueAt({ time: '09:00' }, '2026-11-27', zones, Date.parse(now))).toEqual(due),
);

test.each([
  [monthly(27), ALL, '2026-11-26T22:00:00Z', '2026-11-27'],
  // After it in the east, and still to come in the west.
  [monthly(27), ALL, '2026-11-27T00:30:00Z', '2026-11-27'],
  [monthly(27), WIT, '2026-11-27T00:30:00Z', '2026-12-27'],
  [monthly(27), WIB, '2026-11-27T01:59:59Z', '2026-11-27'],
  [monthly(27), WIB, '2026-11-27T02:00:00Z', '2026-12-27'],
  [monthly(27), WITA, '2026-11-27T01:00:00Z', '2026-12-27'],
  [birthdays(), ALL, '2026-11-26T22:00:00Z', '2026-11-27'],
  [birthdays(), ALL, '2026-11-27T16:30:00Z', '2026-11-28'],
  [birthdays(), ALL, '2026-11-27T17:30:00Z', '2026-11-28'],
  [monthly(31), ALL, '2026-02-10T00:00:00Z', '2026-02-28'],
  // Minutes before its time at the outlet it is for.
  [{ ...monthly(29), time: '00:43' }, WIB, '2026-11-28T15:38:00Z', '2026-11-29'],
  [{ ...monthly(29), time: '00:43' }, WIB, '2026-11-28T17:42:00Z', '2026-11-29'],
  [{ ...monthly(28), time: '23:10' }, WIB, '2026-11-28T15:40:00Z', '2026-11-28'],
  [{ ...birthdays(), time: '23:30' }, WIB, '2026-11-28T15:46:00Z', '2026-11-28'],
  // In Jayapura the 28th began at 15.00 UTC: its midnight has passed while it is the 27th in Jakarta.
  [{ ...birthdays(), time: '00:00' }, WIT, '2026-11-27T16:25:00Z', '2026-11-29'],
  [{ ...birthdays(), time: '00:00' }, ALL, '2026-11-27T16:25:00Z', '2026-11-28'],
  [{ ...birthdays(), time: '00:00' }, WIT, '2026-11-27T14:50:00Z', '2026-11-28'],
  [{ ...monthly(28), time: '01:30' }, WIT, '2026-11-27T16:59:00Z', '2026-12-28'],
  [{ ...birthdays(['2026-11-29']), time: '00:00' }, WIT, '2026-11-27T16:25:00Z', '2026-11-30'],
])('the first day: %#', (rule, zones, now, day) => expect(firstDay(rule, zones, Date.parse(now))).toBe(day));

/** 15:00 in WIB, 17:00 in WIT. */
test.each([
  [birthdays(['2026-11-26']), WIB, '2026-11-24', '2026-11-28', ['2026-11-24', '2026-11-25', '2026-11-27']],
  [birthdays(), WIB, '2026-11-28', '2026-11-28', []],
  [birthdays(), WIB, '2026-11-28', null, []],
  [monthly(25), ALL, '2026-09-25', '2026-12-25', ['2026-09-25', '2026-10-25', '2026-11-25']],
  [monthly(25), ALL, '2026-12-25', '2026-12-25', []],
  [{ ...birthdays(), time: '16:00' }, WIT, '2026-11-26', '2026-11-28', ['2026-11-26', '2026-11-27']],
  [{ ...birthdays(), time: '16:00' }, ALL, '2026-11-26', '2026-11-27', ['2026-11-26']],
])('what has passed in a pause until the afternoon of the 27th: %#', (rule, zones, from, to, days) =>
  expect(passedSince(rule, from, to, zones, Date.parse('2026-11-27T08:00:00Z'))).toEqual(days),
);

/** 09:00 is 00:00 UTC in WIT and 02:00 in WIB. */
test.each([
  ['2026-11-26T23:59:59Z', []],
  ['2026-11-27T00:00:00Z', WIT],
  ['2026-11-27T01:30:00Z', [...WITA, ...WIT]],
  ['2026-11-27T02:00:00Z', ALL],
])('where 09:00 of the 27th has passed at %s: %j', (now, zones) =>
  expect(
    passedAt(
      { time: '09:00' },
      '2026-11-27',
      ALL.map((zone) => ({ zone })),
      Date.parse(now),
    ),
  ).toEqual(zones.map((zone) => ({ zone }))),
);

test('a month is counted over years', () => {
  expect(dayOfMonth(monthOf('2026-12-31') + 2, 31)).toBe('2027-02-28');
  expect(dayOfMonth(monthOf('2027-01-31') - 1, 31)).toBe('2026-12-31');
});
