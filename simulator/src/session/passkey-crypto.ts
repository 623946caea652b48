import { createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { agree, type AgreementKey } from '../crypto/curve.js';

const HANDOFF = 'shortcake-passkey-handoff-v1';
const ENCRYPTION = 'Pairing Information Encryption Key';
const CODE_ALPHABET = '123456789ABCDEFGHJKLMNPQRSTVWXYZ';
const CODE_BYTES = 5;
const TAG_BYTES = 16;

/** What a companion says in its prologue: an ephemeral key, and its commitment to a nonce it does not tell yet. */
export interface Prologue {
  identity: Buffer;
  publicKey: Buffer;
  deviceType: number;
  ref: string;
  commitment: Buffer;
}

/** Undefined where a part is missing. Throws on what is no protobuf. */
export function readPrologue(payload: Buffer): Prologue | undefined {
  const { companionEphemeralIdentity, commitment } = proto.ProloguePayload.decode(payload);
  if (!companionEphemeralIdentity || !commitment?.hash) return undefined;
  const identity = Buffer.from(companionEphemeralIdentity);
  const { publicKey, deviceType, ref } = proto.CompanionEphemeralIdentity.decode(identity);
  if (publicKey?.length !== 32 || !ref) return undefined;
  const said = { deviceType: deviceType ?? 0, ref, commitment: Buffer.from(commitment.hash) };
  return { identity, publicKey: Buffer.from(publicKey), ...said };
}

/** Whether the companion knew the secret of the QR or code it showed before. */
export function provesHandoff(proof: Buffer | undefined, advSecret: Buffer, payload: Buffer): boolean {
  const key = Buffer.from(hkdfSync('sha256', advSecret, '', HANDOFF, 32));
  return proof?.equals(createHmac('sha256', key).update(payload).digest()) ?? false;
}

export function keepsCommitment({ identity, commitment }: Prologue, nonce: Buffer): boolean {
  return createHash('sha256').update(identity).update(nonce).digest().equals(commitment);
}

/** `XXXX-XXXX`, the same on both screens. */
export function confirmationCode(companionNonce: Buffer, primaryPublic: Buffer, primaryNonce: Buffer): string {
  const digest = createHash('sha256').update(companionNonce).update(primaryPublic).digest();
  let bits = 0n;
  for (let at = 0; at < CODE_BYTES; at++)
    bits = (bits << 8n) | BigInt(primaryNonce.readUInt8(at) ^ digest.readUInt8(at));
  const letters = Array.from({ length: 8 }, (_, at) => CODE_ALPHABET[Number((bits >> BigInt(35 - 5 * at)) & 31n)]);
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
}

/** What the companion wants to be linked as. Throws where the key, or the bytes, are not right. */
export function openPairingRequest(request: Buffer, own: AgreementKey, { publicKey, deviceType, ref }: Prologue) {
  const { encryptedPayload, iv } = proto.EncryptedPairingRequest.decode(request);
  const salt = `Companion Pairing ${deviceType} with ref ${ref}`;
  const key = Buffer.from(hkdfSync('sha256', agree(own, publicKey), salt, ENCRYPTION, 32));
  const sealed = Buffer.from(encryptedPayload ?? []);
  const decipher = createDecipheriv('aes-256-gcm', key, iv ?? Buffer.alloc(0));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const plain = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
  const { companionPublicKey, companionIdentityKey, advSecret } = proto.PairingRequest.decode(plain);
  const [noise, identity, secret] = [companionPublicKey, companionIdentityKey, advSecret].map((bytes) =>
    Buffer.from(bytes ?? []),
  ) as [Buffer, Buffer, Buffer];
  return { noise, identity, advSecret: secret };
}
