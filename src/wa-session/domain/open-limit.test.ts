import { expect, test } from '@jest/globals';
import type { CloseCause } from './close-cause.js';
import { wakeAt } from './on-tick.js';
import { allowanceOf, mayOpenAt, spentOnLeave, toldOpens, unspent, usedBefore } from './open-limit.js';
import type { SessionEvent } from './session-event.js';
import { toRecord } from './session-record.js';
import type { SessionState } from './session-state.js';
import { beginning, transition } from './transition.js';

interface Presses {
  ms: number;
  press: (of: Hammered) => void;
}

const START = Date.UTC(2026, 10, 27);
const NUMBER = '6281200000001';

/** One outlet at a WhatsApp that answers each open as it is told to; counts the opens. */
class Hammered {
  opens: number[] = [];
  now = START;
  state: SessionState;

  constructor(linkedNumber: string | null = NUMBER, opens = unspent(allowanceOf(30))) {
    this.state = beginning({
      outletId: 'o',
      outlet: { name: 'x', number: NUMBER, isActive: true, autoReconnect: true, city: null, tags: [] },
      linkedNumber,
      linkedAt: null,
      sessionName: null,
      lastSeen: null,
      seed: 11,
      opens,
    });
    this.handle({ type: 'restore', record: null });
  }

  handle(event: SessionEvent): void {
    const { state, effects } = transition(this.state, event, this.now);
    this.state = state;
    if (effects.some(({ type }) => type === 'open')) this.opens.push(this.now - START);
  }

  say(event: Record<string, unknown>): void {
    this.handle({ ...event, connection: this.state.connection } as SessionEvent);
  }

  /** Each open that is made is answered after 20 ms. */
  run(milliseconds: number, answer: (of: Hammered) => void, each: Presses | null = null): void {
    const until = this.now + milliseconds;
    let answered = 0;
    let pressAt = each ? this.now : Infinity;
    while (this.now < until) {
      if (this.opens.length > answered) {
        answered = this.opens.length;
        this.now += 20;
        answer(this);
        continue;
      }
      const due = Math.min(wakeAt(this.state) ?? Infinity, pressAt, until);
      this.now = Math.max(this.now, due);
      if (this.now >= until) break;
      if (due === pressAt && each) {
        pressAt += each.ms;
        each.press(this);
      } else this.handle({ type: 'tick' });
    }
  }
}

const close = (cause: CloseCause) => ({ type: 'closed', cause });
const open = (of: Hammered): void => of.say({ type: 'opened', number: NUMBER, name: null });

test.each<[string, string | null, number, number, (of: Hammered) => void, Presses | null]>([
  ['515 after every login', NUMBER, 20_000, 6, (of) => (open(of), of.say(close({ kind: 'restart' }))), null],
  [
    'a registration that is cut as soon as its QR is shown',
    null,
    10_000,
    5,
    (of) => {
      of.say({ type: 'qr', text: 'x', lifetimeMs: 60_000 });
      of.say(close({ kind: 'lost', detail: '428' }));
    },
    { ms: 4_000, press: (of) => of.handle({ type: 'connect', method: 'qr' }) },
  ],
  [
    'twenty presses of Koneksikan on a banned number',
    NUMBER,
    5_000,
    5,
    (of) => of.say(close({ kind: 'banned', detail: '406' })),
    { ms: 250, press: (of) => of.handle({ type: 'connect', method: 'qr' }) },
  ],
  [
    'pause and resume, again and again',
    NUMBER,
    15_000,
    6,
    open,
    {
      ms: 200,
      press: (of) => of.handle(of.state.phase.name === 'paused' ? { type: 'resume' } : { type: 'pause', by: 'Adi' }),
    },
  ],
  [
    'a login that is cut at once',
    NUMBER,
    20_000,
    6,
    (of) => (open(of), of.say(close({ kind: 'lost', detail: '428' }))),
    null,
  ],
  [
    'a socket that never proves itself',
    NUMBER,
    20_000,
    6,
    (of) => (open(of), of.handle({ type: 'proof-failed' })),
    null,
  ],
  [
    'a store that comes and goes',
    NUMBER,
    20_000,
    6,
    (of) => (of.handle({ type: 'store-lost' }), of.handle({ type: 'store-back' })),
    null,
  ],
])('%s', (_, linkedNumber, milliseconds, most, answer, presses) => {
  const outlet = new Hammered(linkedNumber);
  outlet.run(milliseconds, answer, presses);
  expect(outlet.opens.length).toBeGreaterThanOrEqual(2);
  expect(outlet.opens.length).toBeLessThanOrEqual(most);
});

test('a press that exceeds the allowance is taken, and told with the moment of its turn', () => {
  const outlet = new Hammered();
  outlet.run(2_000, (of) => of.say(close({ kind: 'banned', detail: '406' })), {
    ms: 100,
    press: (of) => of.handle({ type: 'connect', method: 'qr' }),
  });
  const told = toRecord(outlet.state);
  expect(told).toMatchObject({ status: 'CONNECTING', reason: 'WAITING_TURN' });
  expect(told.nextRetryAt).toBeGreaterThan(outlet.now);
  const before = outlet.opens.length;
  outlet.run(20_000, () => undefined);
  expect(outlet.opens).toHaveLength(before + 1);
  expect(toRecord(outlet.state).reason).not.toBe('WAITING_TURN');
});

