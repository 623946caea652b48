import { hkdfSync, randomBytes } from 'node:crypto';
import { seal, unseal } from './sealing.js';

/** A table whose rows each keep a data key of their own: `id`, `wrapped_key`, and `key_id` for what wrapped it. */
export interface WrappedKeys {
  table: string;
  /** What the wrapped key is bound to. */
  place: (id: string) => string;
}

/** A table whose rows each keep one secret, sealed by their data key. */
export interface SealedRows extends WrappedKeys {
  placeOfSecret: (id: string) => string;
}

/** What such a row keeps. */
export interface SealedRow {
  keyId: string;
  wrappedKey: Buffer;
  sealed: Buffer;
}

/** @param kind what is kept: its name is part of what it is bound to, so it never changes. */
export const sealedRows = (table: string, kind: string, secret = kind): SealedRows => ({
  table,
  place: (id) => `${kind}-key|${id}`,
  placeOfSecret: (id) => `${secret}|${id}`,
});

const placeOfNext = (keyId: string): string => `next-key|${keyId}`;

const idOf = (key: Buffer): string => Buffer.from(hkdfSync('sha256', key, '', 'koneksi key id', 8)).toString('hex');

/**
 * The key that wraps data keys. Its id tells which one wrapped a row, without telling the key. While keys are
 * rotated the previous one still opens what it wrapped, and wraps nothing any more.
 */
export class KeyEncryptionKey {
  constructor(
    private key: Buffer,
    private previous: Buffer | null = null,
  ) {}

  get id(): string {
    return idOf(this.key);
  }

  /** `null` unless keys are being rotated. */
  get previousId(): string | null {
    return this.previous && idOf(this.previous);
  }

  /** Of every key that opens something. */
  get ids(): string[] {
    return this.previousId === null ? [this.id] : [this.id, this.previousId];
  }

  /** The key to follow this one, as only who has this one can read it. */
  handOver(next: Buffer): { keyId: string; sealed: Buffer } {
    const keyId = idOf(next);
    return { keyId, sealed: seal(this.key, placeOfNext(keyId), next) };
  }

  /** What was handed over. @throws {UnreadableSecret} */
  open(keyId: string, sealed: Buffer): Buffer {
    return unseal(this.key, placeOfNext(keyId), sealed);
  }

  /** From now on wraps by what was handed over, and opens by both. @throws {UnreadableSecret} */
  adopt(keyId: string, sealed: Buffer): void {
    const next = this.open(keyId, sealed);
    this.previous = this.key;
    this.key = next;
  }

  /** A fresh 256-bit data key and its wrapped form. */
  issue(place: string): { dataKey: Buffer; wrapped: Buffer } {
    const dataKey = randomBytes(32);
    return { dataKey, wrapped: seal(this.key, place, dataKey) };
  }

  /** Seals what a row keeps, under a data key of its own. */
  sealRow({ place, placeOfSecret }: SealedRows, id: string, secret: string): SealedRow {
    const { dataKey, wrapped } = this.issue(place(id));
    return { keyId: this.id, wrappedKey: wrapped, sealed: seal(dataKey, placeOfSecret(id), Buffer.from(secret)) };
  }

  /** @throws {UnreadableSecret} */
  openRow({ place, placeOfSecret }: SealedRows, id: string, row: Omit<SealedRow, 'keyId'>): string {
    return unseal(this.unwrap(place(id), row.wrappedKey), placeOfSecret(id), row.sealed).toString();
  }

  /** Seals what is short, for whoever has this key. */
  wrap(place: string, plain: Uint8Array): Buffer {
    return seal(this.key, place, plain);
  }

  /** @throws {UnreadableSecret} */
  unwrap(place: string, wrapped: Buffer): Buffer {
    try {
      return unseal(this.key, place, wrapped);
    } catch (error) {
      if (!this.previous) throw error;
      return unseal(this.previous, place, wrapped);
    }
  }

  /** The same data key, wrapped by the present key. @throws {UnreadableSecret} */
  rewrap(place: string, wrapped: Buffer): Buffer {
    return seal(this.key, place, this.unwrap(place, wrapped));
  }
}
