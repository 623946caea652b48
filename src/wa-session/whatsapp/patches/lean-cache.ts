import type { CacheStore } from '@whiskeysockets/baileys';

/**
 * A bounded map in place of the five caches with timers that Baileys makes per socket; most of an idle
 * socket's heap is theirs. The oldest entry leaves when it is full.
 */
export function leanCache(maxEntries: number): CacheStore {
  const entries = new Map<string, unknown>();
  return {
    get: <T>(key: string) => entries.get(key) as T | undefined,
    set: (key, value) => {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size > maxEntries) entries.delete(entries.keys().next().value as string);
    },
    del: (key) => {
      entries.delete(key);
    },
    flushAll: () => entries.clear(),
  };
}
