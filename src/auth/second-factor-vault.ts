import { Injectable } from '@nestjs/common';
import { Secret, TOTP } from 'otpauth';
import { KeyEncryptionKey, sealedRows } from '../common/envelope.js';
import type { SecondFactorEntity } from './second-factor.entity.js';

export const SECOND_FACTOR_KEYS = sealedRows('second_factors', 'second-factor');

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
    return {
      sealed: { id, ...this.key.sealRow(SECOND_FACTOR_KEYS, id, secret.base32), lastStep: null },
      secret: secret.base32,
      uri: totp(secret, email).toString(),
    };
  }

  /** The step of 30 s whose code this is, at that time or nearly; `null` where it is none. @throws {UnreadableSecret} */
  stepOf(factor: SecondFactorEntity, code: string, now: number): number | null {
    const secret = Secret.fromBase32(this.key.openRow(SECOND_FACTOR_KEYS, factor.id, factor));
    const off = totp(secret, '').validate({ token: code, timestamp: now, window: STEPS_OFF });
    return off === null ? null : Math.floor(now / 1_000 / STEP_SECONDS) + off;
  }
}

function totp(secret: Secret, email: string): TOTP {
  return new TOTP({ issuer: 'Koneksi', label: email, algorithm: 'SHA1', digits: 6, period: STEP_SECONDS, secret });
}
