import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { BlastProgress } from '@koneksi/contracts/blasts';
import { EventBus } from '../common/event-bus.js';
import type { BlastReader } from './blast-reader.js';
import type { Ledger } from './ledger.js';
import { Progress } from './progress.js';

/** Longer than a blast waits between two words about it. Milliseconds. */
const SLOW_MS = 400;

test('the last change is told although the database went away while it was being read', async () => {
  const bus = new EventBus();
  const told = Promise.withResolvers<BlastProgress>();
  bus.on('blast.progressed', told.resolve);
  let reads = 0;
  const reader = {
    progress: async () => {
      reads++;
      if (reads > 1) return { blastId: 'b', revision: 7 };
      await pause(SLOW_MS);
      throw new Error('away');
    },
  } as unknown as BlastReader;
  let move: Parameters<Ledger['onMoved']>[0] | undefined;
  const ledger = { onMoved: (listener: typeof move) => (move = listener) } as unknown as Ledger;
  const progress = new Progress(reader, bus, ledger);
  move?.({ moved: [], marked: [], parts: [], counts: {}, blastIds: ['b'], ended: [] });
  expect(await told.promise).toMatchObject({ revision: 7 });
  expect(reads).toBe(2);
  progress.onModuleDestroy();
});
