import { describe, expect, test } from '@jest/globals';
import type { OutletStatusName, ReasonCode } from '@koneksi/contracts/outlet-status';
import type { CloseCause } from './close-cause.js';
import type { Effect, SessionEvent } from './session-event.js';
import { toRecord } from './session-record.js';
import type { Phase, SessionState } from './session-state.js';
import { wakeAt } from './on-tick.js';
import { beginning, transition } from './transition.js';

const NOW = Date.UTC(2026, 10, 21, 3, 0, 0);
const NUMBER = '6281234567890';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const base = beginning({
  outletId: 'o',
  outlet: { name: 'Jakarta', number: NUMBER, isActive: true, autoReconnect: true, city: null, tags: [] },
  linkedNumber: null,
  linkedAt: null,
  sessionName: null,
  lastSeen: null,
  seed: 7,
});

const given = (phase: Phase, over: Partial<SessionState> = {}): SessionState => ({
  ...base,
  connection: 3,
  ...over,
  phase,
});
const linked = (phase: Phase, over: Partial<SessionState> = {}): SessionState =>
  given(phase, { linkedNumber: NUMBER, ...over });

const ONLINE = linked({ name: 'online', openedAt: NOW - MINUTE });
const LOGGING_IN = linked({
  name: 'opening',
  purpose: 'login',
  method: 'qr',
  code: 'RECONNECTING',
  detail: null,
  openBy: NOW + 45 * SECOND,
});
const WAITING = linked(
  { name: 'waiting', purpose: 'login', method: 'qr', code: 'RECONNECTING', detail: '428', retryAt: NOW + SECOND },
  { failures: 2 },
);
const PAIRING = given(
  {
    name: 'pairing',
    method: 'qr',
    qr: { text: 'secret', expiresAt: NOW + MINUTE },
    asked: false,
    pairingCode: null,
    endsAt: NOW + 160 * SECOND,
  },
  { qrRounds: 1 },
);
const pairing = (over: Partial<Phase & { name: 'pairing' }>, state: Partial<SessionState> = {}): SessionState => ({
  ...PAIRING,
  ...state,
  phase: { ...(PAIRING.phase as Phase & { name: 'pairing' }), method: 'pairing-code', ...over },
});
const ASKED = pairing({ asked: true });
const CODE = pairing({ pairingCode: { text: 'ABCD1234', expiresAt: NOW + 160 * SECOND } });
const LINKING = linked({ name: 'linking', until: NOW + 30 * SECOND });
const PARTING = linked({ name: 'parting', until: NOW + 30 * SECOND });
const PAUSED = linked({ name: 'paused', by: 'Adi', at: NOW - MINUTE });
const NEVER_LINKED = given({ name: 'resting', code: 'NEVER_LINKED' });
const INACTIVE = given({ name: 'resting', code: 'INACTIVE' }, { outlet: { ...base.outlet, isActive: false } });
const LOGGED_OUT = given({ name: 'parked', code: 'LOGGED_OUT', params: {}, retryAt: null });
const NO_AUTO = { outlet: { ...base.outlet, autoReconnect: false } };

const closed = (cause: CloseCause): SessionEvent => ({ type: 'closed', cause, connection: 3 });
const lost = closed({ kind: 'lost', detail: '428' });

interface Row {
  name: string;
  from: SessionState;
  on: SessionEvent;
  status: OutletStatusName;
  reason: ReasonCode | null;
  effects: Effect['type'][];
  retryWithin?: [number, number] | null;
}

