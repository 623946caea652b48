import type { QuotaName } from '@koneksi/contracts/quotas';
import type { EntityManager } from 'typeorm';
import { waitShortly } from './short-wait.js';

/**
 * In the transaction that adds to what a quota counts, before it is counted there: of two who add at once, on whatever
 * node, the second counts what the first made. Kept until the transaction ends, so it is taken after whatever takes long;
 * who takes several takes them in the order of their names.
 * @param of whose it is: a caller's, an outlet's, or nothing where all count together
 * @throws {TooManyAttempts} where another keeps it for long
 */
export async function takeQuotaTurn(manager: EntityManager, name: QuotaName, of = ''): Promise<void> {
  const turn = [`quota ${name} ${of}`];
  const [{ isOurs }] = await manager.query<[{ isOurs: boolean }]>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 3)) AS "isOurs"',
    turn,
  );
  if (isOurs) return;
  await waitShortly(manager, () => manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 3))', turn));
}
