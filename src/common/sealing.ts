import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

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