const ENDINGS: Row[] = [
  {
    name: '515 after pairing logs in at once',
    from: LINKING,
    on: closed({ kind: 'restart' }),
    status: 'CONNECTING',
    reason: 'LINKING',
    effects: ['open'],
  },
  {
    name: '515 while online reconnects almost at once',
    from: ONLINE,
    on: closed({ kind: 'restart' }),
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['close'],
    retryWithin: [0, 250],
  },
  {
    name: '440 parks, with one late try',
    from: ONLINE,
    on: closed({ kind: 'replaced' }),
    status: 'FAILED',
    reason: 'REPLACED',
    effects: ['close'],
    retryWithin: [30 * SECOND, 60 * SECOND],
  },
  {
    name: 'a second 440 within ten minutes waits for a person',
    from: { ...ONLINE, lastConflictAt: NOW - 9 * MINUTE },
    on: closed({ kind: 'replaced' }),
    status: 'FAILED',
    reason: 'REPLACED',
    effects: ['close'],
    retryWithin: null,
  },
  {
    name: 'a second 440 much later tries again',
    from: { ...ONLINE, lastConflictAt: NOW - 11 * MINUTE },
    on: closed({ kind: 'replaced' }),
    status: 'FAILED',
    reason: 'REPLACED',
    effects: ['close'],
    retryWithin: [30 * SECOND, 60 * SECOND],
  },
  {
    name: '401 sets the credentials aside',
    from: ONLINE,
    on: closed({ kind: 'logged-out' }),
    status: 'FAILED',
    reason: 'LOGGED_OUT',
    effects: ['close', 'quarantine'],
    retryWithin: null,
  },
  {
    name: '401 at login does too',
    from: LOGGING_IN,
    on: closed({ kind: 'logged-out' }),
    status: 'FAILED',
    reason: 'LOGGED_OUT',
    effects: ['close', 'quarantine'],
    retryWithin: null,
  },
  {
    name: '401 without a link is a failed attempt, since there was nothing to log out of',
    from: PAIRING,
    on: closed({ kind: 'logged-out' }),
    status: 'TIMEOUT',
    reason: 'WHATSAPP_UNREACHABLE',
    effects: ['close'],
    retryWithin: [0, SECOND],
  },
  {
    name: '402 waits until the ban ends',
    from: LOGGING_IN,
    on: closed({ kind: 'restricted', seconds: 3_600, detail: '101' }),
    status: 'FAILED',
    reason: 'RESTRICTED',
    effects: ['close'],
    retryWithin: [3_600 * SECOND, 3_600 * SECOND],
  },
  {
    name: '402 without an end waits for a person',
    from: LOGGING_IN,
    on: closed({ kind: 'restricted', seconds: null, detail: null }),
    status: 'FAILED',
    reason: 'RESTRICTED',
    effects: ['close'],
    retryWithin: null,
  },
  {
    name: '403 keeps the credentials and stops',
    from: LOGGING_IN,
    on: closed({ kind: 'blocked', detail: '403' }),
    status: 'FAILED',
    reason: 'BLOCKED',
    effects: ['close'],
    retryWithin: null,
  },
  {
    name: '406 is a ban',
    from: LOGGING_IN,
    on: closed({ kind: 'banned', detail: '406' }),
    status: 'FAILED',
    reason: 'BANNED',
    effects: ['close'],
    retryWithin: null,
  },
  {
    name: '401 minutes after the link was made is WhatsApp’s own decision',
    from: { ...ONLINE, linkedAt: NOW - 10 * MINUTE + 1 },
    on: closed({ kind: 'logged-out' }),
    status: 'FAILED',
    reason: 'REMOVED_BY_WHATSAPP',
    effects: ['close', 'quarantine'],
    retryWithin: null,
  },
  {
    name: '401 before the first login is too',
    from: { ...LINKING, linkedAt: NOW - 5 * SECOND },
    on: closed({ kind: 'logged-out' }),
    status: 'FAILED',
    reason: 'REMOVED_BY_WHATSAPP',
    effects: ['close', 'quarantine'],
    retryWithin: null,
  },
  {
    name: '401 later is a person’s, as far as anybody knows',
    from: { ...ONLINE, linkedAt: NOW - 10 * MINUTE },
    on: closed({ kind: 'logged-out' }),
    status: 'FAILED',
    reason: 'LOGGED_OUT',
    effects: ['close', 'quarantine'],
    retryWithin: null,
  },
  {
    name: '401 after two weeks without the phone is for want of it',
    from: { ...ONLINE, facts: { ...base.facts, phoneSeenAt: NOW - 14 * 24 * 60 * MINUTE } },
    on: closed({ kind: 'logged-out' }),
    status: 'FAILED',
    reason: 'PHONE_AWAY',
    effects: ['close', 'quarantine'],
    retryWithin: null,
  },
  {
    name: '401 a minute before those two weeks is not',
    from: { ...ONLINE, facts: { ...base.facts, phoneSeenAt: NOW - 14 * 24 * 60 * MINUTE + MINUTE } },
    on: closed({ kind: 'logged-out' }),
    status: 'FAILED',
    reason: 'LOGGED_OUT',
    effects: ['close', 'quarantine'],
    retryWithin: null,
  },
  {
    name: '405 looks for a newer version, then tries every quarter of an hour',
    from: LOGGING_IN,
    on: closed({ kind: 'outdated' }),
    status: 'FAILED',
    reason: 'OUTDATED',
    effects: ['close', 'refresh-version'],
    retryWithin: [12 * MINUTE, 18 * MINUTE],
  },
  {
    name: '409 and 411 stop',
    from: LOGGING_IN,
    on: closed({ kind: 'misconfigured', detail: '411' }),
    status: 'FAILED',
    reason: 'CONFIG_ERROR',
    effects: ['close'],
    retryWithin: null,
  },
  {
    name: 'a lost link reconnects',
    from: ONLINE,
    on: lost,
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['close'],
    retryWithin: [0, SECOND],
  },
  {
    name: 'a lost attempt means nobody answered',
    from: LOGGING_IN,
    on: lost,
    status: 'TIMEOUT',
    reason: 'WHATSAPP_UNREACHABLE',
    effects: ['close'],
    retryWithin: [0, SECOND],
  },
  {
    name: '503 waits at least five seconds',
    from: ONLINE,
    on: closed({ kind: 'unavailable', detail: '503' }),
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['close'],
    retryWithin: [5 * SECOND, 6 * SECOND],
  },
  {
    name: 'without auto-reconnect a lost link rests',
    from: { ...ONLINE, ...NO_AUTO },
    on: lost,
    status: 'DISCONNECTED',
    reason: 'AUTO_RECONNECT_OFF',
    effects: ['close'],
    retryWithin: null,
  },
  {
    name: 'used-up QR codes expire where nobody looks',
    from: PAIRING,
    on: closed({ kind: 'refs-ended' }),
    status: 'TIMEOUT',
    reason: 'QR_EXPIRED',
    effects: ['close'],
    retryWithin: null,
  },
  {
    name: 'used-up QR codes are renewed for a viewer',
    from: { ...PAIRING, watched: true },
    on: closed({ kind: 'refs-ended' }),
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['open'],
  },
  {
    name: 'five rounds are enough even for a viewer',
    from: { ...PAIRING, watched: true, qrRounds: 5 },
    on: closed({ kind: 'refs-ended' }),
    status: 'TIMEOUT',
    reason: 'QR_EXPIRED',
    effects: ['close'],
  },
  {
    name: 'a dropped pairing tries again',
    from: PAIRING,
    on: lost,
    status: 'TIMEOUT',
    reason: 'WHATSAPP_UNREACHABLE',
    effects: ['close'],
    retryWithin: [0, SECOND],
  },
  {
    name: 'unreadable credentials are never replaced',
    from: LOGGING_IN,
    on: { type: 'credentials-unreadable', connection: 3 },
    status: 'FAILED',
    reason: 'CONFIG_ERROR',
    effects: ['close'],
    retryWithin: null,
  },
  {
    name: 'a store that fails ends the socket',
    from: ONLINE,
    on: { type: 'store-failed', connection: 3 },
    status: 'TIMEOUT',
    reason: 'STORE_DOWN',
    effects: ['close'],
  },
];

