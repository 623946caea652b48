import type { EntityManager } from 'typeorm';
import { QuotaReached } from '../common/quota-reached.js';

/** More customers than any shop has; one outlet with more would fill the disk of all. */
const CONTACTS_PER_OUTLET = 250_000;

/** @throws {QuotaReached} where so many more would be too many. */
export async function requireRoomForContacts(manager: EntityManager, outletId: string, more: number): Promise<void> {
  const [{ count }] = await manager.query<[{ count: number }]>(
    'SELECT count(*)::int AS count FROM (SELECT FROM contacts WHERE outlet_id = $1 LIMIT $2) AS c',
    [outletId, CONTACTS_PER_OUTLET + 1],
  );
  const used = count + more;
  if (used > CONTACTS_PER_OUTLET)
    throw new QuotaReached({ of: 'contacts of an outlet', limit: CONTACTS_PER_OUTLET, used });
}
