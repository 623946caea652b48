import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CloseCause } from './close-cause.js';
import { inStep } from './in-step.js';
import { wakeAt } from './on-tick.js';
import { ceremonyOf, toPasskeyChange } from './passkey.js';
import { sameNumber } from './same-number.js';
import type { ConnectionEvent, Effect, SessionEvent } from './session-event.js';
import { toRecord, type SessionRecord } from './session-record.js';
import type { OutletSettings, Phase, SessionState } from './session-state.js';
import { beginning, transition } from './transition.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 27);
const NUMBERS = ['6281200000001', '6281200000002', '6281200000003'] as const;
const SETTINGS: OutletSettings = {
  name: 'Jakarta',
  number: NUMBERS[0],
  isActive: true,
  autoReconnect: true,
  city: null,
  tags: [],
};

type Said = ConnectionEvent extends infer Event ? (Event extends unknown ? Omit<Event, 'connection'> : never) : never;

type Step =
  | { do: 'ask'; event: SessionEvent }
  | { do: 'set'; change: Partial<OutletSettings> }
  | { do: 'say'; event: Said }
  | { do: 'pass'; milliseconds: number }
  | { do: 'set clock'; by: number }
  | { do: 'restart' };

/**
 * An outlet, its phone and its process, with the truth kept by other means than the machine's: what happened is noted as
 * it happens. Every sentence the machine tells is held against it.
 */
class World {
  state: SessionState;
  settings = SETTINGS;
  now = START;
  skew = 0;
  /** The account the stored credentials belong to. */
  credentials: string | null = null;
  /** Whether a login for the outlet's own number ever succeeded. */
  everOpened = false;
  /** How links went since the last login that succeeded, oldest first. */
  lost: { code: 'LOGGED_OUT' | 'UNLINKED' | 'WRONG_NUMBER'; number: string }[] = [];
  /** What WhatsApp refused since then: code and account. */
  refused: { code: string; number: string }[] = [];
  switchedOff = false;
  /** Phones that list a device nobody uses, as far as that is known. */
  listed = new Set<string>();
  told: SessionRecord;
  /** What WhatsApp asks a passkey for, since when, and what it has said since: the code both sides have. */
  asked: { challenge: string | null; at: number; code: string | null } | null = null;

  /** WhatsApp told a demand a second time. */
  private isToldAgain = false;

  constructor() {
    this.state = this.begin(null);
    this.handle({ type: 'restore', record: null });
    this.told = toRecord(this.state);
  }

  get wall(): number {
    return this.now + this.skew;
  }

  step(step: Step): void {
    switch (step.do) {
      case 'ask':
        return this.ask(step.event);
      case 'set':
        this.settings = { ...this.settings, ...step.change };
        return this.handle({ type: 'settings-changed', outlet: this.settings });
      case 'say':
        return this.say({ ...step.event, connection: this.state.connection });
      case 'pass':
        return this.pass(step.milliseconds);
      case 'set clock':
        this.skew += step.by;
        return this.handle({ type: 'tick' });
      case 'restart': {
        const record = toRecord(this.state);
        this.state = this.begin(record);
        return this.handle({ type: 'restore', record });
      }
    }
  }

  private begin(record: SessionRecord | null): SessionState {
    const { credentials, settings } = this;
    const { lastSeen = null, lastEnding = null, everLinked = false, leaving = false, tries } = record ?? {};
    const found = {
      outletId: 'o',
      outlet: settings,
      linkedNumber: credentials,
      sessionName: null,
      linkedAt: null,
      seed: 7,
    };
    const owed = [...this.listed].map((number) => ({ number, since: START }));
    return beginning({
      ...found,
      lastSeen,
      lastEnding,
      everLinked,
      leaving,
      ...(tries && { tries }),
      owed,
      skew: this.skew,
    });
  }

  private ask(event: SessionEvent): void {
    if (event.type === 'pause') this.switchedOff = true;
    const unlinks = event.type === 'logout' && this.credentials !== null;
    if (event.type === 'resume' || unlinks) this.switchedOff = false;
    this.handle(event);
  }

