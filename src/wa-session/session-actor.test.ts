import { expect, jest, test } from '@jest/globals';
import { eventually } from '../../test/support/eventually.js';
import type { OutletSettings, Phase, SessionState } from './domain/session-state.js';
import { beginning } from './domain/transition.js';
import type { SessionCommand } from './domain/session-event.js';
import { toRecord } from './domain/session-record.js';
import { SessionActor } from './session-actor.js';
import { FleetReach } from './fleet-reach.js';
import { GivenUp } from './given-up.js';
import type { SessionContext } from './session-context.js';
import type { JournalEntry } from './session-journal.js';

const OUTLET: OutletSettings = {
  name: 'Outlet',
  number: '628120000001',
  isActive: true,
  autoReconnect: true,
  city: null,
  tags: [],
};

/** Counts who knocks at WhatsApp's door, and lets nobody in. */
function actorAtTheDoor({
  skew = (): number => 0,
  write = (_: JournalEntry): void => undefined,
  store = {},
  phase = undefined as Phase | undefined,
} = {}) {
  const outletId = '11111111-1111-4111-8111-111111111111';
  const [knocks, warned]: [string[], string[]] = [[], []];
  const context = {
    clock: { now: () => 0, skew },
    bus: { publish: () => undefined },
    gate: {
      acquire: async () => {
        knocks.push(outletId);
        return null;
      },
    },
    journal: { write },
    logger: { log: () => undefined, error: () => undefined, warn: (line: string) => void warned.push(line) },
    givenUp: new GivenUp(),
    maxSilenceMs: 30_000,
    store,
    reach: new FleetReach(),
  } as unknown as SessionContext;
  const begun = beginning({
    outletId,
    outlet: OUTLET,
    linkedNumber: phase ? null : OUTLET.number,
    linkedAt: null,
    sessionName: null,
    lastSeen: null,
    seed: 1,
  });
  const state = phase ? { ...begun, phase } : begun;
  const written = { record: toRecord(state), revision: 1 };
  const actor = new SessionActor(context, state, { outletId, owner: '', epoch: '1' }, written, () => undefined);
  return { actor, knocks, warned, context };
}

test('what is asked for behind the end of a session opens no socket that nobody would end', async () => {
  const { actor, knocks } = actorAtTheDoor();
  await actor.ask({ type: 'connect', method: 'qr' });
  const ended = actor.stop(false);
  const asked = [actor.ask({ type: 'pause', by: 'Admin' }), actor.ask({ type: 'resume' })];
  await ended;
  expect(await Promise.all(asked)).toEqual(['NOT_RUNNING', 'NOT_RUNNING']);
  expect(knocks).toHaveLength(1);
});

test.each<SessionCommand>([
  { type: 'connect', method: 'qr' },
  { type: 'connect', method: 'pairing-code' },
  { type: 'pause', by: 'Admin' },
  { type: 'resume' },
  { type: 'logout' },
  { type: 'passkey-given-up' },
])('a session that ends or has ended refuses %j instead of forgetting it', async (verb) => {
  const { actor } = actorAtTheDoor();
  const ended = actor.stop(false);
  expect(await actor.ask(verb)).toBe('NOT_RUNNING');
  await ended;
  expect(await actor.ask(verb)).toBe('NOT_RUNNING');
});

test('what a fault of the machine kept it from deciding is refused, and what comes next is obeyed', async () => {
  const faults: Error[] = [];
  const skew = () => {
    const fault = faults.pop();
    if (fault) throw fault;
    return 0;
  };
  const { actor } = actorAtTheDoor({ skew });
  faults.push(new Error('no clock'));
  expect(await actor.ask({ type: 'pause', by: 'Admin' })).toBe('NOT_RUNNING');
  expect(actor.record.status).not.toBe('PAUSED');
  expect(await actor.ask({ type: 'pause', by: 'Admin' })).toBeUndefined();
  expect(actor.record.status).toBe('PAUSED');
  await actor.stop(false);
});

test.each<[string, Parameters<JournalEntry['settled']>[0][], boolean]>([
  ['committed', [{ revision: 2 }], true],
  ['fenced off', ['fenced'], false],
  ['refused', ['refused'], false],
  ['refused after one that was committed', [{ revision: 2 }, 'refused'], false],
  ['committed after one that was refused', ['refused', { revision: 3 }], true],
])('what is told is recorded only where it is in the row: %s', async (_, outcomes, expected) => {
  const asked: JournalEntry[] = [];
  const { actor } = actorAtTheDoor({ write: (entry) => void asked.push(entry) });
  await actor.ask({ type: 'pause', by: 'Admin' });
  if (outcomes.length > 1) await actor.ask({ type: 'resume' });
  const recorded = actor.recorded(60_000);
  expect(asked).toHaveLength(outcomes.length);
  asked.forEach(({ settled }, at) => settled(outcomes[at]!));
  expect(await recorded).toBe(expected);
  // Also whoever asks later, and for as long as nothing else is written.
  expect(await actor.recorded(60_000)).toBe(expected);
  await actor.stop(false);
});

