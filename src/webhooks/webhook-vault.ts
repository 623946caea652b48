import { Injectable } from '@nestjs/common';
import { KeyEncryptionKey, sealedRows, type SealedRow } from '../common/envelope.js';

export const WEBHOOK_KEYS = sealedRows('webhooks', 'webhook', 'webhook-target');

/** Where a webhook leads and what signs its deliveries. The address is secret too: many carry a token. */
export interface Target {
  url: string;
  secret: string;
  previousSecret: string | null;
}

/** Keeps addresses and secrets of webhooks as other secrets are kept: under a data key each, wrapped by `CREDENTIALS_KEY`. */
@Injectable()
export class WebhookVault {
  constructor(private readonly key: KeyEncryptionKey) {}

  close(id: string, target: Target): SealedRow {
    return this.key.sealRow(WEBHOOK_KEYS, id, JSON.stringify(target));
  }

  /** @throws {UnreadableSecret} */
  open(id: string, row: Omit<SealedRow, 'keyId'>): Target {
    return JSON.parse(this.key.openRow(WEBHOOK_KEYS, id, row)) as Target;
  }
}
