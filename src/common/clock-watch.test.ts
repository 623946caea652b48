import { expect, test } from '@jest/globals';
import { Clock } from './clock.js';
import { ClockWatch } from './clock-watch.js';
import { EventBus } from './event-bus.js';

const HOUR = 3_600_000;

/** A wall that is set while time itself goes on. */
class SetClock extends Clock {
  ahead = 0;

  override wall(): number {
    return super.wall() + this.ahead;
  }
}

test('a clock that is set, either way, and a machine that slept are told once each; a correction is not', () => {
  const clock = new SetClock();
  const bus = new EventBus();
  const told: number[] = [];
  bus.on('clock.stepped', ({ byMs }) => told.push(Math.round(byMs / 60_000)));
  const watch = new ClockWatch(clock, bus);
  watch.look();
  for (const ahead of [2 * HOUR, 2 * HOUR, 2 * HOUR + 500, 0, -2 * HOUR, 6 * HOUR]) {
    clock.ahead = ahead;
    watch.look();
  }
  expect(told).toEqual([120, -120, -120, 480]);
});

test('small corrections add up to a step', () => {
  const clock = new SetClock();
  const bus = new EventBus();
  let told = 0;
  bus.on('clock.stepped', () => told++);
  const watch = new ClockWatch(clock, bus);
  for (let ms = 0; ms <= 2_500; ms += 250) {
    clock.ahead = ms;
    watch.look();
  }
  expect(told).toBe(2);
});

test('an instant is waited for by the wall as it is now', () => {
  const clock = new SetClock();
  const at = clock.wall() + 4 * HOUR;
  const leftHours = (): number => Math.round((clock.steady(at) - clock.now()) / HOUR);
  expect(leftHours()).toBe(4);
  clock.ahead = 2 * HOUR;
  expect(leftHours()).toBe(2);
  clock.ahead = -2 * HOUR;
  expect(leftHours()).toBe(6);
});
