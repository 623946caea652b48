import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Cluster } from './support/cluster.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.make();
}, 200_000);
afterAll(() => cluster.stop());

test('two processes start on one database at the same moment', async () => {
  const nodes = await Promise.all([cluster.start('a'), cluster.start('b')]);
  const tokens = await Promise.all(nodes.map((node) => node.signIn()));
  expect(tokens).toHaveLength(2);
}, 200_000);
