import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NodeList } from '@koneksi/contracts/nodes';
import { Cluster } from './support/cluster.js';
import { eventually } from './support/eventually.js';

const OUTLETS = 20;
const SHARE = OUTLETS / 2;

let cluster: Cluster;
let token: string;
beforeAll(async () => {
  cluster = await Cluster.make();
  const first = await cluster.start('a');
  token = await first.signIn();
  await cluster.link(first, token, OUTLETS);
}, 180_000);
afterAll(() => cluster.stop());

/** Outlets that each node owns, by its name. */
async function shares(): Promise<Record<string, number>> {
  const owners = await cluster.owners();
  return Object.fromEntries([...owners].map(([node, { length }]) => [node, length]));
}

const fairly = (...nodes: string[]): Promise<unknown> =>
  eventually(
    `${nodes.join(' and ')} have their shares`,
    async () => {
      const owned = await shares();
      return nodes.every((node) => owned[node] === SHARE) && cluster.connected().length === OUTLETS;
    },
    60_000,
  );

test('who joins gets its share, and each outlet moves once at most', async () => {
  const before = await cluster.claims();
  const joined = await cluster.start('b');
  await fairly('a', 'b');
  // A node that a busy machine holds up ends its own sockets for a while: they say nothing of moves.
  expect((await cluster.claims()) - before).toBe(SHARE);
  const { nodes } = await joined.call<NodeList>('GET', '/nodes', token);
  expect(nodes.map(({ outlets, leaving, self }) => ({ outlets, leaving, self }))).toEqual([
    { outlets: SHARE, leaving: false, self: false },
    { outlets: SHARE, leaving: false, self: true },
  ]);
  expect(await cluster.history.complaints()).toEqual([]);
}, 120_000);

test('what a killed node owned is connected elsewhere', async () => {
  await cluster.nodes.get('a')!.kill();
  await cluster.allConnected(['b']);
  expect(await shares()).toEqual({ b: OUTLETS });
  expect(await cluster.history.complaints()).toEqual([]);
}, 120_000);

test('who ends hands everything over, and nothing is replaced', async () => {
  await cluster.start('c');
  await fairly('b', 'c');
  const before = await cluster.claims();
  await cluster.nodes.get('b')!.end();
  await cluster.allConnected(['c']);
  expect((await cluster.claims()) - before).toBe(SHARE);
  expect(await cluster.history.complaints()).toEqual([]);
}, 120_000);

test('who stood still for longer than it may wakes up with nothing, and writes nothing of what is another’s', async () => {
  await cluster.start('d');
  await fairly('c', 'd');
  cluster.nodes.get('c')!.freeze();
  // Its sockets are still there as WhatsApp sees it: each login of the heir ends one.
  await eventually('the heir has them', () => cluster.history.replaced === SHARE, 60_000);
  cluster.nodes.get('c')!.thaw();
  // It begins anew, and gets its share by and by.
  await fairly('c', 'd');
  expect(cluster.history.replaced).toBe(SHARE);
  expect(await cluster.history.complaints({ mayReplace: SHARE })).toEqual([]);
}, 180_000);
