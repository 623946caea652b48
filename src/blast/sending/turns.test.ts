import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { PgBoss } from 'pg-boss';
import { eventually } from '../../../test/support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Clock } from '../../common/clock.js';
import { Turns, type TakeTurn } from './turns.js';

const DAY_MS = 86_400_000;

let database: TestDatabase;
const started: Turns[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const turns of started.splice(0)) await turns.stop();
  // A life of a node has an id of its own; here names come again, and their turns would with them.
  await database.dataSource.query('DELETE FROM pgboss.job');
});
afterAll(() => database.drop());

/** The turns of a node, while these live. */
async function turnsOf(nodeId: string, takeTurn: TakeTurn, living: readonly string[] = [nodeId]): Promise<Turns> {
  const turns = new Turns(database.dataSource, new Clock());
  started.push(turns);
  await turns.start({ id: nodeId }, takeTurn, () => Promise.resolve(living));
  return turns;
}

/** Whose turns wait or are under way, by their node. */
async function planned(state = ['created', 'active']): Promise<string[]> {
  const rows = await database.dataSource.query<{ turn: string }[]>(
    `SELECT name || ' ' || (data ->> 'outletId') AS turn FROM pgboss.job WHERE state::text = ANY ($1) ORDER BY name, 1`,
    [state],
  );
  return rows.map(({ turn }) => turn.replace('blast-turn-', ''));
}

/** So many turns were taken, and each outlet has its next one planned. */
const allPlanned = (taken: readonly string[], count: number): Promise<unknown> =>
  eventually(`${count} turns were taken`, async () => {
    const [created, active] = [await planned(['created']), await planned(['active'])];
    return taken.length === count && created.length === 2 && active.length === 0;
  });

test('a turn that was asked for during one that ends with tomorrow says itself when the next comes', async () => {
  const clock = new Clock();
  const [begun, mayEnd, third] = [0, 1, 2].map(() => Promise.withResolvers<void>());
  let nth = 0;
  const outletId = randomUUID();
  const turns = await turnsOf('one', async () => {
    nth++;
    if (nth === 1) {
      begun?.resolve();
      await mayEnd?.promise;
      return clock.now() + DAY_MS;
    }
    if (nth === 2) return clock.now() + 300;
    third?.resolve();
    return null;
  });
  await turns.wake([outletId]);
  await begun?.promise;
  await turns.wake([outletId]);
  await eventually('the second turn waits for the first', async () => (await planned(['active'])).length === 2);
  mayEnd?.resolve();
  await third?.promise;
  expect(nth).toBe(3);
});

test('what pg-boss throws away for its age are no turns that are due', async () => {
  const outletId = randomUUID();
  const turns = await turnsOf('one', () => Promise.resolve(null));
  const { boss } = turns as unknown as { boss: PgBoss };
  const fetching = jest.spyOn(boss, 'fetch').mockResolvedValue([]);
  await turns.wake([outletId]);
  await boss.supervise();
  expect(await planned(['created'])).toEqual([`one ${outletId}`]);
  fetching.mockRestore();
});

test('a turn that cannot be asked for is asked for again, though nobody does', async () => {
  const [taken, outletIds] = [new Set<string>(), [randomUUID(), randomUUID()]];
  const turns = await turnsOf('one', (outletId) => {
    taken.add(outletId);
    return Promise.resolve(null);
  });
  const { boss } = turns as unknown as { boss: PgBoss };
  const refused = jest.spyOn(boss, 'upsert').mockRejectedValueOnce(new Error('no connection in time'));
  await turns.wake(outletIds);
  expect([...taken]).toEqual([]);
  await eventually('both had their turn', () => outletIds.every((outletId) => taken.has(outletId)));
  refused.mockRestore();
});

test.each(['wakes it', 'plans its next'])(
  'a turn whose queue is gone is found missing by whoever %s, and made again',
  async (who) => {
    const clock = new Clock();
    const taken: string[] = [];
    const mayEnd = Promise.withResolvers<void>();
    const outletId = randomUUID();
    const turns = await turnsOf('one', async () => {
      taken.push(outletId);
      if (taken.length > 1) return null;
      await mayEnd.promise;
      return clock.now() + 200;
    });
    const { boss } = turns as unknown as { boss: PgBoss };
    if (who === 'plans its next') {
      await turns.wake([outletId]);
      await eventually('its turn began', () => taken.length === 1);
    } else taken.push('before');
    // As another node's word that this one is dead would do it, with pg-boss here none the wiser.
    const other = new Turns(database.dataSource, clock) as unknown as { boss: PgBoss };
    await other.boss.start();
    await other.boss.deleteQueue('blast-turn-one');
    await other.boss.stop({ graceful: false });
    mayEnd.resolve();
    if (who === 'wakes it') await turns.wake([outletId]);
    await eventually('it has a turn', () => taken.length === 2);
    expect(await boss.getQueue('blast-turn-one')).not.toBeNull();
  },
);

