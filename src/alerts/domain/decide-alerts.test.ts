import { describe, expect, test } from '@jest/globals';
import type { AlertDecision, AlertFacts, StruckIncident, StruckOutlet, Told, WatchedRule } from './alert-state.js';
import { decideAlerts } from './decide-alerts.js';

const MINUTE = 60_000;
/** 10.00 in Jakarta. */
const T = Date.parse('2026-11-27T03:00:00.000Z');
const TIMINGS = { spacingMs: 2 * MINUTE, settledMs: MINUTE };
const iso = (minute: number): string => new Date(T + minute * MINUTE).toISOString();

const RULE: WatchedRule = {
  scope: { kind: 'all' },
  graceMinutes: 5,
  minOutlets: 1,
  zone: 'Asia/Jakarta',
  quietHours: null,
  maintenance: [],
  escalation: null,
  tellRecovery: true,
} as WatchedRule;

/** `name since–until`, in minutes; cities are the first letter's. */
function outlet(name: string, since: number, until: number | null = null): StruckOutlet {
  const city = name.startsWith('b') ? 'Bandung' : name.startsWith('j') ? 'Jakarta' : null;
  return { outletId: name, name, city, since: T + since * MINUTE, until: until === null ? null : T + until * MINUTE };
}

function incident(id: string, outlets: StruckOutlet[], more: Partial<StruckIncident> = {}): StruckIncident {
  return { id, code: 'LOGGED_OUT', params: {}, endedAt: null, isAcknowledged: false, outlets, ...more };
}

function told(
  incidentId: string,
  kind: Told['kind'],
  minute: number,
  outletIds: string[] = [],
  round = 0,
  part = 0,
): Told {
  return { incidentId, kind, round, part, at: T + minute * MINUTE, outletIds };
}

function decided(minute: number, facts: Partial<AlertFacts>, rule: Partial<WatchedRule> = {}): AlertDecision {
  return decideAlerts({ ...RULE, ...rule }, { incidents: [], told: [], ...facts }, T + minute * MINUTE, TIMINGS);
}

/** `kind incident.round: outlets`, and after how many minutes to look again. */
function said(minute: number, facts: Partial<AlertFacts>, rule: Partial<WatchedRule> = {}): string[] {
  const { due, nextAt } = decided(minute, facts, rule);
  const messages = due.map(
    ({ kind, items }) =>
      `${kind} ${items.map((item) => `${item.incident.id}.${item.round}: ${item.outlets.map(({ name }) => name).join(' ')}`).join(' + ')}`,
  );
  return nextAt === null ? messages : [...messages, `again at ${(nextAt - T) / MINUTE}`];
}

const ONE = [incident('i', [outlet('b1', 0)])];

describe('an outlet that is down', () => {
  test.each<[string, number, Partial<AlertFacts>, Partial<WatchedRule>, string[]]>([
    ['is nothing to tell before its grace ends', 4, { incidents: ONE }, {}, ['again at 5']],
    ['is told when it ends', 5, { incidents: ONE }, {}, ['down i.0: b1']],
    ['is told at once without a grace', 0, { incidents: ONE }, { graceMinutes: 0 }, ['down i.0: b1']],
    ['is told once', 9, { incidents: ONE, told: [told('i', 'down', 5, ['b1'])] }, {}, []],
    ['is nothing where it came back within its grace', 9, { incidents: [incident('i', [outlet('b1', 0, 3)])] }, {}, []],
    [
      'is nothing where its incident is over',
      9,
      { incidents: [incident('i', [outlet('b1', 0, 8)], { endedAt: T + 8 * MINUTE })] },
      {},
      [],
    ],
    ['of another city is not told', 9, { incidents: ONE }, { scope: { kind: 'city', city: 'Jakarta' } }, []],
    [
      'of the city is told, however it is typed',
      9,
      { incidents: ONE },
      { scope: { kind: 'city', city: ' bandung' } },
      ['down i.0: b1'],
    ],
    [
      'without a city is in none',
      9,
      { incidents: [incident('i', [outlet('x', 0)])] },
      { scope: { kind: 'city', city: 'Bandung' } },
      [],
    ],
    ['that is not named is not told', 9, { incidents: ONE }, { scope: { kind: 'outlets', outletIds: ['b2'] } }, []],
    [
      'that is named is told',
      9,
      { incidents: ONE },
      { scope: { kind: 'outlets', outletIds: ['b2', 'b1'] } },
      ['down i.0: b1'],
    ],
  ])('%s', (_, minute, facts, rule, expected) => {
    expect(said(minute, facts, rule)).toEqual(expected);
  });
});

