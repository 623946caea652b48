import type { EntityManager } from 'typeorm';
import { isLockTimeout } from './postgres-errors.js';
import { TooManyAttempts } from './too-many-attempts.js';

/** Seconds. Well within the statement timeout, which would be told as a database that is away. */
const PATIENCE_S = 2;
const ONE_AT_A_TIME = { name: 'at-once', quota: 1, unit: 'concurrent-requests' } as const;

/**
 * Within a transaction: does what may have to wait for another that has not ended, and waits no longer than two seconds.
 * @throws {TooManyAttempts} then, and the transaction is of no use any more
 */
export async function waitShortly<T>(manager: EntityManager, work: () => Promise<T>): Promise<T> {
  await manager.query(`SET LOCAL lock_timeout = '${PATIENCE_S}s'`);
  const result = await work().catch(explain);
  await manager.query('SET LOCAL lock_timeout TO DEFAULT');
  return result;
}

function explain(error: unknown): never {
  throw isLockTimeout(error) ? new TooManyAttempts(PATIENCE_S, ONE_AT_A_TIME) : error;
}
