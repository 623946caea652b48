import { beforeEach, expect, jest, test } from '@jest/globals';
import type { Membership } from '../cluster/membership.js';
import { EventBus } from '../common/event-bus.js';
import type { OutletBin } from '../outlets/bin/outlet-bin.js';
import type { CredentialStore } from './credentials/credential-store.js';
import type { Ownership } from './fence.js';
import { FleetReach } from './fleet-reach.js';
import type { OutletRow, OutletRows } from './outlet-rows.js';
import type { SessionOwnership } from './ownership.js';
import type { SessionActor } from './session-actor.js';
import type { SessionContext } from './session-context.js';
import type { JournalEntry } from './session-journal.js';
import { SessionRegistry } from './session-registry.js';

const OWNER = 'this node';

/** Outlets that exist, with the epoch of their newest claim. */
let rows: Map<string, string>;
let free: string[];
let freed: Ownership[];
let written: JournalEntry[];
let removed: string[];
let finished: boolean;
let claiming: () => Promise<void>;
let registry: SessionRegistry;
let bus: EventBus;
beforeEach(() => {
  [rows, free, freed, written, removed, finished] = [new Map(), [], [], [], [], false];
  claiming = () => Promise.resolve();
  bus = new EventBus();
  const context = {
    clock: { now: () => 0, skew: () => 0, wall: () => 0 },
    config: { whatsapp: { connectBurst: 1 } },
    version: { pinned: null, knownAt: null },
    farewells: { owed: () => Promise.resolve(new Map()) },
    bus,
    journal: {
      write: (entry: JournalEntry) => void written.push(entry),
      flushed: () => Promise.resolve(),
      finish: () => Promise.resolve(void (finished = true)),
      recordRemoval: (outletId: string) => void removed.push(outletId),
    },
    logger: { log: () => undefined, warn: () => undefined, error: () => undefined },
    reach: new FleetReach(),
  };
  const ownership: Partial<SessionOwnership> = {
    owner: OWNER,
    provide: () => Promise.resolve(),
    claim: async (atMost) => {
      await claiming();
      return free.splice(0, atMost).map((outletId) => ({ outletId, owner: OWNER, epoch: nextEpoch(outletId) }));
    },
    letGo: (owned) => Promise.resolve(void freed.push(...owned)),
  };
  const some = (ids: Iterable<string>): Promise<OutletRow[]> =>
    Promise.resolve([...ids].filter((id) => rows.has(id)).map((id) => rowOf(id, rows.get(id)!)));
  registry = new SessionRegistry(
    context as unknown as SessionContext,
    { some, ownedBy: () => some(rows.keys()) } as unknown as OutletRows,
    ownership as SessionOwnership,
    { links: () => Promise.resolve(new Map()) } as unknown as CredentialStore,
    { mayAct: () => true } as Membership,
    { keep: () => undefined } as unknown as OutletBin,
    bus,
  );
});

function nextEpoch(outletId: string): string {
  const epoch = String(Number(rows.get(outletId) ?? 0) + 1);
  rows.set(outletId, epoch);
  return epoch;
}

const rowOf = (outletId: string, epoch: string): OutletRow => ({
  outletId,
  outlet: { name: outletId, number: '628120000001', isActive: false, autoReconnect: false, city: null, tags: [] },
  record: null,
  revision: 0,
  leaving: null,
  opens: null,
  epoch,
});

async function claimed(...outletIds: string[]): Promise<SessionActor[]> {
  free.push(...outletIds);
  await registry.claim(outletIds.length);
  return outletIds.map((id) => registry.find(id)!);
}

/** The session ends when the test says so. */
function endsLate(actor: SessionActor): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = actor.stop.bind(actor);
  jest.spyOn(actor, 'stop').mockImplementation((unlink) => promise.then(() => stop(unlink)));
  return resolve;
}

