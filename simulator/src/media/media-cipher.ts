import { createDecipheriv, createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What keys are expanded for, by what the file is. */
const PURPOSES = { image: 'WhatsApp Image Keys', document: 'WhatsApp Document Keys' };
const MAC_BYTES = 10;

/** Where a message's file is and what opens it. */
export interface MediaReference {
  kind: keyof typeof PURPOSES;
  directPath: string;
  mediaKey: Uint8Array;
  fileSha256: Uint8Array;
  fileEncSha256: Uint8Array;
  fileLength: number;
}

/**
 * `AES-256-CBC(file) | HMAC-SHA256(iv | ciphertext)[0..10]`; iv, cipher key and MAC key are HKDF of the media key.
 * Throws where any hash, the MAC or the length is not what the message says.
 */
export function openMedia(encrypted: Buffer, reference: MediaReference): Buffer {
  const { kind, mediaKey, fileSha256, fileEncSha256, fileLength } = reference;
  mustEqual(sha256(encrypted), fileEncSha256, 'the encrypted file');
  const keys = Buffer.from(hkdfSync('sha256', mediaKey, '', PURPOSES[kind], 112));
  const [iv, cipherKey, macKey] = [keys.subarray(0, 16), keys.subarray(16, 48), keys.subarray(48, 80)];
  const body = encrypted.subarray(0, -MAC_BYTES);
  const mac = createHmac('sha256', macKey).update(iv).update(body).digest().subarray(0, MAC_BYTES);
  mustEqual(encrypted.subarray(-MAC_BYTES), mac, 'the MAC');
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  const file = Buffer.concat([decipher.update(body), decipher.final()]);
  mustEqual(sha256(file), fileSha256, 'the file');
  if (file.length !== fileLength) throw new Error('the length is not what the message says');
  return file;
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

function mustEqual(one: Uint8Array, other: Uint8Array, what: string): void {
  if (one.length !== other.length || !timingSafeEqual(one, other)) throw new Error(`${what} is not what it should be`);
}
