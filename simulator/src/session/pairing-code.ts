import { createCipheriv, createDecipheriv, hkdfSync, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { agree, agreementKey, type AgreementKey, type KeyPair } from '../crypto/curve.js';

const derive = promisify(pbkdf2);

const ITERATIONS = 2 << 16;
const SALT_BYTES = 32;
const CTR_IV_BYTES = 16;
const GCM_IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** `salt32 || iv16 || AES-256-CTR(ephemeral public key)` under a key stretched from the 8-character code. */
export const WRAPPED_EPHEMERAL_BYTES = SALT_BYTES + CTR_IV_BYTES + KEY_BYTES;

/** The code as people type it, without the dash and in capitals. */
export function normalizeCode(code: string): string {
  return code.replace(/[\s-]/g, '').toUpperCase();
}

async function stretch(code: string, salt: Uint8Array): Promise<Buffer> {
  return derive(code, salt, ITERATIONS, KEY_BYTES, 'sha256');
}

/** With the wrong code this yields some other 32 bytes; only the key bundle later shows it. */
export async function unwrapEphemeral(wrapped: Buffer, code: string): Promise<Buffer> {
  const key = await stretch(code, wrapped.subarray(0, SALT_BYTES));
  const decipher = createDecipheriv('aes-256-ctr', key, wrapped.subarray(SALT_BYTES, SALT_BYTES + CTR_IV_BYTES));
  return Buffer.concat([decipher.update(wrapped.subarray(SALT_BYTES + CTR_IV_BYTES)), decipher.final()]);
}

export async function wrapEphemeral(ephemeral: Buffer, code: string): Promise<Buffer> {
  const salt = randomBytes(SALT_BYTES);
  const iv = randomBytes(CTR_IV_BYTES);
  const cipher = createCipheriv('aes-256-ctr', await stretch(code, salt), iv);
  return Buffer.concat([salt, iv, cipher.update(ephemeral), cipher.final()]);
}

/**
 * Opens `salt32 || iv12 || AES-256-GCM(companion identity || account identity || random32)` and derives
 * the ADV secret both sides now share. Undefined when it was sealed for another code.
 */
export function openKeyBundle(
  bundle: Buffer,
  ephemeral: AgreementKey,
  companionEphemeral: Buffer,
  account: KeyPair,
  companionIdentity: Buffer,
): Buffer | undefined {
  if (bundle.length !== SALT_BYTES + GCM_IV_BYTES + 3 * KEY_BYTES + TAG_BYTES) return undefined;
  try {
    const shared = agree(ephemeral, companionEphemeral);
    const salt = bundle.subarray(0, SALT_BYTES);
    const key = Buffer.from(hkdfSync('sha256', shared, salt, 'link_code_pairing_key_bundle_encryption_key', KEY_BYTES));
    const decipher = createDecipheriv('aes-256-gcm', key, bundle.subarray(SALT_BYTES, SALT_BYTES + GCM_IV_BYTES));
    decipher.setAuthTag(bundle.subarray(-TAG_BYTES));
    const plain = Buffer.concat([
      decipher.update(bundle.subarray(SALT_BYTES + GCM_IV_BYTES, -TAG_BYTES)),
      decipher.final(),
    ]);
    const [companion, primary, random] = [0, 1, 2].map((part) =>
      plain.subarray(part * KEY_BYTES, (part + 1) * KEY_BYTES),
    );
    if (!companion?.equals(companionIdentity) || !primary?.equals(account.public) || !random) return undefined;
    const identityShared = agree(agreementKey(account), companionIdentity);
    return Buffer.from(
      hkdfSync('sha256', Buffer.concat([shared, identityShared, random]), Buffer.alloc(0), 'adv_secret', KEY_BYTES),
    );
  } catch {
    // a tag that does not fit, or a point that is none: the codes differ
    return undefined;
  }
}
