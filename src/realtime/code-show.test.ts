import { expect, jest, test } from '@jest/globals';
import type { Caller } from '../auth/caller.js';
import { EventBus } from '../common/event-bus.js';
import type { LinkVisits } from '../reconnect-links/link-visits.js';
import type { SessionDesk } from '../wa-session/desk/session-desk.js';
import type { ShownCodes } from '../wa-session/desk/shown-codes.js';
import type { LinkAudit } from '../wa-session/link-audit.js';
import { eventually } from '../../test/support/eventually.js';
import { CodeShow, type CodeSocket } from './code-show.js';
import { qrRoom } from './rooms.js';

const outletId = '11111111-1111-4111-8111-111111111111';
const shown: ShownCodes = {
  outletId,
  epoch: '1',
  round: 1,
  qr: { outletId, qr: 'a QR', expiresAt: new Date(0).toISOString() },
  code: { outletId, pairingCode: null, expiresAt: null, refusal: null },
};

/** What happens, in its order, when a code is shown to a caller of this kind. */
function shownTo(kind: Caller['kind'], start: () => Promise<void> = () => Promise.resolve()) {
  const happened: string[] = [];
  const visits = { start: () => (happened.push('started'), start()) } as unknown as LinkVisits;
  const audit = {
    has: () => happened.includes('recorded'),
    record: () => Promise.resolve(void happened.push('recorded')),
  } as unknown as LinkAudit;
  const desk = { codes: () => shown } as unknown as SessionDesk;
  const caller: Caller = { id: 'x', kind, name: 'Budi', role: 'USER', outletIds: [outletId] };
  const emit = jest.fn(() => void happened.push('shown'));
  const socket: CodeSocket = { data: { caller }, rooms: new Set([qrRoom(outletId)]), emit };
  const codes = new CodeShow(desk, audit, visits, new EventBus());
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
  await expect(codes.record(socket, outletId)).rejects.toThrow('away');
  expect(happened).toEqual(['started']);
});
