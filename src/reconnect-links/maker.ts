import type { EntityManager } from 'typeorm';
import { ApiKeyEntity } from '../auth/api-key.entity.js';
import { maySee, type Caller } from '../auth/caller.js';
import { rightsOf, sharedRights, type Rights } from '../auth/rights.js';
import { UserEntity } from '../auth/user.entity.js';
import { DomainError } from '../common/domain-error.js';

interface Maker {
  rights: Rights;
  /** When the key that makes it ends by itself. */
  until: Date | null;
}

/**
 * Holds whoever makes a link until the transaction ends, so that none is made beside their removal. Answers how long
 * they may vouch for it; `null` for people.
 * @throws `OUTLET_NOT_FOUND`, as ever for who may not see it
 */
export async function holdMaker(manager: EntityManager, caller: Caller, outletId: string): Promise<Date | null> {
  const maker = caller.kind === 'user' ? await holdPerson(manager, caller.id) : await holdKey(manager, caller.id);
  if (!maker || !maySee({ ...caller, ...maker.rights }, outletId))
    throw new DomainError('OUTLET_NOT_FOUND', 404, 'the maker may not see the outlet any more');
  return maker.until;
}

async function holdPerson(manager: EntityManager, id: string): Promise<Maker | null> {
  const lock = { mode: 'pessimistic_read' } as const;
  if (!(await manager.findOne(UserEntity, { where: { id, isDisabled: false }, lock }))) return null;
  // Read anew once held: what was there before may have changed while we waited.
  const [user] = await manager.find(UserEntity, { where: { id }, relations: { assignments: true } });
  return user ? { rights: rightsOf(user.role, user.assignments), until: null } : null;
}

async function holdKey(manager: EntityManager, id: string): Promise<Maker | null> {
  const lock = { mode: 'pessimistic_read' } as const;
  const held = await manager.findOne(ApiKeyEntity, { where: { id }, lock });
  const maker = held && (await holdPerson(manager, held.makerId));
  if (!maker) return null;
  const [key] = await manager.find(ApiKeyEntity, { where: { id }, relations: { assignments: true } });
  return key ? { rights: sharedRights(rightsOf(key.role, key.assignments), maker.rights), until: key.expiresAt } : null;
}
