import { createPublicKey, verify } from 'node:crypto';
import curve from 'curve25519-js';

const FIELD = 2n ** 255n - 19n;
const U_BITS = 2n ** 255n - 1n;
const ED25519_DER = Buffer.from('302a300506032b6570032100', 'hex');

let installed = false;

/**
 * libsignal checks signatures in JavaScript, which is 40 % of a login's CPU and part of each first message; Node.js'
 * own Ed25519 takes a hundredth of that. What it does not accept is left to the original, so no verdict changes.
 */
export function verifyNatively(): void {
  if (installed) return;
  installed = true;
  const original = curve.verify;
  curve.verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
    isSignedBy(publicKey, message, signature) || original(publicKey, message, signature);
}

/** An agreement key u is the Ed25519 key y = (u - 1) / (u + 1), whose sign travels in the signature's top bit. */
export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const u = BigInt(`0x${Buffer.from(publicKey).reverse().toString('hex')}`) & U_BITS;
  const y = (((u - 1n + FIELD) % FIELD) * inverse((u + 1n) % FIELD)) % FIELD;
  const key = Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse();
  const plain = Buffer.from(signature);
  const top = plain.readUInt8(63);
  key.writeUInt8(key.readUInt8(31) | (top & 0x80), 31);
  plain.writeUInt8(top & 0x7f, 63);
  return verify(
    null,
    message,
    createPublicKey({ key: Buffer.concat([ED25519_DER, key]), format: 'der', type: 'spki' }),
    plain,
  );
}

/** Modulo the field's prime; 0 for 0. */
function inverse(value: bigint): bigint {
  let [remainder, next] = [FIELD, value];
  let [factor, nextFactor] = [0n, 1n];
  while (next > 0n) {
    const quotient = remainder / next;
    [remainder, next] = [next, remainder - quotient * next];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return ((factor % FIELD) + FIELD) % FIELD;
}
