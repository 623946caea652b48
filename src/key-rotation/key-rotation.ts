import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PUSH_KEYS, PUSH_SUBSCRIPTION_KEYS } from '../alerts/push/push-vault.js';
import { SECOND_FACTOR_KEYS } from '../auth/second-factor-vault.js';
import { BLAST_KEYS } from '../blast/blast-keys.js';
import { MEDIA_KEYS } from '../blast/media/media-store.js';
import { CREDENTIAL_KEYS } from '../wa-session/credentials/credential-store.js';
import { FAREWELL_KEYS } from '../wa-session/credentials/farewell-store.js';
import { KeyEncryptionKey, type WrappedKeys } from '../common/envelope.js';
import { UnreadableSecret } from '../common/sealing.js';
import { KeyHandover } from '../wa-session/credentials/key-handover.js';
import { DAMAGED, FIND_DAMAGED, type DamagedKey } from '../wa-session/credentials/strange-keys.js';
import { WEBHOOK_KEYS } from '../webhooks/webhook-vault.js';

const BATCH = 100;
const EVERYTHING = [
  CREDENTIAL_KEYS,
  FAREWELL_KEYS,
  BLAST_KEYS,
  MEDIA_KEYS,
  WEBHOOK_KEYS,
  SECOND_FACTOR_KEYS,
  PUSH_KEYS,
  PUSH_SUBSCRIPTION_KEYS,
];
const LOOK_EVERY_MS = 2_000;
/** What was being written when the key changed is there by then: no statement may take longer than two looks. */
const EMPTY_LOOKS = 3;

/**
 * Wraps every data key anew while the product runs: with CREDENTIALS_KEY_PREVIOUS set, or once `npm run rotate-key`
 * has handed over the next key. Each batch is one statement: killed anywhere, every row opens with one of the two keys,
 * and the next start goes on.
 */
@Injectable()
export class KeyRotation implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(KeyRotation.name);
  private looking: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopping = false;
  private isRotating: boolean;
  /** While it ran, so that what was being written then can still come. */
  private wasHandedOver = false;
  private emptyLooks = 0;
  private count = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly key: KeyEncryptionKey,
    private readonly handover: KeyHandover,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.isRotating = this.key.previousId !== null && this.key.previousId !== this.key.id;
    if (!this.isRotating) await this.handover.forget();
    this.look();
    this.looking = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.looking);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  /** One look at a time. */
  private look(): void {
    this.running = this.running.then(() => this.rotate()).catch(() => undefined);
  }

  /** A look that fails, for the database is away, is followed by the next. */
  private async rotate(): Promise<void> {
    if (this.stopping) return;
    if (await this.handover.accept()) {
      this.isRotating = true;
      this.wasHandedOver = true;
      this.emptyLooks = 0;
      this.count = 0;
      this.logger.log('The next CREDENTIALS_KEY was handed over; data keys are being wrapped by it');
    }
    if (!this.isRotating) return;
    let moved = 0;
    for (const keys of EVERYTHING) moved += await this.rotateTable(keys);
    this.count += moved;
    this.emptyLooks = moved > 0 ? 0 : this.emptyLooks + 1;
    if (this.stopping || (this.wasHandedOver && this.emptyLooks < EMPTY_LOOKS)) return;
    await this.tellDamaged();
    await this.handover.finish();
    this.isRotating = false;
    const next = this.wasHandedOver ? 'the next start takes the new one alone' : 'CREDENTIALS_KEY_PREVIOUS can go';
    this.logger.log(`${this.count} data keys were wrapped by the new CREDENTIALS_KEY; ${next}`);
  }

  private async rotateTable({ table, place }: WrappedKeys): Promise<number> {
    let count = 0;
    while (!this.stopping) {
      const rows: { id: string; wrapped_key: Buffer }[] = await this.dataSource.query(
        `SELECT id, wrapped_key FROM ${table} WHERE key_id = $1 LIMIT ${BATCH}`,
        [this.key.previousId],
      );
      if (rows.length === 0) break;
      await this.dataSource.query(
        `UPDATE ${table} t SET wrapped_key = coalesce(n.wrapped_key, t.wrapped_key),
           key_id = CASE WHEN n.wrapped_key IS NULL THEN $5 || t.key_id ELSE $1 END
         FROM unnest($2::uuid[], $3::bytea[]) AS n(id, wrapped_key) WHERE t.id = n.id AND t.key_id = $4`,
        [
          this.key.id,
          rows.map(({ id }) => id),
          rows.map(({ id, wrapped_key: wrapped }) => this.rewrap(place(id), wrapped)),
          this.key.previousId,
          DAMAGED,
        ],
      );
      count += rows.length;
    }
    return count;
  }

  /** `null` for one that no key opens: it stays as it is, and holds up no other. */
  private rewrap(place: string, wrapped: Buffer): Buffer | null {
    try {
      return this.key.rewrap(place, wrapped);
    } catch (error) {
      if (error instanceof UnreadableSecret) return null;
      throw error;
    }
  }

  private async tellDamaged(): Promise<void> {
    for (const { kind, id } of await this.dataSource.query<DamagedKey[]>(FIND_DAMAGED))
      this.logger.error(`The data key of ${kind} ${id} is damaged: no CREDENTIALS_KEY opens it; it was left as it is`);
  }
}
