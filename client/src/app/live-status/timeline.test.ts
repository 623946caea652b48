import { describe, expect, it } from '@jest/globals';
import { countedBy, markAfter, turnOf, type Mark } from '@koneksi/contracts/uptime-mark';
import {
  bars,
  BARS,
  extended,
  HOUR_MS,
  isUnstable,
  toStrip,
  unknownMs,
  uptime,
  type Span,
  type Strip,
} from './timeline';

const now = Date.parse('2026-11-21T12:10:00.000Z');
const hoursAgo = (hours: number) => now - hours * HOUR_MS;
type Drawn = Omit<Span, 'mark'>;
const marked = (spans: readonly Drawn[]): Span[] =>
  spans.map((span) => ({ ...span, mark: markAfter(turnOf(span.status, null), null) }));

describe('the last 24 hours', () => {
  it('has a bar for every half hour on the clock, the present one last', () => {
    const drawn = bars(marked([{ from: hoursAgo(30), status: 'CONNECTED' }]), now);
    expect(drawn).toHaveLength(BARS);
    expect(new Date(drawn.at(-1)!.to).toISOString()).toBe('2026-11-21T12:30:00.000Z');
    expect(new Set(drawn.map(({ status }) => status))).toEqual(new Set(['CONNECTED']));
  });

  it('leaves open what was before the outlet', () => {
    const drawn = bars(marked([{ from: hoursAgo(1), status: 'DISCONNECTED' }]), now);
    expect(drawn.slice(0, -3).every(({ status }) => status === null)).toBe(true);
    expect(drawn.slice(-3).map(({ status }) => status)).toEqual(['DISCONNECTED', 'DISCONNECTED', 'DISCONNECTED']);
  });

  it('shows as paused what is not counted: what waits for its first phone, and what was planned', () => {
    const drawn = bars(
      [
        { from: hoursAgo(5), status: 'DISCONNECTED', mark: 'paused' },
        { from: hoursAgo(4), status: 'CONNECTED', mark: 'up' },
        { from: hoursAgo(3), status: 'FAILED', mark: 'paused' },
        { from: hoursAgo(2), status: 'CONNECTED', mark: 'up' },
        { from: now - 5_000, status: 'DISCONNECTED', mark: 'paused' },
        { from: now - 2_000, status: 'CONNECTED', mark: 'up' },
      ],
      now,
    ).map(({ status }) => status);
    expect(new Set(drawn)).toEqual(new Set([null, 'PAUSED', 'CONNECTED']));
    expect(drawn.at(-1)).toBe('CONNECTED');
  });

  it('shows a failure of seconds in its bar', () => {
    const spans = marked([
      { from: hoursAgo(30), status: 'CONNECTED' },
      { from: hoursAgo(5), status: 'FAILED' },
      { from: hoursAgo(5) + 4_000, status: 'CONNECTED' },
    ]);
    expect(bars(spans, now).filter(({ status }) => status === 'FAILED', 'down')).toHaveLength(1);
  });

  it('does not paint half an hour red for the moment between being made and being linked', () => {
    const spans = marked([
      { from: now - 60_000, status: 'DISCONNECTED' },
      { from: now - 59_900, status: 'CONNECTING' },
      { from: now - 55_000, status: 'CONNECTED' },
    ]);
    expect(bars(spans, now).at(-1)?.status).toBe('CONNECTED');
  });

  it('does not let the seconds of a reconnect colour half an hour', () => {
    const spans = marked([
      { from: hoursAgo(30), status: 'CONNECTED' },
      { from: hoursAgo(5), status: 'CONNECTING' },
      { from: hoursAgo(5) + 9_000, status: 'CONNECTED' },
    ]);
    expect(bars(spans, now).every(({ status }) => status === 'CONNECTED')).toBe(true);
  });

  it('counts the share that worked, of the time in which it should have', () => {
    expect(uptime([], now)).toBeNull();
    expect(uptime(marked([{ from: hoursAgo(48), status: 'CONNECTED' }]), now)).toBe(1);
    const spans = marked([
      { from: hoursAgo(4), status: 'CONNECTED' },
      { from: hoursAgo(1), status: 'FAILED' },
    ]);
    expect(uptime(spans, now)).toBe(0.75);
  });

  it.each<[string, Span[], number | null]>([
    [
      'a shop paused overnight lost nothing',
      [
        { from: hoursAgo(24), status: 'CONNECTED', mark: 'up' },
        { from: hoursAgo(14), status: 'PAUSED', mark: 'paused' },
        { from: hoursAgo(4), status: 'CONNECTED', mark: 'up' },
      ],
      1,
    ],
    ['one that was never linked has no share', [{ from: hoursAgo(9), status: 'DISCONNECTED', mark: 'paused' }], null],
    [
      'what broke after the night counts',
      [
        { from: hoursAgo(20), status: 'PAUSED', mark: 'paused' },
        { from: hoursAgo(4), status: 'CONNECTED', mark: 'up' },
        { from: hoursAgo(1), status: 'DISCONNECTED', mark: 'down' },
      ],
      0.75,
    ],
  ])('%s', (_, spans, share) => {
    expect(uptime(spans, now)).toBe(share);
  });
});

