import { describe, expect, test } from '@jest/globals';
import { REASON_STATUS, type ReasonCode } from '@koneksi/contracts/outlet-status';
import { base, MINUTE, NOW, NUMBER } from '../../../test/transitions/states.js';
import type { CloseCause } from './close-cause.js';
import { ceremonyOf } from './passkey.js';
import type { ConnectionEvent, SessionEvent } from './session-event.js';
import { toRecord } from './session-record.js';
import type { OutletSettings, SessionState } from './session-state.js';
import { beginning, transition } from './transition.js';

type Said = ConnectionEvent extends infer Event ? (Event extends unknown ? Omit<Event, 'connection'> : never) : never;
type Do = (state: SessionState) => SessionState;

const OTHER = '6281299900001';
let now = NOW;

const on =
  (event: SessionEvent): Do =>
  (state) =>
    transition(state, event, (now += 1_000)).state;
const say =
  (event: Said): Do =>
  (state) =>
    on({ ...event, connection: state.connection })(state);
const closed = (cause: CloseCause): Do => say({ type: 'closed', cause });
const set =
  (change: Partial<OutletSettings>): Do =>
  (state) =>
    on({ type: 'settings-changed', outlet: { ...state.outlet, ...change } })(state);
const all =
  (...steps: Do[]): Do =>
  (state) =>
    steps.reduce((reached, step) => step(reached), state);

/** Killed, and begun anew from what its row and its credentials hold. */
const restart: Do = (state) => {
  const record = toRecord(state);
  // As jsonb gives it back.
  const { lastEnding, tries, everLinked } = JSON.parse(JSON.stringify(record)) as typeof record;
  const { outletId, outlet, linkedNumber, linkedAt, sessionName, lastSeen, owed } = state;
  const found = { outletId, outlet, linkedNumber, linkedAt, sessionName, lastSeen, owed, seed: 3 };
  return on({ type: 'restore', record })(beginning({ ...found, lastEnding, tries, everLinked }));
};

const connect = on({ type: 'connect', method: 'qr' });
const pause = on({ type: 'pause', by: 'Adi' });
const resume = on({ type: 'resume' });
const shown = say({ type: 'qr', text: 'x', lifetimeMs: MINUTE, roundMs: 3 * MINUTE });
const scannedBy = (number: string): Do =>
  all(connect, shown, say({ type: 'paired', link: 'new', number, name: 'Toko' }), closed({ kind: 'restart' }));
const opened = (number: string): Do => say({ type: 'opened', number, name: 'Toko' });
const linked = all(scannedBy(NUMBER), opened(NUMBER));
const tried = (how: Do): Do => all(connect, shown, how);

const later =
  (milliseconds: number): Do =>
  (state) => {
    now += milliseconds;
    return state;
  };
const loggedOut = closed({ kind: 'logged-out' });

/** Each says something of one phone. */
const UNLINKED_BY_OTHERS: [string, Do, ReasonCode][] = [
  ['removed by WhatsApp', all(linked, loggedOut), 'REMOVED_BY_WHATSAPP'],
  ['unlinked on the phone', all(linked, later(11 * MINUTE), loggedOut), 'LOGGED_OUT'],
  ['unlinked for want of its phone', all(linked, later(14 * 24 * 60 * MINUTE), loggedOut), 'PHONE_AWAY'],
];
const HISTORIES: [string, Do][] = [
  ['never linked', (state) => state],
  ...UNLINKED_BY_OTHERS.map(([name, history]): [string, Do] => [name, history]),
  ['scanned by a stranger who was gone before the login', all(scannedBy(OTHER), loggedOut)],
  ['logged out by a person', all(linked, on({ type: 'logout' }), say({ type: 'parted', told: true }))],
  ['scanned by a stranger', all(scannedBy(OTHER), opened(OTHER))],
  ['locked and linked anew', all(linked, closed({ kind: 'blocked', detail: '403' }))],
];

