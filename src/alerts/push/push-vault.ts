import { Injectable } from '@nestjs/common';
import { KeyEncryptionKey, sealedRows, type SealedRow } from '../../common/envelope.js';

export const PUSH_KEYS = sealedRows('push_keys', 'push');
export const PUSH_SUBSCRIPTION_KEYS = sealedRows('push_subscriptions', 'push-subscription');

const KINDS = { push: PUSH_KEYS, 'push-subscription': PUSH_SUBSCRIPTION_KEYS };
type Kind = keyof typeof KINDS;

/** Keeps what calls browsers as other secrets are kept: under a data key each, wrapped by `CREDENTIALS_KEY`. */
@Injectable()
export class PushVault {
  constructor(private readonly key: KeyEncryptionKey) {}

  close(kind: Kind, id: string, secret: unknown): SealedRow {
    return this.key.sealRow(KINDS[kind], id, JSON.stringify(secret));
  }

  /** @throws {UnreadableSecret} */
  open<Secret>(kind: Kind, id: string, row: Omit<SealedRow, 'keyId'>): Secret {
    return JSON.parse(this.key.openRow(KINDS[kind], id, row)) as Secret;
  }
}
