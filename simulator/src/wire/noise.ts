import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import { agree, type AgreementKey, generateAgreementKey } from '../crypto/curve.js';

const PROTOCOL_NAME = Buffer.from('Noise_XX_25519_AESGCM_SHA256\0\0\0\0');
const NO_BYTES = Buffer.alloc(0);
const TAG_BYTES = 16;

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** HKDF-SHA256 with empty info and 64 bytes of output, as two halves. */
function twoKeys(salt: Uint8Array, secret: Uint8Array): [Buffer, Buffer] {
  const extracted = createHmac('sha256', salt).update(secret).digest();
  const first = createHmac('sha256', extracted).update(Uint8Array.of(1)).digest();
  const second = createHmac('sha256', extracted).update(first).update(Uint8Array.of(2)).digest();
  return [first, second];
}

function nonce(counter: number): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(counter, 8);
  return iv;
}

function seal(key: Buffer, counter: number, plain: Uint8Array, associated: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce(counter));
  if (associated.length > 0) cipher.setAAD(associated);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Buffer, counter: number, sealed: Uint8Array, associated: Uint8Array): Buffer {
  if (sealed.length < TAG_BYTES) throw new Error('ciphertext without a tag');
  const split = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(counter));
  if (associated.length > 0) decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(split));
  return Buffer.concat([decipher.update(sealed.subarray(0, split)), decipher.final()]);
}

/** Keys of an established connection: one per direction, each with its own counter. */
export class NoiseTransport {
  private reads = 0;
  private writes = 0;

  constructor(
    private readonly readKey: Buffer,
    private readonly writeKey: Buffer,
  ) {}

  encrypt(plain: Uint8Array): Buffer {
    return seal(this.writeKey, this.writes++, plain, NO_BYTES);
  }

  /** Throws when the ciphertext is not the client's next one. */
  decrypt(sealed: Uint8Array): Buffer {
    return open(this.readKey, this.reads++, sealed, NO_BYTES);
  }
}

/**
 * The responder's half of Noise_XX_25519_AESGCM_SHA256 as WhatsApp uses it: the prologue is the
 * client's header, and within one key the counter is shared by both directions, so the server's
 * payload takes 0 and the client's static key 1.
 */
export class NoiseResponder {
  private hash: Buffer = PROTOCOL_NAME;
  private chain: Buffer = PROTOCOL_NAME;
  private key: Buffer = PROTOCOL_NAME;
  private counter = 0;
  private readonly ephemeral = generateAgreementKey();

  constructor(
    private readonly staticKey: AgreementKey,
    prologue: Uint8Array,
  ) {
    this.mixHash(prologue);
  }

  /** Answers the client's ephemeral key: our ephemeral, our sealed static key, our sealed certificates. */
  serverHello(
    clientEphemeral: Uint8Array,
    certificates: Uint8Array,
  ): { ephemeral: Buffer; static: Buffer; payload: Buffer } {
    this.mixHash(clientEphemeral);
    this.mixHash(this.ephemeral.public);
    this.mixKey(agree(this.ephemeral, clientEphemeral));
    const sealedStatic = this.encrypt(this.staticKey.public);
    this.mixKey(agree(this.staticKey, clientEphemeral));
    return { ephemeral: this.ephemeral.public, static: sealedStatic, payload: this.encrypt(certificates) };
  }

  /** Opens the client's last handshake message. Throws when it does not decrypt. */
  clientFinish(
    sealedStatic: Uint8Array,
    sealedPayload: Uint8Array,
  ): { staticKey: Buffer; payload: Buffer; transport: NoiseTransport } {
    const staticKey = this.decrypt(sealedStatic);
    this.mixKey(agree(this.ephemeral, staticKey));
    const payload = this.decrypt(sealedPayload);
    const [clientToServer, serverToClient] = twoKeys(this.chain, NO_BYTES);
    return { staticKey, payload, transport: new NoiseTransport(clientToServer, serverToClient) };
  }

  private mixHash(bytes: Uint8Array): void {
    this.hash = sha256(this.hash, bytes);
  }

  private mixKey(secret: Uint8Array): void {
    [this.chain, this.key] = twoKeys(this.chain, secret);
    this.counter = 0;
  }

  private encrypt(plain: Uint8Array): Buffer {
    const sealed = seal(this.key, this.counter++, plain, this.hash);
    this.mixHash(sealed);
    return sealed;
  }

  private decrypt(sealed: Uint8Array): Buffer {
    const plain = open(this.key, this.counter++, sealed, this.hash);
    this.mixHash(sealed);
    return plain;
  }
}
