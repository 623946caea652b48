import { describe, expect, it } from '@jest/globals';
import type { ReasonCode } from './outlet-status.ts';
import { fleetWideCause, sharedCauses, type Trouble } from './shared-cause.ts';

const many = (count: number, code: ReasonCode, from: number, step = 0): Trouble[] =>
  Array.from({ length: count }, (_, index) => ({
    outletId: `${code} ${from} ${index}`,
    code,
    since: from + index * step,
  }));
const told = (troubles: readonly Trouble[]) =>
  sharedCauses(troubles).map(({ code, since, outletIds }) => [code, since, outletIds.length]);

describe('one event', () => {
  it('is the same cause within a minute, however it is ordered', () => {
    const troubles = [...many(3, 'LOGGED_OUT', 30_000), ...many(4, 'LOGGED_OUT', 0)];
    expect(told(troubles)).toEqual([['LOGGED_OUT', 0, 7]]);
  });

  it('goes on as long as outlets follow within a minute of each other', () => {
    expect(told(many(278, 'WHATSAPP_UNREACHABLE', 0, 2_000))).toEqual([['WHATSAPP_UNREACHABLE', 0, 278]]);
  });

  it.each([
    ['a minute later', [...many(2, 'BLOCKED', 0), ...many(2, 'BLOCKED', 60_000)], 1],
    ['longer later', [...many(2, 'BLOCKED', 0), ...many(2, 'BLOCKED', 60_001)], 2],
    ['another cause', [...many(2, 'BLOCKED', 0), ...many(2, 'LOGGED_OUT', 0)], 2],
  ])('%s', (_, troubles, events) => {
    expect(sharedCauses(troubles)).toHaveLength(events);
  });

  it('holds those who still try and those who gave up, and is named by the worse', () => {
    const troubles = [...many(6, 'RECONNECTING', 0), ...many(2, 'DEGRADED', 1_000)];
    expect(told(troubles)).toEqual([['DEGRADED', 0, 8]]);
    expect(told([...troubles, ...many(1, 'WHATSAPP_UNREACHABLE', 9_000)])).toEqual([['WHATSAPP_UNREACHABLE', 0, 9]]);
  });
});

describe('a cause of the whole fleet', () => {
  it.each([
    ['most of it', 278, 300, true],
    ['exactly half', 150, 300, false],
    ['few, but all there are', 5, 5, true],
    ['too few to speak of many', 4, 4, false],
  ])('%s', (_, count, fleet, isOne) => {
    expect(fleetWideCause(many(count, 'WHATSAPP_UNREACHABLE', 0), fleet) !== null).toBe(isOne);
  });

  it('is not several that add up to it', () => {
    const troubles = [...many(100, 'LOGGED_OUT', 0), ...many(100, 'BLOCKED', 0)];
    expect(fleetWideCause(troubles, 300)).toBeNull();
    expect(fleetWideCause([], 0)).toBeNull();
  });
});
