import { expect, test } from '@jest/globals';
import type { SchedulerRegistry } from '@nestjs/schedule';
import type { Clock } from '../common/clock.js';
import type { EventBus } from '../common/event-bus.js';
import type { CredentialStore } from './credentials/credential-store.js';
import type { OutletRows } from './outlet-rows.js';
import type { SessionOwnership } from './ownership.js';
import type { SessionContext } from './session-context.js';
import { SessionReconciler } from './session-reconciler.js';
import type { SessionRegistry } from './session-registry.js';

/** Rounds over sessions of which each says whether it left a link behind; what they were told. */
function roundsOver(sessions: Record<string, boolean>, read: () => Promise<void>) {
  const heard: string[] = [];
  const actors = Object.entries(sessions).map(([outletId, hasLeftBehind]) => ({
    outletId,
    hasLeftBehind,
    telling: { writing: true },
    lastSeen: null,
    proof: () => ({ websocketOpen: false }),
    post: ({ type }: { type: string }) => void heard.push(`${outletId} ${type}`),
  }));
  const registry = { all: () => actors.values(), find: (id: string) => actors.find((actor) => actor.outletId === id) };
  const rows = { ownedBy: () => read().then(() => actors.map(({ outletId }) => ({ outletId }))) };
  const context = { config: {}, membership: { mayAct: () => true }, journal: { suspect: () => undefined } };
  const reconciler = new SessionReconciler(
    registry as unknown as SessionRegistry,
    context as unknown as SessionContext,
    rows as unknown as OutletRows,
    { owner: '', provide: () => Promise.resolve() } as unknown as SessionOwnership,
    {} as CredentialStore,
    {} as EventBus,
    { now: () => 0 } as Clock,
    {} as SchedulerRegistry,
  );
  return { reconciler, heard };
}

test('each round that finds the store there has what could not be set aside tried again, and nothing else', async () => {
  const { reconciler, heard } = roundsOver({ dago: true, pusat: false }, () => Promise.resolve());
  await reconciler.reconcile();
  await reconciler.reconcile();
  expect(heard).toEqual(['dago store-back', 'dago store-back']);
});

test('a round that cannot read has nothing tried', async () => {
  const { reconciler, heard } = roundsOver({ dago: true }, () => Promise.reject(new Error('away')));
  await reconciler.reconcile();
  expect(heard).toEqual([]);
});