describe('many', () => {
  const three = [incident('i', [outlet('b1', 0), outlet('b2', 1), outlet('j1', 2)])];

  test('of one incident are one message, with those whose own grace is not over', () => {
    expect(said(5, { incidents: three })).toEqual(['down i.0: b1 b2 j1']);
  });
  test('are told where so many are down for so long', () => {
    expect(said(6, { incidents: three }, { minOutlets: 3 })).toEqual(['again at 7']);
    expect(said(7, { incidents: three }, { minOutlets: 3 })).toEqual(['down i.0: b1 b2 j1']);
    expect(said(99, { incidents: three }, { minOutlets: 4 })).toEqual([]);
  });
  test('only those of the scope count', () => {
    expect(said(99, { incidents: three }, { minOutlets: 3, scope: { kind: 'city', city: 'Bandung' } })).toEqual([]);
  });
  test('500 in as many incidents are one message', () => {
    const incidents = Array.from({ length: 500 }, (_, index) => incident(`i${index}`, [outlet(`b${index}`, 0)]));
    const { due } = decided(5, { incidents });
    expect(due).toHaveLength(1);
    expect(due[0]!.items).toHaveLength(500);
  });
  test('what falls one by one is gathered', () => {
    const incidents = [
      incident('i', [outlet('b1', 0)]),
      incident('k', [outlet('b2', 1)]),
      incident('l', [outlet('b3', 1.5)]),
    ];
    const facts = { incidents, told: [told('i', 'down', 5, ['b1'])] };
    expect(said(6, facts)).toEqual(['again at 7']);
    expect(said(7, facts)).toEqual(['down k.0: b2 + l.0: b3']);
  });
});

describe('whoever joins an incident that was told of', () => {
  const first = told('i', 'down', 5, ['b1']);
  const joined = [incident('i', [outlet('b1', 0), outlet('b2', 1), outlet('b3', 1.5)])];
  test('is told of, without those that were', () => {
    expect(said(6, { incidents: joined, told: [first] })).toEqual(['again at 7']);
    expect(said(7, { incidents: joined, told: [first] })).toEqual(['down i.0: b2 b3']);
  });
  test('however few are enough for the first message', () => {
    expect(said(7, { incidents: joined, told: [first] }, { minOutlets: 3 })).toEqual(['down i.0: b2 b3']);
  });
  test('waits twice as long each time, so that a storm that goes on is a few messages', () => {
    const parts = [first, told('i', 'down', 7, ['b2'], 0, 1)];
    expect(said(8, { incidents: joined, told: parts })).toEqual(['again at 11']);
    expect(decided(11, { incidents: joined, told: parts }).due[0]!.items[0]!.part).toBe(2);
  });
  test('all of them are in the end', () => {
    const over = [incident('i', [outlet('b1', 0, 20), outlet('b2', 1, 20)], { endedAt: T + 20 * MINUTE })];
    const parts = [first, told('i', 'down', 7, ['b2'], 0, 1)];
    expect(said(21, { incidents: over, told: parts })).toEqual(['recovered i.0: b1 b2']);
  });
  test('came back and fell again: it was told', () => {
    const again = [incident('i', [outlet('b1', 0), outlet('b2', 1)])];
    expect(said(60, { incidents: again, told: [told('i', 'down', 5, ['b1', 'b2'])] })).toEqual([]);
  });
});

describe('a clock that was set back by hours', () => {
  test('keeps nobody from being told', () => {
    expect(decided(-120, { incidents: ONE }).due).toHaveLength(1);
    const incidents = [...ONE, incident('k', [outlet('b2', -130)])];
    expect(decided(-120, { incidents, told: [told('i', 'down', 5, ['b1'])] }).due).toHaveLength(1);
  });
  test('nor of an end', () => {
    const over = [incident('i', [outlet('b1', 0, 8)], { endedAt: T + 8 * MINUTE })];
    expect(decided(-120, { incidents: over, told: [told('i', 'down', 5, ['b1'])] }).due).toHaveLength(1);
  });
});

