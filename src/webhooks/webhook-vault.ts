import { Injectable } from '@nestjs/common';
import { KeyEncryptionKey, type WrappedKeys } from '../common/envelope.js';
import { seal, unseal } from '../common/sealing.js';

const placeOfKey = (id: string): string => `webhook-key|${id}`;
const placeOfTarget = (id: string): string => `webhook-target|${id}`;

export const WEBHOOK_KEYS: WrappedKeys = { table: 'webhooks', place: placeOfKey };

/** Where a webhook leads and what signs its deliveries. The address is secret too: many carry a token. */
export interface Target {
  url: string;
  secret: string;
  previousSecret: string | null;
}

export interface SealedTarget {
  keyId: string;
  wrappedKey: Buffer;
  sealed: Buffer;
}

/** Keeps addresses and secrets of webhooks as other secrets are kept: under a data key each, wrapped by `CREDENTIALS_KEY`. */
@Injectable()
export class WebhookVault {
  constructor(private readonly key: KeyEncryptionKey) {}

  close(id: string, target: Target): SealedTarget {
    const { dataKey, wrapped } = this.key.issue(placeOfKey(id));
    const sealed = seal(dataKey, placeOfTarget(id), Buffer.from(JSON.stringify(target)));
    return { keyId: this.key.id, wrappedKey: wrapped, sealed };
  }

  /** @throws {UnreadableSecret} */
  open(id: string, { wrappedKey, sealed }: Pick<SealedTarget, 'wrappedKey' | 'sealed'>): Target {
    const dataKey = this.key.unwrap(placeOfKey(id), wrappedKey);
    return JSON.parse(unseal(dataKey, placeOfTarget(id), sealed).toString()) as Target;
  }
}
