import { createHmac, randomInt } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { KeyPair } from '../crypto/curve.js';
import { isSignedBy, sign } from '../crypto/xeddsa.js';

const ACCOUNT_PREFIX = Buffer.of(6, 0);
const DEVICE_PREFIX = Buffer.of(6, 1);

/** The account's word that a companion belongs to it. */
export interface SignedIdentity {
  details: Buffer;
  /** `ADVSignedDeviceIdentityHMAC`, for pair-success: proves to the companion that its QR or code was read. */
  envelope: Buffer;
}

/** The phone signs the companion's identity with the account's key and seals it with the ADV secret. */
export function signDeviceIdentity(
  account: KeyPair,
  companionIdentity: Buffer,
  advSecret: Buffer,
  keyIndex: number,
  now: number,
): SignedIdentity {
  const details = Buffer.from(
    proto.ADVDeviceIdentity.encode({
      rawId: randomInt(1, 0x7f_ff_ff_ff),
      timestamp: Math.floor(now / 1000),
      keyIndex,
      accountType: proto.ADVEncryptionType.E2EE,
      deviceType: proto.ADVEncryptionType.E2EE,
    }).finish(),
  );
  const accountSignature = sign(account.private, Buffer.concat([ACCOUNT_PREFIX, details, companionIdentity]));
  const inner = proto.ADVSignedDeviceIdentity.encode({
    details,
    accountSignatureKey: account.public,
    accountSignature,
  }).finish();
  const hmac = createHmac('sha256', advSecret).update(inner).digest();
  return {
    details,
    envelope: Buffer.from(proto.ADVSignedDeviceIdentityHMAC.encode({ details: inner, hmac }).finish()),
  };
}

/** Whether the companion countersigned exactly these details with the identity it registered. */
export function isCountersigned(
  reply: Uint8Array,
  details: Buffer,
  companionIdentity: Buffer,
  accountKey: Buffer,
): boolean {
  const signed = proto.ADVSignedDeviceIdentity.decode(reply);
  if (!signed.details || !details.equals(signed.details) || !signed.deviceSignature) return false;
  return isSignedBy(
    companionIdentity,
    Buffer.concat([DEVICE_PREFIX, details, companionIdentity, accountKey]),
    signed.deviceSignature,
  );
}