describe('while Koneksi did not run', () => {
  const blind: Span[] = [
    { from: hoursAgo(24), status: 'CONNECTED', mark: 'up' },
    { from: hoursAgo(9), status: 'CONNECTED', mark: 'unknown' },
    { from: hoursAgo(5), status: 'CONNECTED', mark: 'up' },
    { from: hoursAgo(1), status: 'FAILED', mark: 'down' },
  ];

  it('bars say that nobody knows, save where a problem or more of something else was seen', () => {
    const shown = bars(blind, now).map(({ status }) => status);
    expect(new Set(shown)).toEqual(new Set(['CONNECTED', 'UNKNOWN', 'FAILED']));
    expect(shown.filter((status) => status === 'UNKNOWN')).toHaveLength(8);
    const brief: Span[] = [
      { from: hoursAgo(24), status: 'CONNECTED', mark: 'up' },
      { from: hoursAgo(9), status: 'CONNECTED', mark: 'unknown' },
      { from: hoursAgo(9) + 60_000, status: 'CONNECTED', mark: 'up' },
    ];
    expect(bars(brief, now).every(({ status }) => status === 'CONNECTED')).toBe(true);
  });

  it('the time is in no share, and told by itself', () => {
    expect(uptime(blind, now)).toBe(19 / 20);
    expect(unknownMs(blind, now)).toBe(4 * HOUR_MS);
    expect(uptime([{ from: hoursAgo(9), status: 'CONNECTED', mark: 'unknown' }], now)).toBeNull();
  });

  it('nothing breaks: what came back with Koneksi had not been seen to fall', () => {
    const restarts = Array.from({ length: 6 }, (_, index): Span[] => [
      { from: hoursAgo(23 - 3 * index), status: 'CONNECTED', mark: 'up' },
      { from: hoursAgo(22 - 3 * index), status: 'CONNECTED', mark: 'unknown' },
      { from: hoursAgo(21 - 3 * index), status: 'CONNECTING', mark: 'down' },
    ]);
    expect(isUnstable(restarts.flat(), now)).toBe(false);
    expect(isUnstable(blind, now)).toBe(false);
  });

  it('who holds a phone to what was down before has not mended it', () => {
    const [down]: Span[] = [{ from: hoursAgo(9), status: 'FAILED', mark: 'down' }];
    const spans: Span[] = [down!, { from: hoursAgo(2), status: 'FAILED', mark: 'unknown' }];
    expect(extended({ spans, settled: 'down' }, now, 'CONNECTING', 'in-hand').spans.at(-1)).toEqual({
      from: now,
      status: 'CONNECTING',
      mark: 'down',
    });
  });
});

