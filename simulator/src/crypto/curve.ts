import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** Raw Curve25519 keys, 32 bytes each. */
export interface KeyPair {
  public: Buffer;
  private: Buffer;
}

/** A key pair whose private half is already in the form Node agrees with; importing it each time costs more than the agreement. */
export interface AgreementKey {
  public: Buffer;
  private: KeyObject;
}

const PUBLIC_DER = Buffer.from('302a300506032b656e032100', 'hex');
const PRIVATE_DER = Buffer.from('302e020100300506032b656e04220420', 'hex');
const SIGNAL_KEY_TYPE = Buffer.of(5);

export function generateKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('x25519', {
    publicKeyEncoding: { format: 'der', type: 'spki' },
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
  });
  return { public: publicKey.subarray(PUBLIC_DER.length), private: privateKey.subarray(PRIVATE_DER.length) };
}

export function generateAgreementKey(): AgreementKey {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return { public: publicKey.export({ format: 'der', type: 'spki' }).subarray(PUBLIC_DER.length), private: privateKey };
}

export function agreementKey(pair: KeyPair): AgreementKey {
  const key = Buffer.concat([PRIVATE_DER, pair.private]);
  return { public: pair.public, private: createPrivateKey({ key, format: 'der', type: 'pkcs8' }) };
}

/** X25519. Throws when the other side's key is not 32 bytes or is a point of low order. */
export function agree(own: AgreementKey, otherPublic: Uint8Array): Buffer {
  const key = Buffer.concat([PUBLIC_DER, otherPublic]);
  return diffieHellman({ privateKey: own.private, publicKey: createPublicKey({ key, format: 'der', type: 'spki' }) });
}

/** The 33-byte form libsignal calls a public key. */
export function signalKey(publicKey: Uint8Array): Buffer {
  return publicKey.length === 33 ? Buffer.from(publicKey) : Buffer.concat([SIGNAL_KEY_TYPE, publicKey]);
}