  /** What a connection says, as far as there is one that could. */
  private say(event: ConnectionEvent): void {
    const { phase } = this.state;
    const hasSocket = ['opening', 'pairing', 'linking', 'online', 'parting'].includes(phase.name) || this.asked;
    if (!hasSocket) return;
    if (event.type.startsWith('passkey-') && !this.noteOfPasskey(event)) return;
    if (event.type === 'paired') {
      if (phase.name !== 'pairing' && ceremonyOf(this.state)?.step.name !== 'confirming') return;
      this.credentials = event.number;
    }
    if (event.type === 'opened') {
      if (this.credentials === null || (phase.name !== 'opening' && phase.name !== 'parting')) return;
      const opened = { ...event, number: this.credentials };
      if (phase.name === 'opening') this.noteOpened(opened.number);
      return this.handle(opened);
    }
    if (event.type === 'parted' && phase.name !== 'parting') return;
    if (event.type === 'closed' && phase.name !== 'parting') this.noteClosed(event.cause);
    if (event.type === 'credentials-unreadable') this.refused.push({ code: 'CONFIG_ERROR', number: this.account });
    this.handle(event);
  }

  /** Whether WhatsApp could say that here. */
  private noteOfPasskey(event: ConnectionEvent): boolean {
    if (event.type === 'passkey-demanded' || event.type === 'passkey-asked') {
      const isScanned = this.state.phase.name === 'pairing' && this.credentials === null;
      if (!isScanned && !this.asked) return false;
      this.refused.push({ code: 'PASSKEY_REQUIRED', number: this.account });
      const challenge = event.type === 'passkey-asked' ? (event.options?.challenge ?? null) : null;
      const isNew = !this.asked || (challenge !== null && challenge !== this.asked.challenge);
      this.isToldAgain = !isNew;
      if (isNew) this.asked = { challenge, at: this.now, code: null };
    }
    if (event.type === 'passkey-code' && this.asked) this.asked.code = event.code;
    return this.asked !== null;
  }

  private get account(): string {
    return this.credentials ?? this.settings.number;
  }

  private noteOpened(number: string): void {
    if (!sameNumber(number, this.settings.number)) {
      this.lost.push({ code: 'WRONG_NUMBER', number });
      return;
    }
    this.everOpened = true;
    this.lost = [];
    this.refused = [];
  }

  private noteClosed(cause: CloseCause): void {
    const codes: Partial<Record<CloseCause['kind'], string>> = {
      blocked: 'BLOCKED',
      banned: 'BANNED',
      restricted: 'RESTRICTED',
      replaced: 'REPLACED',
      outdated: 'OUTDATED',
      misconfigured: 'CONFIG_ERROR',
    };
    const code = codes[cause.kind];
    if (code) this.refused.push({ code, number: this.account });
    if (cause.kind === 'logged-out' && this.credentials !== null)
      this.lost.push({ code: 'LOGGED_OUT', number: this.credentials });
  }

  /** Time goes by, and timers fire when they are due. */
  private pass(milliseconds: number): void {
    const until = this.now + milliseconds;
    for (let due = wakeAt(this.state); due !== null && due <= until; due = wakeAt(this.state)) {
      this.now = Math.max(this.now, due);
      this.handle({ type: 'tick' });
    }
    this.now = until;
  }

  private handle(event: SessionEvent): void {
    const before = this.told;
    const { phase } = this.state;
    const held = this.state.linkedNumber;
    const wasParting = this.state.phase.name === 'parting';
    if (event.type === 'leave-owed') this.listed.add(event.number);
    if (event.type === 'leave-taken') this.listed.delete(event.number);
    const { state, effects } = transition(inStep(this.state, this.skew), event, this.now);
    this.state = state;
    if (effects.some(({ type }) => type === 'quarantine')) {
      const ended = held !== null && this.lost.at(-1)?.code !== 'LOGGED_OUT' && event.type !== 'opened';
      if (ended) this.lost.push({ code: 'UNLINKED', number: held });
      // A leave that was waited for in vain; one that is made beside a new link is told of later.
      const isKnown =
        event.type === 'parted' ? event.told : event.type === 'closed' && event.cause.kind === 'logged-out';
      if (wasParting && held !== null && !isKnown && event.type !== 'connect') this.listed.add(held);
      this.credentials = null;
    }
    this.told = toRecord(state);
    this.judge(before, event);
    this.judgePasskey(phase, event, effects);
    if (effects.some(({ type }) => type === 'quarantine')) this.handle({ type: 'set-aside' });
  }

