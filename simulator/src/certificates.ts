import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { type AgreementKey, agreementKey, generateKeyPair, type KeyPair } from './crypto/curve.js';
import { sign } from './crypto/xeddsa.js';

const { Details } = proto.CertChain.NoiseCertificate;
const YEAR_S = 365 * 24 * 3600;
const INTERMEDIATE_SERIAL = 1;
const LEAF_SERIAL = 2;

/** The only secrets worth keeping: with the same root, clients keep trusting a restarted simulator. */
export interface CertificateKeys {
  root: KeyPair;
}

export function generateCertificateKeys(): CertificateKeys {
  return { root: generateKeyPair() };
}

/** What the server proves itself with: the leaf's key is its Noise static key. */
export interface Credentials {
  staticKey: AgreementKey;
  /** Encoded `CertChain`, the payload of every ServerHello; signed once. */
  chain: Buffer;
}

/**
 * Root signs intermediate, intermediate signs leaf, each over the other's `details` bytes, and the
 * intermediate names issuer serial 0. Baileys 7.0.0-rc14 checks only that serial, but a later one may check all.
 */
export function issueCredentials({ root }: CertificateKeys, now: number): Credentials {
  const intermediate = generateKeyPair();
  const leaf = generateKeyPair();
  const notBefore = Math.floor(now / 1000) - 24 * 3600;
  const validity = { notBefore, notAfter: notBefore + YEAR_S };
  const intermediateDetails = Details.encode({
    serial: INTERMEDIATE_SERIAL,
    issuerSerial: 0,
    key: intermediate.public,
    ...validity,
  }).finish();
  const leafDetails = Details.encode({
    serial: LEAF_SERIAL,
    issuerSerial: INTERMEDIATE_SERIAL,
    key: leaf.public,
    ...validity,
  }).finish();
  const chain = proto.CertChain.encode({
    intermediate: { details: intermediateDetails, signature: sign(root.private, intermediateDetails) },
    leaf: { details: leafDetails, signature: sign(intermediate.private, leafDetails) },
  }).finish();
  return { staticKey: agreementKey(leaf), chain: Buffer.from(chain) };
}
