import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BLAST_KEYS } from '../blast/blast-keys.js';
import { MEDIA_KEYS } from '../blast/media/media-store.js';
import { CREDENTIAL_KEYS } from '../wa-session/credentials/credential-store.js';
import { KeyEncryptionKey, type WrappedKeys } from '../wa-session/credentials/envelope.js';

const BATCH = 100;
const EVERYTHING = [CREDENTIAL_KEYS, BLAST_KEYS, MEDIA_KEYS];

/**
 * With CREDENTIALS_KEY_PREVIOUS set, wraps every data key anew while the product runs. Each batch is one statement:
 * killed anywhere, every row opens with one of the two keys, and the next start goes on.
 */
@Injectable()
export class KeyRotation implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(KeyRotation.name);
  private running: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly key: KeyEncryptionKey,
  ) {}

  onApplicationBootstrap(): void {
    if (this.key.previousId === null || this.key.previousId === this.key.id) return;
    this.running = this.rotate().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : 'unknown error';
      this.logger.error(`Keys were not all rotated; the next start goes on: ${reason}`);
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  private async rotate(): Promise<void> {
    let count = 0;
    for (const keys of EVERYTHING) count += await this.rotateTable(keys);
    if (this.stopping) return;
    this.logger.log(`${count} data keys were wrapped by the new CREDENTIALS_KEY; CREDENTIALS_KEY_PREVIOUS can go`);
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
        `UPDATE ${table} t SET wrapped_key = n.wrapped_key, key_id = $1
         FROM unnest($2::uuid[], $3::bytea[]) AS n(id, wrapped_key) WHERE t.id = n.id AND t.key_id = $4`,
        [
          this.key.id,
          rows.map(({ id }) => id),
          rows.map(({ id, wrapped_key: wrapped }) => this.key.rewrap(place(id), wrapped)),
          this.key.previousId,
        ],
      );
      count += rows.length;
    }
    return count;
  }
}
