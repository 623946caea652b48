import type { Target } from '../../bench/src/benchmark.ts';
import type { Simulator } from '@koneksi/whatsapp-simulator';

/** What a scenario is given: a WhatsApp and an empty database of its own. */
export interface World {
  simulator: Simulator;
  /** The straight way; what the product uses may be a road that breaks. */
  databaseUrl: string;
}

export interface Size {
  rounds: number;
  outlets: number;
  /** No round begins later than this. */
  minutes: number;
}

export interface Plan extends Size {
  /** The same seed, the same choices. */
  seed: number;
  /** Told how it goes. */
  say: (text: string) => void;
}

export interface Findings {
  /** As many as there was time for. */
  rounds: number;
  /** One sentence for each thing that must not be. */
  failures: string[];
  /** Everything worth a line in the table. */
  figures: Record<string, string | number>;
  /** What is aimed at and no failure where it is missed. */
  targets?: Target[];
}

export interface Scenario {
  name: string;
  /** Which of the 25 tests in docs/reliability.md it is. */
  tests: string;
  about: string;
  /** What `npm run soak` does unless told otherwise. */
  full: Size;
  /** What `npm test` does; `null` where it takes too long for that. */
  quick: Size | null;
  run(world: World, plan: Plan): Promise<Findings>;
}
