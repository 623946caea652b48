import type { Role } from '@koneksi/contracts/roles';

/** Whoever is behind a request or a socket: a user by access token, or a program by API key. */
export interface Caller {
  /** The user's or the API key's id; `access.changed` names it. */
  id: string;
  kind: 'user' | 'api-key';
  name: string;
  role: Role;
  /** The outlets that exist for this caller. */
  outletIds: 'all' | readonly string[];
}

export function maySee(caller: Caller, outletId: string): boolean {
  return caller.outletIds === 'all' || caller.outletIds.includes(outletId);
}
