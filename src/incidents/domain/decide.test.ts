import { describe, expect, test } from '@jest/globals';
import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import type { Condition } from './condition.js';
import { decide } from './decide.js';
import { NOTHING, type IncidentState, type IncidentTimings, type Sighting } from './incident-state.js';

const SECOND = 1_000;
const MINUTE = 60_000;
const TIMINGS: IncidentTimings = {
  afterMs: 15 * SECOND,
  wellForMs: MINUTE,
  shakyWellForMs: 10 * MINUTE,
  relapseWithinMs: 30 * MINUTE,
};

type Word = ReasonCode | 'well' | 'off' | 'in-hand' | 'drift';

function conditionOf(word: Word): Condition {
  if (word === 'well' || word === 'off' || word === 'in-hand') return { kind: word };
  return { kind: 'down', code: word === 'drift' ? null : word, params: {} };
}

/** Lets a story happen, time included, and tells what was said of incidents, each by its number. */
function tell(story: readonly (readonly [at: number, outlet: string, word: Word])[], until: number): string[] {
  let state: IncidentState = NOTHING;
  let nextAt: number | null = null;
  let ids = 0;
  const told: string[] = [];
  const step = (now: number, sightings: Sighting[]): void => {
    const decision = decide(state, sightings, now, TIMINGS, () => `#${++ids}`);
    ({ state, nextAt } = decision);
    const at = now / SECOND;
    for (const { id, code, members } of decision.opened)
      told.push(`${at} ${id} opened ${code}: ${[...members.keys()].join(' ')}`);
    for (const { id, code, members } of decision.changed) {
      const down = [...members.values()].filter((member) => member.until === null);
      told.push(`${at} ${id} ${code}: ${down.map(({ outletId }) => outletId).join(' ')}`);
    }
    for (const { incident, endedAt } of decision.closed) told.push(`${at} ${incident.id} over at ${endedAt / SECOND}`);
  };
  const idle = (to: number): void => {
    while (nextAt !== null && nextAt <= to) step(nextAt, []);
  };
  for (const [seconds, outletId, word] of story) {
    idle(seconds * SECOND);
    step(seconds * SECOND, [{ outletId, name: outletId, at: seconds * SECOND, condition: conditionOf(word) }]);
  }
  idle(until * SECOND);
  return told;
}

describe('a cause within a minute is one incident', () => {
  test('of one outlet, too', () => {
    expect(
      tell(
        [
          [0, 'a', 'LOGGED_OUT'],
          [100, 'a', 'well'],
        ],
        900,
      ),
    ).toEqual(['15 #1 opened LOGGED_OUT: a', '100 #1 LOGGED_OUT: ', '160 #1 over at 100']);
  });

  test('whoever fell with the first is counted with it; who follows later joins', () => {
    expect(
      tell(
        [
          [0, 'a', 'RECONNECTING'],
          [10, 'b', 'WHATSAPP_UNREACHABLE'],
          [50, 'c', 'RECONNECTING'],
        ],
        70,
      ),
    ).toEqual(['15 #1 opened WHATSAPP_UNREACHABLE: a b', '65 #1 WHATSAPP_UNREACHABLE: a b c']);
  });

  test.each<[string, Word, number, number]>([
    ['within a minute of the last that fell', 'BLOCKED', 60, 1],
    ['longer after', 'BLOCKED', 61, 2],
    ['for another cause', 'LOGGED_OUT', 1, 2],
  ])('%s', (_, word, at, incidents) => {
    const told = tell(
      [
        [0, 'a', 'BLOCKED'],
        [at, 'b', word],
      ],
      100,
    );
    expect(new Set(told.map((line) => line.split(' ')[1])).size).toBe(incidents);
  });

  test('a chain of falls is one event for as long as each follows within a minute', () => {
    const story = Array.from({ length: 100 }, (_, index) => [index * 50, `o${index}`, 'WHATSAPP_UNREACHABLE'] as const);
    expect(tell(story, 6_000).filter((line) => line.includes('opened'))).toHaveLength(1);
  });
});