test('presses while a QR beside a banned link waits for its turn do not put it off', () => {
  const outlet = new Hammered();
  let shown = 0;
  // Each login is refused; the QR that follows is shown.
  const answer = (of: Hammered): void => {
    const { phase } = of.state;
    if (phase.name !== 'opening') return;
    if (phase.purpose === 'login') return of.say(close({ kind: 'banned', detail: '406' }));
    shown++;
    of.say({ type: 'qr', text: 'x', lifetimeMs: 60_000, roundMs: 160_000 });
  };
  outlet.state = { ...outlet.state, opens: { spent: 9, at: outlet.now, allowance: 12 } };
  outlet.run(60_000, answer, { ms: 100, press: (of) => of.handle({ type: 'connect', method: 'qr' }) });
  expect(shown).toBe(1);
  expect(outlet.opens.length).toBeLessThanOrEqual(3);
});

const banned = (of: Hammered): void => of.say(close({ kind: 'banned', detail: '406' }));
const pressed: Presses = { ms: 100, press: (of) => of.handle({ type: 'connect', method: 'qr' }) };

test('a process that is started again and again opens no more than one that goes on', () => {
  const BOOT_MS = 1_500;
  let row: ReturnType<typeof toldOpens> | null = null;
  let opened = 0;
  for (let start = 0; start < 20; start++) {
    const began = START + start * BOOT_MS;
    // Its monotonic clock begins anew: what is kept is by the wall.
    const outlet = new Hammered(NUMBER, usedBefore(row, allowanceOf(30), false, began, START));
    outlet.run(BOOT_MS, banned);
    opened += outlet.opens.length;
    row = toldOpens(outlet.state.opens, began - START);
  }
  // Four at once, then one each 15 s.
  expect(opened).toBeLessThanOrEqual(6);
  expect(opened).toBeGreaterThanOrEqual(4);
});

test.each<[string, Parameters<typeof usedBefore>, number]>([
  ['of a row from before it was kept', [null, 12, false, START, 0], 0],
  ['a minute ago', [{ spent: 12, at: START - 60_000 }, 12, false, START, 100_000], 0],
  ['just now', [{ spent: 11, at: START }, 12, false, START, 5], 15_000 - 5_000],
  ['just now, by a link that held', [{ spent: 11, at: START }, 12, true, START, 5], 0],
  ['by a clock that was set back since', [{ spent: 12, at: START + 3_600_000 }, 12, false, START, 5], 15_000],
  ['by a hand', [{ spent: 1e9, at: START }, 12, false, START, 5], 15_000],
])('what was used up %s', (_, used, waitMs) => {
  expect(Math.max(0, mayOpenAt(usedBefore(...used), used[4]) - used[4])).toBeCloseTo(waitMs);
});

test('leaves that are owed pass the same limiter, and leave the outlet its own next socket', () => {
  let opens = unspent(12);
  let leaves = 0;
  for (let next = spentOnLeave(opens, 0); next; next = spentOnLeave(opens, 0)) [opens, leaves] = [next, leaves + 1];
  expect(leaves).toBe(3);
  expect(mayOpenAt(opens, 0)).toBeLessThanOrEqual(0);
  const outlet = new Hammered();
  outlet.run(2_000, banned, pressed);
  const { state } = outlet;
  outlet.handle({ type: 'leave-begins' });
  expect(outlet.state.opens).toBe(state.opens);
  expect(transition(state, { type: 'leave-begins' }, outlet.now).refusal).toBe('TOO_MANY_ATTEMPTS');
  expect(transition(state, { type: 'leave-begins' }, outlet.now + 60_000).refusal).toBeUndefined();
});

test('a link that held comes back at once, ten times in a minute', () => {
  const outlet = new Hammered();
  for (let drop = 0; drop < 10; drop++) {
    open(outlet);
    outlet.now += 5_000;
    outlet.say(close({ kind: 'lost', detail: '428' }));
    expect(toRecord(outlet.state).nextRetryAt).toBe(outlet.now);
    outlet.handle({ type: 'tick' });
    expect(outlet.state.phase.name).toBe('opening');
  }
});

test('links that are lost together come back within half a second, spread out', () => {
  const waits = Array.from({ length: 50 }, (_, lost) => {
    const outlet = new Hammered();
    outlet.state = { ...outlet.state, seed: lost * 977 };
    open(outlet);
    outlet.now += 60_000;
    outlet.say({ ...close({ kind: 'lost', detail: '428' }), together: lost + 1 });
    return (toRecord(outlet.state).nextRetryAt ?? NaN) - outlet.now;
  });
  expect(waits.slice(0, 3)).toEqual([0, 0, 0]);
  expect(Math.max(...waits)).toBeLessThanOrEqual(500);
  expect(new Set(waits.slice(10)).size).toBeGreaterThan(30);
});
