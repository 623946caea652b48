import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../../test/support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { AppInfoState } from '../app-info/app-info.js';
import { EventBus } from '../common/event-bus.js';
import type { Config } from '../config/config.js';
import { UNDISPUTED } from '../database/reservation.js';
import { NobodyElse } from './cluster-bus.js';
import { EldestDuties } from './eldest-duties.js';
import { Membership } from './membership.js';
import { NodeDrains } from './node-drains.js';
import { NodeIdentity } from './node-identity.js';
import { NodeRoster } from './roster.js';

let database: TestDatabase;
let nodes: Node[];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.dataSource.query('TRUNCATE node CASCADE');
  nodes = [join('old'), join('new')];
  for (const { membership } of nodes) await membership.join();
});
afterEach(() => Promise.all(nodes.map(({ membership }) => membership.leave())));

interface Node {
  id: string;
  membership: Membership;
  drains: NodeDrains;
  duties: EldestDuties;
  told: number;
}

function join(name: string): Node {
  const identity = new NodeIdentity();
  const bus = new EventBus();
  const { dataSource } = database;
  const membership = new Membership(
    identity,
    new NodeRoster(dataSource),
    dataSource,
    UNDISPUTED,
    bus,
    new NobodyElse(),
    { database: { severalNodes: true }, http: { host: name, port: 1 } } as Config,
    new AppInfoState(),
  );
  const node: Node = {
    id: identity.id,
    membership,
    drains: new NodeDrains(dataSource, membership),
    duties: new EldestDuties(membership, identity),
    told: 0,
  };
  bus.on('nodes.changed', () => void (node.told += 1));
  return node;
}

/** Who has the duties: as each knows, and as the database has it. */
const dutiful = (): Promise<string[][]> =>
  Promise.all(
    nodes.map(async ({ duties, membership }) => {
      await membership.look();
      const held = await database.dataSource.transaction((manager) => duties.hold(manager));
      return [duties.areOurs ? 'ours' : 'theirs', held ? 'held' : 'refused'];
    }),
  );

const drained = async (): Promise<boolean[]> => (await nodes[0]!.membership.census()).map((node) => node.drained);

test('what is done once goes with the drain of the eldest, as it knows and as the database has it', async () => {
  const [eldest] = nodes as [Node];
  expect(await dutiful()).toEqual([
    ['ours', 'held'],
    ['theirs', 'refused'],
  ]);
  await eldest.drains.drain(eldest.id);
  expect(await dutiful()).toEqual([
    ['theirs', 'refused'],
    ['ours', 'held'],
  ]);
});

test('a node that is drained stays away until it is returned, and says so to proxies', async () => {
  const [one, other] = nodes as [Node, Node];
  expect(await one.membership.look()).toMatchObject({ nodes: 2, heirs: 2, isHeir: true, stays: true });
  await other.drains.drain(one.id.toUpperCase());
  await other.drains.drain(one.id);
  expect(one.membership.unreadiness).toBeNull();
  expect(await one.membership.look()).toMatchObject({ nodes: 1, heirs: 1, isHeir: false, stays: false });
  expect(one.membership.unreadiness).toBe('this node is drained, others serve');
  expect(await other.membership.look()).toMatchObject({ nodes: 1, heirs: 1, isHeir: true, stays: true });
  await one.drains.undrain(one.id);
  expect(await one.membership.look()).toMatchObject({ nodes: 2, isHeir: true, stays: true });
  expect(one.membership.unreadiness).toBeNull();
});

test('nodes that are drained in the same moment do not leave the outlets to nobody', async () => {
  const [one, other] = nodes as [Node, Node];
  const wishes = await Promise.allSettled([one.drains.drain(other.id), other.drains.drain(one.id)]);
  expect(wishes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(wishes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'ONLY_NODE' } });
  expect((await drained()).toSorted()).toEqual([false, true]);
});

test('a drained node serves where the last other ends, and goes again when there is a new one', async () => {
  const [one, other] = nodes as [Node, Node];
  await other.drains.drain(one.id);
  await other.membership.announceLeaving();
  expect(await one.membership.look()).toMatchObject({ heirs: 1, isHeir: true, stays: true });
  expect(one.membership.unreadiness).toBeNull();
  expect(other.membership.unreadiness).toBe('this node ends');
  const next = join('next');
  nodes.push(next);
  await next.membership.join();
  expect(await one.membership.look()).toMatchObject({ heirs: 1, isHeir: false, stays: false });
});

test('whoever is buried and begins anew is drained as before', async () => {
  const [one, other] = nodes as [Node, Node];
  await other.drains.drain(one.id);
  await one.membership.look();
  await database.dataSource.query('DELETE FROM node WHERE id = $1', [one.id]);
  await eventually('it is back', async () => (await drained()).length === 2, 10_000);
  expect((await drained()).toSorted()).toEqual([false, true]);
});

test.each([
  ['drain', 'no-id', 'NODE_NOT_FOUND'],
  ['drain', '00000000-0000-4000-8000-000000000000', 'NODE_NOT_FOUND'],
  ['undrain', '00000000-0000-4000-8000-000000000000', 'NODE_NOT_FOUND'],
  ['undrain', 'leaving', 'NODE_ENDS'],
] as const)('%s of %s is refused: %s', async (verb, whom, code) => {
  await nodes[1]!.membership.announceLeaving();
  const id = whom === 'leaving' ? nodes[1]!.id : whom;
  await expect(nodes[0]!.drains[verb](id)).rejects.toMatchObject({ code });
});

test('what changes among the nodes is told once, and beats are none of it', async () => {
  const [one, other] = nodes as [Node, Node];
  await one.membership.look();
  const before = one.told;
  await database.dataSource.query('UPDATE node SET beats = beats + 1');
  await one.membership.look();
  expect(one.told).toBe(before);
  await other.drains.drain(other.id);
  await one.membership.look();
  await one.membership.look();
  expect(one.told).toBe(before + 1);
});
