import type { WAVersion } from '@whiskeysockets/baileys';

const VERSION = /^(\d{1,4})\.(\d{1,6})\.(\d{1,12})$/;

export const versionText = (version: WAVersion): string => version.join('.');

/** `2.3000.1043857760`; `null` where it is none. */
export function parseVersion(text: string): WAVersion | null {
  const [, ...parts] = VERSION.exec(text) ?? [];
  return parts.length === 3 ? (parts.map(Number) as WAVersion) : null;
}

export function greater(a: WAVersion, b: WAVersion): WAVersion {
  const differing = a.findIndex((part, index) => part !== b[index]);
  return differing >= 0 && (a[differing] ?? 0) > (b[differing] ?? 0) ? a : b;
}
