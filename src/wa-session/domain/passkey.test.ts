import { expect, test } from '@jest/globals';
import type { PasskeyAssertion } from '@koneksi/contracts/passkey';
import { wakeAt } from './on-tick.js';
import { ceremonyOf, passkeyOutcome, toPasskeyChange, toPasskeyRequest } from './passkey.js';
import type { SessionEvent, Transition } from './session-event.js';
import { sameRecord, toRecord } from './session-record.js';
import type { SessionState } from './session-state.js';
import { beginning, transition } from './transition.js';

const NOW = Date.UTC(2026, 10, 27, 16, 58);
const SECOND = 1_000;
const FIVE_MINUTES = 300 * SECOND;
const NUMBER = '6281234567890';
const OPTIONS = { challenge: 'Y2hhbGxlbmdl', rpId: 'whatsapp.com' };

const outlet = { name: 'Solo', number: NUMBER, isActive: true, autoReconnect: true, city: null, tags: [] };
const base = beginning({
  outletId: 'o',
  outlet,
  linkedNumber: null,
  linkedAt: null,
  sessionName: null,
  lastSeen: null,
  seed: 7,
});
const PAIRING: SessionState = {
  ...base,
  connection: 3,
  phase: { name: 'pairing', method: 'qr', qr: null, asked: false, pairingCode: null, endsAt: NOW + 160 * SECOND },
};

const after = (from: SessionState, event: SessionEvent, now = NOW): Transition => transition(from, event, now);
const ask: SessionEvent = { type: 'passkey-asked', options: OPTIONS, connection: 3 };
const ASKED = after(PAIRING, ask).state;

function assertion(challenge: unknown = OPTIONS.challenge): PasskeyAssertion {
  const clientDataJSON = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge })).toString('base64url');
  const response = { clientDataJSON, authenticatorData: 'YQ', signature: 'Yg', userHandle: null };
  return { id: 'aWQ', rawId: 'aWQ', type: 'public-key', response };
}
const handIn = (made = assertion()): SessionEvent => ({ type: 'passkey-handed-in', assertion: made });
const refused = (code: 'PASSKEY_REFUSED' | 'PASSKEY_EXPIRED' | 'PASSKEY_UNANSWERED'): SessionEvent => ({
  type: 'passkey-refused',
  code,
  connection: 3,
});
const compared = { type: 'passkey-compared', code: 'AAAA-BBBB' } as const;
const PROVING = after(ASKED, handIn()).state;
const COMPARING = after(PROVING, { type: 'passkey-code', code: 'AAAA-BBBB', connection: 3 }).state;
const CONFIRMING = after(COMPARING, compared).state;

test('a demand keeps its connection for five minutes, and is told as before', () => {
  expect(ASKED.connection).toBe(3);
  expect(toRecord(ASKED)).toMatchObject({ status: 'FAILED', reason: 'PASSKEY_REQUIRED', nextRetryAt: null });
  expect(wakeAt(ASKED)).toBe(NOW + FIVE_MINUTES);
  expect(toPasskeyChange(ASKED)).toMatchObject({ step: 'asked', expiresAt: '2026-11-27T17:03:00.000Z' });
});

test('a demand that nobody can read, or of an outlet that is linked, keeps nothing', () => {
  const unreadable = after(PAIRING, { type: 'passkey-asked', options: null, connection: 3 });
  expect(unreadable.effects.map(({ type }) => type)).toEqual(['close', 'quarantine']);
  expect(toRecord(unreadable.state).reason).toBe('PASSKEY_REQUIRED');
  const linked: SessionState = {
    ...PAIRING,
    linkedNumber: NUMBER,
    phase: { name: 'opening', purpose: 'login', method: 'qr', code: 'RECONNECTING', detail: null, openBy: null },
  };
  expect(after(linked, ask).state.phase).toBe(linked.phase);
});

const ENDINGS: [what: string, event: SessionEvent, reason: string, effects: string[]][] = [
  ['five minutes', { type: 'tick' }, 'PASSKEY_REQUIRED', ['close', 'quarantine']],
  ['a pause', { type: 'pause', by: 'Adi' }, 'PAUSED_BY', ['close', 'quarantine']],
  ['a logout', { type: 'logout' }, 'NEVER_LINKED', ['close', 'quarantine']],
  ['a new QR', { type: 'connect', method: 'qr' }, 'PAIRING', ['open']],
  ['a new code', { type: 'connect', method: 'pairing-code' }, 'PAIRING', ['open']],
  ['giving up', { type: 'passkey-given-up' }, 'PASSKEY_REQUIRED', ['close', 'quarantine']],
  ['the database away', { type: 'store-lost' }, 'PASSKEY_REQUIRED', ['close', 'quarantine']],
  ['keys that are not kept', { type: 'store-failed', connection: 3 }, 'PASSKEY_REQUIRED', ['close', 'quarantine']],
  [
    'another number',
    { type: 'settings-changed', outlet: { ...outlet, number: '6289' } },
    'NEVER_LINKED',
    ['close', 'quarantine'],
  ],
  [
    'an outlet switched off',
    { type: 'settings-changed', outlet: { ...outlet, isActive: false } },
    'INACTIVE',
    ['close', 'quarantine'],
  ],
  ['WhatsApp that forgot it', refused('PASSKEY_EXPIRED'), 'PASSKEY_REQUIRED', ['close', 'quarantine']],
  [
    'a line that dropped',
    { type: 'closed', cause: { kind: 'lost', detail: '428' }, connection: 3 },
    'PASSKEY_REQUIRED',
    ['close'],
  ],
  ['a ban', { type: 'closed', cause: { kind: 'banned', detail: '406' }, connection: 3 }, 'BANNED', ['close']],
];

