import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** What keys are expanded for, by what the file is. */
const PURPOSES = {
  image: 'WhatsApp Image Keys',
  video: 'WhatsApp Video Keys',
  document: 'WhatsApp Document Keys',
  history: 'WhatsApp History Keys',
};
const MAC_BYTES = 10;

/** Where a message's file is and what opens it. */
export interface MediaReference {
  kind: 'image' | 'video' | 'document';
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
  const { iv, cipherKey, macKey } = expand(mediaKey, kind);
  const body = encrypted.subarray(0, -MAC_BYTES);
  const mac = createHmac('sha256', macKey).update(iv).update(body).digest().subarray(0, MAC_BYTES);
  mustEqual(encrypted.subarray(-MAC_BYTES), mac, 'the MAC');
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  const file = Buffer.concat([decipher.update(body), decipher.final()]);
  mustEqual(sha256(file), fileSha256, 'the file');
  if (file.length !== fileLength) throw new Error('the length is not what the message says');
  return file;
}

/** A file as it goes up, and what a message says of it. */
export interface SealedMedia extends Omit<MediaReference, 'kind' | 'directPath'> {
  encrypted: Buffer;
}

/** The other way round, under a key of its own. */
export function sealMedia(file: Buffer, kind: keyof typeof PURPOSES): SealedMedia {
  const mediaKey = randomBytes(32);
  const { iv, cipherKey, macKey } = expand(mediaKey, kind);
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const body = Buffer.concat([cipher.update(file), cipher.final()]);
  const mac = createHmac('sha256', macKey).update(iv).update(body).digest().subarray(0, MAC_BYTES);
  const encrypted = Buffer.concat([body, mac]);
  const hashes = { fileSha256: sha256(file), fileEncSha256: sha256(encrypted) };
  return { encrypted, mediaKey, ...hashes, fileLength: file.length };
}

function expand(mediaKey: Uint8Array, kind: keyof typeof PURPOSES) {
  const keys = Buffer.from(hkdfSync('sha256', mediaKey, '', PURPOSES[kind], 112));
  return { iv: keys.subarray(0, 16), cipherKey: keys.subarray(16, 48), macKey: keys.subarray(48, 80) };
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

function mustEqual(one: Uint8Array, other: Uint8Array, what: string): void {
  if (one.length !== other.length || !timingSafeEqual(one, other)) throw new Error(`${what} is not what it should be`);
}