  private judgePasskey(before: Phase, event: SessionEvent, effects: readonly Effect[]): void {
    const ceremony = ceremonyOf(this.state);
    const must = (holds: boolean, sentence: string): void => {
      if (!holds) throw new Error(`${sentence}: ${JSON.stringify(this.state.phase)} after ${JSON.stringify(event)}`);
    };
    if (this.asked && !ceremony) {
      const isOver = effects.some(({ type }) => type === 'close' || type === 'open');
      must(isOver || this.state.phase.name === 'linking', 'the line that was kept for a passkey is given back');
      this.asked = null;
    }
    for (const effect of effects) {
      if (effect.type === 'prove-passkey') must(event.type === 'passkey-handed-in', 'what is handed in is asked for');
      if (effect.type === 'prove-passkey') must(challengeIn(event) === this.asked?.challenge, 'over what is asked now');
      if (effect.type !== 'confirm-passkey') continue;
      must(event.type === 'passkey-compared' && event.code === this.asked?.code, 'the code both have is confirmed');
    }
    if (!ceremony) return;
    if (event.type === 'passkey-demanded' || event.type === 'passkey-asked')
      must(!this.isToldAgain || this.state.phase === before, 'what has begun goes on');
    must(this.told.reason === 'PASSKEY_REQUIRED', 'waiting for a passkey is told');
    must(this.asked !== null && this.credentials === null, 'WhatsApp waits for it');
    must((wakeAt(this.state) ?? Infinity) <= this.asked!.at + 300_000, 'for five minutes at most');
    const { step } = toPasskeyChange(this.state);
    must((step === null) === (this.asked!.challenge === null), 'nobody is asked before it is known over what');
    if (ceremony.step.name === 'comparing') must(ceremony.step.code === this.asked!.code, 'the newest code is shown');
  }

  private judge(before: SessionRecord | undefined, event: SessionEvent): void {
    const { told, state, settings, wall } = this;
    const { reason, params, nextRetryAt, status } = told;
    const waits = state.phase.name === 'parting' || state.phase.name === 'paused';
    const must = (holds: boolean, sentence: string): void => {
      if (!holds) throw new Error(`${sentence}: told ${JSON.stringify(told)} after ${JSON.stringify(event)}`);
    };
    const was = (code: string): boolean =>
      this.refused.some((each) => each.code === code && sameNumber(each.number, settings.number));

    must((status === 'CONNECTED') === (state.phase.name === 'online'), 'connected is a socket that is open');
    must((reason === 'PAUSED_BY') === this.switchedOff, 'paused is what a person switched off');
    must((reason === 'INACTIVE') === !settings.isActive || waits, 'inactive is what the settings say');
    if (reason === 'NEVER_LINKED') must(!this.everOpened && this.lost.length === 0, '"never" is never forgotten');
    if (reason === 'QR_EXPIRED') must(this.lost.length === 0 && !this.everOpened, 'a known cause says more');
    if (reason === 'WRONG_NUMBER') must(!sameNumber(params.number ?? '', settings.number), 'another number');
    if (reason === 'AUTO_RECONNECT_OFF') must(!settings.autoReconnect && this.credentials !== null, 'it is off');
    if (reason && UNLINKED_BY_OTHERS.has(reason)) {
      const isOurs = this.lost.some((link) => link.code === 'LOGGED_OUT' && sameNumber(link.number, settings.number));
      must(isOurs, 'the outlet’s phone or WhatsApp unlinked');
      must(this.credentials === null, 'nothing is linked');
    }
    if (reason === 'UNLINKED' && state.phase.name !== 'parting') {
      must(this.lost.length > 0 || this.everOpened, 'there was a link');
      must(this.credentials === null, 'nothing is linked');
    }
    for (const code of ['BLOCKED', 'BANNED', 'RESTRICTED', 'PASSKEY_REQUIRED', 'REPLACED'] as const)
      if (reason === code) must(was(code), 'this account was refused');
    for (const code of ['OUTDATED', 'CONFIG_ERROR'] as const) {
      if (reason === code)
        must(
          this.refused.some((each) => each.code === code),
          'WhatsApp said so',
        );
    }
    if (reason === 'RESTRICTED' && params.until && event.type === 'tick')
      must(Date.parse(params.until) > wall, 'not over');

    const removal = params.detail === 'phone not told' ? [params.number] : [];
    const warned = told.warnings.flatMap(({ code, number }) => (code === 'PHONE_NOT_TOLD' ? [number] : []));
    must(
      [...removal, ...warned].sort().join() === [...this.listed].sort().join(),
      'each phone to tidy up is told once',
    );

    const trying = state.phase.name === 'opening' || nextRetryAt !== null;
    if (reason && PROMISES.has(reason)) must(trying, 'what promises a retry makes one');
    if (nextRetryAt !== null) {
      must((wakeAt(state) ?? NaN) + this.skew < nextRetryAt + 2, 'a retry that is told has its timer');
      must(settings.isActive && !this.switchedOff, 'nobody retries what is switched off');
    }
    if (!before) return;
    must((told.lastSeen ?? 0) >= (before.lastSeen ?? 0), 'last seen never moves back');
    const same = before.status === status && before.reason === reason;
    must(!same || told.since === before.since, 'since stays while the sentence does');
    must(same || told.since === Math.round(wall), 'since begins with the sentence');
  }
}

