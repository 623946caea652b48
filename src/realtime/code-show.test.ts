import { expect, jest, test } from '@jest/globals';
import type { Caller } from '../auth/caller.js';
import { EventBus } from '../common/event-bus.js';
import type { LinkVisits } from '../reconnect-links/link-visits.js';
import type { LinkAudit } from '../wa-session/link-audit.js';
import type { SessionActor } from '../wa-session/session-actor.js';
import type { SessionRegistry } from '../wa-session/session-registry.js';
import { eventually } from '../../test/support/eventually.js';
import { CodeShow, type CodeSocket } from './code-show.js';
import { qrRoom } from './rooms.js';

const outletId = '11111111-1111-4111-8111-111111111111';
const actor = { outletId, round: 1, qr: { text: 'a QR', expiresAt: 0 }, code: { pairingCode: null } };

/** What happens, in its order, when a code is shown to a caller of this kind. */
function shownTo(kind: Caller['kind'], start: () => Promise<void> = () => Promise.resolve()) {
  const happened: string[] = [];
  const visits = { start: () => (happened.push('started'), start()) } as unknown as LinkVisits;
  const audit = {
    has: () => happened.includes('recorded'),
    record: () => Promise.resolve(void happened.push('recorded')),
  } as unknown as LinkAudit;
  const registry = { find: () => actor as unknown as SessionActor } as unknown as SessionRegistry;
  const caller: Caller = { id: 'x', kind, name: 'Budi', role: 'USER', outletIds: [outletId] };
  const emit = jest.fn(() => void happened.push('shown'));
  const socket: CodeSocket = { data: { caller }, rooms: new Set([qrRoom(outletId)]), emit };
  const codes = new CodeShow(registry, audit, visits, new EventBus());
  return { codes, socket, happened };
}

test.each<[Caller['kind'], string[]]>([
  ['reconnect-link', ['started', 'recorded', 'shown']],
  ['user', ['recorded', 'shown']],
  ['api-key', ['recorded', 'shown']],
])('to a %s: %j', async (kind, expected) => {
  const { codes, socket, happened } = shownTo(kind);
  codes.show(socket, outletId, 'qr');
  await eventually('it is shown', () => happened.includes('shown'));
  expect(happened).toEqual(expected);
});

test('whoever came by a link that cannot be marked as started sees no code', async () => {
  const { codes, socket, happened } = shownTo('reconnect-link', () => Promise.reject(new Error('away')));
  await expect(codes.record(socket, actor as unknown as SessionActor)).rejects.toThrow('away');
  expect(happened).toEqual(['started']);
});
