import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import { NoAnswer, NobodyElse, type Answerer, type ClusterBus } from '../../cluster/cluster-bus.js';
import { NodeIdentity } from '../../cluster/node-identity.js';
import { DomainError } from '../../common/domain-error.js';
import { RefusedForNow } from '../../common/refused-for-now.js';
import { whatCameOf } from '../../common/what-came-of.js';
import type { SystemDataSource } from '../../database/system-data-source.js';
import type { SessionRegistry } from '../session-registry.js';
import { OutletCommands } from './outlet-commands.js';

const OUTLET = randomUUID();
/** Whom the database names as owner, and what nodes answer, by node and verb. */
let owner: string | null;
let answerers: Map<string, Answerer>;
let deaf: Set<string>;
beforeEach(() => {
  owner = null;
  answerers = new Map();
  deaf = new Set();
});

/** A node with these sessions, and what its sessions were told. */
function node(sessions: string[]) {
  const identity = new NodeIdentity();
  const told: unknown[] = [];
  const bus: Pick<ClusterBus, 'reachesOthers' | 'answering' | 'ask'> = {
    reachesOthers: true,
    answering: (verb, answerer) => void answerers.set(`${identity.id} ${verb}`, answerer),
    ask: async (to, verb, payload) => {
      const answerer = deaf.has(to) ? undefined : answerers.get(`${to} ${verb}`);
      if (!answerer) throw new NoAnswer(verb);
      // What travels is JSON.
      return JSON.parse(JSON.stringify(await answerer(JSON.parse(JSON.stringify(payload)), identity.id))) as unknown;
    },
  };
  const registry = { find: (id: string) => (sessions.includes(id) ? {} : undefined) } as unknown as SessionRegistry;
  const database = { query: () => Promise.resolve(owner === null ? [] : [{ id: owner }]) };
  const commands = new OutletCommands(registry, database as unknown as SystemDataSource, identity, bus as ClusterBus);
  const here = (outletId: string, payload: unknown): Promise<unknown> => {
    told.push([outletId, payload]);
    return payload instanceof Object && 'fails' in payload
      ? Promise.reject(refusals[payload.fails as 0 | 1 | 2])
      : Promise.resolve(payload);
  };
  const tell = commands.command('tell', 1_000, here);
  const follow = commands.command('follow', 1_000, here, 'here');
  return { id: identity.id, told, tell, follow };
}

const refusals = [
  new DomainError('OUTLET_PAUSED', 409, 'paused', undefined, { since: 1 }).afterDone(),
  new RefusedForNow('PAIRING_CODE_LIMITED', 'wait', 17, 429),
  new Error('a fault'),
] as const;

test('a command is obeyed where the session is, from whichever node, once', async () => {
  const [asker, other] = [node([]), node([OUTLET])];
  owner = other.id;
  expect(await asker.tell(OUTLET, { method: 'qr' })).toEqual({ method: 'qr' });
  expect(await other.tell(OUTLET, 1)).toBe(1);
  expect(asker.told).toEqual([]);
  expect(other.told).toEqual([
    [OUTLET, { method: 'qr' }],
    [OUTLET, 1],
  ]);
});

test('one that has a session here is told here, whatever the database says', async () => {
  const asker = node([OUTLET]);
  owner = randomUUID();
  expect(await asker.tell(OUTLET, 1)).toBe(1);
});

test('one that is ours and has no session yet is told here', async () => {
  const asker = node([]);
  owner = asker.id;
  expect(await asker.tell(OUTLET, 1)).toBe(1);
});

test('refusals come back as what they were; a fault tells nothing of itself', async () => {
  const [asker, other] = [node([]), node([OUTLET])];
  owner = other.id;
  await expect(asker.tell(OUTLET, { fails: 0 })).rejects.toMatchObject({
    code: 'OUTLET_PAUSED',
    httpStatus: 409,
    message: 'paused',
    details: { since: 1 },
    wasDone: true,
  });
  const limited = await asker.tell(OUTLET, { fails: 1 }).catch((error: unknown) => error);
  expect(limited).toBeInstanceOf(RefusedForNow);
  expect(limited).toMatchObject({
    code: 'PAIRING_CODE_LIMITED',
    httpStatus: 429,
    retryAfterSeconds: 17,
    wasDone: false,
  });
  await expect(asker.tell(OUTLET, { fails: 2 })).rejects.toMatchObject({ code: 'OWNER_UNANSWERED' });
});

test('where nobody owns it nothing is done, and whoever asks may ask again in two seconds', async () => {
  const refused = await node([])
    .tell(OUTLET, 1)
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(RefusedForNow);
  expect(refused).toMatchObject({ code: 'OWNER_UNKNOWN', httpStatus: 503, retryAfterSeconds: 2 });
  expect(whatCameOf(refused)).toBe('nothing');
});

test('where its owner does not answer nobody knows what came of it, and nobody is told to ask again', async () => {
  const [asker, other] = [node([]), node([OUTLET])];
  deaf.add((owner = other.id));
  const refused = await asker.tell(OUTLET, 1).catch((error: unknown) => error);
  expect(refused).not.toBeInstanceOf(RefusedForNow);
  expect(refused).toMatchObject({ code: 'OWNER_UNANSWERED', httpStatus: 504 });
  expect(whatCameOf(refused)).toBe('unknown');
});

test('the same where the owner has no session of it any more, and nothing is done', async () => {
  const [asker, other] = [node([]), node([])];
  owner = other.id;
  await expect(asker.tell(OUTLET, 1)).rejects.toMatchObject({ code: 'OWNER_UNKNOWN', wasDone: false });
  expect(other.told).toEqual([]);
});

test('what may begin a session begins it where nobody owns the outlet', async () => {
  const asker = node([]);
  expect(await asker.follow(OUTLET, null)).toBeNull();
  expect(asker.told).toEqual([[OUTLET, null]]);
});

test('a process that has the database to itself asks nobody', async () => {
  const commands = new OutletCommands(
    { find: () => undefined } as unknown as SessionRegistry,
    {} as SystemDataSource,
    new NodeIdentity(),
    new NobodyElse(),
  );
  const tell = commands.command('tell', 1_000, (_, payload: number) => Promise.resolve(2 * payload));
  expect(await tell(OUTLET, 21)).toBe(42);
  expect(commands.isHere(OUTLET)).toBe(true);
  expect(await commands.otherOwners('all')).toEqual([]);
});
