import type { Response } from 'express';

/** How much of something there may be, and how much of that is left. */
export interface RateLimit {
  /** Stable; programs know the limit by it. */
  name: string;
  quota: number;
  left: number;
  /** How long until there is more, in seconds, where time alone brings it. */
  resetSeconds?: number;
  /** What the quota is for, in seconds, where it is for a time. */
  windowSeconds?: number;
  /** What is counted, where it is not requests or rows one by one. */
  unit?: 'concurrent-requests';
}

const told = new WeakMap<object, Map<string, RateLimit>>();

/**
 * Says on an answer how far its caller is from a limit, so that nobody need run into it to know of it: the fields
 * `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-10. Several limits stand beside each other;
 * what is said of one again replaces what was said before.
 */
export function tellLimits(response: Pick<Response, 'setHeader' | 'headersSent'>, ...limits: RateLimit[]): void {
  if (response.headersSent || limits.length === 0) return;
  const all = told.get(response) ?? new Map<string, RateLimit>();
  told.set(response, all);
  for (const limit of limits) all.set(limit.name, limit);
  response.setHeader('RateLimit-Policy', [...all.values()].map(policyOf).join(', '));
  response.setHeader('RateLimit', [...all.values()].map(stateOf).join(', '));
}

function policyOf({ name, quota, windowSeconds, unit }: RateLimit): string {
  return `"${name}";q=${quota}${unit ? `;qu="${unit}"` : ''}${windowSeconds ? `;w=${windowSeconds}` : ''}`;
}

function stateOf({ name, left, resetSeconds }: RateLimit): string {
  return `"${name}";r=${Math.max(0, left)}${resetSeconds === undefined ? '' : `;t=${resetSeconds}`}`;
}
