import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '@koneksi/whatsapp-simulator';
import { SCENARIOS } from '../soak/src/scenarios.ts';
import { createTestDatabase } from './support/test-database.js';

/** `npm run soak -- NAME` runs the same at length. */
const QUICK = SCENARIOS.flatMap(({ quick, ...scenario }) => (quick ? [{ ...scenario, size: quick }] : []));

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ control: false });
});
afterAll(() => simulator.stop());

test.each(QUICK)(
  '$name: $about',
  async ({ run, size }) => {
    const database = await createTestDatabase();
    try {
      const said: string[] = [];
      const plan = { ...size, seed: 7, say: (text: string) => void said.push(text) };
      const { rounds, failures } = await run({ simulator, databaseUrl: database.url }, plan);
      expect(failures).toEqual([]);
      expect(rounds).toBe(size.rounds);
    } finally {
      await database.drop();
    }
  },
  120_000,
);
