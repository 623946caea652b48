import { afterEach, beforeEach, test } from '@jest/globals';
import { Clock } from '../common/clock.js';
import type { Duties } from '../common/duties.js';
import { EventBus } from '../common/event-bus.js';
import type { Config } from '../config/config.js';
import { NOTHING } from './domain/incident-state.js';
import { IncidentTracker } from './incident-tracker.js';
import type { IncidentStore } from './incident-store.js';

let bus: EventBus;
let duties: { areOurs: boolean };
let tracker: IncidentTracker;
/** Who waits for the next time the rows are read. */
let reading: PromiseWithResolvers<void>;

beforeEach(() => {
  bus = new EventBus();
  duties = { areOurs: true };
  reading = Promise.withResolvers();
  const store: Pick<IncidentStore, 'resume'> = {
    resume: () => {
      reading.resolve();
      reading = Promise.withResolvers();
      return Promise.resolve({ state: NOTHING, sightings: [], cursors: new Map() });
    },
  };
  tracker = new IncidentTracker(
    store as IncidentStore,
    new Clock(),
    bus,
    duties as Duties,
    { incidents: { afterMs: 1_000, wellForMs: 1_000 } } as Config,
  );
});
afterEach(() => tracker.beforeApplicationShutdown());

let cursor = 0;
const changes = (): void => bus.publish('outlet-status.removed', { cursor: ++cursor, outletId: 'pusat' });

test('who had no duties for a moment, which nobody told of, reads the rows with the next change', async () => {
  const begun = reading.promise;
  tracker.onApplicationBootstrap();
  await begun;
  await new Promise(setImmediate);
  const again = reading.promise;
  duties.areOurs = false;
  changes();
  duties.areOurs = true;
  changes();
  await again;
});
