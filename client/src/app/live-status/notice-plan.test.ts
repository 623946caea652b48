import { describe, expect, it } from '@jest/globals';
import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import type { Trouble } from '@koneksi/contracts/shared-cause';
import { nextNotices, startingWith, type NoticeState } from './notice-plan';

const trouble = (outletId: string, code: ReasonCode = 'LOGGED_OUT'): Trouble => ({ outletId, code, since: 0 });

/** Steps through `[second, troubles]` and says what was told when. */
function told(steps: readonly [number, Trouble[]][], state: NoticeState = startingWith([], 0)) {
  const heard: [number, string | null, number][] = [];
  for (const [second, troubles] of steps) {
    const next = nextNotices(state, troubles, second * 1_000);
    state = next.state;
    heard.push(
      ...next.notices.map((notice): [number, string | null, number] => [second, notice.code, notice.outletIds.length]),
    );
  }
  return heard;
}

describe('what is told', () => {
  it('is one notice for all that one cause struck together', () => {
    const many = Array.from({ length: 278 }, (_, index) => trouble(String(index), 'WHATSAPP_UNREACHABLE'));
    expect(
      told([
        [1, many.slice(0, 3)],
        [2, many],
        [3, many],
        [4, many],
        [30, many],
      ]),
    ).toEqual([[3, 'WHATSAPP_UNREACHABLE', 278]]);
  });

  it('is nothing about what was there before', () => {
    expect(told([[5, [trouble('a')]]], startingWith([trouble('a')], 0))).toEqual([]);
  });

  it('is each cause for itself', () => {
    const both = [trouble('a'), trouble('b', 'BLOCKED')];
    expect(
      told([
        [1, both],
        [3, both],
      ]),
    ).toEqual([
      [3, 'LOGGED_OUT', 1],
      [3, 'BLOCKED', 1],
    ]);
  });

  it('is told again when the same cause strikes after a minute of quiet', () => {
    const [one, other] = [trouble('a'), trouble('b')];
    expect(
      told([
        [1, [one]],
        [3, [one]],
        [50, [one, other]],
        [52, [one, other]],
      ]),
    ).toEqual([[3, 'LOGGED_OUT', 1]]);
    expect(
      told([
        [1, [one]],
        [3, [one]],
        [70, [one, other]],
        [72, [one, other]],
      ]),
    ).toHaveLength(2);
  });

  it('waits for what mostly mends itself', () => {
    const mending = trouble('a', 'RECONNECTING');
    expect(
      told([
        [0, [mending]],
        [10, [mending]],
        [11, []],
      ]),
    ).toEqual([]);
    expect(
      told([
        [0, [mending]],
        [21, [mending]],
      ]),
    ).toEqual([[21, 'RECONNECTING', 1]]);
    const later = trouble('b', 'RECONNECTING');
    expect(
      told([
        [0, [mending]],
        [10, [mending, later]],
        [20, [mending, later]],
      ]),
    ).toEqual([[20, 'RECONNECTING', 1]]);
  });

  it('tells again what was mended and broke anew', () => {
    const one = trouble('a');
    expect(
      told([
        [0, [one]],
        [2, [one]],
        [5, []],
        [100, [one]],
        [102, [one]],
      ]),
    ).toHaveLength(2);
  });
});
