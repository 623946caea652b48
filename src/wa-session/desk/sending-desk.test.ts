import { beforeEach, expect, test } from '@jest/globals';
import type { NewChats } from '../domain/new-chats.js';
import type { Messenger } from '../messenger.js';
import type { SessionRegistry } from '../session-registry.js';
import { aloneOn } from '../../../test/support/alone.js';
import type { StatusBoard } from '../../status-log/status-board.js';
import { SendingDesk } from './sending-desk.js';

const socket = (): Messenger => ({}) as Messenger;
const told: NewChats = { lockedUntil: 60_000, left: null, countedAgainAt: null };

function session() {
  return {
    outletId: 'pusat',
    healthy: true,
    messenger: socket() as Messenger | null,
    owner: { outletId: 'pusat', owner: 'we', epoch: '7' },
    openedAt: 500 as number | null,
    record: { reason: 'DEGRADED', params: {}, nextRetryAt: 0, connectedAt: 9_000 as number | null },
    newChats: null as NewChats | null,
    askNewChats: () => Promise.reject<void>(new Error('no answer')),
  };
}

let actor = session();
beforeEach(() => void (actor = session()));
const registry = {
  find: (id: string) => (id === 'pusat' ? actor : undefined),
  all: () => [actor, { ...session(), outletId: 'dago', healthy: false }].values(),
} as unknown as SessionRegistry;
const desk = new SendingDesk(registry, { all: () => [] } as unknown as StatusBoard, aloneOn(registry));

test('a healthy outlet sends by the socket and under the claim it has now', () => {
  expect(desk.line('pusat')).toEqual({ ...actor.owner, messenger: actor.messenger });
  expect(desk.owner('pusat')).toBe(actor.owner);
  expect(desk.opening('pusat')).toEqual({ connectedAt: 9_000, openedAt: 500 });
  expect(desk.health('pusat', 'en')).toEqual({ healthy: true, reason: null });
  expect(desk.healthy()).toEqual(['pusat']);
});

test.each<[string, () => void]>([
  ['is not healthy any more', () => (actor.healthy = false)],
  ['has no socket', () => (actor.messenger = null)],
  ['has another socket', () => (actor.messenger = socket())],
  ['was claimed anew', () => (actor.owner = { ...actor.owner, epoch: '8' })],
])('a line is closed where its outlet %s', (_, happens) => {
  const line = desk.line('pusat')!;
  expect(desk.isOpen(line)).toBe(true);
  happens();
  expect(desk.isOpen(line)).toBe(false);
});

test.each<[string, () => void]>([
  ['proves nothing', () => (actor.healthy = false)],
  ['is not online', () => (actor.openedAt = null)],
  ['has no row that says so', () => (actor.record.connectedAt = null)],
])('nobody knows when a connection opened that %s', (_, happens) => {
  happens();
  expect(desk.opening('pusat')).toBeNull();
});

test('why an outlet cannot send is said in the language of who asks, and of one without a session too', () => {
  actor.healthy = false;
  expect(desk.line('pusat')).toBeNull();
  expect(desk.health('pusat', 'id')).toMatchObject({ healthy: false, reason: { code: 'DEGRADED' } });
  expect(desk.health('pusat', 'en').reason?.message).not.toBe(desk.health('pusat', 'id').reason?.message);
  expect(desk.health('nowhere', 'id')).toMatchObject({ healthy: false, reason: { code: 'NEVER_LINKED' } });
  expect(desk.owner('nowhere')).toBeNull();
  expect([desk.line('nowhere'), desk.opening('nowhere'), desk.newChats('nowhere')]).toEqual([null, null, null]);
});

test('what WhatsApp allows is asked anew, and stays as it was known where there is no answer', async () => {
  actor.newChats = told;
  expect(await desk.askNewChats('pusat')).toBe(told);
  actor.askNewChats = () => Promise.resolve(void (actor.newChats = null));
  expect(await desk.askNewChats('pusat')).toBeNull();
  expect(await desk.askNewChats('nowhere')).toBeNull();
});
