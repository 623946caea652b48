import { describe, expect, test } from '@jest/globals';
import { base, MINUTE, NOW, NUMBER } from '../../../test/transitions/states.js';
import { wakeAt } from './on-tick.js';
import type { ConnectionEvent, SessionEvent } from './session-event.js';
import { sameRecord, toRecord, type SessionRecord } from './session-record.js';
import type { OutletSettings, SessionState } from './session-state.js';
import { beginning, transition } from './transition.js';

type Said = ConnectionEvent extends infer Event ? (Event extends unknown ? Omit<Event, 'connection'> : never) : never;

const OTHER = '6281299900001';
const HOUR = 60 * MINUTE;

/** What is left of a process that is killed after so many commits, each of a row or of a link that is set aside. */
class Life {
  state: SessionState = base;
  now = NOW;
  outlet: OutletSettings = base.outlet;
  record: SessionRecord | null = null;
  /** The number of the link whose credentials are where a login finds them. */
  link: string | null = null;
  /** Whether those are the ones the row says are to be left. */
  leaving = false;
  readonly owed = new Set<string>();
  commits = 0;
  /** Logins that were begun for nothing but to be online. */
  readonly logins: string[] = [];
  private timesRestarted = 0;

  constructor(public killAfter = Infinity) {
    this.restart();
  }

  get isAlive(): boolean {
    return this.commits < this.killAfter;
  }

  ask(event: SessionEvent): void {
    if (event.type === 'settings-changed') this.outlet = event.outlet;
    this.handle(event);
  }

  say(event: Said): void {
    if (!this.isAlive) return;
    if (event.type === 'paired') this.link = event.number;
    this.handle({ ...event, connection: this.state.connection });
  }

  private handle(event: SessionEvent): void {
    if (!this.isAlive) return;
    const before = this.state;
    const { state, effects } = transition(before, event, (this.now += 10));
    this.state = state;
    const record = toRecord(state);
    if (!this.record || !sameRecord(this.record, record)) this.commit(() => this.write(record));
    for (const effect of effects) {
      if (effect.type === 'open' && effect.purpose === 'login' && state.phase.name !== 'parting' && this.isAlive)
        this.logins.push(this.link ?? 'none');
      if (effect.type !== 'quarantine') continue;
      this.commit(() => {
        if (this.link !== null && effect.owedInS !== undefined) this.owed.add(this.link);
        this.link = null;
        this.leaving = false;
      });
      this.handle({ type: 'set-aside' });
    }
  }

  private write(record: SessionRecord): void {
    this.record = JSON.parse(JSON.stringify(record)) as SessionRecord;
    this.leaving = record.leaving && this.link !== null;
  }

  private commit(change: () => void): void {
    if (!this.isAlive) return;
    change();
    this.commits++;
  }

  restart(): void {
    const { record, link, outlet, leaving } = this;
    const { lastEnding = null, tries, everLinked = false } = record ?? {};
    const found = { outletId: 'o', outlet, linkedNumber: link, linkedAt: null, sessionName: null, lastSeen: null };
    const owed = [...this.owed].map((number) => ({ number, since: NOW }));
    this.state = beginning({ ...found, lastEnding, ...(tries && { tries }), everLinked, leaving, owed, seed: 5 });
    if (this.timesRestarted++ > 0) this.killAfter = Infinity;
    this.handle({ type: 'restore', record });
  }

  /** Nobody is answered by WhatsApp, and every timer fires. */
  pass(milliseconds: number): void {
    const until = this.now + milliseconds;
    for (let due = wakeAt(this.state); due !== null && due <= until; due = wakeAt(this.state)) {
      this.now = Math.max(this.now, due);
      this.handle({ type: 'tick' });
    }
    this.now = until;
  }
}

type Act = (life: Life) => void;

const INTENTS: Record<string, Act> = {
  logout: (life) => life.ask({ type: 'logout' }),
  'a logout that WhatsApp hears': (life) => {
    life.ask({ type: 'logout' });
    life.say({ type: 'opened', number: NUMBER, name: null });
    life.say({ type: 'parted', told: true });
  },
  pause: (life) => life.ask({ type: 'pause', by: 'Adi' }),
  resume: (life) => life.ask({ type: 'resume' }),
  connect: (life) => life.ask({ type: 'connect', method: 'qr' }),
  'connect by code': (life) => life.ask({ type: 'connect', method: 'pairing-code' }),
  'new number': (life) => life.ask({ type: 'settings-changed', outlet: { ...life.outlet, number: OTHER } }),
  'the number back': (life) => life.ask({ type: 'settings-changed', outlet: { ...life.outlet, number: NUMBER } }),
  deactivate: (life) => life.ask({ type: 'settings-changed', outlet: { ...life.outlet, isActive: false } }),
  activate: (life) => life.ask({ type: 'settings-changed', outlet: { ...life.outlet, isActive: true } }),
  // What removing an outlet asks before its rows go.
  remove: (life) => {
    life.ask({ type: 'logout' });
    life.ask({ type: 'leave-later' });
  },
};
const ENDS_THE_LINK = new Set(['logout', 'a logout that WhatsApp hears', 'remove']);

