import type { EntityManager } from 'typeorm';

/**
 * In the transaction that holds or obeys a wish of this number: of two messages written in one breath the second sees what
 * became of the first, so that nothing waits for a person that is decided.
 */
export async function takeWishTurn(manager: EntityManager, number: string): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 5))', [`wish ${number}`]);
}
