import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { BlastMedia } from '@koneksi/contracts/blast-content';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { Clock } from '../../common/clock.js';
import { QuotaReached, type QuotaFact } from '../../common/quota-reached.js';
import { takeQuotaTurn } from '../../common/quota-turn.js';
import { KeyEncryptionKey, type WrappedKeys } from '../../common/envelope.js';
import { seal, unseal } from '../../common/sealing.js';
import type { OutgoingMedia } from '../../wa-session/messenger.js';
import { readFilm } from './mp4.js';
import { BlastMediaEntity } from './blast-media.entity.js';

const KEPT_UNUSED_HOURS = 24;
const HOUR_MS = 3_600_000;
const KEPT_UNUSED_EACH = 10;
const KEPT_BYTES_EACH = 400 * 1024 * 1024;

/** Whoever uses a colleague's blast or a saved message sends its file as well. `$3` narrows to outlets, or is null for all. */
const FIND_SQL = `
  SELECT m.id, m.kind, m.mime_type AS "mimeType", m.file_name AS "fileName", m.bytes FROM blast_media m
  WHERE m.id = $1 AND (m.uploaded_by = $2 OR EXISTS (
    SELECT FROM blasts b WHERE b.media_id = m.id AND b.kind = 'saved') OR EXISTS (
    SELECT FROM blasts b WHERE b.media_id = m.id AND b.kind = 'blast' AND b.purged_at IS NULL AND EXISTS (
      SELECT FROM blast_outlets o WHERE o.blast_id = b.id AND ($3::uuid[] IS NULL OR o.outlet_id = ANY ($3::uuid[])))))`;

const placeOfKey = (id: string): string => `media-key|${id}`;
export const MEDIA_KEYS: WrappedKeys = { table: 'blast_media', place: placeOfKey };
const placeOfThumbnail = (id: string): string => `media-thumbnail|${id}`;
const placeOfContent = (id: string): string => `media|${id}`;

export const toMedia = ({ id, kind, mimeType, fileName, bytes }: BlastMedia): BlastMedia => ({
  id,
  kind,
  mimeType,
  fileName,
  bytes,
});

/** @param used with what is to be added @param more how much that is */
function requireRoom(used: number, more: number): void {
  const quota = { name: 'files', limit: KEPT_BYTES_EACH, used } as const;
  if (used > quota.limit) throw new QuotaReached({ ...quota, of: 'bytes of files of one caller' }, more);
}

