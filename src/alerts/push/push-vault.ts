import { Injectable } from '@nestjs/common';
import { KeyEncryptionKey, type WrappedKeys } from '../../common/envelope.js';
import { seal, unseal } from '../../common/sealing.js';

type Kind = 'push' | 'push-subscription';

const placeOfKey =
  (kind: Kind) =>
  (id: string): string =>
    `${kind}-key|${id}`;
const placeOfSecret = (kind: Kind, id: string): string => `${kind}|${id}`;

export const PUSH_KEYS: WrappedKeys = { table: 'push_keys', place: placeOfKey('push') };
export const PUSH_SUBSCRIPTION_KEYS: WrappedKeys = {
  table: 'push_subscriptions',
  place: placeOfKey('push-subscription'),
};

export interface Sealed {
  keyId: string;
  wrappedKey: Buffer;
  sealed: Buffer;
}

/** Keeps what calls browsers as other secrets are kept: under a data key each, wrapped by `CREDENTIALS_KEY`. */
@Injectable()
export class PushVault {
  constructor(private readonly key: KeyEncryptionKey) {}

  close(kind: Kind, id: string, secret: unknown): Sealed {
    const { dataKey, wrapped } = this.key.issue(placeOfKey(kind)(id));
    const sealed = seal(dataKey, placeOfSecret(kind, id), Buffer.from(JSON.stringify(secret)));
    return { keyId: this.key.id, wrappedKey: wrapped, sealed };
  }

  /** @throws {UnreadableSecret} */
  open<Secret>(kind: Kind, id: string, { wrappedKey, sealed }: Omit<Sealed, 'keyId'>): Secret {
    const dataKey = this.key.unwrap(placeOfKey(kind)(id), wrappedKey);
    return JSON.parse(unseal(dataKey, placeOfSecret(kind, id), sealed).toString()) as Secret;
  }
}