test.each(ENDINGS)('%s ends it', (_, event, reason, effects) => {
  const now = event.type === 'tick' ? NOW + FIVE_MINUTES : NOW;
  for (const from of [ASKED, PROVING, COMPARING, CONFIRMING]) {
    const { state, effects: done } = after(from, event, now);
    expect(ceremonyOf(state)).toBeNull();
    expect(toRecord(state).reason).toBe(reason);
    expect(done.map(({ type }) => type)).toEqual(effects);
    expect(state.connection).toBeGreaterThan(3);
    expect(passkeyOutcome(state)).toEqual({ kind: 'over' });
    expect(toPasskeyChange(state)).toEqual({ outletId: 'o', step: null, expiresAt: null });
    // Whatever is asked of it afterwards is told so.
    for (const late of [handIn(), compared, { type: 'passkey-given-up' }] as const)
      expect(after(state, late)).toMatchObject({ refusal: 'PASSKEY_NOT_ASKED', effects: [] });
  }
});

test('QRs that the library still shows, and renaming the outlet, change nothing', () => {
  const qr: SessionEvent = { type: 'qr', text: 'x', lifetimeMs: 20_000, roundMs: 20_000, connection: 3 };
  expect(after(ASKED, qr).state.phase).toBe(ASKED.phase);
  const renamed = after(ASKED, { type: 'settings-changed', outlet: { ...outlet, name: 'Solo Baru' } });
  expect(ceremonyOf(renamed.state)).not.toBeNull();
  expect(renamed.effects).toEqual([]);
});

test('an assertion goes to WhatsApp once: a second one meanwhile is refused, and the first goes on', () => {
  const first = after(ASKED, handIn());
  expect(first.effects).toEqual([{ type: 'prove-passkey', assertion: assertion() }]);
  expect(passkeyOutcome(first.state)).toBeUndefined();
  for (const from of [PROVING, CONFIRMING])
    expect(after(from, handIn())).toMatchObject({ refusal: 'PASSKEY_BUSY', effects: [], state: { phase: from.phase } });
  expect(after(CONFIRMING, compared)).toMatchObject({ refusal: 'PASSKEY_BUSY', effects: [] });
});

test.each([
  ['another challenge', assertion('b2xk')],
  ['none', assertion(null)],
  ['one that is no text', assertion(7)],
  ['no client data', { ...assertion(), response: { ...assertion().response, clientDataJSON: 'bm8gSlNPTg' } }],
  ['null', { ...assertion(), response: { ...assertion().response, clientDataJSON: 'bnVsbA' } }],
])('an assertion for %s never reaches WhatsApp, and costs nothing', (_, made) => {
  const { refusal, effects, state } = after(ASKED, handIn(made));
  expect({ refusal, effects }).toEqual({ refusal: 'PASSKEY_OUTDATED', effects: [] });
  expect(after(state, handIn()).refusal).toBeUndefined();
});

test('the first slip costs nothing; then each waits longer than the last', () => {
  let state = ASKED;
  for (const [waitMs, at] of [
    [0, NOW],
    [5_000, NOW + 10 * SECOND],
    [10_000, NOW + 30 * SECOND],
  ] as const) {
    state = after(after(state, handIn(), at).state, refused('PASSKEY_REFUSED'), at).state;
    expect(passkeyOutcome(state)).toEqual({ kind: 'refused', code: 'PASSKEY_REFUSED' });
    if (waitMs > 0) expect(after(state, handIn(), at + waitMs - 1).refusal).toBe('TOO_MANY_ATTEMPTS');
    expect(after(state, handIn(), at + waitMs).refusal).toBeUndefined();
  }
});

test('a phone that does not go on is told in 25 seconds, and may go on later', () => {
  for (const from of [PROVING, CONFIRMING]) {
    expect(wakeAt(from)).toBe(NOW + 25 * SECOND);
    const given = after(from, { type: 'tick' }, NOW + 25 * SECOND).state;
    expect(passkeyOutcome(given)).toEqual({ kind: 'refused', code: 'PASSKEY_UNANSWERED' });
    expect(wakeAt(given)).toBe(NOW + FIVE_MINUTES);
    const late = after(given, { type: 'passkey-code', code: 'CCCC-DDDD', connection: 3 }, NOW + 60 * SECOND).state;
    expect(passkeyOutcome(late)).toMatchObject({ kind: 'code', code: 'CCCC-DDDD' });
  }
});

