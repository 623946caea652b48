import { expect, test } from '@jest/globals';
import { base, MINUTE, NOW, NUMBER } from '../../../test/transitions/states.js';
import type { CloseCause } from './close-cause.js';
import type { ConnectionEvent, Effect, SessionEvent } from './session-event.js';
import { toRecord, type SessionRecord } from './session-record.js';
import type { LinkMethod, OutletSettings, SessionState } from './session-state.js';
import { beginning, transition } from './transition.js';

type Said = ConnectionEvent extends infer Event ? (Event extends unknown ? Omit<Event, 'connection'> : never) : never;

/** One outlet, whose link WhatsApp banned at `NOW`. */
class Banned {
  now = NOW - MINUTE;
  state: SessionState = { ...base, linkedNumber: NUMBER };
  effects: Effect[] = [];

  constructor(settings: Partial<OutletSettings> = {}) {
    this.state = { ...this.state, outlet: { ...base.outlet, ...settings } };
    this.on({ type: 'connect', method: 'qr' });
    this.say({ type: 'opened', number: NUMBER, name: 'Toko' });
    this.now = NOW;
    this.refused();
  }

  get told(): SessionRecord {
    return toRecord(this.state);
  }

  on(event: SessionEvent): void {
    ({ state: this.state, effects: this.effects } = transition(this.state, event, this.now));
    this.now += 1_000;
  }

  say(said: Said): void {
    this.on({ ...said, connection: this.state.connection });
  }

  closed(cause: CloseCause): void {
    this.say({ type: 'closed', cause });
  }

  refused(): void {
    this.closed({ kind: 'banned', detail: '406' });
  }

  press(method: LinkMethod = 'qr'): void {
    this.on({ type: 'connect', method });
  }

  showsQr(): void {
    this.say({ type: 'qr', text: 'x', lifetimeMs: MINUTE, roundMs: 3 * MINUTE });
  }

  /** Pressed, refused once more, and now with a QR. */
  withQr(): this {
    this.press();
    this.refused();
    this.showsQr();
    return this;
  }
}

const AS_BEFORE = {
  status: 'FAILED',
  reason: 'BANNED',
  params: { detail: '406' },
  lastEnding: { code: 'BANNED', link: 'kept', at: NOW, number: NUMBER, retryAt: null },
};

test.each<LinkMethod>(['qr', 'pairing-code'])(
  'a press logs in first; refused again it links by %s beside',
  (method) => {
    const outlet = new Banned();
    outlet.press(method);
    expect(outlet.effects).toMatchObject([{ type: 'open', purpose: 'login' }]);
    expect(outlet.told.reason).toBe('RECONNECTING');
    outlet.refused();
    expect(outlet.effects).toMatchObject([{ type: 'open', purpose: 'link', method, beside: true }]);
    expect(outlet.state.linkedNumber).toBe(NUMBER);
    outlet.showsQr();
    expect(outlet.told).toMatchObject({ reason: 'PAIRING', qrShown: true, lastEnding: AS_BEFORE.lastEnding });
    expect(outlet.effects.some(({ type }) => type === 'request-code')).toBe(method === 'pairing-code');
  },
);

test('where the ban was lifted, the press connects by the link there is', () => {
  const outlet = new Banned();
  outlet.press();
  outlet.say({ type: 'opened', number: NUMBER, name: 'Toko' });
  expect(outlet.told).toMatchObject({ status: 'CONNECTED', lastEnding: null });
  // The next ban is a first one.
  outlet.refused();
  expect(outlet.told).toMatchObject({ reason: 'BANNED' });
});

test('a phone that agrees takes its place', () => {
  const outlet = new Banned().withQr();
  outlet.say({ type: 'paired', link: 'new', number: NUMBER, name: 'Toko' });
  expect(outlet.effects).toEqual([]);
  expect(outlet.told).toMatchObject({ reason: 'LINKING', lastEnding: { code: 'BANNED', link: 'gone' } });
  outlet.closed({ kind: 'restart' });
  expect(outlet.effects).toMatchObject([{ type: 'open', purpose: 'login' }]);
  expect(outlet.effects[0]).not.toHaveProperty('beside');
  // It may be banned as well: then nothing is known of it yet.
  outlet.refused();
  expect(outlet.told).toMatchObject({ reason: 'BANNED', lastEnding: { link: 'kept' } });
});

