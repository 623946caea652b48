import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ChangeFacts } from '@koneksi/contracts/status-facts';
import type { DataSource } from 'typeorm';
import { claimAway } from '../../test/support/claims.js';
import { claimNewOutlet, elementOf, journalOn } from '../../test/support/journal.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { OutletRows } from './outlet-rows.js';
import { fromKept, type NewChats } from './domain/new-chats.js';
import { toRecord } from './domain/session-record.js';
import type { OutletSettings, Phase } from './domain/session-state.js';
import { beginning } from './domain/transition.js';
import type { Ownership } from './fence.js';
import type { JournalEntry, SessionJournal } from './session-journal.js';

type Outcome = Parameters<JournalEntry['settled']>[0];

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

/** Writes what this phase tells of the outlet, and answers with what became of it. */
function write(
  journal: SessionJournal,
  owner: Ownership,
  phase: Phase,
  {
    previous,
    sessionName = null,
    newChats = null,
    ...rest
  }: Pick<JournalEntry, 'previous' | 'opens'> & { sessionName?: string | null; newChats?: NewChats | null },
): Promise<Outcome> {
  const outlet: OutletSettings = {
    name: 'Outlet',
    number: '628120000001',
    isActive: true,
    autoReconnect: true,
    city: null,
    tags: [],
  };
  const begun = beginning({
    outletId: owner.outletId,
    outlet,
    linkedNumber: null,
    linkedAt: null,
    sessionName,
    lastSeen: null,
    seed: 1,
  });
  const state = { ...begun, phase, facts: { ...begun.facts, newChats } };
  const record = toRecord(state);
  const element = elementOf(owner.outletId, outlet, record);
  return new Promise((settled) =>
    journal.write({ owner, record, previous, milestone: true, element, settled, ...rest }),
  );
}

const changesIn = (pushed: ReturnType<typeof journalOn>['pushed']): ChangeFacts[] =>
  pushed.filter((change): change is ChangeFacts => 'status' in change);

test('the row keeps when chats are counted anew although a lock is told, and that is told as it was', async () => {
  const { journal, pushed } = journalOn(database.dataSource);
  const owner = await claimNewOutlet(database.dataSource);
  const newChats: NewChats = { lockedUntil: 1_764_000_000_000, left: 0, countedAgainAt: 1_764_100_000_000 };
  const outcome = await write(
    journal,
    owner,
    { name: 'resting', code: 'NEVER_LINKED' },
    { previous: 'CONNECTING', newChats },
  );
  expect(outcome).toEqual({ revision: 1 });
  const [row] = await new OutletRows(database.dataSource).some([owner.outletId]);
  expect(fromKept(row!.record!.limits)).toEqual(newChats);
  const until = new Date(1_764_000_000_000).toISOString();
  expect(changesIn(pushed).map(({ status }) => status.limits)).toEqual([{ newChats: 'locked', until, left: 0 }]);
});

test('SL5 a status that PostgreSQL refuses holds up no other, whichever stands where in the batch', async () => {
  const { journal, pushed } = journalOn(database.dataSource);
  const owners = await Promise.all(Array.from({ length: 5 }, () => claimNewOutlet(database.dataSource)));
  // PostgreSQL keeps no NUL in a text.
  const names = ['first', 'no\0good', 'third', 'no\0better', 'last'];
  const outcomes = await Promise.all(
    owners.map((owner, place) =>
      write(journal, owner, { name: 'expired', method: 'qr' }, { previous: 'CONNECTING', sessionName: names[place]! }),
    ),
  );
  expect(outcomes).toEqual([{ revision: 1 }, 'refused', { revision: 1 }, 'refused', { revision: 1 }]);
  expect(changesIn(pushed).map(({ status }) => status.session.sessionName)).toEqual(['first', 'third', 'last']);
  expect(journal.pending).toBe(0);
});

