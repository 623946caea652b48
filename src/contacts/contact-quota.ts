import type { EntityManager } from 'typeorm';
import { requireRoom, type QuotaFact } from '../common/quota-reached.js';
import { takeQuotaTurn } from '../common/quota-turn.js';

/** More customers than any shop has; one outlet with more would fill the disk of all. */
export const CONTACTS_PER_OUTLET = 250_000;

export async function contactQuota(manager: EntityManager, outletId: string): Promise<QuotaFact> {
  const [{ count }] = await manager.query<[{ count: number }]>(
    'SELECT count(*)::int AS count FROM (SELECT FROM contacts WHERE outlet_id = $1 LIMIT $2) AS c',
    [outletId, CONTACTS_PER_OUTLET + 1],
  );
  return { name: 'contacts', limit: CONTACTS_PER_OUTLET, used: count };
}

/** Within the transaction that adds them. @returns what is used with those. @throws {QuotaReached} where so many more would be too many. */
export async function requireRoomForContacts(
  manager: EntityManager,
  outletId: string,
  more: number,
): Promise<QuotaFact> {
  await takeQuotaTurn(manager, 'contacts', outletId);
  return requireRoom(await contactQuota(manager, outletId), 'contacts of an outlet', more);
}