describe('pushes', () => {
  const works: Strip = { spans: marked([{ from: hoursAgo(2), status: 'CONNECTED' }]), settled: 'up' };

  it('extend it', () => {
    expect(extended(works, now, 'FAILED', 'down')).toEqual({
      spans: [...works.spans, { from: now, status: 'FAILED', mark: 'down' }],
      settled: 'down',
    });
  });

  it('extend it where the status stays and counts otherwise', () => {
    const idle: Strip = { spans: [{ from: hoursAgo(2), status: 'DISCONNECTED', mark: 'paused' }], settled: 'paused' };
    expect(extended(idle, now, 'DISCONNECTED', 'down').spans).toEqual([
      ...idle.spans,
      { from: now, status: 'DISCONNECTED', mark: 'down' },
    ]);
    expect(extended(idle, now, 'DISCONNECTED', 'in-hand')).toBe(idle);
  });

  it('change nothing when they come twice, late, or with the same status', () => {
    expect(extended(works, now, 'CONNECTED', 'well')).toBe(works);
    expect(extended(works, hoursAgo(3), 'FAILED', 'down')).toBe(works);
    const once = extended(works, now, 'FAILED', 'down');
    expect(extended(once, now, 'FAILED', 'down')).toBe(once);
  });
});

describe('planned work', () => {
  const at = (hours: number): string => new Date(hoursAgo(hours)).toISOString();
  const planned = [{ from: hoursAgo(3), to: hoursAgo(1) }];
  const strip = toStrip({
    segments: [
      { from: at(9), status: 'CONNECTED', mark: 'up' },
      { from: at(2.5), status: 'FAILED', mark: 'paused' },
    ],
    settled: 'down',
  });
  const drawn = ({ spans }: Strip): [number, string][] =>
    countedBy({ planned, blind: [] }, spans, now).map(({ from, mark }) => [(now - from) / HOUR_MS, mark]);

  it('ends on an open page as it does by the server: what is still down is down', () => {
    expect(drawn(strip)).toEqual([
      [9, 'up'],
      [3, 'up'],
      [2.5, 'paused'],
      [1, 'down'],
    ]);
  });

  it('lets who holds a phone to it afterwards have mended nothing', () => {
    expect(extended(strip, now, 'CONNECTING', 'in-hand').settled).toBe('down');
  });

  it.each<[Mark | null]>([['up'], [null]])('leaves what nobody saw, after which it had come to %s', (settled) => {
    const { spans } = toStrip({ segments: [{ from: at(9), status: 'CONNECTED', mark: 'unknown' }], settled });
    expect(spans).toEqual([{ from: hoursAgo(9), status: 'CONNECTED', mark: 'unknown' }]);
  });
});

describe('an outlet that keeps breaking', () => {
  const flapping = (times: number, status: Span['status'], every = HOUR_MS): Drawn[] =>
    Array.from({ length: times * 2 }, (_, index) => ({
      from: now - (times * 2 - index) * every,
      status: index % 2 === 0 ? 'CONNECTED' : status,
    }));

  it.each([
    ['four breaks a day', flapping(4, 'TIMEOUT'), true],
    ['three', flapping(3, 'TIMEOUT'), false],
    ['many that people made by pausing it', flapping(9, 'PAUSED'), false],
    [
      'many, but the day before',
      flapping(9, 'TIMEOUT').map((span) => ({ ...span, from: span.from - 24 * HOUR_MS })),
      false,
    ],
    [
      'one long one',
      [
        { from: hoursAgo(20), status: 'CONNECTED' },
        { from: hoursAgo(19), status: 'TIMEOUT' },
      ] as Drawn[],
      false,
    ],
    [
      'one that goes through several states',
      [
        { from: hoursAgo(5), status: 'CONNECTED' },
        { from: hoursAgo(4), status: 'CONNECTING' },
        { from: hoursAgo(3), status: 'TIMEOUT' },
        { from: hoursAgo(2), status: 'CONNECTING' },
        { from: hoursAgo(1), status: 'TIMEOUT' },
      ] as Drawn[],
      false,
    ],
  ])('%s: %#', (_, spans, expected) => {
    expect(isUnstable(marked(spans), now)).toBe(expected);
  });
});
