import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Simulator } from '@koneksi/whatsapp-simulator';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig.js';
import { Ledger } from '../../src/blast/ledger.js';
import { Clock } from '../../src/common/clock.js';
import type { Ownership } from '../../src/wa-session/fence.js';
import { LinkCareStore } from '../../src/wa-session/link-care-store.js';
import { eventually } from './eventually.js';
import { asNode } from './history-triggers.js';
import { History } from './history.js';
import { lockWaits } from './lock-waits.js';
import { MADE, OwnedOutlet, SENDING } from './owned-outlet.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** The guards that can be taken away from every statement: what stands there, and what then does. */
const GUARDS = {
  'the lock': [' FOR SHARE OF l', ''],
  'the owner': [
    'WHERE (l.outlet_id, l.owner, l.epoch) IN (SELECT outlet_id, owner, epoch',
    'WHERE (l.outlet_id, l.epoch) IN (SELECT outlet_id, epoch',
  ],
  'the owner, once found': ['AND owned.owner = a.owner', ''],
  'the claim it was taken under': ['AND (a.taken IS NOT TRUE OR r.claim_epoch = a.epoch)', ''],
} as const;
type Guard = keyof typeof GUARDS;

let database: TestDatabase;
let early: DataSource;
let heir: DataSource;
let outlet: OwnedOutlet;
let history: History;
beforeEach(async () => {
  database = await createTestDatabase();
  [early, heir] = await Promise.all([nodeOn(database, 'early'), nodeOn(database, 'heir')]);
  outlet = await OwnedOutlet.make(early);
  // Claims of before the watch are of whoever begins it.
  history = await History.watch(early);
});
afterEach(async () => {
  await Promise.all([early.destroy(), heir.destroy()]);
  await database.drop();
});

const nodeOn = ({ url }: TestDatabase, node: string): Promise<DataSource> =>
  createDataSource(asNode(url, node), { poolSize: 5 }).initialize();

/** The ledger of a node whose statements lack these guards. */
function ledgerOf(dataSource: DataSource, without: readonly Guard[]): Ledger {
  const { master } = dataSource.driver as unknown as {
    master: { query: (asked: { name?: string; text: string }) => unknown };
  };
  const query = (asked: { text: string }): unknown => {
    const text = without.reduce((sql, guard) => {
      const [is, becomes] = GUARDS[guard];
      if (!sql.includes(is)) throw new Error(`${guard} is said in other words now`);
      return sql.replace(is, becomes);
    }, asked.text);
    // A name stands for the statement that was prepared by it.
    return master.query(without.length > 0 ? { ...asked, name: randomUUID(), text } : asked);
  };
  const { options } = dataSource;
  return new Ledger({ driver: { master: { query } }, options } as unknown as DataSource, new Clock());
}

const take = (ledger: Ledger, owner: Ownership): Promise<unknown> =>
  ledger.claim({ blastId: outlet.blastId, seq: MADE }, { owner, day: '2026-11-27', isNew: true, restUntil: null });

/** The early node takes a message while its blast is locked, and the heir claims the outlet meanwhile where it can. */
async function takeLate(without: readonly Guard[]): Promise<void> {
  const { now } = outlet;
  const holder = database.dataSource.createQueryRunner();
  await holder.startTransaction();
  await holder.query('SELECT 1 FROM blasts WHERE id = $1 FOR UPDATE', [outlet.blastId]);
  const taken = take(ledgerOf(early, without), now);
  await eventually('it waits', async () => (await lockWaits(database.dataSource)) === 1);
  let isClaimed = false;
  const claimed = outlet.claimAnew(heir).then(() => (isClaimed = true));
  await eventually(
    'the claim waits, or does not',
    async () => isClaimed || (await lockWaits(database.dataSource)) === 2,
  );
  await holder.commitTransaction();
  await holder.release();
  await Promise.all([taken, claimed]);
}

