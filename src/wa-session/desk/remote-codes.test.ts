import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { SchedulerRegistry } from '@nestjs/schedule';
import type { ClusterBus } from '../../cluster/cluster-bus.js';
import { NodeIdentity } from '../../cluster/node-identity.js';
import { Clock } from '../../common/clock.js';
import { EventBus } from '../../common/event-bus.js';
import type { SystemDataSource } from '../../database/system-data-source.js';
import type { SessionRegistry } from '../session-registry.js';
import { OutletCommands } from './outlet-commands.js';
import { RemoteCodes } from './remote-codes.js';
import type { ShownCodes } from './shown-codes.js';

const OUTLET = 'dago';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** What an outlet shows whose session is on another node. */
const showing = (qr: string, pairingCode: string | null): ShownCodes => ({
  outletId: OUTLET,
  epoch: '7',
  round: 3,
  qr: { outletId: OUTLET, qr, expiresAt: '2026-11-28T00:00:00.000Z' },
  code: { outletId: OUTLET, pairingCode, expiresAt: null, refusal: null },
});

/** A node beside the one that owns the outlet, and what those who watch it here were told. */
function beside(shown: { now: ShownCodes }) {
  const bus: Pick<ClusterBus, 'reachesOthers' | 'answering' | 'subscribe' | 'ask'> = {
    reachesOthers: true,
    answering: () => {},
    subscribe: () => () => {},
    ask: () => Promise.resolve({ kind: 'done', result: shown.now }),
  };
  const registry = { find: () => undefined } as unknown as SessionRegistry;
  const database = { query: () => Promise.resolve([{ id: 'owner' }]) } as unknown as SystemDataSource;
  const [identity, cluster, facts] = [new NodeIdentity(), bus as ClusterBus, new EventBus()];
  const commands = new OutletCommands(registry, database, identity, cluster);
  const codes = new RemoteCodes(registry, commands, identity, cluster, facts, new Clock(), {} as SchedulerRegistry);
  const told: (string | null)[] = [];
  facts.on('outlet-qr.changed', ({ qr }) => told.push(qr));
  facts.on('outlet-pairing-code.changed', ({ pairingCode }) => told.push(pairingCode));
  return { codes, told };
}

test('a code that somebody looks at reaches those who watch the outlet on this node, once', async () => {
  const shown = { now: showing('first', null) };
  const { codes, told } = beside(shown);
  codes.watch(OUTLET, true);
  await jest.advanceTimersByTimeAsync(0);
  expect(told).toEqual(['first', null]);
  shown.now = showing('second', 'ABCD1234');
  expect(await codes.look(OUTLET)).toEqual(shown.now);
  expect(told).toEqual(['first', null, 'second', 'ABCD1234']);
  codes.watch(OUTLET, true);
  await jest.advanceTimersByTimeAsync(0);
  expect(told).toHaveLength(4);
  expect(codes.last(OUTLET)).toEqual(shown.now);
});