const VERBS: Row[] = [
  {
    name: 'connect links what was never linked',
    from: NEVER_LINKED,
    on: { type: 'connect', method: 'qr' },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['open'],
  },
  {
    name: 'connect logs in again where credentials are kept',
    from: linked({ name: 'parked', code: 'REPLACED', params: {}, retryAt: null }),
    on: { type: 'connect', method: 'qr' },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['open'],
  },
  {
    name: 'connect replaces a link that WhatsApp closed for good',
    from: linked({ name: 'parked', code: 'BLOCKED', params: { detail: '403' }, retryAt: null }),
    on: { type: 'connect', method: 'qr' },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['quarantine', 'open'],
  },
  ...['413', '414', '415'].map((detail): Row => ({
    name: `connect replaces a link whose token WhatsApp refused with ${detail}`,
    from: linked({ name: 'parked', code: 'CONFIG_ERROR', params: { detail }, retryAt: null }),
    on: { type: 'connect', method: 'pairing-code' },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['quarantine', 'open'],
  })),
  {
    name: 'connect asks a banned number once more whether it still is',
    from: linked({ name: 'parked', code: 'BANNED', params: { detail: '406' }, retryAt: null }),
    on: { type: 'connect', method: 'qr' },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['open'],
  },
  {
    name: 'connect does not wait for the backoff',
    from: WAITING,
    on: { type: 'connect', method: 'qr' },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['open'],
  },
  {
    name: 'connect while online changes nothing',
    from: ONLINE,
    on: { type: 'connect', method: 'qr' },
    status: 'CONNECTED',
    reason: null,
    effects: [],
  },
  {
    name: 'connect while a QR is shown changes nothing',
    from: PAIRING,
    on: { type: 'connect', method: 'qr' },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: [],
  },
  {
    name: 'a code can be asked for beside the QR',
    from: PAIRING,
    on: { type: 'connect', method: 'pairing-code' },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['request-code'],
  },
  {
    name: 'connect after a logout links anew',
    from: LOGGED_OUT,
    on: { type: 'connect', method: 'qr' },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['open'],
  },
  {
    name: 'connect with another number’s credentials sets them aside first',
    from: linked({ name: 'parked', code: 'WRONG_NUMBER', params: {}, retryAt: null }, { linkedNumber: '628999999999' }),
    on: { type: 'connect', method: 'qr' },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['quarantine', 'open'],
  },
  {
    name: 'pause ends the socket and keeps the link',
    from: ONLINE,
    on: { type: 'pause', by: 'Adi' },
    status: 'PAUSED',
    reason: 'PAUSED_BY',
    effects: ['close'],
  },
  {
    name: 'pause twice is one pause',
    from: PAUSED,
    on: { type: 'pause', by: 'Budi' },
    status: 'PAUSED',
    reason: 'PAUSED_BY',
    effects: [],
  },
  {
    name: 'resume logs in',
    from: PAUSED,
    on: { type: 'resume' },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['open'],
  },
  {
    name: 'resume without a link rests',
    from: given({ name: 'paused', by: 'Adi', at: NOW }),
    on: { type: 'resume' },
    status: 'DISCONNECTED',
    reason: 'NEVER_LINKED',
    effects: ['close'],
  },
  {
    name: 'resume while online changes nothing',
    from: ONLINE,
    on: { type: 'resume' },
    status: 'CONNECTED',
    reason: null,
    effects: [],
  },
  {
    name: 'logout tells WhatsApp before the socket ends',
    from: ONLINE,
    on: { type: 'logout' },
    status: 'DISCONNECTED',
    reason: 'UNLINKED',
    effects: ['part'],
  },
  {
    name: 'logout without a socket logs in once more, to take leave',
    from: PAUSED,
    on: { type: 'logout' },
    status: 'DISCONNECTED',
    reason: 'UNLINKED',
    effects: ['open'],
  },
  {
    name: 'a second logout changes nothing',
    from: PARTING,
    on: { type: 'logout' },
    status: 'DISCONNECTED',
    reason: 'UNLINKED',
    effects: [],
  },
  {
    name: 'once online, the leave is taken',
    from: PARTING,
    on: { type: 'opened', number: NUMBER, name: 'x', connection: 3 },
    status: 'DISCONNECTED',
    reason: 'UNLINKED',
    effects: ['part'],
  },
  {
    name: 'the leave taken, the credentials go aside',
    from: PARTING,
    on: { type: 'parted', told: true, connection: 3 },
    status: 'DISCONNECTED',
    reason: 'UNLINKED',
    effects: ['close', 'quarantine'],
    retryWithin: null,
  },
  {
    name: 'WhatsApp ends a device that parted before it answers',
    from: PARTING,
    on: closed({ kind: 'logged-out' }),
    status: 'DISCONNECTED',
    reason: 'UNLINKED',
    effects: ['close', 'quarantine'],
  },
  {
    name: 'a leave that cannot be taken is not tried for ever',
    from: PARTING,
    on: lost,
    status: 'DISCONNECTED',
    reason: 'UNLINKED',
    effects: ['close', 'quarantine'],
  },
  {
    name: 'connect while taking leave links anew',
    from: PARTING,
    on: { type: 'connect', method: 'qr' },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['quarantine', 'open'],
  },
  {
    name: 'pause while taking leave ends it',
    from: PARTING,
    on: { type: 'pause', by: 'Adi' },
    status: 'PAUSED',
    reason: 'PAUSED_BY',
    effects: ['close', 'quarantine', 'close'],
  },
  {
    name: 'a paused outlet stays paused when it is deactivated',
    from: PAUSED,
    on: { type: 'settings-changed', outlet: { ...base.outlet, isActive: false } },
    status: 'PAUSED',
    reason: 'PAUSED_BY',
    effects: [],
  },
  {
    name: 'resuming a deactivated outlet opens nothing',
    from: linked({ name: 'paused', by: 'Adi', at: NOW - MINUTE }, { outlet: { ...base.outlet, isActive: false } }),
    on: { type: 'resume' },
    status: 'DISCONNECTED',
    reason: 'INACTIVE',
    effects: ['close'],
  },
  {
    name: 'logout of what is not linked changes nothing',
    from: NEVER_LINKED,
    on: { type: 'logout' },
    status: 'DISCONNECTED',
    reason: 'NEVER_LINKED',
    effects: [],
  },
  {
    name: 'deactivating ends the socket',
    from: ONLINE,
    on: { type: 'settings-changed', outlet: { ...base.outlet, isActive: false } },
    status: 'DISCONNECTED',
    reason: 'INACTIVE',
    effects: ['close'],
  },
  {
    name: 'activating brings a linked outlet back',
    from: { ...INACTIVE, linkedNumber: NUMBER },
    on: { type: 'settings-changed', outlet: base.outlet },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['open'],
  },
  {
    name: 'switching auto-reconnect off stops the waiting',
    from: WAITING,
    on: { type: 'settings-changed', outlet: { ...base.outlet, autoReconnect: false } },
    status: 'DISCONNECTED',
    reason: 'AUTO_RECONNECT_OFF',
    effects: ['close'],
  },
  {
    name: 'switching auto-reconnect off leaves an open link alone',
    from: ONLINE,
    on: { type: 'settings-changed', outlet: { ...base.outlet, autoReconnect: false } },
    status: 'CONNECTED',
    reason: null,
    effects: [],
  },
  {
    name: 'switching auto-reconnect on connects',
    from: linked({ name: 'resting', code: 'AUTO_RECONNECT_OFF' }, NO_AUTO),
    on: { type: 'settings-changed', outlet: base.outlet },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['open'],
  },
  {
    name: 'another number for a linked outlet parks it',
    from: ONLINE,
    on: { type: 'settings-changed', outlet: { ...base.outlet, number: '628999999999' } },
    status: 'FAILED',
    reason: 'WRONG_NUMBER',
    effects: ['close'],
  },
  {
    name: 'a new name changes nothing else',
    from: ONLINE,
    on: { type: 'settings-changed', outlet: { ...base.outlet, name: 'Depok' } },
    status: 'CONNECTED',
    reason: null,
    effects: [],
  },
];