const UNLINKED_BY_OTHERS: ReadonlySet<string> = new Set(['LOGGED_OUT', 'REMOVED_BY_WHATSAPP', 'PHONE_AWAY']);

const PROMISES: ReadonlySet<string> = new Set([
  'RECONNECTING',
  'WHATSAPP_UNREACHABLE',
  'STORE_DOWN',
  'DEGRADED',
  'WAITING_TURN',
]);

const CHALLENGES = ['Zmlyc3Q', 'c2Vjb25k'] as const;
const CODES = ['AAAA-BBBB', 'CCCC-DDDD'] as const;

/** An answer for one challenge. */
function answerTo(challenge: string): SessionEvent {
  const clientDataJSON = Buffer.from(JSON.stringify({ challenge })).toString('base64url');
  const response = { clientDataJSON, authenticatorData: 'YQ', signature: 'Yg', userHandle: null };
  return { type: 'passkey-handed-in', assertion: { id: 'aWQ', rawId: 'aWQ', type: 'public-key', response } };
}

function challengeIn(event: SessionEvent): string | null {
  if (event.type !== 'passkey-handed-in') return null;
  const told = Buffer.from(event.assertion.response.clientDataJSON, 'base64url').toString();
  return (JSON.parse(told) as { challenge: string }).challenge;
}

const of = <const T extends readonly unknown[]>(...values: T) => fc.constantFrom<T[number]>(...values);

const cause: fc.Arbitrary<CloseCause> = fc.oneof(
  of<CloseCause[]>(
    { kind: 'restart' },
    { kind: 'replaced' },
    { kind: 'logged-out' },
    { kind: 'restricted', seconds: null, detail: null },
    { kind: 'restricted', seconds: 3_600, detail: '101' },
    { kind: 'blocked', detail: '403' },
    { kind: 'banned', detail: '406' },
    { kind: 'outdated' },
    { kind: 'refs-ended' },
    { kind: 'misconfigured', detail: '409' },
    { kind: 'unavailable', detail: '503' },
    { kind: 'lost', detail: '428' },
  ),
);

const said: fc.Arbitrary<Said> = fc.oneof(
  { weight: 2, arbitrary: of<Said[]>({ type: 'started' }) },
  { weight: 3, arbitrary: of<Said[]>({ type: 'qr', text: 'x', lifetimeMs: 60_000, roundMs: 160_000 }) },
  {
    weight: 3,
    arbitrary: of(...NUMBERS, NUMBERS[0]).map((number): Said => ({ type: 'paired', link: 'new', number, name: null })),
  },
  { weight: 4, arbitrary: of<Said[]>({ type: 'opened', number: '', name: null }) },
  { weight: 4, arbitrary: cause.map((each): Said => ({ type: 'closed', cause: each })) },
  { weight: 1, arbitrary: of<Said[]>({ type: 'parted', told: true }, { type: 'parted', told: false }) },
  { weight: 1, arbitrary: of<Said[]>({ type: 'store-failed' }, { type: 'credentials-unreadable' }) },
  {
    weight: 4,
    arbitrary: of<Said[]>(
      { type: 'passkey-demanded' },
      ...CHALLENGES.map((challenge) => ({ type: 'passkey-asked', options: { challenge } }) as const),
      { type: 'passkey-asked', options: null },
      ...CODES.map((code) => ({ type: 'passkey-code', code }) as const),
      ...(['PASSKEY_REFUSED', 'PASSKEY_UNANSWERED', 'PASSKEY_EXPIRED'] as const).map(
        (code) => ({ type: 'passkey-refused', code }) as const,
      ),
    ),
  },
);

const asked: fc.Arbitrary<SessionEvent> = of<SessionEvent[]>(
  { type: 'connect', method: 'qr' },
  { type: 'connect', method: 'qr' },
  { type: 'connect', method: 'pairing-code' },
  { type: 'pause', by: 'Adi' },
  { type: 'resume' },
  { type: 'resume' },
  { type: 'logout' },
  { type: 'watched', watched: true },
  { type: 'watched', watched: false },
  { type: 'proof-failed' },
  { type: 'store-lost' },
  { type: 'store-back' },
  { type: 'version-refreshed', changed: true },
  { type: 'leave-owed', number: NUMBERS[0] },
  { type: 'leave-owed', number: NUMBERS[1] },
  { type: 'leave-taken', number: NUMBERS[1] },
);

const answered: fc.Arbitrary<SessionEvent> = of<SessionEvent[]>(
  ...CHALLENGES.map(answerTo),
  ...CODES.map((code) => ({ type: 'passkey-compared', code }) as const),
  { type: 'passkey-given-up' },
);

