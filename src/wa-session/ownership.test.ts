import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../../test/support/eventually.js';
import { lockWaits } from '../../test/support/lock-waits.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { NodeIdentity } from '../cluster/node-identity.js';
import { NodeRoster } from '../cluster/roster.js';
import type { Ownership } from './fence.js';
import { SessionOwnership } from './ownership.js';

let database: TestDatabase;
let roster: NodeRoster;
beforeAll(async () => {
  database = await createTestDatabase();
  roster = new NodeRoster(database.dataSource);
});
afterAll(() => database.drop());
beforeEach(() => database.dataSource.query('TRUNCATE outlets, node CASCADE'));

interface Node {
  id: string;
  ownership: SessionOwnership;
}

async function join(): Promise<Node> {
  const identity = new NodeIdentity();
  await roster.enter({ id: identity.id, url: '', version: '', schemaVersion: '', drained: false });
  return { id: identity.id, ownership: new SessionOwnership(database.dataSource, identity) };
}

async function outlet(): Promise<string> {
  const id = randomUUID();
  const number = `62${randomBytes(5).readUIntBE(0, 5)}`;
  await database.dataSource.query(`INSERT INTO outlets (id, name, whatsapp_number) VALUES ($1, 'O', $2)`, [id, number]);
  return id;
}

const ids = (claimed: readonly Ownership[]): string[] => claimed.map(({ outletId }) => outletId).toSorted();

test('each outlet that is free is claimed once, however many nodes ask in the same moment', async () => {
  const outlets = await Promise.all(Array.from({ length: 30 }, outlet));
  const nodes = await Promise.all([join(), join(), join()]);
  await Promise.all(nodes.map(({ ownership }) => ownership.provide()));
  const claimed = (await Promise.all(nodes.map(({ ownership }) => ownership.claim(10)))).flat();
  // What was locked by another in that moment is free for the next look.
  for (const { ownership } of nodes) claimed.push(...(await ownership.claim(30)));
  expect(ids(claimed)).toEqual(outlets.toSorted());
  expect(claimed.every(({ epoch }) => epoch === '1')).toBe(true);
});

test('nobody who lives loses an outlet, and nobody claims who leaves or is no node', async () => {
  const id = await outlet();
  const [owner, other] = await Promise.all([join(), join()]);
  await owner.ownership.provide([id]);
  expect(await owner.ownership.claim(1)).toEqual([{ outletId: id, owner: owner.id, epoch: '1' }]);
  expect(await other.ownership.claim(1, [id])).toEqual([]);
  await roster.strike(owner.id);
  await roster.announceLeaving(other.id);
  expect(await other.ownership.claim(1)).toEqual([]);
  expect(await owner.ownership.claim(1)).toEqual([]);
  const heir = await join();
  expect(await heir.ownership.claim(1)).toEqual([{ outletId: id, owner: heir.id, epoch: '2' }]);
});

test('a drained node claims nothing while another stays, and stands in where none does', async () => {
  const id = await outlet();
  const [drained, other] = await Promise.all([join(), join()]);
  await database.dataSource.query('UPDATE node SET drained = true WHERE id = $1', [drained.id]);
  await drained.ownership.provide([id]);
  expect(await drained.ownership.claim(1)).toEqual([]);
  await roster.announceLeaving(other.id);
  expect(ids(await drained.ownership.claim(1))).toEqual([id]);
});

test('what is let go is free, but not what was claimed anew meanwhile', async () => {
  const id = await outlet();
  const [first, second] = await Promise.all([join(), join()]);
  await first.ownership.provide();
  const former = await first.ownership.claim(1);
  await first.ownership.letGo(former);
  const [now] = await second.ownership.claim(1);
  expect(now).toEqual({ outletId: id, owner: second.id, epoch: '2' });
  await first.ownership.letGo(former);
  expect(await first.ownership.claim(1)).toEqual([]);
});

test('a claim that began before a node joined does not take what that node claimed meanwhile', async () => {
  const id = await outlet();
  const early = await join();
  await early.ownership.provide();
  const holder = database.dataSource.createQueryRunner();
  await holder.startTransaction();
  await holder.query('SELECT 1 FROM node WHERE id = $1 FOR UPDATE', [early.id]);
  const claiming = early.ownership.claim(1);
  await eventually('it waits for its own row', async () => (await lockWaits(database.dataSource)) === 1);
  const late = await join();
  expect(ids(await late.ownership.claim(1))).toEqual([id]);
  await holder.commitTransaction();
  await holder.release();
  expect(await claiming).toEqual([]);
});

test('a burial waits for the claim that is under way, and a beat that comes meanwhile ends it', async () => {
  const id = await outlet();
  const dead = await join();
  await dead.ownership.provide();
  // Its claim is under way, and holds its row of the nodes.
  const holder = database.dataSource.createQueryRunner();
  await holder.startTransaction();
  await holder.query('SELECT 1 FROM wa_lease WHERE outlet_id = $1 FOR SHARE', [id]);
  await holder.query('SELECT 1 FROM node WHERE id = $1 FOR KEY SHARE', [dead.id]);
  let isBuried = false;
  const buried = roster.bury(dead.id, '0').then((done) => (isBuried = done));
  expect(await roster.beat(dead.id).catch(() => null)).not.toBeNull();
  expect(isBuried).toBe(false);
  await holder.commitTransaction();
  await holder.release();
  // A beat that came in the same moment keeps it.
  expect(await buried).toBe(false);
});
