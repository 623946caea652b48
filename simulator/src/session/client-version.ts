import type { ClientHello } from './connection.js';

/** What a client says it is, e.g. `[2, 3000, 1043857760]`. */
export function versionOf({ userAgent }: ClientHello['payload']): number[] {
  const { appVersion } = userAgent ?? {};
  return [appVersion?.primary ?? 0, appVersion?.secondary ?? 0, appVersion?.tertiary ?? 0];
}

export function isOlder(version: readonly number[], than: readonly number[]): boolean {
  for (const [part, wanted] of than.entries()) {
    const have = version[part] ?? 0;
    if (have !== wanted) return have < wanted;
  }
  return false;
}
