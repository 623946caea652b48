import { expect, test } from '@jest/globals';
import {
  chooseLeavers,
  isExpecting,
  stepOf,
  toClaim,
  toLetGo,
  unevenness,
  type Candidate,
  type Disturbance,
} from './fair-share.js';

test.each([
  // outlets, mine, nodes, claims, lets go
  [0, 0, 1, 0, 0],
  [50, 0, 1, 50, 0],
  [50, 50, 1, 0, 0],
  [20, 0, 2, 10, 0],
  [20, 20, 2, 0, 10],
  [20, 11, 2, 0, 0],
  [20, 12, 2, 0, 2],
  [21, 10, 2, 1, 0],
  [300, 110, 3, 0, 0],
  [300, 111, 3, 0, 11],
  [300, 100, 2, 50, 0],
  [1, 1, 2, 0, 0],
  [3, 3, 2, 0, 1],
])('%d outlets, %d of them here, %d nodes: takes %d, lets %d go', (outlets, mine, nodes, claims, lets) => {
  const spread = { outlets, mine, nodes, heirs: nodes, isHeir: true, stays: true, leaving: 0 };
  expect([toClaim(spread), toLetGo(spread, false)]).toEqual([claims, lets]);
});

test('who began to let go does so to the end, though little is left', () => {
  const spread = { outlets: 20, mine: 11, nodes: 2, heirs: 2, isHeir: true, stays: true, leaving: 0 };
  expect([toLetGo(spread, false), toLetGo(spread, true)]).toEqual([0, 1]);
});

test('everybody at their share leaves none free and wants none', () => {
  for (let outlets = 0; outlets < 60; outlets++) {
    for (let nodes = 1; nodes < 7; nodes++) {
      const claimed = toClaim({ outlets, mine: 0, nodes, heirs: nodes, isHeir: true, stays: true, leaving: 0 });
      expect(claimed * nodes).toBeGreaterThanOrEqual(outlets);
      expect(
        toLetGo({ outlets, mine: claimed, nodes, heirs: nodes, isHeir: true, stays: true, leaving: 0 }, true),
      ).toBe(0);
    }
  }
});

test('while versions differ what comes free goes to the newest, and does not come back', () => {
  const older = { outlets: 40, nodes: 4, heirs: 1, isHeir: false, stays: true, leaving: 0 };
  expect([toClaim({ ...older, mine: 5 }), toLetGo({ ...older, mine: 13 }, false)]).toEqual([0, 3]);
  const newest = { ...older, isHeir: true };
  expect([toClaim({ ...newest, mine: 10 }), toLetGo({ ...newest, mine: 25 }, false)]).toEqual([30, 0]);
});

test.each([
  ['all, where others claim', { mine: 7, heirs: 2 }, 7],
  ['none, where nobody does', { mine: 7, heirs: 0 }, 0],
  ['none, where it has none left', { mine: 0, heirs: 2 }, 0],
])('a node that is drained claims nothing and lets go %s', (_, how, lets) => {
  const spread = { outlets: 20, nodes: 2, isHeir: false, stays: false, leaving: 7, ...how };
  expect([toClaim(spread), toLetGo(spread, false), isExpecting(spread, 0)]).toEqual([0, lets, false]);
});

test.each([
  ['one joins two: the first comes alone', [150, 150, 0], 0, { takers: 1, newcomers: 1, givers: 2 }, 1, 1_000],
  ['then each gives half of what one takes', [140, 140, 20], 0, { takers: 1, newcomers: 0, givers: 2 }, 1, 200],
  ['but nothing while one waits', [140, 139, 20], 1, { takers: 1, newcomers: 0, givers: 2 }, 0, 200],
  ['one gives to two as much as both take', [200, 50, 50], 0, { takers: 2, newcomers: 0, givers: 1 }, 4, 200],
  ['three give one each, less often', [100, 100, 100, 20], 0, { takers: 1, newcomers: 0, givers: 3 }, 1, 300],
  [
    'each of nine ends what it began, though nobody is short by a tenth',
    [91, ...Array<number>(9).fill(101)],
    0,
    { takers: 0, newcomers: 0, givers: 9 },
    1,
    900,
  ],
  [
    'each of twelve has little too much',
    [1, ...Array<number>(12).fill(100)],
    0,
    { takers: 1, newcomers: 0, givers: 12 },
    1,
    1_200,
  ],
  ['shares are as rounding leaves them', [101, 100, 99], 0, { takers: 0, newcomers: 0, givers: 1 }, 2, 200],
])('of what is above a share %s', (_, owned, free, expected, count, everyMs) => {
  const outlets = owned.reduce((sum, one) => sum + one, free);
  const { length: nodes } = owned;
  const uneven = unevenness(
    owned.map((mine) => ({ outlets, mine, nodes, heirs: nodes, isHeir: true, stays: true, leaving: 0 })),
  );
  expect([uneven, stepOf(uneven)]).toEqual([
    { ...expected, free },
    { count, everyMs },
  ]);
});

test('however many give to however many, it is no more than ten a second to each who takes', () => {
  for (let takers = 1; takers < 30; takers++) {
    for (let givers = 1; givers < 30; givers++) {
      const { count, everyMs } = stepOf({ takers, newcomers: 0, givers, free: 0 });
      expect((count * givers) / takers).toBeLessThanOrEqual(everyMs / 100 + 1e-9);
    }
  }
});

test.each([
  ['nobody leaves and this node has its share', { mine: 10 }, 0, false],
  ['it misses one of eleven, as rounding leaves it', { outlets: 21, mine: 10 }, 0, false],
  ['it joined and got nothing yet', { mine: 0 }, 0, true],
  ['it joined and got all that it wanted', { mine: 0 }, 10, false],
  ['another leaves', { mine: 10, leaving: 3 }, 0, true],
  ['another leaves, and this node takes nothing', { mine: 10, leaving: 3, isHeir: false }, 0, false],
])('what it looks out for where %s', (_, spread, claimed, expected) => {
  const whole = { outlets: 20, nodes: 2, heirs: 2, isHeir: true, stays: true, leaving: 0, ...spread };
  expect(isExpecting(whole, claimed)).toBe(expected);
});

const among = (...disturbances: Disturbance[]): Candidate[] =>
  disturbances.map((disturbance, index) => ({ outletId: `${disturbance}-${index}`, disturbance }));

test.each<[string, number, number, string[]]>([
  ['as few as asked for', 1, 9, ['no-socket-2']],
  ['who has no socket first, then who is idle', 3, 9, ['no-socket-2', 'no-socket-4', 'idle-1']],
  ['who is busy last', 5, 9, ['no-socket-2', 'no-socket-4', 'idle-1', 'idle-3', 'busy-0']],
  ['those with a socket at their pace', 5, 1, ['no-socket-2', 'no-socket-4', 'idle-1']],
  ['none', 0, 9, []],
])('leaves: %s', (_, count, pace, leavers) => {
  expect(chooseLeavers(among('busy', 'idle', 'no-socket', 'idle', 'no-socket'), count, pace)).toEqual(leavers);
});
