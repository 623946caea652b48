import type { EntityManager } from 'typeorm';
import { maySee, type Caller } from '../auth/caller.js';
import { holdCaller } from '../auth/hold-caller.js';
import { DomainError } from '../common/domain-error.js';

/**
 * Holds whoever makes a link until the transaction ends, so that none is made beside their removal. Answers how long
 * they may vouch for it; `null` for people.
 * @throws `OUTLET_NOT_FOUND`, as ever for who may not see it
 */
export async function holdMaker(manager: EntityManager, caller: Caller, outletId: string): Promise<Date | null> {
  const maker = await holdCaller(manager, caller);
  if (!maker || !maySee({ ...caller, ...maker.rights }, outletId))
    throw new DomainError('OUTLET_NOT_FOUND', 404, 'the maker may not see the outlet any more');
  return maker.until;
}
