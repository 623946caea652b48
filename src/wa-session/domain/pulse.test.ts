import { expect, test } from '@jest/globals';
import { isPulseDue, type PulseSituation } from './pulse.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Midnight in Jakarta. */
const MIDNIGHT = Date.UTC(2026, 10, 26, 17, 0, 0);
const hour = (hours: number): number => MIDNIGHT + hours * 60 * MINUTE;

const situation = (over: Partial<PulseSituation> = {}): PulseSituation => ({
  outletId: '11111111-1111-4111-8111-111111111111',
  offsetMinutes: 420,
  pulsedAt: null,
  linkedSince: MIDNIGHT - 3 * DAY,
  ...over,
});

/** Every instant at which it is due, looked at each minute, as the product does. */
function pulses(start: PulseSituation, from: number, to: number, isUp: (at: number) => boolean = () => true): number[] {
  const told: number[] = [];
  let pulsedAt = start.pulsedAt;
  for (let at = from; at < to; at += MINUTE) {
    if (!isUp(at) || !isPulseDue({ ...start, pulsedAt }, at)) continue;
    pulsedAt = at;
    told.push(at);
  }
  return told;
}

const localHour = (at: number, offsetMinutes: number): number => ((at + offsetMinutes * MINUTE) % DAY) / (60 * MINUTE);

test('a clock that was ahead and is set back costs a night at most, not as many as it was ahead', () => {
  const told = pulses(situation({ pulsedAt: hour(3) + 40 * DAY }), hour(12), hour(12) + 10 * DAY);
  expect(told).toHaveLength(10);
  expect(isPulseDue(situation({ pulsedAt: hour(3) }), hour(2))).toBe(false);
});

test.each([
  ['Asia/Jakarta', 420],
  ['Asia/Makassar', 480],
  ['Asia/Jayapura', 540],
])('through 60 days in %s: once a day, at night, at the same minute', (_, offsetMinutes) => {
  const told = pulses(situation({ offsetMinutes }), hour(12), hour(12) + 60 * DAY);
  expect(told).toHaveLength(60);
  for (const at of told) {
    expect(localHour(at, offsetMinutes)).toBeGreaterThanOrEqual(1);
    expect(localHour(at, offsetMinutes)).toBeLessThan(5);
  }
  const gaps = told.slice(1).map((at, index) => at - told[index]!);
  expect(new Set(gaps)).toEqual(new Set([DAY]));
});

test('outlets are spread over the night', () => {
  const minutes = Array.from({ length: 300 }, (_, index) => {
    const outletId = `${String(index).padStart(8, '0')}-aaaa-4aaa-8aaa-aaaaaaaaaaaa`;
    return pulses(situation({ outletId }), MIDNIGHT, MIDNIGHT + DAY)[0];
  });
  expect(minutes).not.toContain(undefined);
  expect(new Set(minutes).size).toBeGreaterThan(100);
});

test('a restart makes no second one the same day', () => {
  const [at] = pulses(situation(), MIDNIGHT, MIDNIGHT + DAY) as [number];
  for (let later = at; later < at + DAY; later += MINUTE)
    expect(isPulseDue(situation({ pulsedAt: at }), later)).toBe(later - at >= DAY);
});

test('what was missed at night is made up for before shops open, and not by day', () => {
  const back = hour(6);
  expect(pulses(situation(), MIDNIGHT, hour(23), (at) => at >= back)).toEqual([back]);
  expect(pulses(situation(), hour(7), hour(24))).toEqual([]);
});

test('a link that is never up at night is pulsed by day before WhatsApp drops it', () => {
  const byDay = (at: number): boolean => localHour(at, 420) >= 8 && localHour(at, 420) < 17;
  const start = situation({ linkedSince: MIDNIGHT });
  const told = pulses(start, MIDNIGHT, MIDNIGHT + 60 * DAY, byDay);
  const uses = [MIDNIGHT, ...told, MIDNIGHT + 60 * DAY];
  const gaps = uses.slice(1).map((at, index) => at - uses[index]!);
  expect(Math.max(...gaps)).toBeLessThan(30 * DAY);
  expect(told.length).toBeLessThanOrEqual(3);
});

test('a clock that was set back does not pulse twice', () => {
  const pulsedAt = hour(3);
  expect(isPulseDue(situation({ pulsedAt }), hour(2))).toBe(false);
  expect(isPulseDue(situation({ pulsedAt }), hour(-20))).toBe(false);
});
