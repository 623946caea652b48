import { beforeEach, expect, test } from '@jest/globals';
import { NO_SOCKET, type LiveProof } from '../domain/live-proof.js';
import type { SessionJournal } from '../session-journal.js';
import type { SessionReconciler } from '../session-reconciler.js';
import type { SessionRegistry } from '../session-registry.js';
import { aloneOn } from '../../../test/support/alone.js';
import { NobodyElse } from '../../cluster/cluster-bus.js';
import type { StatusBoard } from '../../status-log/status-board.js';
import type { SessionRecord } from '../domain/session-record.js';
import { StatusDesk } from './status-desk.js';

/** What happened, in its order. */
const happened: string[] = [];
beforeEach(() => void happened.splice(0));

const session = (outletId: string, status: LiveProof['status']) => ({
  outletId,
  proof: (): LiveProof => ({ ...NO_SOCKET, status, name: outletId }),
  verify: () => Promise.resolve(void happened.push(`asked ${outletId}`)),
});

const sessions = [session('pusat', 'CONNECTED'), session('dago', 'CONNECTED'), session('ubud', 'PAUSED')];
const registry = {
  all: () => sessions.values(),
  find: (id: string) => sessions.find(({ outletId }) => outletId === id),
};
const reconciler = { driftFound: 2, stallsFound: 1, reconcile: () => Promise.resolve(happened.push('reconciled')) };
const journal = { pending: 3, flushed: () => Promise.resolve(void happened.push('written')) };
const desk = new StatusDesk(
  registry as unknown as SessionRegistry,
  reconciler as unknown as SessionReconciler,
  journal as unknown as SessionJournal,
  { mail: 4, histories: 5 },
  {} as StatusBoard,
  aloneOn(registry as unknown as SessionRegistry),
  new NobodyElse(),
);

test.each<['all' | string[], string[]]>([
  ['all', ['asked pusat', 'asked dago']],
  [['dago', 'ubud', 'no session'], ['asked dago']],
  [['pusat'], ['asked pusat']],
  [[], []],
])('verifying %j asks what is connected, and answers once it is written', async (ids, expected) => {
  await desk.verify(ids);
  expect(happened).toEqual([...expected, 'reconciled', 'written']);
});

test('an outlet without a session here proves nothing', () => {
  expect(desk.proof('no session', {} as SessionRecord)).toEqual(NO_SOCKET);
  expect(desk.proof('ubud', {} as SessionRecord)).toMatchObject({ status: 'PAUSED' });
  expect(desk.proofs().map(({ name }) => name)).toEqual(['pusat', 'dago', 'ubud']);
  expect(desk.figures).toEqual({ driftFound: 2, stallsFound: 1, mailGivenUp: 4, historiesGivenUp: 5, unwritten: 3 });
});
