import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import webPush from 'web-push';
import { PushKeyEntity } from './push.entity.js';
import { PushVault } from './push-vault.js';

/** There is one. */
const THE_ONE = '00000000-0000-4000-8000-000000000001';

export interface VapidKeys {
  publicKey: string;
  privateKey: string;
}

/** The keys by which push services know us (VAPID, RFC 8292): made once, for a browser that subscribed knows one alone. */
@Injectable()
export class PushKeys {
  private known: Promise<VapidKeys> | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly vault: PushVault,
  ) {}

  read(): Promise<VapidKeys> {
    this.known ??= this.readOrMake().catch((error: unknown) => {
      this.known = null;
      throw error;
    });
    return this.known;
  }

  private async readOrMake(): Promise<VapidKeys> {
    return (await this.kept()) ?? (await this.make());
  }

  private async kept(): Promise<VapidKeys | null> {
    const row = await this.dataSource.manager.findOneBy(PushKeyEntity, { id: THE_ONE });
    return row && { publicKey: row.publicKey, privateKey: this.vault.open<string>('push', THE_ONE, row) };
  }

  /** Whoever makes them at the same time: the first row is everybody's. */
  private async make(): Promise<VapidKeys> {
    const { publicKey, privateKey } = webPush.generateVAPIDKeys();
    const { keyId, wrappedKey, sealed } = this.vault.close('push', THE_ONE, privateKey);
    await this.dataSource.query(
      `INSERT INTO push_keys (id, public_key, key_id, wrapped_key, sealed) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING`,
      [THE_ONE, publicKey, keyId, wrappedKey, sealed],
    );
    return (await this.kept())!;
  }
}
