import type { EntityManager } from 'typeorm';
import { DomainError } from '../common/domain-error.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { maySee, type Caller } from './caller.js';
import { includesRole, rightsOf, sharedRights, type Rights } from './rights.js';
import { UserEntity } from './user.entity.js';

interface Held {
  rights: Rights;
  /** When a key ends by itself. */
  until: Date | null;
}

/**
 * Holds whoever begins something that goes on without them until the transaction ends, so that none of it is begun beside
 * their removal: `DelegatedWork` ends all there is. Answers what they may by then; `null` where they are gone or disabled.
 * To be held before anything else, as those do who take rights away.
 */
export function holdCaller(manager: EntityManager, { kind, id }: Caller): Promise<Held | null> {
  return kind === 'user' ? holdPerson(manager, id) : holdKey(manager, id);
}

/** @throws `FORBIDDEN` where they are no ADMIN any more */
export async function holdAdmin(manager: EntityManager, caller: Caller): Promise<void> {
  const held = await holdCaller(manager, caller);
  if (!held || !includesRole(held.rights.role, 'ADMIN'))
    throw new DomainError('FORBIDDEN', 403, 'the caller is no ADMIN any more');
}

/**
 * For what these outlets do in the caller's name, and go on doing.
 * @throws `UNAUTHENTICATED` where they are gone by then or their key has ended; `OUTLET_NOT_FOUND` where one is theirs no more
 */
export async function holdSender(
  manager: EntityManager,
  caller: Caller,
  outletIds: readonly string[],
  now: number,
): Promise<void> {
  const held = await holdCaller(manager, caller);
  if (!held || (held.until && held.until.getTime() <= now))
    throw new DomainError('UNAUTHENTICATED', 401, 'the caller is gone, or their key has ended');
  if (!outletIds.every((id) => maySee({ ...caller, ...held.rights }, id)))
    throw new DomainError('OUTLET_NOT_FOUND', 404, 'the caller may not see the outlet any more');
}

async function holdPerson(manager: EntityManager, id: string): Promise<Held | null> {
  const lock = { mode: 'pessimistic_read' } as const;
  if (!(await manager.findOne(UserEntity, { where: { id, isDisabled: false }, lock }))) return null;
  // Read anew once held: what was there before may have changed while we waited.
  const [user] = await manager.find(UserEntity, { where: { id }, relations: { assignments: true } });
  return user ? { rights: rightsOf(user), until: null } : null;
}

async function holdKey(manager: EntityManager, id: string): Promise<Held | null> {
  const found = await manager.findOneBy(ApiKeyEntity, { id });
  // In the order of whoever removes people, with whom their keys go.
  const maker = found && (await holdPerson(manager, found.makerId));
  // Keys are removed, never changed; that one was used is noted meanwhile.
  const lock = { mode: 'for_key_share' } as const;
  if (!maker || !(await manager.findOne(ApiKeyEntity, { where: { id }, lock }))) return null;
  const [key] = await manager.find(ApiKeyEntity, { where: { id }, relations: { assignments: true } });
  return key ? { rights: sharedRights(rightsOf(key), maker.rights), until: key.expiresAt } : null;
}
