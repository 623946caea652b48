import { expect, it } from '@jest/globals';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import { anOutlet } from '../../testing/an-outlet';
import { countLinked, firstToLink } from './linked';

const row = (status: OutletStatus) => ({ id: status.outletId, status, cursor: 1, connection: 1, changes: 0 });

it.each([
  ['is connected', anOutlet('toko'), 1],
  ['lost its internet', anOutlet('toko', { live: 'TIMEOUT', reason: 'WHATSAPP_UNREACHABLE' }), 1],
  ['connects again', anOutlet('toko', { live: 'CONNECTING', reason: 'RECONNECTING' }), 1],
  ['was unlinked on its phone', anOutlet('toko', { live: 'FAILED', reason: 'LOGGED_OUT' }), 1],
  ['is paused', anOutlet('toko', { live: 'PAUSED', reason: 'PAUSED_BY' }), 1],
  ['was never linked', anOutlet('toko', { live: 'DISCONNECTED', reason: 'NEVER_LINKED' }), 0],
  ['shows its code', anOutlet('toko', { live: 'CONNECTING', reason: 'PAIRING' }), 0],
])('an outlet that %s', (_, status, linked) => {
  // So it is told of whatever is not online.
  const session = { ...status.session, connectedAt: status.healthy ? '2026-11-27T00:00:00.000Z' : null };
  const rows = [row({ ...status, session })];
  expect([countLinked(rows), firstToLink(rows)?.id]).toEqual([linked, linked === 0 ? 'toko' : undefined]);
});