const LINKS: Row[] = [
  {
    name: 'the first QR makes pre-keys ahead',
    from: given({ name: 'opening', purpose: 'link', method: 'qr', code: 'PAIRING', detail: null, openBy: NOW }),
    on: { type: 'qr', text: 'x', lifetimeMs: MINUTE, roundMs: 160 * SECOND, connection: 3 },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['stock-pre-keys'],
  },
  {
    name: 'for a code the code is asked for as soon as the registration is open',
    from: given({
      name: 'opening',
      purpose: 'link',
      method: 'pairing-code',
      code: 'PAIRING',
      detail: null,
      openBy: NOW,
    }),
    on: { type: 'qr', text: 'x', lifetimeMs: MINUTE, roundMs: 160 * SECOND, connection: 3 },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['request-code', 'stock-pre-keys'],
  },
  {
    name: 'a scan shows that linking is under way',
    from: PAIRING,
    on: { type: 'paired', number: NUMBER, name: null, connection: 3 },
    status: 'CONNECTING',
    reason: 'LINKING',
    effects: [],
  },
  {
    name: 'an open socket of the right number is connected',
    from: LOGGING_IN,
    on: { type: 'opened', number: NUMBER, name: 'Toko', connection: 3 },
    status: 'CONNECTED',
    reason: null,
    effects: [],
  },
  {
    name: 'another phone than the outlet’s is unlinked at once',
    from: LOGGING_IN,
    on: { type: 'opened', number: '628999999999', name: null, connection: 3 },
    status: 'FAILED',
    reason: 'WRONG_NUMBER',
    effects: ['quarantine', 'unlink', 'close'],
  },
  {
    name: 'what an older connection says is dropped',
    from: ONLINE,
    on: { type: 'closed', cause: { kind: 'logged-out' }, connection: 2 },
    status: 'CONNECTED',
    reason: null,
    effects: [],
  },
];

