import type { Request } from 'express';

interface Layer {
  route?: { path?: unknown; methods?: Record<string, boolean> };
  match: (path: string) => boolean;
}

/** The methods that routes at this address take; none where there is no such address. */
export function allowedMethods({ app, originalUrl }: Request): string[] {
  // Whoever answers last stands behind a prefix, which it cuts off.
  const path = originalUrl.split('?')[0] ?? '';
  const { stack = [] } = (app as unknown as { router?: { stack?: Layer[] } }).router ?? {};
  const methods = stack.flatMap((layer) =>
    isOurs(layer) && matches(layer, path) ? Object.keys(layer.route?.methods ?? {}) : [],
  );
  return [...new Set(methods.map((method) => method.toUpperCase()))].filter((method) => method !== '_ALL').sort();
}

/** Pages are found at any address. */
function isOurs({ route }: Layer): boolean {
  return typeof route?.path === 'string' && route.path.startsWith('/api/');
}

/** An address that cannot be decoded is none. */
function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false;
  }
}
