import { ROLES, type Role } from '@koneksi/contracts/roles';
import type { Caller } from './caller.js';

/** What someone may do, and to which outlets. */
export type Rights = Pick<Caller, 'role' | 'outletIds'>;

/** The outlets assigned count for `USER` alone: the other roles see every outlet. */
export function rightsOf({ role, outletIds }: { role: Role; outletIds: readonly string[] }): Rights {
  return { role, outletIds: role === 'USER' ? outletIds : 'all' };
}

/** Whether this role includes what `needed` may do. */
export function includesRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) <= ROLES.indexOf(needed);
}

/** What both allow. */
export function sharedRights(one: Rights, other: Rights): Rights {
  return {
    role: includesRole(one.role, other.role) ? other.role : one.role,
    outletIds: sharedOutlets(one.outletIds, other.outletIds),
  };
}

function sharedOutlets(one: Rights['outletIds'], other: Rights['outletIds']): Rights['outletIds'] {
  if (one === 'all') return other;
  if (other === 'all') return one;
  return one.filter((outletId) => other.includes(outletId));
}