const OF_THE_ACCOUNT: [string, Do][] = [
  ['402 without an end', closed({ kind: 'restricted', seconds: null, detail: '102' })],
  ['402', closed({ kind: 'restricted', seconds: 7_200, detail: '101' })],
  ['403', closed({ kind: 'blocked', detail: '403' })],
  ['406', closed({ kind: 'banned', detail: '406' })],
  ['a passkey that nobody can read over what', say({ type: 'passkey-asked', options: null })],
  [
    'a passkey that nobody had',
    all(say({ type: 'passkey-asked', options: { challenge: 'x' } }), on({ type: 'passkey-given-up' })),
  ],
  ['a code that ran out', all(on({ type: 'connect', method: 'pairing-code' }), closed({ kind: 'refs-ended' }))],
];
const OF_US: [string, Do][] = [
  ['405', closed({ kind: 'outdated' })],
  ...['409', '411', '413', '414', '415'].map((detail): [string, Do] => [
    detail,
    closed({ kind: 'misconfigured', detail }),
  ]),
  ['credentials that cannot be read', say({ type: 'credentials-unreadable' })],
  ['a QR that ran out', closed({ kind: 'refs-ended' })],
];
const REFUSALS = [...OF_THE_ACCOUNT, ...OF_US];

/** What says nothing of the outlet's number, its phone or WhatsApp. */
const SETTINGS: [string, Do][] = [
  ['another name', set({ name: 'Depok', city: 'Depok' })],
  ['auto-reconnect off', set({ autoReconnect: false })],
  ['auto-reconnect off and on', all(set({ autoReconnect: false }), set({ autoReconnect: true }))],
  ['deactivated and activated', all(set({ isActive: false }), set({ isActive: true }))],
  ['deactivated, killed, activated', all(set({ isActive: false }), restart, set({ isActive: true }))],
  ['another number and back', all(set({ number: OTHER }), set({ number: NUMBER }))],
  ['another number, killed, and back', all(set({ number: OTHER }), restart, set({ number: NUMBER }), restart)],
];
const INTERRUPTIONS: [string, Do][] = [
  ['killed', restart],
  ['killed twice', all(restart, restart)],
  ['paused and resumed', all(pause, resume)],
  ['paused, killed, resumed', all(pause, restart, resume)],
  ['killed, paused, set, resumed', all(restart, pause, set({ autoReconnect: false }), restart, resume, restart)],
  [
    'paused, deactivated, resumed, activated',
    all(pause, set({ isActive: false }), resume, restart, set({ isActive: true })),
  ],
  ['nothing but time', on({ type: 'tick' })],
];

/** Nobody tries a link again by itself, however long it takes. */
const LATER: [string, Do][] = [
  ['half an hour', all(later(30 * MINUTE), on({ type: 'tick' }))],
  ['half an hour, killed', all(later(30 * MINUTE), restart)],
];

const told = (state: SessionState) => {
  const { status, reason, params, sessionName } = toRecord(state);
  return { status, reason, params, sessionName };
};
const from = (history: Do): SessionState => {
  now = NOW;
  return history(on({ type: 'restore', record: null })(base));
};

const seen = new Set<ReasonCode>();

describe.each(HISTORIES)('an outlet that was %s', (history, before) => {
  describe.each(REFUSALS)('and whose next link WhatsApp answers with %s', (_, refused) => {
    const refusal = (): SessionState => tried(refused)(from(before));

    test.each([...SETTINGS, ...INTERRUPTIONS, ...LATER])('is told so: %s', (__, step) => {
      const state = refusal();
      expect(ceremonyOf(state)).toBeNull();
      seen.add(told(state).reason!);
      // Linked to a stranger's phone, it is told so at once whoever's number it then has; nothing is remembered of that.
      expect(told(step(state))).toEqual(told(state));
    });

    test.each([
      ['linked again', linked, null],
      ['linked, killed', all(linked, restart), 'RECONNECTING'],
      ['scanned, and killed before it logged in', all(scannedBy(NUMBER), restart), 'RECONNECTING'],
      ['linked, unlinked', all(linked, closed({ kind: 'logged-out' })), 'REMOVED_BY_WHATSAPP'],
    ] as const)('and no more once %s', (__, step, reason) => {
      expect(told(step(refusal())).reason).toBe(reason);
    });

    test.each([
      ['logged out', on({ type: 'logout' })],
      ['logged out, killed', all(on({ type: 'logout' }), restart)],
      ['logged out in a pause', all(pause, on({ type: 'logout' }), restart, resume)],
    ])('and no more once %s', (__, step) => {
      const bare = all(connect, on({ type: 'logout' }))(from(before));
      expect(told(step(refusal()))).toEqual(told(bare));
    });
  });

  test.each(OF_THE_ACCOUNT)('is told nothing of %s once its number is another one', (_, refused) => {
    const refusal = tried(refused)(from(before));
    for (const corrected of [
      set({ number: OTHER }),
      all(set({ number: OTHER }), restart),
      all(restart, set({ number: OTHER })),
    ]) {
      const state = corrected(refusal);
      expect(told(state)).not.toEqual(told(refusal));
      expect(told(state)).toEqual(told(set({ number: OTHER })(all(connect, on({ type: 'logout' }))(from(before)))));
    }
  });

  test('is told nothing of an old version once there is a newer one', () => {
    const bare = all(connect, on({ type: 'logout' }))(from(before));
    const newer = on({ type: 'version-refreshed', changed: true });
    const refusal = tried(closed({ kind: 'outdated' }))(from(before));
    expect(told(newer(refusal))).toEqual(told(bare));
    expect(told(all(pause, newer, restart, resume)(refusal))).toEqual(told(bare));
    expect(told(on({ type: 'version-refreshed', changed: false })(refusal))).toEqual(told(refusal));
  });

  test(`keeps ${history} beneath a restriction that ends`, () => {
    const bare = all(connect, on({ type: 'logout' }))(from(before));
    const refusal = tried(closed({ kind: 'restricted', seconds: 60, detail: '101' }))(from(before));
    now += 2 * MINUTE;
    expect(told(on({ type: 'tick' })(refusal))).toEqual(told(bare));
    expect(told(restart(refusal))).toEqual(told(bare));
  });
});

