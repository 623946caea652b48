import type { Scope } from '@koneksi/contracts/scopes';

/** `null`: for people alone; a key with scopes has none for it. */
type Needed = Scope | 'any' | null;

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** The first that fits a path as the route declares it, without `/api`. */
const RULES: readonly [path: RegExp, scopes: (method: string) => Needed][] = [
  [/^\/auth\/me$/, (method) => (isRead(method) ? 'any' : null)],
  [/^\/(app|docs|quotas)\b/, () => 'any'],
  [/^\/outlets\/(status|timeline)\b/, () => 'status:read'],
  [/^\/outlets\/:id\/(status|history|uptime|incidents|timeline)$/, () => 'status:read'],
  [/^\/(incidents|uptime)\b/, (method) => (isRead(method) ? 'status:read' : null)],
  [
    /^\/outlets\/:id\/(connect|pause|resume|qr|passkey|passkey\/confirm|reconnect-links)$|^\/reconnect-links\b/,
    () => 'links:write',
  ],
  [
    /^\/outlets\/:id\/contacts\b|^\/contacts\b|^\/opt-outs\b/,
    (method) => (isRead(method) ? 'contacts:read' : 'contacts:write'),
  ],
  [
    /^\/outlets\/:id\/blast-settings$|^\/(repeating-)?blasts\b|^\/saved-messages\b/,
    (method) => (isRead(method) ? 'blasts:read' : 'blasts:write'),
  ],
  [/^\/messages\b/, () => 'messages:send'],
  [/^\/webhooks\b/, () => 'webhooks:write'],
  [/^\/outlets\b/, (method) => (isRead(method) ? 'outlets:read' : 'outlets:write')],
];

/** What a key's scopes must hold for a route. What no rule names is closed to keys with scopes. */
export function scopeFor(method: string, path: string): Needed {
  const route = path.replace(/^\/api(?=\/)/, '');
  return RULES.find(([pattern]) => pattern.test(route))?.[1](method) ?? null;
}
