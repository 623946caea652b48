import { expect, test } from '@jest/globals';
import { earlierConnection } from './uncertain.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Connected at ten by the wall; the monotonic clock has a beginning of its own. */
const TEN = Date.UTC(2026, 10, 27, 3);
const OPENED = 5_000;
const after = (minutes: number, setBy: number) => ({
  now: OPENED + minutes * MINUTE,
  wall: TEN + minutes * MINUTE + setBy,
});

test.each([
  ['as it was', 0],
  ['two hours back', -2 * HOUR],
  ['two hours ahead', 2 * HOUR],
])('with the clock %s a message of this connection is no earlier one’s', (_, setBy) => {
  const { now, wall } = after(10, setBy);
  const before = earlierConnection({ connectedAt: TEN, openedAt: OPENED }, now, wall);
  // Sent a minute after it opened by the clock as it was then, and just now by the clock as it is.
  const sentThen = TEN + MINUTE;
  expect(wall - 1_000).toBeGreaterThanOrEqual(before);
  if (setBy >= 0) expect(sentThen).toBeGreaterThanOrEqual(before);
  // One of an hour before it opened, by the clock as it was, is; or claims to be of the future.
  const sentBefore = TEN - HOUR;
  expect(sentBefore < before || sentBefore > wall).toBe(true);
});
