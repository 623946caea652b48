import { expect, test } from '@jest/globals';
import type { SchedulerRegistry } from '@nestjs/schedule';
import type { SessionRegistry } from '../session-registry.js';
import { aloneOn } from '../../../test/support/alone.js';
import { NobodyElse } from '../../cluster/cluster-bus.js';
import { NodeIdentity } from '../../cluster/node-identity.js';
import { Clock } from '../../common/clock.js';
import { EventBus } from '../../common/event-bus.js';
import { RemoteCodes } from './remote-codes.js';
import { SessionDesk, type VerbRefusal } from './session-desk.js';

const OUTLET = 'pusat';
const actor = {
  outletId: OUTLET,
  owner: { outletId: OUTLET, epoch: '7' },
  round: 3,
  linked: false,
  record: { status: 'CONNECTING', reason: 'PAIRING' },
  qr: { text: 'a QR', expiresAt: 0 },
  code: { outletId: OUTLET, pairingCode: null, expiresAt: null, refusal: null },
};

function deskOn(registry: SessionRegistry): SessionDesk {
  const commands = aloneOn(registry);
  const [alone, nothing] = [new NobodyElse(), {} as SchedulerRegistry];
  const remote = new RemoteCodes(registry, commands, new NodeIdentity(), alone, new EventBus(), new Clock(), nothing);
  return new SessionDesk(registry, remote, commands);
}

/** A desk over one session that answers so. */
function deskOver({ runs = true, starts = true, refusal = undefined as VerbRefusal | undefined, recorded = true }) {
  const happened: string[] = [];
  const session = {
    ...actor,
    ask: ({ type }: { type: string }) => Promise.resolve((happened.push(type), refusal)),
    recorded: () => Promise.resolve((happened.push('written'), recorded)),
    post: (event: object) => void happened.push(JSON.stringify(event)),
    pairingCode: () => Promise.resolve({ kind: 'shown', text: 'ABCD1234', expiresAt: 0 }),
  };
  let running = runs;
  const registry = {
    find: (id: string) => (running && id === OUTLET ? session : undefined),
    all: () => [session].values(),
    add: (ids: string[]) => Promise.resolve((happened.push(`start ${ids.join()}`), (running = starts))),
  };
  return {
    desk: deskOn(registry as unknown as SessionRegistry),
    happened,
    session,
  };
}

test.each<[string, Parameters<typeof deskOver>[0], VerbRefusal | undefined, string[]]>([
  ['obeys once that is written', {}, undefined, ['pause', 'written']],
  ['is started first where it has no session yet', { runs: false }, undefined, ['start pusat', 'pause', 'written']],
  ['is told of where it cannot be started', { runs: false, starts: false }, 'NOT_RUNNING', ['start pusat']],
  ['refuses at once', { refusal: 'OUTLET_INACTIVE' }, 'OUTLET_INACTIVE', ['pause']],
  ['is told of where that is not written', { recorded: false }, 'NOT_RECORDED', ['pause', 'written']],
])('an outlet %s', async (_, given, refusal, expected) => {
  const { desk, happened } = deskOver(given);
  expect(await desk.tell(OUTLET, { type: 'pause', by: 'Sari' })).toBe(refusal);
  expect(happened).toEqual(expected);
});

test('what is on show says of which claim and connection it is', () => {
  const { desk } = deskOver({});
  const qr = { outletId: OUTLET, qr: 'a QR', expiresAt: '1970-01-01T00:00:00.000Z' };
  expect(desk.codes(OUTLET)).toEqual({ outletId: OUTLET, epoch: '7', round: 3, qr, code: actor.code });
  expect(desk.codes('dago')).toBeNull();
});

test('whoever is linked needs no code, and whoever has no session gets none', async () => {
  const { desk, session } = deskOver({});
  expect(await desk.pairingCode(OUTLET)).toMatchObject({ kind: 'shown' });
  session.linked = true;
  expect(await desk.pairingCode(OUTLET)).toEqual({ kind: 'linked' });
  expect(await desk.pairingCode('dago')).toEqual({ kind: 'over' });
});

test('a session hears who watches it; one that is not there misses nothing', () => {
  const { desk, happened } = deskOver({});
  desk.watch(OUTLET, true);
  desk.watch('dago', true);
  expect(happened).toEqual(['{"type":"watched","watched":true}']);
  const facts = { outletId: OUTLET, status: 'CONNECTING', reason: 'PAIRING', linked: false };
  expect(desk.facts(OUTLET)).toEqual(facts);
  expect(desk.all()).toEqual([facts]);
  expect(desk.facts('dago')).toBeNull();
});
