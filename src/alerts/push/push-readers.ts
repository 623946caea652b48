import type { AlertRecipient } from '@koneksi/contracts/alerts';
import type { EntityManager } from 'typeorm';
import { rightsOf } from '../../auth/rights.js';
import { UserEntity } from '../../auth/user.entity.js';
import type { DueItem } from '../domain/alert-state.js';
import { addressOf, type Address } from '../recipients.js';
import { PushSubscriptionEntity } from './push.entity.js';

/**
 * Where a recipient reads: somebody who is called by push in each of their browsers, which are tried and told of each by
 * itself. Who has none is named alone, so that the log says so.
 */
export async function addressesOf(manager: EntityManager, recipient: AlertRecipient): Promise<Address[]> {
  const address = addressOf(recipient);
  if (recipient.channel !== 'push') return [address];
  const { userId } = recipient;
  const browsers = await manager.find(PushSubscriptionEntity, {
    where: { userId },
    order: { createdAt: 'ASC' },
    select: { id: true },
  });
  return browsers.length > 0 ? browsers.map(({ id }) => ({ ...address, target: `${userId} ${id}` })) : [address];
}

/** What of a message somebody may know: people who are called by push have an account, which says what exists for them. */
export async function itemsFor(
  manager: EntityManager,
  recipient: AlertRecipient,
  items: readonly DueItem[],
): Promise<readonly DueItem[]> {
  if (recipient.channel !== 'push') return items;
  const [user] = await manager.find(UserEntity, {
    where: { id: recipient.userId, isDisabled: false },
    relations: { assignments: true },
  });
  if (!user) return [];
  const { outletIds } = rightsOf(user);
  if (outletIds === 'all') return items;
  return items
    .map((item) => ({ ...item, outlets: item.outlets.filter(({ outletId }) => outletIds.includes(outletId)) }))
    .filter(({ outlets }) => outlets.length > 0);
}

/** Whose browser, and which of them; `null` where they had none. */
export function browserOf(target: string): string | null {
  return target.split(' ')[1] ?? null;
}
