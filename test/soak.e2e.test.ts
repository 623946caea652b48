import { expect, test } from '@jest/globals';
import { startSimulator } from '@koneksi/whatsapp-simulator';
import { SCENARIOS } from '../soak/src/scenarios.ts';
import { createTestDatabase } from './support/test-database.js';

/** `npm run soak -- NAME` runs the same at length. */
const QUICK = SCENARIOS.flatMap(({ quick, ...scenario }) => (quick ? [{ ...scenario, size: quick }] : []));

test.each(QUICK)(
  '$name: $about',
  async ({ run, size }) => {
    const [database, simulator] = await Promise.all([createTestDatabase(), startSimulator({ control: false })]);
    try {
      const said: string[] = [];
      const plan = { ...size, seed: 7, say: (text: string) => void said.push(text) };
      const { rounds, failures } = await run({ simulator, databaseUrl: database.url }, plan);
      expect(failures).toEqual([]);
      expect(rounds).toBe(size.rounds);
    } finally {
      await simulator.stop();
      await database.drop();
    }
  },
  300_000,
);
