import { describe, expect, test } from '@jest/globals';
import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import { toTimeline, type Course } from './timeline.js';

const HOUR = 3_600_000;
const FROM = Date.parse('2026-11-21T00:00:00.000Z');
const WINDOW = { from: FROM, to: FROM + 24 * HOUR };
const ALL = 500;

/** `hour STATUS`, hours counted from the window's start. */
const course = (before: OutletStatusName | null, ...changes: [number, OutletStatusName][]): Course => ({
  before,
  changes: changes.map(([hour, status]) => [FROM + hour * HOUR, status] as const),
});

function drawn(given: Course, most = ALL): { connectedHours: number; segments: [number, OutletStatusName][] } {
  const { connectedMs, segments } = toTimeline(given, WINDOW, most);
  return {
    connectedHours: connectedMs / HOUR,
    segments: segments.map(({ from, status }) => [(Date.parse(from) - FROM) / HOUR, status]),
  };
}

describe('the segments of a window', () => {
  test.each<[string, Course, number, [number, OutletStatusName][]]>([
    ['nothing happened: what was before holds throughout', course('CONNECTED'), 24, [[0, 'CONNECTED']]],
    ['an outlet nobody has told of yet has none', course(null), 0, []],
    [
      'an outlet made within the window begins there',
      course(null, [6, 'DISCONNECTED'], [8, 'CONNECTED']),
      16,
      [
        [6, 'DISCONNECTED'],
        [8, 'CONNECTED'],
      ],
    ],
    [
      'each change begins a segment',
      course('CONNECTED', [6, 'CONNECTING'], [7, 'CONNECTED'], [20, 'FAILED']),
      19,
      [
        [0, 'CONNECTED'],
        [6, 'CONNECTING'],
        [7, 'CONNECTED'],
        [20, 'FAILED'],
      ],
    ],
    [
      'a new reason for the same status does not',
      course('TIMEOUT', [1, 'TIMEOUT'], [2, 'CONNECTED'], [3, 'CONNECTED']),
      22,
      [
        [0, 'TIMEOUT'],
        [2, 'CONNECTED'],
      ],
    ],
    [
      'of two changes in one instant the later counts',
      course('CONNECTED', [5, 'CONNECTING'], [5, 'FAILED']),
      5,
      [
        [0, 'CONNECTED'],
        [5, 'FAILED'],
      ],
    ],
    [
      'and is none where it ends as it began',
      course('CONNECTED', [5, 'CONNECTING'], [5, 'CONNECTED']),
      24,
      [[0, 'CONNECTED']],
    ],
    [
      'a change in the very first instant replaces what was before',
      course('FAILED', [0, 'CONNECTED']),
      24,
      [[0, 'CONNECTED']],
    ],
    [
      'a database whose clock is ahead changes what holds at the end, for no time',
      course('CONNECTED', [25, 'FAILED']),
      24,
      [
        [0, 'CONNECTED'],
        [24, 'FAILED'],
      ],
    ],
  ])('%s', (_, given, connectedHours, segments) => {
    expect(drawn(given)).toEqual({ connectedHours, segments });
  });
});

describe('a window with too many', () => {
  const restless = course(
    'CONNECTED',
    [1, 'CONNECTING'],
    [1.1, 'CONNECTED'],
    [4, 'FAILED'],
    [10, 'CONNECTED'],
    [12, 'TIMEOUT'],
    [12.2, 'CONNECTED'],
    [23.9, 'PAUSED'],
  );

  test('leaves out the shortest and joins their neighbours; first and last stay', () => {
    expect(drawn(restless, 4).segments).toEqual([
      [0, 'CONNECTED'],
      [4, 'FAILED'],
      [10, 'CONNECTED'],
      [23.9, 'PAUSED'],
    ]);
  });

  test('counts the connected time before that', () => {
    expect(drawn(restless, 4).connectedHours).toBeCloseTo(drawn(restless).connectedHours, 9);
    expect(drawn(restless).connectedHours).toBeCloseTo(1 + 2.9 + 2 + 11.7, 9);
  });

  test('never answers more than asked for, and neighbours differ', () => {
    const flapping = course(
      'CONNECTED',
      ...Array.from({ length: 5_000 }, (_, index): [number, OutletStatusName] => [
        ((index + 1) * 24) / 5_001 + (index % 7) / 10_000,
        (['CONNECTING', 'CONNECTED', 'TIMEOUT'] as const)[index % 3]!,
      ]),
    );
    const { segments } = drawn(flapping);
    expect(segments.length).toBeLessThanOrEqual(ALL);
    expect(segments.length).toBeGreaterThan(ALL / 2);
    expect(segments.filter(([, status], index) => segments[index + 1]?.[1] === status)).toEqual([]);
  });
});
