import { Injectable } from '@nestjs/common';
import { Secret, TOTP } from 'otpauth';
import { KeyEncryptionKey, type WrappedKeys } from '../common/envelope.js';
import { seal, unseal } from '../common/sealing.js';
import type { SecondFactorEntity } from './second-factor.entity.js';

const placeOfKey = (id: string): string => `second-factor-key|${id}`;
const placeOfSecret = (id: string): string => `second-factor|${id}`;

export const SECOND_FACTOR_KEYS: WrappedKeys = { table: 'second_factors', place: placeOfKey };

/** As every app knows it without being told: RFC 6238 with SHA-1, six digits, 30 s. */
const STEP_SECONDS = 30;
const SECRET_BYTES = 20;
/** A clock may be a step off either way, and people take a while to type. */
const STEPS_OFF = 1;

/** Secrets of apps, kept as other secrets are: under a data key each, wrapped by `CREDENTIALS_KEY`. */
@Injectable()
export class SecondFactorVault {
  constructor(private readonly key: KeyEncryptionKey) {}

  /** A new secret for this account, and how it is kept. */
  make(id: string, email: string): { sealed: Omit<SecondFactorEntity, 'user'>; secret: string; uri: string } {
    const secret = new Secret({ size: SECRET_BYTES });
    const { dataKey, wrapped } = this.key.issue(placeOfKey(id));
    const sealed = seal(dataKey, placeOfSecret(id), Buffer.from(secret.base32));
    return {
      sealed: { id, keyId: this.key.id, wrappedKey: wrapped, sealed, lastStep: null },
      secret: secret.base32,
      uri: totp(secret, email).toString(),
    };
  }

  /** The step of 30 s whose code this is, at that time or nearly; `null` where it is none. @throws {UnreadableSecret} */
  stepOf({ id, wrappedKey, sealed }: SecondFactorEntity, code: string, now: number): number | null {
    const dataKey = this.key.unwrap(placeOfKey(id), wrappedKey);
    const secret = Secret.fromBase32(unseal(dataKey, placeOfSecret(id), sealed).toString());
    const off = totp(secret, '').validate({ token: code, timestamp: now, window: STEPS_OFF });
    return off === null ? null : Math.floor(now / 1_000 / STEP_SECONDS) + off;
  }
}

function totp(secret: Secret, email: string): TOTP {
  return new TOTP({ issuer: 'Koneksi', label: email, algorithm: 'SHA1', digits: 6, period: STEP_SECONDS, secret });
}