const CODES: Row[] = [
  {
    name: 'a second wish for a code waits for the first',
    from: ASKED,
    on: { type: 'connect', method: 'pairing-code' },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: [],
  },
  {
    name: 'and is answered by the code on show',
    from: CODE,
    on: { type: 'connect', method: 'pairing-code' },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: [],
  },
  {
    name: 'a code is asked for on a connection of its own where the present one ends soon',
    from: pairing({ method: 'qr', endsAt: NOW + 29 * SECOND }),
    on: { type: 'connect', method: 'pairing-code' },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['open'],
  },
  {
    name: 'a refused code leaves the QR',
    from: ASKED,
    on: { type: 'code-refused', code: 'PAIRING_CODE_REFUSED', seconds: null, connection: 3 },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: [],
  },
  {
    name: 'with 15 s left to live a code is replaced for a viewer',
    from: pairing(
      { pairingCode: { text: 'x', expiresAt: NOW + 15 * SECOND }, endsAt: NOW + 15 * SECOND },
      { watched: true },
    ),
    on: { type: 'tick' },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['open'],
  },
  {
    name: 'and only taken away where nobody looks',
    from: pairing({ pairingCode: { text: 'x', expiresAt: NOW + 15 * SECOND }, endsAt: NOW + 15 * SECOND }),
    on: { type: 'tick' },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: [],
  },
  {
    name: 'three rounds of codes are enough',
    from: pairing(
      { pairingCode: { text: 'x', expiresAt: NOW + 15 * SECOND }, endsAt: NOW + 15 * SECOND },
      { watched: true, qrRounds: 3 },
    ),
    on: { type: 'tick' },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: [],
  },
  {
    name: 'with more left it stays',
    from: { ...CODE, watched: true },
    on: { type: 'tick' },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: [],
  },
  {
    name: 'who looks again at a code that was taken away gets the next one',
    from: pairing({ endsAt: NOW + 10 * SECOND }),
    on: { type: 'watched', watched: true },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['open'],
  },
  {
    name: 'who looks at a QR asks for no code',
    from: PAIRING,
    on: { type: 'watched', watched: true },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: [],
  },
  {
    name: 'another number makes another code, on another connection',
    from: CODE,
    on: { type: 'settings-changed', outlet: { ...base.outlet, number: '628999999999' } },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['open'],
  },
  {
    name: 'another number leaves a QR alone',
    from: PAIRING,
    on: { type: 'settings-changed', outlet: { ...base.outlet, number: '628999999999' } },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: [],
  },
  {
    name: 'another name leaves the code alone',
    from: CODE,
    on: { type: 'settings-changed', outlet: { ...base.outlet, name: 'Depok' } },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: [],
  },
  {
    name: 'after a line that dropped the code is asked for again while somebody looks',
    from: given(
      { name: 'opening', purpose: 'link', method: 'pairing-code', code: 'PAIRING', detail: null, openBy: NOW },
      { qrRounds: 1, watched: true },
    ),
    on: { type: 'qr', text: 'x', lifetimeMs: MINUTE, roundMs: 160 * SECOND, connection: 3 },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['request-code', 'stock-pre-keys'],
  },
  {
    name: 'and not where nobody does',
    from: given(
      { name: 'opening', purpose: 'link', method: 'pairing-code', code: 'PAIRING', detail: null, openBy: NOW },
      { qrRounds: 1 },
    ),
    on: { type: 'qr', text: 'x', lifetimeMs: MINUTE, roundMs: 160 * SECOND, connection: 3 },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['stock-pre-keys'],
  },
  {
    name: 'an account with a passkey is named at once, and its connection waits for that passkey',
    from: PAIRING,
    on: { type: 'passkey-asked', options: { challenge: 'x' }, connection: 3 },
    status: 'FAILED',
    reason: 'PASSKEY_REQUIRED',
    effects: [],
    retryWithin: null,
  },
];

const CLOCK: Row[] = [
  {
    name: 'the retry is due',
    from: { ...WAITING, phase: { ...WAITING.phase, retryAt: NOW } as Phase },
    on: { type: 'tick' },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['open'],
  },
  {
    name: 'the retry is not due yet',
    from: WAITING,
    on: { type: 'tick' },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: [],
  },
  {
    name: 'a login without an answer is given up after 45 seconds',
    from: { ...LOGGING_IN, phase: { ...LOGGING_IN.phase, openBy: NOW } as Phase },
    on: { type: 'tick' },
    status: 'TIMEOUT',
    reason: 'WHATSAPP_UNREACHABLE',
    effects: ['close'],
    retryWithin: [0, SECOND],
  },
  {
    name: 'a link whose restart never came logs in by itself',
    from: { ...LINKING, phase: { name: 'linking', until: NOW } },
    on: { type: 'tick' },
    status: 'CONNECTING',
    reason: 'LINKING',
    effects: ['open'],
  },
  {
    name: 'a ban that ended logs in',
    from: linked({ name: 'parked', code: 'RESTRICTED', params: {}, retryAt: NOW }),
    on: { type: 'tick' },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['open'],
  },
  {
    name: 'a silent socket is replaced',
    from: ONLINE,
    on: { type: 'proof-failed' },
    status: 'CONNECTING',
    reason: 'DEGRADED',
    effects: ['open'],
  },
  {
    name: 'an edited row is written again',
    from: ONLINE,
    on: { type: 'drift-found', found: 'DISCONNECTED' },
    status: 'CONNECTED',
    reason: null,
    effects: ['rewrite'],
  },
  {
    name: 'a newer version ends the parking of an outdated one',
    from: linked({ name: 'parked', code: 'OUTDATED', params: {}, retryAt: NOW + MINUTE }),
    on: { type: 'version-refreshed', changed: true },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['open'],
  },
  {
    name: 'without a store the socket is ended',
    from: ONLINE,
    on: { type: 'store-lost' },
    status: 'TIMEOUT',
    reason: 'STORE_DOWN',
    effects: ['close'],
  },
  {
    name: 'a paused outlet does not mind the store',
    from: PAUSED,
    on: { type: 'store-lost' },
    status: 'PAUSED',
    reason: 'PAUSED_BY',
    effects: [],
  },
  {
    name: 'with the store back it connects at once',
    from: linked({
      name: 'waiting',
      purpose: 'login',
      method: 'qr',
      code: 'STORE_DOWN',
      detail: null,
      retryAt: NOW + MINUTE,
    }),
    on: { type: 'store-back' },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['open'],
  },
];

const record = (status: OutletStatusName, reason: ReasonCode | null) => ({ ...toRecord(base), status, reason });

