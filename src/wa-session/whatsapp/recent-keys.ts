/** As many as a few messages made ready ahead need; an outlet that sends nothing keeps few. */
const MAX_ENTRIES = 96;

/** Kinds that are read again with every message. Others are read rarely, and stay in the database alone. */
const KINDS: ReadonlySet<string> = new Set(['session', 'tctoken']);

/** What one key is called among all of a link. */
export const nameOf = (kind: string, id: string): string => `${kind}|${id}`;

/** A read under way. What changed meanwhile must not be remembered as it was read. */
interface Reading {
  changed: Set<string>;
}

/**
 * The Signal keys of one link that were used last, as bytes that are durable, so that sending does not ask the database
 * for what it has just stored. `null` is known to be missing, `undefined` is unknown.
 */
export class RecentKeys {
  private readonly entries = new Map<string, Buffer | null>();
  private readonly readings = new Set<Reading>();

  get(kind: string, id: string): Buffer | null | undefined {
    const name = nameOf(kind, id);
    const value = this.entries.get(name);
    if (value !== undefined) this.keep(name, value);
    return value;
  }

  /** Being written: what it was is no longer true, what it becomes not yet certain. */
  forget(kind: string, id: string): void {
    const name = nameOf(kind, id);
    this.entries.delete(name);
    for (const { changed } of this.readings) changed.add(name);
  }

  /** Durable now. */
  stored(kind: string, id: string, value: Buffer | null): void {
    if (KINDS.has(kind)) this.keep(nameOf(kind, id), value);
  }

  /** Reads from the store, and remembers what nobody changed meanwhile. */
  async read(
    kind: string,
    ids: readonly string[],
    fromStore: () => Promise<Map<string, Buffer>>,
  ): Promise<Map<string, Buffer>> {
    if (!KINDS.has(kind)) return fromStore();
    const reading: Reading = { changed: new Set() };
    this.readings.add(reading);
    try {
      const found = await fromStore();
      for (const id of ids) {
        const name = nameOf(kind, id);
        if (!reading.changed.has(name)) this.keep(name, found.get(id) ?? null);
      }
      return found;
    } finally {
      this.readings.delete(reading);
    }
  }

  private keep(name: string, value: Buffer | null): void {
    this.entries.delete(name);
    this.entries.set(name, value);
    if (this.entries.size > MAX_ENTRIES) this.entries.delete(this.entries.keys().next().value as string);
  }
}
