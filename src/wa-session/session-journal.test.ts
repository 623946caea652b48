import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StatusChange } from '@koneksi/contracts/realtime';
import type { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { EventBus } from '../common/event-bus.js';
import { toOutletStatus } from './domain/outlet-status-view.js';
import { toRecord } from './domain/session-record.js';
import type { OutletSettings, Phase } from './domain/session-state.js';
import { beginning } from './domain/transition.js';
import { SessionOwnership, type Ownership } from './ownership.js';
import { SessionJournal, type JournalEntry } from './session-journal.js';

type Outcome = Parameters<JournalEntry['settled']>[0];

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

async function claimNewOutlet(): Promise<Ownership> {
  const outletId = randomUUID();
  await database.dataSource.query(`INSERT INTO outlets (id, name, whatsapp_number) VALUES ($1, 'Outlet', $2)`, [
    outletId,
    `62${randomBytes(5).readUIntBE(0, 5)}`,
  ]);
  return (await new SessionOwnership(database.dataSource).claim([outletId])).get(outletId)!;
}

/** A journal on a database that loses its first statements, with everything it pushes. */
function journalOn(dataSource: Pick<DataSource, 'query'>): { journal: SessionJournal; pushed: StatusChange[] } {
  const bus = new EventBus();
  const pushed: StatusChange[] = [];
  bus.on('outlet-status.changed', (change) => pushed.push(change));
  return { journal: new SessionJournal(dataSource as DataSource, bus), pushed };
}

/** Writes what this phase tells of the outlet, and answers with what became of it. */
function write(
  journal: SessionJournal,
  owner: Ownership,
  phase: Phase,
  { previous, sessionName = null }: { previous: JournalEntry['previous']; sessionName?: string | null },
): Promise<Outcome> {
  const outlet: OutletSettings = {
    name: 'Outlet',
    number: '628120000001',
    isActive: true,
    autoReconnect: true,
    city: null,
    tags: [],
  };
  const state = {
    ...beginning({
      outletId: owner.outletId,
      outlet,
      linkedNumber: null,
      linkedAt: null,
      sessionName,
      lastSeen: null,
      seed: 1,
    }),
    phase,
  };
  const record = toRecord(state);
  const proof = {
    status: record.status,
    qrShown: false,
    name: null,
    inMemory: false,
    websocketOpen: false,
    userPresent: false,
    silentForMs: null,
  };
  const element = toOutletStatus(owner.outletId, outlet, record, proof, 30_000, 'id');
  return new Promise((settled) => journal.write({ owner, record, previous, milestone: true, element, settled }));
}

test('a status that PostgreSQL refuses holds up no other, whichever stands where in the batch', async () => {
  const { journal, pushed } = journalOn(database.dataSource);
  const owners = await Promise.all(Array.from({ length: 5 }, claimNewOutlet));
  // PostgreSQL keeps no NUL in a text.
  const names = ['first', 'no\0good', 'third', 'no\0better', 'last'];
  const outcomes = await Promise.all(
    owners.map((owner, place) =>
      write(journal, owner, { name: 'expired', method: 'qr' }, { previous: 'CONNECTING', sessionName: names[place]! }),
    ),
  );
  expect(outcomes).toEqual([{ revision: 1 }, 'refused', { revision: 1 }, 'refused', { revision: 1 }]);
  expect(pushed.map(({ status }) => status.session.sessionName)).toEqual(['first', 'third', 'last']);
  expect(journal.pending).toBe(0);
});

test('what happened while nothing could be written is one change, from what was last told to what is', async () => {
  let away = 3;
  const failing: Pick<DataSource, 'query'> = {
    query: (...args: Parameters<DataSource['query']>) =>
      away-- > 0 ? Promise.reject(new Error('connection lost')) : database.dataSource.query(...args),
  };
  const { journal, pushed } = journalOn(failing);
  const owner = await claimNewOutlet();
  const bystander = await claimNewOutlet();
  const outcomes = await Promise.all([
    write(
      journal,
      owner,
      { name: 'pairing', method: 'qr', qr: null, asked: false, pairingCode: null, endsAt: 0 },
      { previous: 'CONNECTED' },
    ),
    write(journal, owner, { name: 'expired', method: 'qr' }, { previous: 'CONNECTING' }),
    write(journal, bystander, { name: 'expired', method: 'qr' }, { previous: 'PAUSED' }),
    write(journal, owner, { name: 'paused', by: 'Admin', at: 0 }, { previous: 'TIMEOUT' }),
  ]);
  const told = pushed.map(({ status, previous }) => [status.outletId, previous, status.session.status]);
  expect(told).toHaveLength(2);
  expect(told).toContainEqual([owner.outletId, 'CONNECTED', 'PAUSED']);
  expect(told).toContainEqual([bystander.outletId, 'PAUSED', 'TIMEOUT']);
  // Whoever waited for a superseded write learns what became of the one that took its place.
  expect(outcomes[0]).toEqual(outcomes[3]);
  expect(outcomes[1]).toEqual(outcomes[3]);
});
