import { randomUUID } from 'node:crypto';
import {
  MAX_SAVED_MESSAGES,
  SaveMessage,
  type SavedMessage,
  type UpdateSavedMessage,
} from '@koneksi/contracts/saved-messages';
import { nearMissesOf } from '@koneksi/contracts/blast-near-misses';
import type { BlastMedia } from '@koneksi/contracts/blast-content';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/domain-error.js';
import { Seen } from '../../common/editing/seen.js';
import { requireRoom, type QuotaFact } from '../../common/quota-reached.js';
import { parseOrRefuse } from '../../common/schema-validation.pipe.js';
import { isUuid } from '../../common/uuid.js';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import { BlastKeys } from '../blast-keys.js';
import { missedTexts } from '../blast-plan.js';
import { BlastEntity } from '../blast.entity.js';
import { MediaStore, toMedia } from '../media/media-store.js';

interface Row {
  id: string;
  name: string;
  wrappedKey: Buffer;
  message: Buffer;
  createdAt: Date;
  createdBy: string;
  media: BlastMedia | null;
}

const ROWS_SQL = `
  SELECT b.id, b.title AS name, b.wrapped_key AS "wrappedKey", b.message, b.created_at AS "createdAt",
    b.created_by_name AS "createdBy", CASE WHEN m.id IS NOT NULL THEN jsonb_build_object('id', m.id, 'kind', m.kind,
      'mimeType', m.mime_type, 'fileName', m.file_name, 'bytes', m.bytes) END AS media
  FROM blasts b LEFT JOIN blast_media m ON m.id = b.media_id WHERE b.kind = 'saved'`;

/** Of two who keep a message under one name at once the second finds it taken. */
const LOCK_SQL = `SELECT pg_advisory_xact_lock(hashtext('saved messages'))`;

/**
 * Messages of the chain that are used again. Each is a row among the blasts, of a kind that is never sent itself: its text
 * is sealed as theirs is, and its file kept as long as it is.
 */
@Injectable()
export class SavedMessages {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: BlastKeys,
    private readonly media: MediaStore,
    private readonly clock: Clock,
  ) {}

  async list(): Promise<SavedMessage[]> {
    const rows = await this.dataSource.query<Row[]>(ROWS_SQL);
    return rows.map((row) => this.toView(row));
  }

  /** @throws `NOT_FOUND` */
  find(id: string): Promise<SavedMessage> {
    return this.require(this.dataSource.manager, id);
  }

  /** Of the chain. */
  async quota(manager: EntityManager = this.dataSource.manager): Promise<QuotaFact> {
    const used = await manager.countBy(BlastEntity, { kind: 'saved' });
    return { name: 'saved-messages', limit: MAX_SAVED_MESSAGES, used };
  }

  /** @throws `VALIDATION_FAILED`, {QuotaReached} */
  async create(caller: Caller, body: SaveMessage): Promise<SavedMessage> {
    await this.check(caller, body);
    const id = randomUUID();
    const { blastId: _, ...key } = this.keys.issue(id);
    return this.dataSource.transaction(async (manager) => {
      await manager.query(LOCK_SQL);
      await requireFreeName(manager, body.name, null);
      requireRoom(await this.quota(manager), 'saved messages');
      await manager.insert(BlastEntity, {
        id,
        kind: 'saved',
        title: body.name,
        // Never sent itself: whatever looks for what is open finds none of these.
        status: 'canceled',
        createdAt: new Date(this.clock.wall()),
        createdBy: caller.id,
        createdByName: caller.name,
        recipients: 0,
        mediaId: body.mediaId,
        ...key,
        message: this.keys.sealMessage({ blastId: id, ...key }, body.message),
        requestHash: '',
      });
      return this.require(manager, id);
    });
  }

  /** @throws `NOT_FOUND`, `VALIDATION_FAILED`, `CHANGED_MEANWHILE` */
  async update(caller: Caller, id: string, changes: UpdateSavedMessage, seen = Seen.anything): Promise<SavedMessage> {
    await this.find(id);
    await this.check(caller, changes);
    return this.dataSource.transaction(async (manager) => {
      await manager.query(LOCK_SQL);
      const row = await this.row(manager, id);
      const now = this.toView(row);
      seen.requireSame(now);
      // What is written, as a whole: a text that fits alone may be too long below a picture.
      const { name, mediaId } = parseOrRefuse(SaveMessage, { ...textOf(now), ...changes });
      await requireFreeName(manager, name, id);
      // Of what is not said anew nothing is written: a damaged text is not taken for an empty one.
      const said = changes.message === undefined ? {} : this.sealAnew(row, changes.message);
      await manager.update(BlastEntity, { id }, { title: name, mediaId, ...said });
      return this.require(manager, id);
    });
  }

  /** @throws `NOT_FOUND`, `CHANGED_MEANWHILE` */
  async remove(id: string, seen = Seen.anything): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query(LOCK_SQL);
      seen.requireSame(await this.require(manager, id));
      await manager.delete(BlastEntity, { id, kind: 'saved' });
    });
  }

  /** What of it anybody typed or chose, each by itself. */
  private async check(caller: Caller, { message = '', mediaId = null }: UpdateSavedMessage): Promise<void> {
    const misses = nearMissesOf(message, []);
    if (misses.length > 0) throw new ValidationFailed([{ field: 'message', text: missedTexts(misses) }]);
    if (mediaId !== null && !(await this.media.find(caller, mediaId)))
      throw new ValidationFailed([fieldProblem('mediaId', 'MEDIA_UNKNOWN')]);
  }

  /** Under the key it has, or under another where that opens nothing. */
  private sealAnew({ id, wrappedKey, message }: Row, said: string): Partial<BlastEntity> {
    const key = { blastId: id, wrappedKey };
    if (this.keys.messageIfWhole(key, message) !== null) return { message: this.keys.sealMessage(key, said) };
    const { blastId, ...another } = this.keys.issue(id);
    return { ...another, message: this.keys.sealMessage({ blastId, ...another }, said) };
  }

  private async require(manager: EntityManager, id: string): Promise<SavedMessage> {
    return this.toView(await this.row(manager, id));
  }

  private async row(manager: EntityManager, id: string): Promise<Row> {
    const [row] = isUuid(id) ? await manager.query<Row[]>(`${ROWS_SQL} AND b.id = $1`, [id]) : [];
    if (!row) throw new DomainError('NOT_FOUND', 404, 'no such saved message');
    return row;
  }

  private toView({ wrappedKey, message, media, createdAt, ...row }: Row): SavedMessage {
    return {
      ...row,
      // One that is damaged says nothing, and keeps nobody from the others.
      message: this.keys.messageIfWhole({ blastId: row.id, wrappedKey }, message) ?? '',
      mediaId: media?.id ?? null,
      media: media && toMedia(media),
      createdAt: createdAt.toISOString(),
    };
  }
}

const textOf = ({ name, message, mediaId }: SavedMessage): SaveMessage => ({ name, message, mediaId });

async function requireFreeName(manager: EntityManager, name: string, own: string | null): Promise<void> {
  const taken = await manager.query<unknown[]>(
    `SELECT FROM blasts WHERE kind = 'saved' AND lower(title) = lower($1) AND id IS DISTINCT FROM $2`,
    [name, own],
  );
  if (taken.length > 0) throw new ValidationFailed([fieldProblem('name', 'NAME_TAKEN')]);
}