/** A passkey is asked for and used, which by chance alone hardly ever comes that far. */
const CEREMONY: Step[] = [
  { do: 'ask', event: { type: 'connect', method: 'qr' } },
  { do: 'say', event: { type: 'qr', text: 'x', lifetimeMs: 60_000, roundMs: 160_000 } },
  { do: 'say', event: { type: 'passkey-asked', options: { challenge: CHALLENGES[0] } } },
  { do: 'ask', event: answerTo(CHALLENGES[0]) },
  { do: 'say', event: { type: 'passkey-code', code: CODES[0] } },
  { do: 'ask', event: { type: 'passkey-compared', code: CODES[0] } },
];

const single: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: asked.map((event): Step => ({ do: 'ask', event })) },
  { weight: 3, arbitrary: answered.map((event): Step => ({ do: 'ask', event })) },
  { weight: 12, arbitrary: said.map((event): Step => ({ do: 'say', event })) },
  {
    weight: 2,
    arbitrary: fc.oneof(
      of(...NUMBERS, NUMBERS[0]).map((number): Step => ({ do: 'set', change: { number } })),
      fc.boolean().map((isActive): Step => ({ do: 'set', change: { isActive } })),
      fc.boolean().map((autoReconnect): Step => ({ do: 'set', change: { autoReconnect } })),
      of<Step[]>({ do: 'set', change: { name: 'Depok' } }),
    ),
  },
  {
    weight: 3,
    arbitrary: of(50, 1_500, 70_000, 4_000_000).map((milliseconds): Step => ({ do: 'pass', milliseconds })),
  },
  { weight: 1, arbitrary: of(8 * HOUR, -8 * HOUR, -2 * HOUR, 90_000).map((by): Step => ({ do: 'set clock', by })) },
  { weight: 1, arbitrary: of<Step[]>({ do: 'restart' }) },
);

const steps: fc.Arbitrary<Step[]> = fc
  .array(
    fc.oneof(
      { weight: 24, arbitrary: single.map((step) => [step]) },
      { weight: 1, arbitrary: fc.nat(CEREMONY.length).map((length) => CEREMONY.slice(0, length)) },
    ),
    { minLength: 20, maxLength: 120 },
  )
  .map((parts) => parts.flat());

test('in a thousand lives of an outlet nobody is told anything false', () => {
  fc.assert(
    fc.property(steps, (life) => {
      const world = new World();
      for (const step of life) world.step(step);
    }),
    { numRuns: 1_000, seed: 20261127 },
  );
});

test.each<[string, Step[], string | null]>([
  [
    'a number corrected after a stranger scanned',
    [
      { do: 'ask', event: { type: 'connect', method: 'qr' } },
      { do: 'say', event: { type: 'qr', text: 'x', lifetimeMs: 60_000, roundMs: 160_000 } },
      { do: 'say', event: { type: 'paired', link: 'new', number: NUMBERS[1], name: null } },
      { do: 'say', event: { type: 'closed', cause: { kind: 'restart' } } },
      { do: 'say', event: { type: 'opened', number: '', name: null } },
      { do: 'set', change: { number: NUMBERS[1] } },
    ],
    'UNLINKED',
  ],
  [
    'the same, found by a restart',
    [
      { do: 'ask', event: { type: 'connect', method: 'qr' } },
      { do: 'say', event: { type: 'qr', text: 'x', lifetimeMs: 60_000, roundMs: 160_000 } },
      { do: 'say', event: { type: 'paired', link: 'new', number: NUMBERS[1], name: null } },
      { do: 'say', event: { type: 'closed', cause: { kind: 'restart' } } },
      { do: 'say', event: { type: 'opened', number: '', name: null } },
      { do: 'restart' },
      { do: 'set', change: { number: NUMBERS[1] } },
      { do: 'restart' },
    ],
    'UNLINKED',
  ],
  [
    'a stranger who scanned and was gone before the login',
    [
      { do: 'ask', event: { type: 'connect', method: 'qr' } },
      { do: 'say', event: { type: 'qr', text: 'x', lifetimeMs: 60_000, roundMs: 160_000 } },
      { do: 'say', event: { type: 'paired', link: 'new', number: NUMBERS[1], name: null } },
      { do: 'say', event: { type: 'closed', cause: { kind: 'logged-out' } } },
    ],
    'WRONG_NUMBER',
  ],
])('%s', (_, life, reason) => {
  const world = new World();
  for (const step of life) world.step(step);
  expect(world.told.reason).toBe(reason);
});