const KEPT: [string, Do][] = [
  ...OF_THE_ACCOUNT.slice(0, 4),
  ...OF_US.slice(0, -2),
  ['440', closed({ kind: 'replaced' })],
];
const STEPS_OF_A_LINK = [...SETTINGS.slice(0, 5), ...INTERRUPTIONS.slice(0, 2), INTERRUPTIONS.at(-1)!];

/** No login by the same credentials succeeds again; only a new link mends that. */
const DEAD: ReadonlySet<string> = new Set(['403', '413', '414', '415']);

describe.each(KEPT)('a link that WhatsApp answers with %s', (code, refused) => {
  const refusal = (): SessionState => refused(linked(from((state) => state)));

  test.each(STEPS_OF_A_LINK)('is told so: %s', (__, step) => {
    const state = refusal();
    seen.add(told(state).reason!);
    expect(told(step(state))).toEqual(told(state));
  });

  test.each([
    ['another number', set({ number: OTHER })],
    ['another number, killed', all(set({ number: OTHER }), restart)],
  ])('is another one than wanted: %s', (__, step) => {
    expect(told(step(refusal()))).toMatchObject({ reason: 'WRONG_NUMBER', params: { number: NUMBER } });
  });

  const resumed = DEAD.has(code) ? 'is dead, and told so to whoever resumes it' : 'is tried by whoever resumes it';
  test(`${resumed}, also with a kill in between`, () => {
    for (const step of [all(pause, resume), all(pause, restart, resume, restart)]) {
      const after = step(refusal());
      if (DEAD.has(code)) expect(told(after)).toEqual(told(refusal()));
      else expect(after.phase.name).toBe('opening');
    }
  });
});

test.each(HISTORIES.slice(1))('what ended the last link stands: %s', (_, history) => {
  const state = history(from((begun) => begun));
  seen.add(told(state).reason!);
  for (const [, step] of [...SETTINGS.slice(0, 5), ...(state.linkedNumber === null ? INTERRUPTIONS : [])])
    expect(told(step(state))).toEqual(told(state));
});