test('nothing is linked before a person compared the code', () => {
  expect(after(ASKED, compared)).toMatchObject({ refusal: 'PASSKEY_NOT_COMPARED', effects: [] });
  expect(passkeyOutcome(COMPARING)).toEqual({ kind: 'code', code: 'AAAA-BBBB', expiresAt: NOW + FIVE_MINUTES });
  expect(after(COMPARING, compared).effects).toEqual([{ type: 'confirm-passkey', code: 'AAAA-BBBB' }]);
  const paired = after(CONFIRMING, { type: 'paired', link: 'new', number: NUMBER, name: null, connection: 3 });
  expect(toRecord(paired.state).reason).toBe('LINKING');
  expect(passkeyOutcome(paired.state)).toEqual({ kind: 'linked' });
});

test('a demand is told in the moment it comes, over whatever it turns out to be', () => {
  const demanded = after(PAIRING, { type: 'passkey-demanded', connection: 3 });
  expect(demanded.effects).toEqual([]);
  expect(toRecord(demanded.state)).toMatchObject({ status: 'FAILED', reason: 'PASSKEY_REQUIRED', nextRetryAt: null });
  // Nobody can answer yet, and nobody is asked to.
  expect(toPasskeyChange(demanded.state).step).toBeNull();
  expect(toPasskeyRequest(ceremonyOf(demanded.state)!, 0)).toBeNull();
  for (const event of [handIn(), compared] as const) expect(after(demanded.state, event).refusal).toBeDefined();
  expect(ceremonyOf(after(demanded.state, ask, NOW + SECOND).state)).toEqual({
    ...ceremonyOf(ASKED)!,
    endsAt: NOW + SECOND + FIVE_MINUTES,
    nextTryAt: NOW + SECOND,
  });
  const unread = after(demanded.state, { type: 'passkey-asked', options: null, connection: 3 });
  expect(unread.effects.map(({ type }) => type)).toEqual(['close', 'quarantine']);
  expect(after(unread.state, { type: 'connect', method: 'qr' }).state.phase.name).toBe('opening');
});

test('the same demand told again does nothing to what has begun, at any step', () => {
  for (const from of [ASKED, PROVING, COMPARING, CONFIRMING])
    for (const event of [ask, { type: 'passkey-demanded', connection: 3 }] as const) {
      const { state, effects } = after(from, event, NOW + 60 * SECOND);
      expect(state.phase).toBe(from.phase);
      expect(effects).toEqual([]);
    }
});

test('an assertion handed in again while codes are compared is answered with the same code, and begins nothing', () => {
  const again = after(COMPARING, handIn());
  expect(again).toMatchObject({ effects: [], state: { phase: COMPARING.phase } });
  expect(again.refusal).toBeUndefined();
  expect(passkeyOutcome(again.state)).toMatchObject({ kind: 'code', code: 'AAAA-BBBB' });
  expect(after(COMPARING, handIn(assertion('b2xk'))).refusal).toBe('PASSKEY_OUTDATED');
});

test('whoever compared a code that was replaced meanwhile confirms nothing', () => {
  const [refusedOnce] = [after(CONFIRMING, refused('PASSKEY_REFUSED')).state];
  const anew = after(refusedOnce, handIn()).state;
  const replaced = after(anew, { type: 'passkey-code', code: 'CCCC-DDDD', connection: 3 }).state;
  expect(after(replaced, compared)).toMatchObject({ refusal: 'PASSKEY_CODE_REPLACED', effects: [] });
  expect(after(replaced, { ...compared, code: 'CCCC-DDDD' }).effects).toEqual([
    { type: 'confirm-passkey', code: 'CCCC-DDDD' },
  ]);
});

test('a new demand on the same connection begins anew', () => {
  const again = after(COMPARING, { ...ask, options: { challenge: 'bmV3' } }, NOW + 60 * SECOND).state;
  expect(ceremonyOf(again)).toMatchObject({ options: { challenge: 'bmV3' }, step: { name: 'asked' }, refusals: 0 });
  expect(wakeAt(again)).toBe(NOW + 60 * SECOND + FIVE_MINUTES);
});

test('the row tells none of it, and says the same at each step', () => {
  for (const state of [PROVING, COMPARING, CONFIRMING, after(PROVING, refused('PASSKEY_REFUSED'), NOW + 9_000).state]) {
    expect(sameRecord(toRecord(state), toRecord(ASKED))).toBe(true);
    expect(JSON.stringify(toRecord(state))).not.toMatch(/AAAA|Y2hhbGxlbmdl|signature/);
  }
});