const RESTARTS: Row[] = [
  {
    name: 'a linked outlet comes back',
    from: linked(base.phase),
    on: { type: 'restore', record: record('CONNECTED', null) },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['open'],
  },
  {
    name: 'a crash while reconnecting comes back too',
    from: linked(base.phase),
    on: { type: 'restore', record: record('TIMEOUT', 'WHATSAPP_UNREACHABLE') },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['open'],
  },
  {
    name: 'a crash between scan and login comes back',
    from: linked(base.phase),
    on: { type: 'restore', record: record('CONNECTING', 'PAIRING') },
    status: 'CONNECTING',
    reason: 'RECONNECTING',
    effects: ['open'],
  },
  {
    name: 'a paused outlet stays paused',
    from: linked(base.phase),
    on: {
      type: 'restore',
      record: { ...record('PAUSED', 'PAUSED_BY'), params: { by: 'Adi', at: new Date(NOW).toISOString() } },
    },
    status: 'PAUSED',
    reason: 'PAUSED_BY',
    effects: ['close'],
  },
  {
    name: 'a blocked outlet stays blocked',
    from: linked(base.phase),
    on: { type: 'restore', record: record('FAILED', 'BLOCKED') },
    status: 'FAILED',
    reason: 'BLOCKED',
    effects: ['close'],
  },
  {
    name: 'without auto-reconnect it rests',
    from: linked(base.phase, NO_AUTO),
    on: { type: 'restore', record: record('CONNECTED', null) },
    status: 'DISCONNECTED',
    reason: 'AUTO_RECONNECT_OFF',
    effects: ['close'],
  },
  {
    name: 'an unlinked outlet waits for a person',
    from: base,
    on: { type: 'restore', record: record('DISCONNECTED', 'UNLINKED') },
    status: 'DISCONNECTED',
    reason: 'UNLINKED',
    effects: ['close'],
  },
  {
    name: 'a logout that a crash cut short is brought to its end',
    from: linked(base.phase),
    on: { type: 'restore', record: record('DISCONNECTED', 'UNLINKED') },
    status: 'DISCONNECTED',
    reason: 'UNLINKED',
    effects: ['open'],
  },
  {
    name: 'a paused outlet that is also deactivated stays paused',
    from: linked(base.phase, { outlet: { ...base.outlet, isActive: false } }),
    on: { type: 'restore', record: record('PAUSED', 'PAUSED_BY') },
    status: 'PAUSED',
    reason: 'PAUSED_BY',
    effects: ['close'],
  },
  {
    name: 'an outlet whose credentials vanished was linked once',
    from: { ...base, everLinked: true },
    on: { type: 'restore', record: { ...record('CONNECTED', null), everLinked: true } },
    status: 'DISCONNECTED',
    reason: 'UNLINKED',
    effects: ['close'],
  },
  {
    name: 'a QR asked for a moment ago is shown again',
    from: base,
    on: { type: 'restore', record: { ...record('CONNECTING', 'PAIRING'), since: NOW - MINUTE } },
    status: 'CONNECTING',
    reason: 'PAIRING',
    effects: ['open'],
  },
  {
    name: 'a QR asked for long ago is not',
    from: base,
    on: { type: 'restore', record: { ...record('CONNECTING', 'PAIRING'), since: NOW - 11 * MINUTE } },
    status: 'DISCONNECTED',
    reason: 'NEVER_LINKED',
    effects: ['close'],
  },
  {
    name: 'an outlet without a row was never linked',
    from: base,
    on: { type: 'restore', record: null },
    status: 'DISCONNECTED',
    reason: 'NEVER_LINKED',
    effects: ['close'],
  },
];

describe.each([
  ['endings', ENDINGS],
  ['verbs', VERBS],
  ['linking', LINKS],
  ['codes', CODES],
  ['time and truth', CLOCK],
  ['restarts', RESTARTS],
] as const)('%s', (_, rows) => {
  test.each([...rows])('$name', ({ from, on, status, reason, effects, retryWithin }: Row) => {
    const { state, effects: done } = transition(from, on, NOW);
    const told = toRecord(state);
    expect([told.status, told.reason, done.map((effect) => effect.type)]).toEqual([status, reason, effects]);
    if (retryWithin === null) expect(told.nextRetryAt).toBeNull();
    if (retryWithin) {
      const wait = (told.nextRetryAt ?? NaN) - NOW;
      expect(wait).toBeGreaterThanOrEqual(retryWithin[0]);
      expect(wait).toBeLessThanOrEqual(retryWithin[1]);
    }
  });
});

test.each([
  ['OUTLET_PAUSED', PAUSED, 'qr'],
  ['OUTLET_INACTIVE', INACTIVE, 'qr'],
  ['ALREADY_LINKED', ONLINE, 'pairing-code'],
] as const)('connect is refused with %s, and nothing moves', (refusal, from, method) => {
  const outcome = transition(from, { type: 'connect', method }, NOW);
  expect(outcome).toEqual({ state: from, effects: [], refusal });
});

test('every failure doubles the longest wait up to a minute, and only a stable open starts anew', () => {
  let state = ONLINE;
  const longest: number[] = [];
  for (let failures = 0; failures < 10; failures++) {
    const after = transition({ ...state, phase: LOGGING_IN.phase, connection: 3 }, lost, NOW).state;
    longest.push((toRecord(after).nextRetryAt ?? 0) - NOW);
    state = after;
  }
  longest.forEach((wait, failures) => expect(wait).toBeLessThanOrEqual(Math.min(60, 2 ** failures) * SECOND));
  const reopened = transition(
    { ...state, phase: LOGGING_IN.phase, connection: 3 },
    { type: 'opened', number: NUMBER, name: null, connection: 3 },
    NOW,
  ).state;
  expect(reopened.failures).toBe(10);
  expect(transition(reopened, { type: 'tick' }, NOW + 5 * MINUTE - 1).state.failures).toBe(10);
  expect(transition(reopened, { type: 'tick' }, NOW + 5 * MINUTE).state.failures).toBe(0);
});

