import type { CacheStore, SignalRepositoryWithLIDStore } from '@whiskeysockets/baileys';

/** Two entries for each person: by number and by LID. */
const LID_ENTRIES = 2_000;

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

/**
 * rc14 keeps everybody an account ever wrote to or heard of for three days, each twice and each with a timer of its own.
 * Who has left this one is read from the stored keys again.
 */
export function boundLidCache(lidMapping: SignalRepositoryWithLIDStore['lidMapping']): void {
  const cache = leanCache(LID_ENTRIES);
  Object.assign(lidMapping, { mappingCache: { ...cache, clear: () => cache.flushAll() } });
}
