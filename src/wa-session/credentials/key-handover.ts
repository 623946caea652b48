import { Injectable } from '@nestjs/common';
import { SystemDataSource } from '../../database/system-data-source.js';
import { KeyEncryptionKey } from '../../common/envelope.js';

interface Row {
  key_id: string;
  sealed_by: string;
  sealed: Buffer;
  finished_at: Date | null;
}

/**
 * How a running Koneksi, or one that starts with the key from before, comes by the next one: from the database, where
 * it lies sealed by the present key. It lies there until a start with the next key, after which only that one counts.
 */
@Injectable()
export class KeyHandover {
  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly key: KeyEncryptionKey,
  ) {}

  /** Takes the next key over where there is one; whether there was. @throws {UnreadableSecret} */
  async accept(): Promise<boolean> {
    const row = await this.read();
    if (row?.sealed_by !== this.key.id) return false;
    this.key.adopt(row.key_id, row.sealed);
    return true;
  }

  /** Somebody started with the next key alone before everything was wrapped by it. */
  async isHalfDone(): Promise<boolean> {
    const row = await this.read();
    return row?.key_id === this.key.id && row.finished_at === null && !this.key.ids.includes(row.sealed_by);
  }

  /** Nothing is wrapped by the key before any more. */
  async finish(): Promise<void> {
    await this.dataSource.query('UPDATE key_handover SET finished_at = now() WHERE key_id = $1', [this.key.id]);
  }

  /** The next key is the present one: what the one before it could still open goes. */
  async forget(): Promise<void> {
    await this.dataSource.query('DELETE FROM key_handover WHERE key_id = $1 AND finished_at IS NOT NULL', [
      this.key.id,
    ]);
  }

  private async read(): Promise<Row | undefined> {
    const [row] = await this.dataSource.query<Row[]>(
      'SELECT key_id, sealed_by, sealed, finished_at FROM key_handover WHERE id = 1',
    );
    return row;
  }
}