test('a database that failed for a moment is tried again within seconds, however often WhatsApp failed before', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const { phase } = transition({ ...ONLINE, seed, failures: 12 }, { type: 'store-failed', connection: 3 }, NOW).state;
    expect(phase).toMatchObject({ name: 'waiting', code: 'STORE_DOWN' });
    expect((phase as Phase & { name: 'waiting' }).retryAt - NOW).toBeLessThanOrEqual(5 * SECOND);
  }
});

test('an outage is told once: a retry under way does not pretend to be news', () => {
  const unreachable = transition(LOGGING_IN, lost, NOW).state;
  const retrying = transition(unreachable, { type: 'tick' }, wakeAt(unreachable) ?? NaN).state;
  expect(toRecord(retrying)).toMatchObject({ status: 'TIMEOUT', reason: 'WHATSAPP_UNREACHABLE' });
});

test('words follow the method: who was shown a code is told of a code, also after a restart', () => {
  const byCode = { ...PAIRING, phase: { ...PAIRING.phase, method: 'pairing-code' } as Phase };
  expect(toRecord(byCode).params).toEqual({ method: 'pairing-code' });
  const ended = toRecord(transition(byCode, closed({ kind: 'refs-ended' }), NOW).state);
  expect(ended).toMatchObject({ reason: 'QR_EXPIRED', params: { method: 'pairing-code' } });
  expect(toRecord(transition(base, { type: 'restore', record: ended }, NOW).state)).toEqual(ended);
});

test('a restriction tells why, and until when only where WhatsApp does', () => {
  const told = (seconds: number | null, detail: string | null) =>
    toRecord(transition(ONLINE, closed({ kind: 'restricted', seconds, detail }), NOW).state);
  expect(told(60, '102')).toMatchObject({
    params: { detail: '102', until: new Date(NOW + MINUTE).toISOString() },
    nextRetryAt: NOW + MINUTE,
  });
  expect(told(null, '106')).toMatchObject({ params: { detail: '106' }, nextRetryAt: null });
  expect(told(null, null).params).toEqual({});
});

test('a refused code is told with when to ask again, until somebody does', () => {
  const refused = (seconds: number | null) =>
    transition(ASKED, { type: 'code-refused', code: 'PAIRING_CODE_LIMITED', seconds, connection: 3 }, NOW).state;
  expect(refused(60).codeRefused).toEqual({ code: 'PAIRING_CODE_LIMITED', retryAt: NOW + MINUTE });
  expect(refused(null).codeRefused).toEqual({ code: 'PAIRING_CODE_LIMITED', retryAt: NOW + 60 * MINUTE });
  const again = transition(refused(60), { type: 'connect', method: 'pairing-code' }, NOW);
  expect(again.state.codeRefused).toBeNull();
  expect(again.effects.map(({ type }) => type)).toEqual(['request-code']);
});

test('a code lives as long as its connection, and none is shown with 15 seconds to live', () => {
  const given = (endsAt: number, watched: boolean) =>
    transition(pairing({ asked: true, endsAt }, { watched }), { type: 'code', pairingCode: 'x', connection: 3 }, NOW);
  const long = given(NOW + MINUTE, false).state;
  expect(long.phase).toMatchObject({ pairingCode: { text: 'x', expiresAt: NOW + MINUTE } });
  expect(wakeAt(long)).toBe(NOW + 45 * SECOND);
  expect(given(NOW + 15 * SECOND, false).state.phase).toMatchObject({ name: 'pairing', pairingCode: null });
  expect(given(NOW + 15 * SECOND, true).effects.map(({ type }) => type)).toEqual(['open']);
});

test('the row never holds the QR or the pairing code', () => {
  const shown = given({
    name: 'pairing',
    method: 'pairing-code',
    qr: { text: 'CANARY-QR', expiresAt: NOW },
    asked: false,
    pairingCode: { text: 'CANARYPC', expiresAt: NOW },
    endsAt: NOW,
  });
  const row = JSON.stringify(toRecord(shown));
  expect(row).not.toContain('CANARY');
  expect(toRecord(shown).qrShown).toBe(true);
});

test('whatever arrives in whatever order, no event leaves the machine without a status or with two sockets', () => {
  const events = [...ENDINGS, ...VERBS, ...LINKS, ...CODES, ...CLOCK, ...RESTARTS].map((row) => row.on);
  let state: SessionState = base;
  let seed = 42;
  let now = NOW;
  for (let step = 0; step < 20_000; step++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    now += seed % 5_000;
    const event = events[seed % events.length] as SessionEvent;
    const current = 'connection' in event && step % 3 ? { ...event, connection: state.connection } : event;
    const outcome = transition(state, current, now);
    const opened = outcome.effects.filter((effect) => effect.type === 'open');
    expect(opened.length).toBeLessThanOrEqual(1);
    for (const effect of opened) expect(effect).toMatchObject({ connection: outcome.state.connection });
    expect(outcome.state.connection).toBeGreaterThanOrEqual(state.connection);
    toRecord(outcome.state);
    state = outcome.state;
  }
});

