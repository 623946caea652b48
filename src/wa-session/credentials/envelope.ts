import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 1;

/** The bytes are not what was sealed for this place under this key. Nothing may be made up in their stead. */
export class UnreadableSecret extends Error {
  constructor() {
    super('A stored secret cannot be decrypted with the configured CREDENTIALS_KEY');
    this.name = 'UnreadableSecret';
  }
}

/**
 * AES-256-GCM: `version(1) | nonce(12) | tag(16) | ciphertext`. `place` is authenticated, not stored,
 * so that a value moved to another row does not open there.
 */
export function seal(key: Buffer, place: string, plain: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
  const body = cipher.update(plain);
  cipher.final();
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
}

/** @throws {UnreadableSecret} where key, place or bytes do not belong together. */
export function unseal(key: Buffer, place: string, sealed: Buffer): Buffer {
  const headerBytes = 1 + NONCE_BYTES + TAG_BYTES;
  if (sealed.length < headerBytes || sealed[0] !== VERSION) throw new UnreadableSecret();
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
    .setAAD(Buffer.from(place))
    .setAuthTag(sealed.subarray(1 + NONCE_BYTES, headerBytes));
  try {
    const plain = decipher.update(sealed.subarray(headerBytes));
    decipher.final();
    return plain;
  } catch {
    throw new UnreadableSecret();
  }
}

/** A table whose rows each keep a data key of their own: `id`, `wrapped_key`, and `key_id` for what wrapped it. */
export interface WrappedKeys {
  table: string;
  /** What the wrapped key is bound to. */
  place: (id: string) => string;
}

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
