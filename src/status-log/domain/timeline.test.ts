import { describe, expect, test } from '@jest/globals';
import type { OutletStatusName, ReasonCode } from '@koneksi/contracts/outlet-status';
import type { Terms, TimeMark } from '@koneksi/contracts/uptime-mark';
import { toTimeline, type Course } from './timeline.js';

const HOUR = 3_600_000;
const FROM = Date.parse('2026-11-21T00:00:00.000Z');
const WINDOW = { from: FROM, to: FROM + 24 * HOUR };
const ALL = 500;
const NO_TERMS: Terms = { planned: [], blind: [] };

/** `hour STATUS`, hours counted from the window's start. */
const course = (before: OutletStatusName | null, ...changes: [number, OutletStatusName][]): Course => ({
  before: before && { status: before, code: null },
  settled: null,
  changes: changes.map(([hour, status]) => ({ at: FROM + hour * HOUR, status, code: null })),
});

function drawn(given: Course, most = ALL): { connectedHours: number; segments: [number, OutletStatusName][] } {
  const { connectedMs, segments } = toTimeline(given, NO_TERMS, WINDOW, most);
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

describe('how time counts', () => {
  type Words = [OutletStatusName, ReasonCode | null];
  const told = ([status, code]: Words) => ({ status, code });
  const counted = (
    before: Words | null,
    changes: [hour: number, ...Words][],
    settled: Words | null = null,
    terms = NO_TERMS,
  ): [number, OutletStatusName, TimeMark][] => {
    const given: Course = {
      before: before && told(before),
      settled: settled && told(settled),
      changes: changes.map(([hour, ...words]) => ({ at: FROM + hour * HOUR, ...told(words) })),
    };
    return toTimeline(given, terms, WINDOW, ALL).segments.map(({ from, status, mark }) => [
      (Date.parse(from) - FROM) / HOUR,
      status,
      mark,
    ]);
  };

  test.each<[string, Words, TimeMark]>([
    ['what works is up', ['CONNECTED', null], 'up'],
    ['what is connected and told to stay away once it falls is not up', ['CONNECTED', 'AUTO_RECONNECT_OFF'], 'paused'],
    ['nor is what proves nothing', ['CONNECTED', 'DEGRADED'], 'down'],
    ['what was cut is down', ['TIMEOUT', 'WHATSAPP_UNREACHABLE'], 'down'],
    ['what tries again is down', ['CONNECTING', 'RECONNECTING'], 'down'],
    ['what was removed on the phone is down', ['FAILED', 'LOGGED_OUT'], 'down'],
    ['what is paused was expected', ['PAUSED', 'PAUSED_BY'], 'paused'],
    ['so was what is inactive', ['DISCONNECTED', 'INACTIVE'], 'paused'],
    ['what is told to stay away', ['DISCONNECTED', 'AUTO_RECONNECT_OFF'], 'paused'],
    ['what people unlinked', ['DISCONNECTED', 'UNLINKED'], 'paused'],
    ['what was never linked', ['DISCONNECTED', 'NEVER_LINKED'], 'paused'],
    ['and what is just being linked', ['CONNECTING', 'PAIRING'], 'paused'],
  ])('%s', (_, words, mark) => {
    expect(counted(words, [])).toEqual([[0, words[0], mark]]);
  });

  test('reasons of one status that count differently are segments of their own', () => {
    expect(
      counted(
        ['DISCONNECTED', 'NEVER_LINKED'],
        [
          [2, 'DISCONNECTED', 'UNLINKED'],
          [3, 'DISCONNECTED', 'LOGGED_OUT'],
        ],
      ),
    ).toEqual([
      [0, 'DISCONNECTED', 'paused'],
      [3, 'DISCONNECTED', 'down'],
    ]);
  });

  test('whoever holds a phone to it has not mended it, even where they began before the window', () => {
    expect(counted(['FAILED', 'LOGGED_OUT'], [[1, 'CONNECTING', 'PAIRING']]).at(-1)).toEqual([1, 'CONNECTING', 'down']);
    expect(counted(['DISCONNECTED', 'QR_EXPIRED'], [], ['FAILED', 'LOGGED_OUT'])).toEqual([
      [0, 'DISCONNECTED', 'down'],
    ]);
    expect(counted(['DISCONNECTED', 'QR_EXPIRED'], [], ['DISCONNECTED', 'NEVER_LINKED'])).toEqual([
      [0, 'DISCONNECTED', 'paused'],
    ]);
  });

  const hours = (...pairs: [from: number, to: number][]): Terms['blind'] =>
    pairs.map(([from, to]) => ({ from: FROM + from * HOUR, to: FROM + to * HOUR }));

  test('while nobody looked nobody knows, whatever was told before or meanwhile', () => {
    const changes: [number, ...Words][] = [
      [5, 'TIMEOUT', 'WHATSAPP_UNREACHABLE'],
      [7, 'CONNECTED', null],
    ];
    const terms = { planned: [], blind: hours([4, 6], [-2, 1], [23, 40]) };
    expect(counted(['CONNECTED', null], changes, null, terms)).toEqual([
      [0, 'CONNECTED', 'unknown'],
      [1, 'CONNECTED', 'up'],
      [4, 'CONNECTED', 'unknown'],
      [5, 'TIMEOUT', 'unknown'],
      [6, 'TIMEOUT', 'down'],
      [7, 'CONNECTED', 'up'],
      [23, 'CONNECTED', 'unknown'],
    ]);
  });

  test('it is no time connected, before any shortening too', () => {
    const terms = { planned: [], blind: hours([4, 6], [4, 9]) };
    expect(toTimeline(course('CONNECTED'), terms, WINDOW, 2).connectedMs / HOUR).toBe(19);
  });

  test('what it has come to is told besides, for what follows planned work and the time in which nobody looked', () => {
    const settled = (given: Course, terms: Terms): unknown => toTimeline(given, terms, WINDOW, ALL).settled;
    const down: Course = {
      ...course('CONNECTED'),
      changes: [{ at: FROM + HOUR, status: 'FAILED', code: 'LOGGED_OUT' }],
    };
    expect(settled(down, { planned: hours([0, 48]), blind: [] })).toBe('down');
    expect(settled(down, { planned: [], blind: hours([0, 48]) })).toBe('down');
    expect(settled(course('CONNECTED'), { planned: hours([0, 48]), blind: [] })).toBe('up');
    expect(settled(course(null), NO_TERMS)).toBeNull();
  });

  test('what is down in planned work was expected, what works in it is up, and who looked away then knows nothing', () => {
    const terms = { planned: hours([2, 6], [3, 8]), blind: hours([4, 5]) };
    expect(counted(['CONNECTED', null], [[3, 'TIMEOUT', 'WHATSAPP_UNREACHABLE']], null, terms)).toEqual([
      [0, 'CONNECTED', 'up'],
      [3, 'TIMEOUT', 'paused'],
      [4, 'TIMEOUT', 'unknown'],
      [5, 'TIMEOUT', 'paused'],
      [8, 'TIMEOUT', 'down'],
    ]);
  });
});
