import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { BlastMedia } from '@koneksi/contracts/blasts';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { Clock } from '../../common/clock.js';
import { KeyEncryptionKey, seal, unseal, type WrappedKeys } from '../../wa-session/credentials/envelope.js';
import type { OutgoingMedia } from '../../wa-session/messenger.js';
import { BlastMediaEntity } from './blast-media.entity.js';

const KEPT_UNUSED_HOURS = 24;
const KEPT_UNUSED_EACH = 10;

const placeOfKey = (id: string): string => `media-key|${id}`;
export const MEDIA_KEYS: WrappedKeys = { table: 'blast_media', place: placeOfKey };
const placeOfContent = (id: string): string => `media|${id}`;

export const toMedia = ({ id, kind, mimeType, fileName, bytes }: BlastMedia): BlastMedia => ({
  id,
  kind,
  mimeType,
  fileName,
  bytes,
});

/** Files of blasts, sealed in the database. */
@Injectable()
export class MediaStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keyEncryptionKey: KeyEncryptionKey,
    private readonly clock: Clock,
  ) {}

  /** Keeps it for a day, and as long as a blast has it; beyond ten without a blast, a caller's oldest is forgotten. */
  async save(caller: Caller, file: Omit<BlastMedia, 'id' | 'bytes'>, content: Buffer): Promise<BlastMedia> {
    const id = randomUUID();
    const { dataKey, wrapped } = this.keyEncryptionKey.issue(placeOfKey(id));
    const keyId = this.keyEncryptionKey.id;
    const media = { ...file, id, bytes: content.length };
    await this.forgetUnused(caller);
    await this.dataSource.manager.insert(BlastMediaEntity, {
      ...media,
      uploadedBy: caller.id,
      uploadedAt: new Date(this.clock.now()),
      keyId,
      wrappedKey: wrapped,
      content: seal(dataKey, placeOfContent(id), content),
    });
    return media;
  }

  /** What this caller uploaded, without its content. */
  async find(caller: Caller, id: string): Promise<BlastMedia | null> {
    const [row] = await this.dataSource.manager.find(BlastMediaEntity, {
      select: { id: true, kind: true, mimeType: true, fileName: true, bytes: true },
      where: { id, uploadedBy: caller.id },
    });
    return row ? toMedia(row) : null;
  }

  /** @throws {UnreadableSecret} */
  async read(id: string): Promise<OutgoingMedia> {
    const row = await this.dataSource.manager.findOneByOrFail(BlastMediaEntity, { id });
    const dataKey = this.keyEncryptionKey.unwrap(placeOfKey(id), row.wrappedKey);
    const { kind, mimeType, fileName } = row;
    return { kind, mimeType, fileName, content: unseal(dataKey, placeOfContent(id), row.content) };
  }

  /** The expired ones, and of this caller's what would leave no room for another. */
  private async forgetUnused(caller: Caller): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM blast_media m USING (
         SELECT id, uploaded_at, uploaded_by, row_number() OVER (PARTITION BY uploaded_by ORDER BY uploaded_at DESC) AS nth
         FROM blast_media u WHERE NOT EXISTS (SELECT FROM blasts b WHERE b.media_id = u.id)) u
       WHERE m.id = u.id AND (u.uploaded_at < now() - make_interval(hours => $1)
         OR u.uploaded_by = $2 AND u.nth >= $3)`,
      [KEPT_UNUSED_HOURS, caller.id, KEPT_UNUSED_EACH],
    );
  }
}