describe('what is none', () => {
  test.each<[string, [number, string, Word][]]>([
    [
      'a blip',
      [
        [0, 'a', 'RECONNECTING'],
        [14, 'a', 'well'],
      ],
    ],
    ['a planned pause', [[0, 'a', 'off']]],
    [
      'a pause soon after a fall',
      [
        [0, 'a', 'RECONNECTING'],
        [10, 'a', 'off'],
      ],
    ],
    ['a first phone being linked', [[0, 'a', 'in-hand']]],
    [
      'flapping that never lasts',
      [0, 20, 40, 60].flatMap((at): [number, string, Word][] => [
        [at, 'a', 'RECONNECTING'],
        [at + 10, 'a', 'well'],
      ]),
    ],
  ])('%s', (_, story) => {
    expect(tell(story, 3_600)).toEqual([]);
  });
});

describe('an end', () => {
  test('a pause ends it at once', () => {
    expect(
      tell(
        [
          [0, 'a', 'LOGGED_OUT'],
          [30, 'a', 'off'],
        ],
        60,
      ),
    ).toEqual(['15 #1 opened LOGGED_OUT: a', '30 #1 over at 30']);
  });

  test('flapping keeps one incident open until it has been quiet for long', () => {
    const flaps = [0, 50, 100, 150].flatMap((at): [number, string, Word][] => [
      [at, 'a', 'RECONNECTING'],
      [at + 30, 'a', 'well'],
    ]);
    const told = tell(flaps, 7_200);
    expect(told.filter((line) => line.includes('opened'))).toHaveLength(1);
    expect(told.at(-1)).toBe('780 #1 over at 180');
  });

  test('who falls again soon after its incident was over is waited for longer', () => {
    const flaps = [0, 200, 400, 600].flatMap((at): [number, string, Word][] => [
      [at, 'a', 'RECONNECTING'],
      [at + 30, 'a', 'well'],
    ]);
    const told = tell(flaps, 7_200);
    expect(told.filter((line) => line.includes('opened'))).toHaveLength(2);
    expect(told.at(-1)).toBe('1230 #2 over at 630');
  });

  test('a code shown, and one that ran out, end nothing; a phone that scanned does', () => {
    expect(
      tell(
        [
          [0, 'a', 'LOGGED_OUT'],
          [60, 'a', 'in-hand'],
          [90, 'a', 'WAITING_TURN'],
          [100, 'a', 'well'],
        ],
        600,
      ),
    ).toEqual(['15 #1 opened LOGGED_OUT: a', '100 #1 LOGGED_OUT: ', '160 #1 over at 100']);
  });

  test('the last to come back ends it', () => {
    const told = tell(
      [
        [0, 'a', 'BLOCKED'],
        [1, 'b', 'BLOCKED'],
        [30, 'a', 'well'],
        [200, 'b', 'well'],
      ],
      600,
    );
    expect(told.at(-1)).toBe('260 #1 over at 200');
  });
});

test('another cause takes an outlet out of its incident, into one of its own', () => {
  expect(
    tell(
      [
        [0, 'a', 'WHATSAPP_UNREACHABLE'],
        [1, 'b', 'WHATSAPP_UNREACHABLE'],
        [100, 'a', 'LOGGED_OUT'],
      ],
      200,
    ),
  ).toEqual([
    '15 #1 opened WHATSAPP_UNREACHABLE: a b',
    '100 #1 WHATSAPP_UNREACHABLE: b',
    '115 #2 opened LOGGED_OUT: a',
  ]);
});

test('seeing the same again changes nothing', () => {
  const story: [number, string, Word][] = [0, 20, 40].map((at) => [at, 'a', 'LOGGED_OUT']);
  expect(tell(story, 100)).toEqual(['15 #1 opened LOGGED_OUT: a']);
});