const linked: Act = (life) => {
  life.ask({ type: 'connect', method: 'qr' });
  life.say({ type: 'qr', text: 'x', lifetimeMs: MINUTE, roundMs: 3 * MINUTE });
  life.say({ type: 'paired', link: 'new', number: NUMBER, name: null });
  life.say({ type: 'closed', cause: { kind: 'restart' } });
  life.say({ type: 'opened', number: NUMBER, name: null });
};
const STARTS: Record<string, Act> = {
  online: () => undefined,
  paused: (life) => life.ask({ type: 'pause', by: 'Adi' }),
  locked: (life) => life.say({ type: 'closed', cause: { kind: 'blocked', detail: '403' } }),
  banned: (life) => life.say({ type: 'closed', cause: { kind: 'banned', detail: '406' } }),
  'of another number': (life) => INTENTS['new number']!(life),
};

/** Alive until the second wish was taken; how many commits that was. */
function lived(start: Act, acts: readonly Act[], killAfter = Infinity): { life: Life; beforeKill: number } {
  const life = new Life();
  linked(life);
  start(life);
  const begun = life.commits;
  life.killAfter = begun + killAfter;
  life.logins.length = 0;
  for (const act of acts) act(life);
  return { life, beforeKill: life.commits - begun };
}

const names = Object.keys(INTENTS);
const PAIRS = names.flatMap((first) => names.map((second) => [first, second] as const));

describe.each(Object.entries(STARTS))('an outlet that is %s', (_, start) => {
  test.each(PAIRS)('%s, then %s, with a kill between each two commits', (first, second) => {
    const acts = [INTENTS[first]!, INTENTS[second]!];
    const { beforeKill } = lived(start, acts);
    for (let killAfter = 0; killAfter <= beforeKill; killAfter++) {
      const { life } = lived(start, acts, killAfter);
      const done = lived(start, [INTENTS[first]!]).beforeKill;
      const isLeft = life.record?.leaving === true || life.link === null;
      life.logins.length = 0;
      const paused = life.record?.status === 'PAUSED';
      life.restart();
      // Nobody is online by a link that was to be left, however long it takes and whoever resumes it.
      life.pass(HOUR);
      if (paused) expect(toRecord(life.state).status).toBe('PAUSED');
      life.ask({ type: 'resume' });
      life.pass(HOUR);
      if (ENDS_THE_LINK.has(first) && killAfter >= Math.min(1, done) && !(first === 'remove' && killAfter === 0))
        expect({ first, second, killAfter, isLeft }).toEqual({ first, second, killAfter, isLeft: true });
      if (!isLeft) continue;
      expect({ first, second, killAfter, logins: life.logins, link: life.link }).toEqual({
        first,
        second,
        killAfter,
        logins: [],
        link: null,
      });
    }
  });
});

test('what a person wanted after a logout is done as well', () => {
  const wanted = (second: string) => {
    const { beforeKill } = lived(STARTS['online']!, [INTENTS['logout']!, INTENTS[second]!]);
    // Killed with the row of the second wish committed, and nothing after it.
    const { life } = lived(STARTS['online']!, [INTENTS['logout']!, INTENTS[second]!], beforeKill - 1);
    expect(life.link).toBe(NUMBER);
    life.restart();
    return { ...toRecord(life.state), link: life.link, owed: [...life.owed] };
  };
  expect(wanted('pause')).toMatchObject({ reason: 'PAUSED_BY', link: null, owed: [NUMBER] });
  expect(wanted('connect')).toMatchObject({ reason: 'PAIRING', link: null, owed: [NUMBER] });
});

test('a link that WhatsApp ended is set aside under the reason it gave, and nobody is to tell it', () => {
  const end: Act = (life) => life.say({ type: 'closed', cause: { kind: 'logged-out' } });
  const { life } = lived(STARTS['online']!, [end], 1);
  expect([life.link, life.record?.reason]).toEqual([NUMBER, 'REMOVED_BY_WHATSAPP']);
  life.restart();
  expect(toRecord(life.state)).toMatchObject({ reason: 'REMOVED_BY_WHATSAPP', leaving: false });
  expect([life.link, life.owed.size, life.logins]).toEqual([null, 0, []]);
});

test('a new link is not left for the one before it', () => {
  const { life } = lived(STARTS['online']!, [INTENTS['logout']!, INTENTS['connect']!]);
  life.say({ type: 'qr', text: 'x', lifetimeMs: MINUTE, roundMs: 3 * MINUTE });
  life.say({ type: 'paired', link: 'new', number: NUMBER, name: null });
  life.restart();
  expect(life.state.phase).toMatchObject({ name: 'opening', purpose: 'login' });
  expect(life.link).toBe(NUMBER);
});
