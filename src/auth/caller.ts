import type { Role } from '@koneksi/contracts/roles';
import type { Scope } from '@koneksi/contracts/scopes';

/** Whoever is behind a request or a socket: a user by access token, a program by API key, or a visitor by reconnect link. */
export interface Caller {
  /** The user's, the API key's or the link's id; `access.changed` names the first two. */
  id: string;
  kind: 'user' | 'api-key' | 'reconnect-link';
  /** Of a link, who made it. */
  name: string;
  role: Role;
  /** The outlets that exist for this caller. */
  outletIds: 'all' | readonly string[];
  /** What an API key is limited to; everything of its role where it does not say. */
  scopes?: readonly Scope[] | null;
  /** Good for nothing but changing the password. */
  mustChangePassword?: boolean;
}

/** Whether a caller may do what needs this scope: everybody but keys that lack it. */
export function hasScope({ scopes }: Caller, scope: Scope): boolean {
  return !scopes || scopes.includes(scope);
}

export function maySee(caller: Caller, outletId: string): boolean {
  return caller.outletIds === 'all' || caller.outletIds.includes(outletId);
}