test('each node takes its own turns, and the next to start throws away those of the dead alone', async () => {
  const clock = new Clock();
  const taken: string[] = [];
  const taking =
    (node: string): TakeTurn =>
    (outletId) => {
      taken.push(`${node} ${outletId}`);
      return Promise.resolve(clock.now() + DAY_MS);
    };
  const [pusat, dago] = [randomUUID(), randomUUID()];
  const dead = await turnsOf('dead', taking('dead'));
  const one = await turnsOf('one', taking('one'), ['dead', 'one']);
  await dead.wake([pusat]);
  await one.wake([dago]);
  await allPlanned(taken, 2);
  await dead.stop();
  const other = await turnsOf('other', taking('other'), ['one', 'other']);
  expect(await planned()).toEqual([`one ${dago}`]);
  await other.wake([pusat]);
  await allPlanned(taken, 3);
  expect(await planned()).toEqual([`one ${dago}`, `other ${pusat}`]);
  expect(taken.sort()).toEqual([`dead ${pusat}`, `one ${dago}`, `other ${pusat}`].sort());
  await one.forget('other');
  expect(await planned()).toEqual([`one ${dago}`]);
});

test('nodes that start at once throw away what the same dead left, and all start', async () => {
  const [dead, living] = ['dead', 'new'].map((name) => [1, 2, 3, 4].map((nth) => `${name}-${nth}`));
  for (const name of dead!) await (await turnsOf(name, () => Promise.resolve(null), dead)).wake([randomUUID()]);
  await Promise.all(living!.map((name) => turnsOf(name, () => Promise.resolve(null), living)));
  const left = await database.dataSource.query<{ name: string }[]>(
    "SELECT name FROM pgboss.queue WHERE name LIKE 'blast-turn-%' ORDER BY 1",
  );
  expect(left.map(({ name }) => name)).toEqual(living!.map((name) => `blast-turn-${name}`));
});

test('who lets an outlet go hears when its turn is over, and waits for no other', async () => {
  const [pusat, dago] = [randomUUID(), randomUUID()];
  const mayEnd = new Map<string, PromiseWithResolvers<void>>();
  for (const id of [pusat, dago]) mayEnd.set(id, Promise.withResolvers());
  const begun = new Set<string>();
  const turns = await turnsOf('one', async (outletId) => {
    begun.add(outletId);
    await mayEnd.get(outletId)?.promise;
    return null;
  });
  await turns.wake([pusat, dago]);
  await eventually('both have their turn', () => begun.size === 2);
  let isOver = false;
  const over = turns.over([pusat]).then(() => (isOver = true));
  mayEnd.get(dago)!.resolve();
  await turns.over([dago, randomUUID()]);
  expect(isOver).toBe(false);
  mayEnd.get(pusat)!.resolve();
  await over;
});

test('a node that begins anew has no turns until somebody wakes it, and those under way end without harm', async () => {
  const [begun, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const clock = new Clock();
  let nth = 0;
  const turns = await turnsOf('first', async () => {
    if (++nth === 1) {
      begun.resolve();
      await mayEnd.promise;
      return null;
    }
    return clock.now() + DAY_MS;
  });
  const [pusat, dago] = [randomUUID(), randomUUID()];
  await turns.wake([pusat]);
  await begun.promise;
  await turns.moveTo('second');
  expect(await planned()).toEqual([]);
  mayEnd.resolve();
  await turns.wake([dago]);
  await eventually('it planned under its new name', async () => nth === 2 && (await planned(['active'])).length === 0);
  expect(await planned()).toEqual([`second ${dago}`]);
});

test('a node that begins anew while its turns are started has none in the queue of its former life', async () => {
  const turns = new Turns(database.dataSource, new Clock());
  started.push(turns);
  const node = { id: 'former' };
  const clock = new Clock();
  const takeTurn: TakeTurn = () => Promise.resolve(clock.now() + DAY_MS);
  await turns.start(node, takeTurn, () => {
    node.id = 'present';
    return Promise.resolve(['present']);
  });
  const outletId = randomUUID();
  await turns.wake([outletId]);
  await eventually('it planned', async () => (await planned(['created'])).some((turn) => turn.endsWith(outletId)));
  // The one that planned it may not have ended.
  expect(new Set((await planned()).filter((turn) => turn.endsWith(outletId)))).toEqual(
    new Set([`present ${outletId}`]),
  );
});