test.each<[string, (outlet: Banned) => void]>([
  ['nobody scans', (outlet) => outlet.closed({ kind: 'refs-ended' })],
  ['the line drops', (outlet) => outlet.closed({ kind: 'lost', detail: '428' })],
  ['WhatsApp asks for patience', (outlet) => outlet.closed({ kind: 'unavailable', detail: '503' })],
  ['a code was abandoned', (outlet) => outlet.closed({ kind: 'logged-out' })],
  ['WhatsApp refuses it with 402', (outlet) => outlet.closed({ kind: 'restricted', seconds: 60, detail: null })],
  ['WhatsApp refuses it with 403', (outlet) => outlet.closed({ kind: 'blocked', detail: '403' })],
  ['WhatsApp refuses it with 405', (outlet) => outlet.closed({ kind: 'outdated' })],
  ['WhatsApp refuses it with 406', (outlet) => outlet.refused()],
  ['WhatsApp refuses it with 415', (outlet) => outlet.closed({ kind: 'misconfigured', detail: '415' })],
])('the link and what is told of it are as before where %s', (_, end) => {
  for (const autoReconnect of [true, false]) {
    const outlet = new Banned({ autoReconnect }).withQr();
    end(outlet);
    expect(outlet.told).toMatchObject(AS_BEFORE);
    expect(outlet.told.tries).toMatchObject({ refusal: null, ranOut: null });
    expect(outlet.effects).toEqual([{ type: 'close' }]);
    expect(outlet.state.linkedNumber).toBe(NUMBER);
    // And the next press asks the link again.
    outlet.press();
    expect(outlet.effects).toMatchObject([{ type: 'open', purpose: 'login' }]);
  }
});

test('so they are where nothing is heard before a QR', () => {
  const outlet = new Banned();
  outlet.press();
  outlet.refused();
  outlet.say({ type: 'started' });
  outlet.now += MINUTE;
  outlet.on({ type: 'tick' });
  expect(outlet.told).toMatchObject(AS_BEFORE);
});

test('and where the process ends meanwhile', () => {
  const { told, state } = new Banned().withQr();
  const found = { ...base, linkedNumber: NUMBER, lastEnding: state.lastEnding, everLinked: true };
  const { state: again } = transition(beginning(found), { type: 'restore', record: told }, NOW + MINUTE);
  expect(toRecord(again)).toMatchObject(AS_BEFORE);
});

test('where it ends between a phone’s yes and the word of it, the new link logs in', () => {
  const { told, state } = new Banned().withQr();
  const found = {
    ...base,
    linkedNumber: NUMBER,
    linkedAt: NOW + 30_000,
    lastEnding: state.lastEnding,
    everLinked: true,
  };
  const again = transition(beginning(found), { type: 'restore', record: told }, NOW + MINUTE);
  expect(again.effects).toMatchObject([{ type: 'open', purpose: 'login' }]);
  expect(again.state.lastEnding).toMatchObject({ code: 'BANNED', link: 'gone' });
});

test('a number that changed meanwhile makes no stranger of the link there was', () => {
  const { told, state } = new Banned().withQr();
  const found = {
    ...base,
    outlet: { ...base.outlet, number: '628120000009' },
    linkedNumber: NUMBER,
    linkedAt: NOW - 2 * MINUTE,
    lastSeen: NOW - MINUTE,
    lastEnding: state.lastEnding,
    everLinked: true,
  };
  const again = transition(beginning(found), { type: 'restore', record: told }, NOW + MINUTE);
  expect(toRecord(again.state)).toMatchObject({ reason: 'WRONG_NUMBER' });
  expect(again.effects.map(({ type }) => type)).not.toContain('quarantine');
});

test('for who looks the QR is renewed; presses meanwhile are that QR', () => {
  const outlet = new Banned().withQr();
  outlet.on({ type: 'watched', watched: true });
  for (let pressed = 0; pressed < 20; pressed++) {
    outlet.press();
    expect(outlet.effects).toEqual([]);
  }
  outlet.closed({ kind: 'refs-ended' });
  expect(outlet.effects).toMatchObject([{ type: 'open', purpose: 'link', beside: true }]);
  outlet.press();
  expect(outlet.effects).toEqual([]);
});

test('a wish that ends it takes no leave of the link, and setting it aside is a logout’s alone', () => {
  for (const end of ['pause', 'inactive', 'store'] as const) {
    const outlet = new Banned().withQr();
    if (end === 'pause') outlet.on({ type: 'pause', by: 'Adi' });
    else if (end === 'store') outlet.on({ type: 'store-lost' });
    else outlet.on({ type: 'settings-changed', outlet: { ...outlet.state.outlet, isActive: false } });
    expect(outlet.effects).toEqual([{ type: 'close' }]);
    expect(outlet.state.linkedNumber).toBe(NUMBER);
  }
  const outlet = new Banned().withQr();
  outlet.on({ type: 'logout' });
  expect(outlet.effects).toMatchObject([{ type: 'open', purpose: 'login' }]);
  expect(outlet.told.reason).toBe('UNLINKED');
});

test('an account that wants a passkey is told so; after that the ban is', () => {
  const outlet = new Banned().withQr();
  outlet.say({ type: 'passkey-demanded' });
  expect(outlet.told).toMatchObject({ reason: 'PASSKEY_REQUIRED', lastEnding: AS_BEFORE.lastEnding });
  outlet.closed({ kind: 'lost', detail: '428' });
  expect(outlet.told).toMatchObject({ reason: 'PASSKEY_REQUIRED', lastEnding: AS_BEFORE.lastEnding });
  outlet.press();
  outlet.refused();
  expect(outlet.effects).toMatchObject([{ type: 'open', purpose: 'link', beside: true }]);
});
