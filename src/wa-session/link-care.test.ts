import { expect, test } from '@jest/globals';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Clock } from '../common/clock.js';
import { LinkCare } from './link-care.js';
import type { LinkCareStore } from './link-care-store.js';
import type { SessionActor } from './session-actor.js';
import type { SessionRegistry } from './session-registry.js';

const NOW = Date.UTC(2026, 10, 27, 5);

test('a look at a link is no sending, which would keep it from other nodes', async () => {
  const looked: string[] = [];
  const outlet = (outletId: string, isAtWork: boolean) => ({
    outletId,
    isAtWork,
    get messenger() {
      looked.push(`sends from ${outletId}`);
      return {};
    },
    get phoneSigns() {
      looked.push(outletId);
      return { phoneSeenAt: null, listeningSince: null };
    },
  });
  const care = { offsetMinutes: 420, pulsedAt: NOW, phoneAskedAt: null, linkedSince: NOW };
  const cares = new Map(['at work', 'away'].map((id) => [id, care]));
  const actors = [outlet('at work', true), outlet('away', false)] as unknown as SessionActor[];
  const registry = { all: () => actors } as unknown as SessionRegistry;
  const store = { read: () => Promise.resolve(cares) } as unknown as LinkCareStore;
  await new LinkCare(registry, store, new Clock(), new SchedulerRegistry()).round(NOW, 0);
  expect(looked).toEqual(['at work']);
});