const OUTAGES: [string, Do][] = [
  ['a line that drops', closed({ kind: 'lost', detail: '428' })],
  ['503', closed({ kind: 'unavailable', detail: '503' })],
  ['515', closed({ kind: 'restart' })],
  ['no answer', all(say({ type: 'started' }), later(MINUTE), on({ type: 'tick' }))],
  ['a store that fails', say({ type: 'store-failed' })],
  ['a store that is gone', on({ type: 'store-lost' })],
];
describe.each(HISTORIES)('an outlet that was %s', (_, before) => {
  describe.each(['qr', 'pairing-code'] as const)('and is to be linked by %s', (method) => {
    const wish = all(before, on({ type: 'connect', method }));

    test.each(OUTAGES)('is so after a kill too, in %s', (__, outage) => {
      const waiting = outage(wish(from((state) => state)));
      expect(toRecord(waiting).nextRetryAt).not.toBeNull();
      for (const killed of [
        restart(waiting),
        all(restart, restart)(waiting),
        all(on({ type: 'tick' }), restart)(waiting),
      ]) {
        expect(killed.phase).toMatchObject({ name: 'opening', purpose: 'link', method });
        expect(toRecord(killed)).toMatchObject({ reason: told(waiting).reason, since: toRecord(waiting).since });
      }
      const forgotten = all(later(11 * MINUTE), restart)(waiting);
      expect(told(forgotten)).toEqual(told(all(connect, on({ type: 'logout' }))(before(from((state) => state)))));
    });
  });
});

test.each(OUTAGES)('credentials that vanish in %s are no wish for a new link', (_, outage) => {
  const waiting = all(
    linked,
    closed({ kind: 'lost', detail: '428' }),
    on({ type: 'connect', method: 'qr' }),
    outage,
  )(from((state) => state));
  expect(toRecord(waiting).nextRetryAt).not.toBeNull();
  expect(told(restart({ ...waiting, linkedNumber: null }))).toMatchObject({ reason: 'UNLINKED' });
});

test.each(UNLINKED_BY_OTHERS)('what became of one phone is not told of another: %s', (_, history, reason) => {
  const [another, back] = [set({ number: OTHER }), set({ number: NUMBER })];
  for (const between of [(state: SessionState) => state, restart, all(pause, resume), all(pause, restart, resume)]) {
    const state = history(from((begun) => begun));
    expect(told(state).reason).toBe(reason);
    const renumbered = all(another, between)(state);
    expect(told(renumbered)).toMatchObject({ reason: 'UNLINKED', params: {} });
    expect(told(all(back, between)(renumbered))).toEqual(told(state));
  }
});

test.each([
  ['401', loggedOut],
  ...OF_THE_ACCOUNT.slice(0, 4),
  ['405', closed({ kind: 'outdated' })],
  ['409', closed({ kind: 'misconfigured', detail: '409' })],
  ['440', closed({ kind: 'replaced' })],
] as [string, Do][])('a stranger’s phone that WhatsApp answers with %s is a stranger’s', (_, ended) => {
  for (const between of [(state: SessionState) => state, restart]) {
    const state = all(scannedBy(OTHER), ended, between)(from((begun) => begun));
    expect(told(state)).toMatchObject({ reason: 'WRONG_NUMBER', params: { number: OTHER } });
  }
});

test('a stranger’s link that is gone is set aside, and its phone is not asked to remove it', () => {
  const state = scannedBy(OTHER)(from((begun) => begun));
  const { connection } = state;
  const { effects } = transition(state, { type: 'closed', cause: { kind: 'logged-out' }, connection }, now);
  expect(effects).toEqual([{ type: 'close' }, { type: 'quarantine' }]);
});

test.each(['asked', 'a QR on show', 'a code on show', 'being linked'] as const)(
  'no setting that is no word on it ends what is under way: %s',
  (what) => {
    const begun = tried((state) => state)(from(HISTORIES[1]![1]));
    const code = all(on({ type: 'connect', method: 'pairing-code' }), say({ type: 'code', pairingCode: 'ABCD1234' }));
    const state = {
      asked: say({ type: 'passkey-asked', options: { challenge: 'x' } }),
      'a QR on show': (same: SessionState) => same,
      'a code on show': code,
      'being linked': say({ type: 'paired', link: 'new', number: NUMBER, name: null }),
    }[what](begun);
    for (const [, step] of SETTINGS.slice(0, 3)) expect(step(state).phase).toEqual(state.phase);
  },
);

test('none of the reasons that stand is left out', () => {
  const others: ReasonCode[] = [
    // An attempt, of which each has its own.
    'PAIRING',
    'LINKING',
    'RECONNECTING',
    'DEGRADED',
    'WHATSAPP_UNREACHABLE',
    'STORE_DOWN',
    'WAITING_TURN',
    // What people set.
    'PAUSED_BY',
    'INACTIVE',
    'AUTO_RECONNECT_OFF',
    'NEVER_LINKED',
  ];
  expect([...seen, ...others].sort()).toEqual(Object.keys(REASON_STATUS).sort());
});
