import { createCipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { bytesToCrockford, Curve, proto, type AuthenticationCreds } from '@whiskeysockets/baileys';

/** What Koneksi registers as, by its `browser`. */
const DEVICE_TYPE = proto.DeviceProps.PlatformType.CHROME;
const KEY_BYTES = 32;
const IV_BYTES = 12;
const CODE_BYTES = 5;

/** What the phone says of itself: an ephemeral key, and a nonce of its own. */
interface Primary {
  publicKey: Uint8Array;
  nonce: Uint8Array;
}

/** Undefined where a part is missing or of another length. Throws on what is no protobuf. */
export function readPrimary(bytes: Uint8Array): Primary | undefined {
  const { publicKey, nonce } = proto.PrimaryEphemeralIdentity.decode(bytes);
  return publicKey?.length === KEY_BYTES && nonce?.length === KEY_BYTES ? { publicKey, nonce } : undefined;
}

/**
 * Our side of agreeing on a key with the phone: bound to a nonce before either shows one, so that the code both show
 * differs where somebody stands in between (tulir/whatsmeow `pair-passkey.go`; WhiskeySockets/Baileys#2672).
 */
export class PasskeyKeys {
  private readonly ephemeral = Curve.generateKeyPair();
  readonly nonce = randomBytes(KEY_BYTES);
  /** What the phone signs the new device with, told under the agreed key alone. */
  readonly advSecret = randomBytes(KEY_BYTES);
  private agreed: Buffer | null = null;
  /** What a person compares; `null` before both agreed. */
  code: string | null = null;

  /** @param ref what WhatsApp names this attempt by */
  constructor(private readonly ref: string) {}

  prologue(): Uint8Array {
    const { public: publicKey } = this.ephemeral;
    const identity = proto.CompanionEphemeralIdentity.encode({
      publicKey,
      deviceType: DEVICE_TYPE,
      ref: this.ref,
    }).finish();
    const hash = createHash('sha256').update(identity).update(this.nonce).digest();
    return proto.ProloguePayload.encode({ companionEphemeralIdentity: identity, commitment: { hash } }).finish();
  }

  /** From here on both have the key. Answers the code to compare, `XXXX-XXXX`. */
  agree({ publicKey, nonce }: Primary): string {
    const shared = Curve.sharedKey(this.ephemeral.private, publicKey);
    const salt = `Companion Pairing ${DEVICE_TYPE} with ref ${this.ref}`;
    this.agreed = derived(shared, salt, 'Pairing Information Encryption Key');
    const digest = createHash('sha256').update(this.nonce).update(publicKey).digest();
    const mixed = Array.from({ length: CODE_BYTES }, (_, at) => digest.readUInt8(at) ^ (nonce[at] ?? 0));
    const code = bytesToCrockford(Buffer.from(mixed));
    return (this.code = `${code.slice(0, 4)}-${code.slice(4)}`);
  }

  /** What we want to be linked as, sealed; `undefined` before both agreed. */
  request({ noiseKey, signedIdentityKey }: AuthenticationCreds): Uint8Array | undefined {
    if (!this.agreed) return undefined;
    const request = proto.PairingRequest.encode({
      companionPublicKey: noiseKey.public,
      companionIdentityKey: signedIdentityKey.public,
      advSecret: this.advSecret,
    }).finish();
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.agreed, iv);
    const encryptedPayload = Buffer.concat([cipher.update(request), cipher.final(), cipher.getAuthTag()]);
    return proto.EncryptedPairingRequest.encode({ encryptedPayload, iv }).finish();
  }
}

/** Proves that we knew the secret of the QR or code the phone used before. Base64. */
export function handoffProof(secret: string, prologue: Uint8Array): Buffer {
  const key = derived(Buffer.from(secret, 'base64'), '', 'shortcake-passkey-handoff-v1');
  return createHmac('sha256', key).update(prologue).digest();
}

function derived(secret: Uint8Array, salt: string, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, KEY_BYTES));
}
