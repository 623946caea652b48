import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { SchedulerRegistry } from '@nestjs/schedule';
import { HourlyRound } from './hourly-round.js';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

class Counted extends HourlyRound {
  rounds = 0;

  constructor(schedule: SchedulerRegistry) {
    super(schedule, { name: 'counted', logger: 'Counted', complaint: 'Nothing was counted' });
  }

  protected round(): Promise<number> {
    return Promise.resolve(++this.rounds);
  }
}

let work: Counted;

beforeEach(() => {
  jest.useFakeTimers({ now: Date.UTC(2026, 10, 27) });
  work = new Counted(new SchedulerRegistry());
  work.onApplicationBootstrap();
});

afterEach(async () => {
  await work.beforeApplicationShutdown();
  jest.useRealTimers();
});

const hours = (count: number): Promise<void> => jest.advanceTimersByTimeAsync(count * HOUR);
/** The wall alone goes on. */
const step = (by: number): void => void jest.setSystemTime(Date.now() + by);

test('is done every hour, also where the clock is corrected or set back', async () => {
  await hours(3);
  expect(work.rounds).toBe(3);
  step(2 * HOUR);
  await hours(1);
  step(-40 * DAY);
  await hours(1);
  expect(work.rounds).toBe(5);
});

test('nothing is removed for a day by a clock that has just gone ahead by days', async () => {
  step(400 * DAY);
  await hours(24);
  expect(work.rounds).toBe(0);
  await hours(2);
  expect(work.rounds).toBeGreaterThan(0);
});

test('a clock that is set right again is believed at once', async () => {
  step(400 * DAY);
  await hours(2);
  step(-400 * DAY);
  await hours(1);
  expect(work.rounds).toBe(1);
});
