import type { QuotaName } from '@koneksi/contracts/quotas';
import type { EntityManager } from 'typeorm';

/**
 * In the transaction that adds to what a quota counts, before it is counted there: of two who add at once, on whatever
 * node, the second counts what the first made. Kept until the transaction ends.
 * @param of whose it is: a caller's, an outlet's, or nothing where all count together
 */
export async function takeQuotaTurn(manager: EntityManager, name: QuotaName, of = ''): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 3))', [`quota ${name} ${of}`]);
}