/** Files of blasts, sealed in the database. */
@Injectable()
export class MediaStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keyEncryptionKey: KeyEncryptionKey,
    private readonly clock: Clock,
  ) {}

  /**
   * Keeps it for a day, and as long as a blast has it; beyond ten without a blast, a caller's oldest is forgotten.
   * @throws {QuotaReached}, {TooManyAttempts}
   */
  async save(caller: Caller, file: Omit<BlastMedia, 'id' | 'bytes'>, content: Buffer): Promise<BlastMedia> {
    const id = randomUUID();
    const { dataKey, wrapped } = this.keyEncryptionKey.issue(placeOfKey(id));
    const keyId = this.keyEncryptionKey.id;
    const media = { ...file, id, bytes: content.length };
    const row = {
      ...media,
      uploadedBy: caller.id,
      uploadedAt: new Date(this.clock.wall()),
      keyId,
      wrappedKey: wrapped,
      content: seal(dataKey, placeOfContent(id), content),
    };
    await this.forgetSurplus(caller);
    const { used } = await this.quota(caller);
    requireRoom(used + content.length, content.length);
    await this.dataSource.transaction(async (manager) => {
      await manager.insert(BlastMediaEntity, row);
      // Writing it takes long.
      await takeQuotaTurn(manager, 'files', caller.id);
      requireRoom((await this.quota(caller, manager)).used, content.length);
    });
    return media;
  }

  /** What this caller uploaded, or a blast carries that they may see, without its content. */
  async find(caller: Caller, id: string): Promise<BlastMedia | null> {
    const outlets = caller.outletIds === 'all' ? null : [...caller.outletIds];
    const [row] = await this.dataSource.query<BlastMedia[]>(FIND_SQL, [id, caller.id, outlets]);
    return row ? toMedia(row) : null;
  }

  /** @throws {UnreadableSecret} */
  async read(id: string): Promise<OutgoingMedia> {
    return (await this.open(id)).file;
  }

  /** With what a phone shows of a film before it has it. @throws {UnreadableSecret} */
  async readToSend(id: string): Promise<OutgoingMedia> {
    const { file, dataKey, thumbnail } = await this.open(id);
    const film = file.kind === 'video' ? readFilm(file.content) : undefined;
    if (typeof film !== 'object') return file;
    const shown = thumbnail && { jpegThumbnail: unseal(dataKey, placeOfThumbnail(id), thumbnail) };
    return { ...file, film: { ...film, ...shown } };
  }

  /**
   * What is shown of a film before it is downloaded, while nothing carries it yet: what was confirmed is what is sent.
   * Answers whether there was such a film of this caller.
   */
  async illustrate(caller: Caller, id: string, thumbnail: Buffer): Promise<boolean> {
    const waiting =
      'id = $1 AND uploaded_by = $2 AND kind = $3 AND NOT EXISTS (SELECT FROM blasts WHERE media_id = $1)';
    const values = [id, caller.id, 'video'];
    const [row] = await this.dataSource.query<{ wrapped_key: Buffer }[]>(
      `SELECT wrapped_key FROM blast_media WHERE ${waiting}`,
      values,
    );
    if (!row) return false;
    const sealed = seal(this.keyEncryptionKey.unwrap(placeOfKey(id), row.wrapped_key), placeOfThumbnail(id), thumbnail);
    const [, count] = await this.dataSource.query<[unknown, number]>(
      `UPDATE blast_media SET thumbnail = $4 WHERE ${waiting}`,
      [...values, sealed],
    );
    return count > 0;
  }

  /** Whether two files are the same, byte for byte. */
  async areEqual(one: string, other: string): Promise<boolean> {
    if (one === other) return true;
    const sizes = await this.dataSource.query<{ bytes: number }[]>(
      'SELECT DISTINCT bytes FROM blast_media WHERE id IN ($1, $2)',
      [one, other],
    );
    if (sizes.length !== 1) return false;
    const [first, second] = await Promise.all([this.read(one), this.read(other)]);
    return first.content.equals(second.content);
  }

  /** Those without a blast for longer than a draft lives. */
  async forgetExpired(): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM blast_media m WHERE m.uploaded_at < $1 AND NOT EXISTS (SELECT FROM blasts b WHERE b.media_id = m.id)`,
      [new Date(this.clock.wall() - KEPT_UNUSED_HOURS * HOUR_MS)],
    );
  }

  /** Files of blasts count too, also of those that were cancelled: they are kept as long as what the blast said. */
  async quota(caller: Caller, manager: EntityManager = this.dataSource.manager): Promise<QuotaFact> {
    const [{ bytes }] = await manager.query<[{ bytes: string }]>(
      'SELECT coalesce(sum(bytes), 0) AS bytes FROM blast_media WHERE uploaded_by = $1',
      [caller.id],
    );
    return { name: 'files', limit: KEPT_BYTES_EACH, used: Number(bytes) };
  }

  /** Of this caller's, what would leave no room for another. */
  private async forgetSurplus(caller: Caller): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM blast_media WHERE id IN (
         SELECT id FROM blast_media m
         WHERE uploaded_by = $1 AND NOT EXISTS (SELECT FROM blasts b WHERE b.media_id = m.id)
         ORDER BY uploaded_at DESC OFFSET $2)`,
      [caller.id, KEPT_UNUSED_EACH - 1],
    );
  }

  private async open(id: string): Promise<{ file: OutgoingMedia; dataKey: Buffer; thumbnail: Buffer | null }> {
    const row = await this.dataSource.manager.findOneByOrFail(BlastMediaEntity, { id });
    const dataKey = this.keyEncryptionKey.unwrap(placeOfKey(id), row.wrappedKey);
    const { kind, mimeType, fileName, thumbnail } = row;
    return {
      file: { kind, mimeType, fileName, content: unseal(dataKey, placeOfContent(id), row.content) },
      dataKey,
      thumbnail,
    };
  }
}