describe('a leave that is owed', () => {
  const number = '628999999999';
  const debt = { detail: 'phone not told', number };
  const strange = transition(LOGGING_IN, { type: 'opened', number, name: null, connection: 3 }, NOW).state;
  const told = (state: SessionState) => toRecord(state).params;
  const warned = (state: SessionState) =>
    toRecord(state).warnings.map(({ code, number: of }) => ({ code, number: of }));
  const on = (state: SessionState, event: SessionEvent) => transition(state, event, NOW + SECOND).state;

  test('is told once it could not be taken, and no more once it was', () => {
    expect(told(strange)).toEqual({ number });
    const owed = on(strange, { type: 'leave-owed', number });
    expect([told(owed), warned(owed)]).toEqual([debt, []]);
    expect(told(on(owed, { type: 'leave-taken', number }))).toEqual({ number });
  });

  test('is told by the first word after a restart', () => {
    const found = { ...base, lastEnding: strange.lastEnding, owed: [{ number, since: NOW }] };
    expect(told(on(found, { type: 'restore', record: toRecord(strange) }))).toEqual(debt);
  });

  test('is a warning wherever the reason tells of something else, until it is taken', () => {
    const parting = on(ONLINE, { type: 'logout' });
    const untold = on(parting, { type: 'parted', told: false, connection: parting.connection });
    expect(told(untold)).toEqual({ detail: 'phone not told', number: NUMBER });
    const pausing = on(parting, { type: 'pause', by: 'Adi' });
    const again = { ...untold, phase: ONLINE.phase, linkedNumber: NUMBER, connection: 9 };
    const lost = on(again, { type: 'closed', cause: { kind: 'lost', detail: '428' }, connection: 9 });
    for (const state of [again, lost, pausing]) {
      expect(warned(state)).toEqual([{ code: 'PHONE_NOT_TOLD', number: NUMBER }]);
      expect(warned(on(state, { type: 'leave-taken', number: NUMBER }))).toEqual([]);
    }
  });

  test('of another phone is no word of this link', () => {
    const owed = on(strange, { type: 'leave-owed', number: '628111' });
    expect([told(owed), warned(owed)]).toEqual([{ number }, [{ code: 'PHONE_NOT_TOLD', number: '628111' }]]);
  });

  test('is told beside the QR of the next link', () => {
    const linkedBefore = linked(
      { name: 'parked', code: 'WRONG_NUMBER', params: {}, retryAt: null },
      { linkedNumber: number },
    );
    const connecting = on(linkedBefore, { type: 'connect', method: 'qr' });
    const { connection } = connecting;
    const shown = on(connecting, { type: 'qr', text: 'x', lifetimeMs: 60_000, roundMs: 160_000, connection });
    expect(told(shown)).toEqual({});
    const owed = on(shown, { type: 'leave-owed', number });
    expect(told(owed)).toEqual(debt);
    expect(told(on(owed, { type: 'leave-taken', number }))).toEqual({});
  });
});

test('a sign of the phone from before the clock was set back counts from now', () => {
  const seen = { ...ONLINE, facts: { ...ONLINE.facts, phoneSeenAt: NOW + 40 * 24 * 60 * MINUTE } };
  const after = transition(seen, { type: 'tick' }, NOW).state;
  expect(toRecord(after).phoneSeenAt).toBe(NOW);
  const later = NOW + 11 * 24 * 60 * MINUTE;
  expect(toRecord(transition(after, { type: 'tick' }, later).state).warnings).toMatchObject([
    { code: 'PHONE_NOT_SEEN' },
  ]);
});

describe('an old client', () => {
  const old = NOW - 14 * 24 * 60 * MINUTE;
  const since = new Date(old).toISOString();
  const on = (state: SessionState, event: SessionEvent) => transition(state, event, NOW).state;
  const codes = (state: SessionState) => toRecord(state).warnings.map(({ code }) => code);

  test.each([
    ['never linked', NEVER_LINKED],
    ['online', ONLINE],
  ])('is told of an outlet that is %s, and no more once WhatsApp told a version', (_, state) => {
    const warned = on(state, { type: 'client-known', at: old });
    expect(codes(warned)).toContain('CLIENT_OLD');
    expect(codes(on(warned, { type: 'client-known', at: NOW }))).not.toContain('CLIENT_OLD');
  });

  test('may be why nothing was heard of a phone', () => {
    const shown = on(PAIRING, { type: 'client-known', at: old });
    const ended = on(shown, closed({ kind: 'refs-ended' }));
    expect(toRecord(ended)).toMatchObject({ reason: 'QR_EXPIRED', params: { clientSince: since } });
    expect(toRecord(on(PAIRING, closed({ kind: 'refs-ended' }))).params).toEqual({});
    const again = on(on(LOGGED_OUT, { type: 'client-known', at: old }), { type: 'connect', method: 'qr' });
    expect(toRecord(again).params).toEqual({});
  });

  test('outlives the link', () => {
    const paired = on(on(PAIRING, { type: 'client-known', at: old }), {
      type: 'paired',
      number: NUMBER,
      name: null,
      connection: 3,
    });
    expect(codes(paired)).toContain('CLIENT_OLD');
  });
});

describe('an outlet that keeps breaking', () => {
  const codes = (state: SessionState) => toRecord(state).warnings.map(({ code }) => code);
  /** Online again and again, each time until this happens. */
  const after = (times: number, event: SessionEvent): SessionState => {
    let state: SessionState = ONLINE;
    for (let nth = 0; nth < times; nth++)
      state = transition({ ...ONLINE, facts: state.facts }, event, NOW + nth * MINUTE).state;
    return state;
  };

  test('is told so from the fourth loss within a day on, also without a link, until a day has passed', () => {
    expect(codes(after(3, lost))).toEqual([]);
    const unstable = after(4, lost);
    expect(codes(unstable)).toEqual(['UNSTABLE']);
    expect(codes(transition({ ...unstable, linkedNumber: null }, { type: 'tick' }, NOW + MINUTE).state)).toEqual([
      'UNSTABLE',
    ]);
    expect(wakeAt({ ...ONLINE, facts: unstable.facts })).toBe(NOW + 24 * 60 * MINUTE);
    expect(codes(transition(unstable, { type: 'tick' }, NOW + 24 * 60 * MINUTE).state)).toEqual([]);
  });

  test.each<[string, SessionEvent]>([
    ['people pause', { type: 'pause', by: 'Ani' }],
    ['people log out', { type: 'logout' }],
    ['our own database is away from', { type: 'store-lost' }],
  ])('is none that %s', (_, event) => {
    expect(codes(after(5, event))).toEqual([]);
  });
});