test('a logout is carried out once the store is back that failed at it', async () => {
  const asides: (number | undefined)[] = [];
  let isAway = true;
  const quarantine = (_: unknown, owedInS?: number): Promise<string | null> => {
    asides.push(owedInS);
    return isAway ? Promise.reject(new Error('store call took longer than 5000 ms')) : Promise.resolve('leave');
  };
  const write = ({ settled }: JournalEntry): void => settled({ revision: 2 });
  const { actor } = actorAtTheDoor({ write, store: { quarantine } });
  await actor.ask({ type: 'logout' });
  await actor.ask({ type: 'leave-later' });
  await actor.ask({ type: 'tick' });
  expect([asides, actor.hasLeftBehind, actor.record.leaving]).toEqual([[1], true, true]);
  isAway = false;
  await actor.ask({ type: 'store-back' });
  await eventually('it is set aside', () => !actor.record.leaving);
  expect([asides, actor.hasLeftBehind]).toEqual([[1, 1], false]);
  await actor.ask({ type: 'store-back' });
  expect(asides).toHaveLength(2);
  await actor.stop(false);
});

test.each([
  ['for as long as a write may take', null, 4_999],
  ['and no longer than it takes', 3_000, 2_999],
] as const)('a link that ended waits for its row before it is set aside: %s', async (_, settledAfter, isKeptFor) => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
  try {
    let asides = 0;
    const quarantine = () => Promise.resolve(void asides++);
    const write = ({ settled }: JournalEntry): void => {
      if (settledAfter !== null) setTimeout(() => settled({ revision: 2 }), settledAfter);
    };
    const { actor } = actorAtTheDoor({ write, store: { quarantine } });
    await actor.ask({ type: 'logout' });
    await actor.ask({ type: 'leave-later' });
    await jest.advanceTimersByTimeAsync(isKeptFor);
    expect(asides).toBe(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(asides).toBe(1);
    await actor.stop(false);
  } finally {
    jest.useRealTimers();
  }
});

const PAIRING: Phase = { name: 'pairing', method: 'qr', qr: null, asked: false, pairingCode: null, endsAt: 60_000 };

test.each([
  ['is the one that the phone agreed to, whatever the socket holds by then', 0, 'new'],
  ['is none that an earlier connection still speaks of', -1, undefined],
])('the link that is to be left %s', async (_, older, link) => {
  const written: JournalEntry[] = [];
  const { actor } = actorAtTheDoor({ write: (entry) => void written.push(entry), phase: PAIRING });
  Object.assign((actor as unknown as { socket: object }).socket, { auth: { id: 'another', flushed: async () => {} } });
  const paired = { type: 'paired', link: 'new', number: OUTLET.number, name: null, connection: older } as const;
  actor.post(paired);
  await actor.ask({ type: 'logout' });
  expect(written.at(-1)!.link ?? undefined).toBe(link);
  expect(actor.record.leaving).toBe(link !== undefined);
  await actor.stop(false);
});

test.each([
  ['answers', true, false, 'CONNECTED'],
  ['does not answer', false, false, 'CONNECTING'],
  ['does not answer, and was replaced meanwhile', false, true, 'CONNECTED'],
])('a link that is asked for and %s is told so', async (_, answers, isReplaced, status) => {
  const { actor } = actorAtTheDoor({ phase: { name: 'online', openedAt: 0 } });
  const asked = Promise.withResolvers<boolean>();
  (actor as unknown as { socket: { answers: unknown } }).socket.answers = () => asked.promise;
  const verified = actor.verify(5_000);
  const inside = actor as unknown as { state: SessionState };
  if (isReplaced) inside.state = { ...inside.state, connection: inside.state.connection + 1 };
  asked.resolve(answers);
  await verified;
  await actor.ask({ type: 'tick' });
  expect(actor.record.status).toBe(status);
  await actor.stop(false);
});

test('mail that is given up unread is counted, logged without its words, and told as a problem', async () => {
  const { actor, warned, context } = actorAtTheDoor({ phase: { name: 'online', openedAt: 0 } });
  const socket = (actor as unknown as { socket: object }).socket;
  const online = async (): Promise<void> => {
    const state = (actor as unknown as { state: { phase: Phase; connection: number } }).state;
    Object.assign(state, { phase: { name: 'online', openedAt: 0 }, linkedNumber: OUTLET.number });
    Object.assign(socket, { connection: { stalledBy: ['AC0123'], close: () => Promise.resolve() } });
    await actor.ask({ type: 'inbound-stalled' });
    await actor.ask({ type: 'tick' });
  };
  await online();
  expect([context.givenUp.mail, warned, actor.record.warnings.map(({ level }) => level)]).toEqual([0, [], ['warning']]);
  await online();
  expect([context.givenUp.mail, actor.record.warnings.map(({ level }) => level)]).toEqual([1, ['problem']]);
  expect(warned).toHaveLength(1);
  expect(warned[0]).not.toContain('AC0123');
  await actor.stop(false);
});
