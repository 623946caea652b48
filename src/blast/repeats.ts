import type { Repeat } from '@koneksi/contracts/blast-preview';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { BlastKeys } from './blast-keys.js';
import { outletsOf } from './blast-reader.js';
import { sameWords } from './domain/same-words.js';
import type { PeopleMet } from './met-people.js';
import { MediaStore } from './media/media-store.js';

const WEEK_MS = 7 * 86_400_000;
/** Blasts of a week that are looked at, newest first. */
const MOST_COMPARED = 2_000;

interface Said {
  message: string;
  mediaId: string | null;
}

/** A blast that said the same. */
export interface SameWords {
  id: string;
  title: string | null;
  createdAt: string;
  createdBy: string;
}

interface Row {
  id: string;
  title: string | null;
  created_at: Date;
  created_by_name: string;
  media_id: string | null;
  wrapped_key: Buffer;
  message: Buffer;
}

/** Finds blasts of the last seven days that said the same words. Texts are sealed, so each is opened and compared. */
@Injectable()
export class Repeats {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: BlastKeys,
    private readonly media: MediaStore,
    private readonly clock: Clock,
  ) {}

  /** Those this caller may see, newest first; `but` is not one of them. */
  async of(
    caller: Caller,
    said: Said,
    but: string | null,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<SameWords[]> {
    const rows = await manager.query<Row[]>(
      `SELECT id, title, created_at, created_by_name, media_id, wrapped_key, message FROM blasts b
       WHERE kind = 'blast' AND message IS NOT NULL AND purged_at IS NULL AND coalesce(finished_at, $2) > $1
         AND (created_at > $1 OR status <> 'paused') AND id IS DISTINCT FROM $3
         AND ($4::uuid[] IS NULL OR EXISTS (
           SELECT 1 FROM blast_outlets o WHERE o.blast_id = b.id AND o.outlet_id = ANY ($4::uuid[])))
       ORDER BY created_at DESC LIMIT $5`,
      [new Date(this.clock.wall() - WEEK_MS), new Date(this.clock.wall()), but, outletsOf(caller), MOST_COMPARED],
    );
    const same: SameWords[] = [];
    for (const row of rows)
      if (await this.isSame(row, said))
        same.push({
          id: row.id,
          title: row.title,
          createdAt: row.created_at.toISOString(),
          createdBy: row.created_by_name,
        });
    return same;
  }

  private async isSame(row: Row, { message, mediaId }: Said): Promise<boolean> {
    const before = this.keys.messageIfWhole({ blastId: row.id, wrappedKey: row.wrapped_key }, row.message);
    if (before === null || !sameWords(before, message)) return false;
    if (message.trim() !== '') return true;
    // Without words the picture is what is said.
    return row.media_id !== null && mediaId !== null && this.media.areEqual(row.media_id, mediaId);
  }
}

/** What is told of blasts that said the same, where anybody is met again. */
export function toRepeat(
  same: readonly SameWords[],
  met: readonly { blast_id: string; people: number }[],
  { people, waiting }: PeopleMet,
  of: number,
): Repeat | null {
  if (people === 0) return null;
  const byId = new Map(met.map((each) => [each.blast_id, each.people]));
  const blasts = same.flatMap((blast) => {
    const reached = byId.get(blast.id);
    return reached ? [{ ...blast, people: reached }] : [];
  });
  return { people, waiting, of, blasts };
}

/** Most of those a blast is for; to one person alone the same may well be said twice. */
export const isLargely = (repeat: Repeat | null): repeat is Repeat =>
  repeat !== null && repeat.people > 1 && repeat.people * 2 >= repeat.of;