test('an end waits for no database that hangs, and what is claimed after all starts no session', async () => {
  await claimed('dago');
  const { promise, resolve } = Promise.withResolvers<void>();
  claiming = () => promise;
  const late = claimed('pusat');
  await registry.stop();
  expect(finished).toBe(true);
  resolve();
  expect(await late).toEqual([undefined]);
});

test('a write that was fenced ends the session that wrote it, and not the one that an outlet has since it is back', async () => {
  const [former] = await claimed('dago');
  const old = written.filter(({ owner }) => owner === former!.owner);
  const [now] = await claimed('dago');
  expect(now).not.toBe(former);
  for (const { settled } of old) settled('fenced');
  await registry.claim(0);
  expect([old.length > 0, registry.find('dago') === now]).toEqual([true, true]);
});

test('what this node claims anew gets its session once the former one ended', async () => {
  const [former] = await claimed('dago');
  const end = endsLate(former!);
  const again = claimed('dago');
  await new Promise(setImmediate);
  expect(written.every(({ owner }) => owner.epoch === '1')).toBe(true);
  end();
  expect((await again)[0]!.owner.epoch).toBe('2');
});

test('nothing is claimed while a session that was lost still ends', async () => {
  const [lost] = await claimed('dago');
  const end = endsLate(lost!);
  const losing = registry.lose(lost!);
  let isClaimed = false;
  const claiming = claimed('pusat').then(() => (isClaimed = true));
  await new Promise(setImmediate);
  expect([isClaimed, registry.find('dago')]).toEqual([false, undefined]);
  end();
  await Promise.all([losing, claiming]);
});

test('one that cannot be let go holds up no other, and gets its session back', async () => {
  const [dago, pusat] = await claimed('dago', 'pusat');
  jest.spyOn(dago!, 'letGo').mockRejectedValue(new Error('writing took too long'));
  const end = endsLate(pusat!);
  const letting = registry.letGo(['dago', 'pusat']);
  await registry.adoptOwn();
  // Nobody takes for free what has not ended yet.
  expect([registry.find('dago'), registry.find('pusat')]).toEqual([undefined, undefined]);
  jest.spyOn(registry, 'adoptOwn').mockImplementation(async () => void rows.delete('pusat'));
  end();
  await letting;
  expect(freed).toEqual([pusat!.owner]);
  expect(registry.adoptOwn).toHaveBeenCalledTimes(1);
});

test('a socket ends once what its outlet is sending is answered', async () => {
  const [dago] = await claimed('dago');
  const answered = Promise.withResolvers<void>();
  bus.on('outlets.departed', ({ outletIds, waitFor }) => {
    // Nothing else begins.
    expect([outletIds, registry.find('dago')]).toEqual([['dago'], undefined]);
    waitFor(answered.promise);
  });
  const ends = jest.spyOn(dago!, 'letGo');
  const letting = registry.letGo(['dago']);
  await new Promise(setImmediate);
  expect([ends.mock.calls.length, freed]).toEqual([0, []]);
  answered.resolve();
  await letting;
  expect([ends.mock.calls.length, freed]).toEqual([1, [dago!.owner]]);
});

test('the word that an outlet is gone ends its session, but not where it is back under the claim that there is', async () => {
  const [now] = await claimed('dago');
  await registry.remove('dago');
  expect([registry.find('dago') === now, removed]).toEqual([true, []]);
  nextEpoch('dago');
  await registry.remove('dago');
  expect([registry.find('dago'), removed]).toEqual([undefined, ['dago']]);
  await claimed('dago');
  rows.delete('dago');
  await registry.remove('dago');
  expect([registry.find('dago'), removed]).toEqual([undefined, ['dago', 'dago']]);
});

test('whoever claims hears where it fails', async () => {
  claiming = () => Promise.reject(new Error('away'));
  await expect(registry.claim(1)).rejects.toThrow('away');
  claiming = () => Promise.resolve();
  expect(await claimed('dago')).toHaveLength(1);
});