test.each(['P0001', '22012', '23514', '2F003'])(
  'SL5 that holds for whatever PostgreSQL says it refuses it with, such as %s',
  async (state) => {
    const { journal } = journalOn(database.dataSource);
    const owners = await Promise.all(Array.from({ length: 4 }, () => claimNewOutlet(database.dataSource)));
    await database.dataSource.query(`
      CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.session_name = 'refused' THEN RAISE EXCEPTION 'rahasia' USING ERRCODE = '${state}'; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON wa_session FOR EACH ROW EXECUTE FUNCTION refuse()`);
    try {
      const outcomes = await Promise.all(
        owners.map((owner, place) =>
          write(
            journal,
            owner,
            { name: 'expired', method: 'qr' },
            {
              previous: 'CONNECTING',
              sessionName: place === 2 ? 'refused' : 'kept',
            },
          ),
        ),
      );
      expect(outcomes).toEqual([{ revision: 1 }, { revision: 1 }, 'refused', { revision: 1 }]);
    } finally {
      await database.dataSource.query('DROP TRIGGER refuse ON wa_session');
    }
  },
);

test('SL6 what happened while nothing could be written is one change, from what was last told to what is', async () => {
  let away = 3;
  const failing: Pick<DataSource, 'query'> = {
    query: (...args: Parameters<DataSource['query']>) =>
      away-- > 0 ? Promise.reject(new Error('connection lost')) : database.dataSource.query(...args),
  };
  const { journal, pushed } = journalOn(failing);
  const owner = await claimNewOutlet(database.dataSource);
  const bystander = await claimNewOutlet(database.dataSource);
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
  const told = changesIn(pushed).map(({ status, previous }) => [status.outletId, previous, status.session.status]);
  expect(told).toHaveLength(2);
  expect(told).toContainEqual([owner.outletId, 'CONNECTED', 'PAUSED']);
  expect(told).toContainEqual([bystander.outletId, 'PAUSED', 'TIMEOUT']);
  // Whoever waited for a superseded write learns what became of the one that took its place.
  expect(outcomes[0]).toEqual(outcomes[3]);
  expect(outcomes[1]).toEqual(outcomes[3]);
});

test('what two sessions of one outlet had to tell meanwhile is not taken for one story', async () => {
  let away = 3;
  const failing: Pick<DataSource, 'query'> = {
    query: (...args: Parameters<DataSource['query']>) =>
      away-- > 0 ? Promise.reject(new Error('connection lost')) : database.dataSource.query(...args),
  };
  const { journal, pushed } = journalOn(failing);
  const former = await claimNewOutlet(database.dataSource);
  const now = await claimAway(database.dataSource, former.outletId);
  const outcomes = await Promise.all([
    write(journal, former, { name: 'expired', method: 'qr' }, { previous: 'CONNECTED' }),
    write(journal, now, { name: 'expired', method: 'qr' }, { previous: 'PAUSED' }),
  ]);
  expect(outcomes).toEqual(['fenced', { revision: 1 }]);
  expect(changesIn(pushed).map(({ previous }) => previous)).toEqual(['PAUSED']);
});

test('what an outlet has used up of its sockets is kept with its status, and nothing that a hand wrote there is believed', async () => {
  const { journal } = journalOn(database.dataSource);
  const owner = await claimNewOutlet(database.dataSource);
  const rows = new OutletRows(database.dataSource);
  const kept = async () => (await rows.some([owner.outletId]))[0]!.opens;
  expect(await kept()).toBeNull();
  for (const opens of [{ spent: 11.25, at: 1_764_000_000_000 }, undefined])
    expect(
      await write(journal, owner, { name: 'expired', method: 'qr' }, { previous: 'CONNECTING', opens }).then(kept),
    ).toEqual(opens ?? null);
  for (const hand of ['{"spent":"x","at":1}', '[]', '"x"', '{"spent":1}', 'null']) {
    await database.dataSource.query('UPDATE wa_session SET opens = $2 WHERE outlet_id = $1', [owner.outletId, hand]);
    expect(await kept()).toBeNull();
  }
});
