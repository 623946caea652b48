const ID_BYTES = 3;
const KEY_BYTES = 32;
const ENTRY_BYTES = ID_BYTES + KEY_BYTES;

export interface PublicPreKey {
  id: number;
  public: Buffer;
}

/**
 * A device's one-time public keys, as the server keeps them. Packed into one buffer, because 812 small
 * ones for each of a thousand devices would be most of the process.
 */
export class PreKeyPool {
  constructor(private packed: Buffer = Buffer.alloc(0)) {}

  get count(): number {
    return this.packed.length / ENTRY_BYTES;
  }

  /** Adds keys; one uploaded again under a known id replaces it. */
  add(keys: readonly PublicPreKey[]): void {
    const fresh: Buffer[] = [this.packed];
    const known = this.ids();
    for (const key of keys) {
      const entry = Buffer.alloc(ENTRY_BYTES);
      entry.writeUIntBE(key.id, 0, ID_BYTES);
      key.public.copy(entry, ID_BYTES);
      const at = known.get(key.id);
      if (at === undefined) fresh.push(entry);
      else entry.copy(this.packed, at);
    }
    this.packed = Buffer.concat(fresh);
  }

  /** Hands out one key, for good. */
  take(): PublicPreKey | undefined {
    if (this.packed.length === 0) return undefined;
    const entry = this.packed.subarray(0, ENTRY_BYTES);
    this.packed = this.packed.subarray(ENTRY_BYTES);
    return { id: entry.readUIntBE(0, ID_BYTES), public: Buffer.from(entry.subarray(ID_BYTES)) };
  }

  toBytes(): Buffer {
    return this.packed;
  }

  private ids(): Map<number, number> {
    const ids = new Map<number, number>();
    for (let at = 0; at < this.packed.length; at += ENTRY_BYTES) ids.set(this.packed.readUIntBE(at, ID_BYTES), at);
    return ids;
  }
}