/** A replica that missed the heir's claim is promoted: the epoch is given once more, to another. */
async function takeUnderAnEpochGivenTwice(without: readonly Guard[]): Promise<void> {
  const { now } = outlet;
  await outlet.claimAnew(heir);
  await database.dataSource.query('UPDATE wa_lease SET epoch = $2 WHERE outlet_id = $1', [now.outletId, now.epoch]);
  await take(ledgerOf(early, without), now);
}

/** The heir says of a message that the early node took that it never left. */
async function putBack(without: readonly Guard[]): Promise<void> {
  const owner = await outlet.claimAnew(heir);
  const row = { blastId: outlet.blastId, seq: SENDING };
  await ledgerOf(heir, without).record({ ...row, to: 'queued', from: ['sending'], owner, taken: true });
}

const GIVEN_TWICE = 'an epoch given twice: 1 after 2';

test.each<[string, (without: readonly Guard[]) => Promise<void>, Guard[], string[], string[]]>([
  [
    'a message taken late',
    takeLate,
    ['the lock'],
    [],
    [
      'written without the lease: sending',
      'written by who does not own the outlet: sending',
      'taken under a claim that is not the newest: 1 of 2',
    ],
  ],
  [
    'an epoch given twice',
    takeUnderAnEpochGivenTwice,
    ['the owner', 'the owner, once found'],
    [GIVEN_TWICE],
    [GIVEN_TWICE, 'written by who does not own the outlet: sending'],
  ],
  [
    'what another took',
    putBack,
    ['the claim it was taken under'],
    [],
    ['back from sending under another claim: 1 of 2'],
  ],
])(
  '%s is found where a guard is taken away, and does not happen with it',
  async (_, happens, without, guarded, found) => {
    await happens([]);
    expect(await history.complaints()).toEqual(guarded);
    // The same once more, on an outlet of its own.
    await database.dataSource.query('TRUNCATE history.claimed, history.strange, history.taken, history.returned');
    outlet = await OwnedOutlet.make(early);
    await happens(without);
    expect((await history.complaints()).filter((complaint) => !complaint.endsWith('wa_session'))).toEqual(found);
  },
);

test('a row that is written without asking whose the outlet is', async () => {
  await new LinkCareStore(early).notePulse(outlet.now, Date.now());
  expect(await history.complaints()).toEqual([]);
  await heir.query('UPDATE wa_session SET pulsed_at = now() WHERE outlet_id = $1', [outlet.outletId]);
  expect(await history.complaints()).toEqual([
    'written without the lease: wa_session',
    'written by who does not own the outlet: wa_session',
  ]);
});

test('what WhatsApp saw: sockets side by side, and messages that left unclaimed or twice', async () => {
  const listeners = new Map<string, (fact: object) => void>();
  const simulator = { on: (event: string, listener: (fact: object) => void) => void listeners.set(event, listener) };
  await database.dataSource.query('DROP SCHEMA history CASCADE');
  history = await History.watch(early, simulator as unknown as Simulator);
  const says = (event: string, fact: object): void => listeners.get(event)?.({ number: '62877', device: 1, ...fact });
  await take(ledgerOf(early, []), outlet.now);
  const claimed = `${outlet.blastId}-${MADE}`;
  says('login', { connection: 1 });
  says('message', { id: claimed, to: '62878' });
  says('message', { id: 'refused', to: '62878', error: '479' });
  says('disconnected', { connection: 1 });
  says('login', { connection: 2 });
  expect(await history.complaints()).toEqual([]);
  says('login', { connection: 3 });
  says('disconnected', { connection: 2 });
  says('message', { id: claimed, to: '62878' });
  says('message', { id: 'unclaimed', to: '62878' });
  expect(await history.complaints()).toEqual([
    'two sockets of one link: 1',
    `left 2 times: ${claimed}`,
    'left without a claim: unclaimed',
  ]);
  expect(await history.complaints({ mayReplace: 1 })).toHaveLength(2);
});