describe('quiet hours', () => {
  const night = { quietHours: { from: '22:00', to: '06:00' } };
  // 22.00 in Jakarta is minute 720.
  test('what is due in them waits for their end, over midnight', () => {
    const incidents = [incident('i', [outlet('b1', 730)])];
    expect(said(740, { incidents }, night)).toEqual(['again at 1200']);
    expect(said(1_199, { incidents }, night)).toEqual(['again at 1200']);
    expect(said(1_200, { incidents }, night)).toEqual(['down i.0: b1']);
  });
  test('what is over by then is never told', () => {
    expect(
      said(1_200, { incidents: [incident('i', [outlet('b1', 730, 900)], { endedAt: T + 901 * MINUTE })] }, night),
    ).toEqual([]);
  });
  test.each([
    ['Asia/Jakarta', 719, true],
    ['Asia/Jakarta', 720, false],
    ['Asia/Makassar', 659, true],
    ['Asia/Makassar', 660, false],
    ['Asia/Jayapura', 599, true],
    ['Asia/Jayapura', 600, false],
  ] as const)('they are those of %s: at minute %i told %s', (zone, minute, isTold) => {
    const incidents = [incident('i', [outlet('b1', 500)])];
    expect(decided(minute, { incidents }, { ...night, zone }).due.length > 0).toBe(isTold);
  });
  test('within a day they hold from their first minute to before their last', () => {
    const noon = { quietHours: { from: '12:00', to: '13:00' } };
    expect([119, 120, 179, 180].map((minute) => decided(minute, { incidents: ONE }, noon).due.length)).toEqual([
      1, 0, 0, 1,
    ]);
  });
  test('none where they begin as they end', () => {
    expect(said(9, { incidents: ONE }, { quietHours: { from: '08:00', to: '08:00' } })).toEqual(['down i.0: b1']);
  });
});

describe('planned work', () => {
  const planned = { maintenance: [{ from: iso(10), to: iso(40) }] };
  test('what falls in it counts from its end', () => {
    const incidents = [incident('i', [outlet('b1', 12)])];
    expect(said(30, { incidents }, planned)).toEqual(['again at 45']);
    expect(said(40, { incidents }, planned)).toEqual(['again at 45']);
    expect(said(45, { incidents }, planned)).toEqual(['down i.0: b1']);
  });
  test('what was down before it began waits for it all the same', () => {
    expect(said(12, { incidents: [incident('i', [outlet('b1', 6)])] }, planned)[0]).toBe('again at 45');
  });
  test('what was to be told before it began is', () => {
    expect(said(9, { incidents: ONE }, planned)).toEqual(['down i.0: b1']);
  });
  test('one that is long over or still to come changes nothing', () => {
    const others = {
      maintenance: [
        { from: iso(-99), to: iso(-1) },
        { from: iso(50), to: iso(60) },
      ],
    };
    expect(said(5, { incidents: ONE }, others)).toEqual(['down i.0: b1']);
  });
  test('an end is told after it', () => {
    const facts = {
      incidents: [incident('i', [outlet('b1', 0, 15)], { endedAt: T + 16 * MINUTE })],
      told: [told('i', 'down', 5, ['b1'])],
    };
    expect(said(20, facts, planned)).toEqual(['again at 40']);
    expect(said(40, facts, planned)).toEqual(['recovered i.0: b1']);
  });
});

describe('where nobody takes care', () => {
  const escalation = {
    escalation: { afterMinutes: 10, recipients: [{ channel: 'email', to: 'a@b.id', language: 'id' }] },
  } as const;
  const rule = escalation as unknown as Partial<WatchedRule>;
  const facts = { incidents: ONE, told: [told('i', 'down', 5, ['b1'])] };
  test('others are told after a while, once', () => {
    expect(said(14, facts, rule)).toEqual(['again at 15']);
    expect(said(15, facts, rule)).toEqual(['escalated i.0: b1']);
    expect(said(16, { ...facts, told: [...facts.told, told('i', 'escalated', 15)] }, rule)).toEqual([]);
  });
  test('nobody else is where somebody does', () => {
    expect(
      said(99, { ...facts, incidents: [incident('i', [outlet('b1', 0)], { isAcknowledged: true })] }, rule),
    ).toEqual([]);
  });
  test('nor where it is up again', () => {
    const up = [incident('i', [outlet('b1', 0, 14.5)])];
    expect(said(15, { ...facts, incidents: up }, rule)).toEqual(['again at 15.5']);
  });
  test('nor for what was never told', () => {
    expect(said(3, { incidents: ONE }, rule)).toEqual(['again at 5']);
  });
});

