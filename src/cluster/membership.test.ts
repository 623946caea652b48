import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { AppInfoState } from '../app-info/app-info.js';
import { EventBus } from '../common/event-bus.js';
import type { Config } from '../config/config.js';
import type { SystemDataSource } from '../database/system-data-source.js';
import { NobodyElse } from './cluster-bus.js';
import { Membership } from './membership.js';
import { NodeIdentity } from './node-identity.js';
import type { NodeRoster } from './roster.js';

/** A process that has the database to itself, for as long as `held`. */
let held: boolean;
let rows: string[];
let lost: string[];
let node: Membership;
let identity: NodeIdentity;
beforeEach(async () => {
  jest.useFakeTimers();
  held = true;
  rows = [];
  lost = [];
  identity = new NodeIdentity();
  const roster: Partial<NodeRoster> = {
    read: () =>
      Promise.resolve({
        nodes: rows.map((id) => ({ id, owned: 0, leaving: false, schemaVersion: '' })),
        outlets: 3,
      } as unknown as Awaited<ReturnType<NodeRoster['read']>>),
    enter: ({ id }) => Promise.resolve(void rows.push(id)),
    beat: (id) => Promise.resolve(rows.includes(id)),
    strike: () => Promise.resolve(),
    strikeOthers: (id) => Promise.resolve(void (rows = rows.filter((row) => row === id))),
  };
  const bus = new EventBus();
  bus.on('node.lost', ({ nodeId }) => lost.push(nodeId));
  node = new Membership(
    identity,
    roster as NodeRoster,
    { migrations: [] } as unknown as SystemDataSource,
    { holds: () => Promise.resolve(held) },
    bus,
    new NobodyElse(),
    { database: { severalNodes: false }, http: { host: '127.0.0.1', port: 1 } } as Config,
    new AppInfoState(),
  );
  await node.join();
});
afterEach(async () => {
  await node.leave();
  jest.useRealTimers();
});

const BEATS_MS = 4_000;

test('who has the database alone strikes whoever comes back into it', async () => {
  rows.push('thawed');
  await node.look();
  expect(rows).toEqual([identity.id]);
});

test.each([
  ['who does not hold it any more', () => void (held = false)],
  ['who was struck itself', () => void (rows = [])],
])('but not %s', async (_, happens) => {
  happens();
  rows.push('heir');
  await node.look();
  expect(rows).toContain('heir');
});

test('who was struck comes back once the database is its own again, under another name, and is lost once', async () => {
  const former = identity.id;
  rows = ['heir'];
  held = false;
  await jest.advanceTimersByTimeAsync(BEATS_MS);
  expect([rows, lost]).toEqual([['heir'], [former]]);
  expect(identity.id).not.toBe(former);
  held = true;
  await jest.advanceTimersByTimeAsync(BEATS_MS);
  expect([rows, lost]).toEqual([['heir', identity.id], [former]]);
});
