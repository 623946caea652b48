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
let drained: ReadonlySet<string>;
let roster: Partial<NodeRoster>;
let lost: string[];
let node: Membership;
let identity: NodeIdentity;
beforeEach(async () => {
  jest.useFakeTimers();
  held = true;
  rows = [];
  drained = new Set();
  lost = [];
  identity = new NodeIdentity();
  roster = {
    read: () =>
      Promise.resolve({
        nodes: rows.map((id) => ({ id, owned: 0, leaving: false, drained: drained.has(id), schemaVersion: '' })),
        outlets: 3,
      } as unknown as Awaited<ReturnType<NodeRoster['read']>>),
    enter: ({ id }) => Promise.resolve(void rows.push(id)),
    beat: (id) => Promise.resolve(rows.includes(id)),
    strike: () => Promise.resolve(),
    strikeOthers: (id) => Promise.resolve(void (rows = rows.filter((row) => row === id))),
  };
  node = membership(false);
  await node.join();
});

function membership(severalNodes: boolean): Membership {
  const bus = new EventBus();
  bus.on('node.lost', ({ nodeId }) => lost.push(nodeId));
  return new Membership(
    identity,
    roster as NodeRoster,
    { migrations: [] } as unknown as SystemDataSource,
    { holds: () => Promise.resolve(held) },
    bus,
    new NobodyElse(),
    { database: { severalNodes }, http: { host: '127.0.0.1', port: 1 } } as Config,
    new AppInfoState(),
  );
}

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

test('who was blind for longer than a node may be silent buries only whom it sees silent from then on', async () => {
  const several = membership(true);
  await several.join();
  rows.push('other');
  roster.bury = (id) => Promise.resolve(Boolean((rows = rows.filter((row) => row !== id))));
  const { beat } = roster;
  const lookAfter = async (ms: number): Promise<boolean> => {
    await jest.advanceTimersByTimeAsync(ms);
    await several.look();
    return rows.includes('other');
  };
  expect(await lookAfter(0)).toBe(true);
  roster.beat = () => Promise.reject(new Error('away'));
  await jest.advanceTimersByTimeAsync(13_000);
  roster.beat = beat!;
  expect(await lookAfter(1_000)).toBe(true);
  expect(await lookAfter(12_001)).toBe(false);
  await several.leave();
});

test('what is divided is divided among those who stay: a drained node takes no part, unless nobody else is left', async () => {
  const several = membership(true);
  rows = [identity.id, 'two', 'three'];
  const partsWhere = async (...ids: string[]): Promise<number> => {
    drained = new Set(ids);
    await several.look();
    return several.nodes;
  };
  expect(await partsWhere()).toBe(3);
  expect(await partsWhere('three')).toBe(2);
  expect(await partsWhere(identity.id, 'three')).toBe(1);
  expect(await partsWhere(...rows)).toBe(3);
});