describe('an end', () => {
  const down = told('i', 'down', 5, ['b1']);
  test('is told once it is over', () => {
    const over = [incident('i', [outlet('b1', 0, 8)], { endedAt: T + 8 * MINUTE })];
    expect(said(9, { incidents: over, told: [down] })).toEqual(['recovered i.0: b1']);
    expect(said(9, { incidents: over, told: [down, told('i', 'recovered', 9)] })).toEqual([]);
  });
  test('is told where the incident lasts for others, once it has lasted', () => {
    const incidents = [incident('i', [outlet('b1', 0, 8), outlet('j1', 0)])];
    const rule = { scope: { kind: 'city', city: 'Bandung' } } as const;
    expect(said(8.5, { incidents, told: [down] }, rule)).toEqual(['again at 9']);
    expect(said(9, { incidents, told: [down] }, rule)).toEqual(['recovered i.0: b1']);
  });
  test('is told of what left the scope meanwhile', () => {
    const over = [incident('i', [outlet('b1', 0, 8)], { endedAt: T + 8 * MINUTE })];
    expect(said(9, { incidents: over, told: [down] }, { scope: { kind: 'city', city: 'Jakarta' } })).toEqual([
      'recovered i.0: b1',
    ]);
  });
  test('says whether others had been told', () => {
    const over = [incident('i', [outlet('b1', 0, 8)], { endedAt: T + 8 * MINUTE })];
    expect(decided(9, { incidents: over, told: [down, told('i', 'escalated', 7)] }).due[0]!.wasEscalated).toBe(true);
  });
});

describe('what keeps falling', () => {
  const before = incident('i', [outlet('b1', 0, 10)], { endedAt: T + 11 * MINUTE });
  const history = [told('i', 'down', 5, ['b1']), told('i', 'recovered', 11)];
  test('is told again only where it stays down', () => {
    const incidents = [before, incident('k', [outlet('b1', 20)])];
    expect(said(30, { incidents, told: history })).toEqual(['again at 35']);
    expect(said(35, { incidents, told: history })).toEqual(['down k.0: b1']);
  });
  test('whoever fell long after is told of as ever', () => {
    const incidents = [before, incident('k', [outlet('b1', 41)])];
    expect(said(46, { incidents, told: history })).toEqual(['down k.0: b1']);
  });
  test('whoever was not told of before, too', () => {
    const incidents = [before, incident('k', [outlet('b1', 20)])];
    expect(said(25, { incidents })).toEqual(['down k.0: b1']);
  });
  test('within an incident that lasts, a new round begins', () => {
    const incidents = [incident('i', [outlet('b1', 0), outlet('j1', 0)])];
    const rule = { scope: { kind: 'city', city: 'Bandung' } } as const;
    expect(said(20, { incidents, told: history }, rule)).toEqual(['again at 26']);
    expect(said(26, { incidents, told: history }, rule)).toEqual(['down i.1: b1']);
  });
  test('is found in one look at what was said, however many fell', () => {
    let looks = 0;
    const counted = (outletId: string): string[] =>
      new Proxy([outletId], {
        get: (ids, key) => {
          looks++;
          return Reflect.get(ids, key) as unknown;
        },
      });
    const names = Array.from({ length: 200 }, (_, n) => `b${n}`);
    const ended = names.map((name) => incident(`i ${name}`, [outlet(name, 0, 10)], { endedAt: T + 11 * MINUTE }));
    const fallen = names.map((name) => incident(`k ${name}`, [outlet(name, 20)]));
    const past = names.flatMap((name) => [
      told(`i ${name}`, 'down', 5, counted(name)),
      told(`i ${name}`, 'recovered', 11),
    ]);
    expect(said(30, { incidents: [...ended, ...fallen], told: past })).toEqual(['again at 35']);
    expect(looks).toBeLessThan(names.length * 50);
  });
});
