import type { EntityManager } from 'typeorm';

/**
 * What is done once, however many processes share the database: housekeeping, and decisions that rest on what was seen.
 * One process at a time has these duties; `duties.taken` tells whoever gets them.
 */
export abstract class Duties {
  /** Whether they are this process's, as far as it knows. */
  abstract readonly areOurs: boolean;

  /** Whether they are, for certain: nobody else gets them before this transaction ended. */
  abstract hold(manager: EntityManager): Promise<boolean>;
}
