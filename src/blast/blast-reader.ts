import { RECIPIENT_STATUSES, type HoldCode, type OutletZone } from '@koneksi/contracts/blast-states';
import { outlineOf } from '@koneksi/contracts/blast-template';
import type {
  Blast,
  BlastOutlet,
  BlastPage,
  BlastProgress,
  BlastQuery,
  BlastSummary,
  RecipientCounts,
} from '@koneksi/contracts/blasts';
import { RequestInstant } from '@koneksi/contracts/instant';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import * as z from 'zod';
import { maySee, type Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { pageOfRows, readCursor } from '../common/page-cursor.js';
import { isUuid } from '../common/uuid.js';
import { prepared } from '../database/prepared.js';
import { BlastKeys } from './blast-keys.js';
import type { BlastEntity, KeptAudience } from './blast.entity.js';
import { BlastMediaEntity } from './media/blast-media.entity.js';
import { toMedia } from './media/media-store.js';

/** Characters. */
const EXCERPT_LENGTH = 60;

const Position = z.tuple([RequestInstant, z.uuid()]);

type Counts = Record<(typeof RECIPIENT_STATUSES)[number], number>;

interface OutletRow extends Counts {
  outlet_id: string;
  outlet_name: string;
  zone: OutletZone | null;
  replied: number;
  hold_code: HoldCode | null;
  hold_until: Date | null;
}

interface BlastRow {
  id: string;
  title: string | null;
  status: BlastEntity['status'];
  revision: string;
  created_at: Date;
  created_by_name: string;
  awaits_admin: boolean;
  scheduled_at: string | null;
  not_after: string | null;
  undo_until: Date | null;
  way_out: BlastEntity['wayOut'];
  audience: BlastEntity['audience'];
  started_at: Date | null;
  finished_at: Date | null;
  skipped: BlastEntity['skipped'];
  purged_at: Date | null;
  media_id: string | null;
  wrapped_key: Buffer;
  message: Buffer | null;
  outlets: OutletRow[];
}

/** `$1` narrows to outlets, or is null for all; `jsonb` keeps dates as text, so they are read apart. */
const BLASTS_SQL = `
  SELECT b.id, b.title, b.status, b.revision, b.created_at, b.created_by_name, b.awaits_admin, b.scheduled_at, b.not_after,
    b.undo_until, b.way_out, b.audience, b.started_at,
    b.finished_at, b.skipped, b.purged_at, b.media_id, b.wrapped_key, b.message, p.outlets
  FROM blasts b
  CROSS JOIN LATERAL (
    SELECT jsonb_agg(to_jsonb(o) || jsonb_build_object('zone', s.zone) ORDER BY o.outlet_name, o.outlet_id) AS outlets
    FROM blast_outlets o LEFT JOIN blast_settings s ON s.outlet_id = o.outlet_id
    WHERE o.blast_id = b.id AND ($1::uuid[] IS NULL OR o.outlet_id = ANY ($1::uuid[]))) p
  WHERE p.outlets IS NOT NULL AND b.kind = 'blast'`;

const iso = (at: Date | string | null): string | null => (at === null ? null : new Date(at).toISOString());

/** What callers may know of blasts: of those that reach none of their outlets, nothing. */
@Injectable()
export class BlastReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: BlastKeys,
    private readonly clock: Clock,
  ) {}

  async page(caller: Caller, { status, before, after, limit }: BlastQuery): Promise<BlastPage> {
    const [field, from] = after === undefined ? ['before', before] : ['after', after];
    const [at, id] = from === undefined ? [null, null] : readCursor(Position, from, field);
    const rows = await this.dataSource.query<BlastRow[]>(
      `${BLASTS_SQL} AND ($2::timestamptz IS NULL OR (b.created_at, b.id) < ($2, $3::uuid))
         AND ($5::text[] IS NULL OR b.status = ANY ($5))
       ORDER BY b.created_at DESC, b.id DESC LIMIT $4`,
      [outletsOf(caller), at, id, limit + 1, status ?? null],
    );
    const { shown, next } = pageOfRows(rows, limit, (row) => [row.created_at, row.id]);
    return { blasts: shown.map((row) => toSummary(row, this.readableOf(row))), next };
  }

  /** @throws `BLAST_NOT_FOUND` alike for unknown, foreign and malformed ids. */
  async require(caller: Caller, id: string): Promise<Blast> {
    const row = isUuid(id) ? await this.row(outletsOf(caller), id) : undefined;
    if (!row) throw new DomainError('BLAST_NOT_FOUND', 404, 'no such blast for this caller');
    const [media] =
      row.media_id && !row.purged_at
        ? await this.dataSource.manager.find(BlastMediaEntity, {
            select: { id: true, kind: true, mimeType: true, fileName: true, bytes: true },
            where: { id: row.media_id },
          })
        : [];
    const message = this.readableOf(row);
    const outlets = await this.partsOf(row);
    return {
      ...toSummary(row, message),
      message,
      wayOut: row.way_out,
      media: media ? toMedia(media) : null,
      purgedAt: iso(row.purged_at),
      skippedAtStart: row.skipped,
      tooOften: tooOftenOf(outlets),
      audience: row.audience && shownOf(row.audience),
      outlets,
      mayChange: await this.mayChange(caller, row.id),
    };
  }

  /** @throws `BLAST_NOT_FOUND`, or `FORBIDDEN` where it reaches outlets that are not this caller's. */
  async requireToChange(caller: Caller, id: string): Promise<Blast> {
    const blast = await this.require(caller, id);
    if (!blast.mayChange) throw new DomainError('FORBIDDEN', 403, 'the blast reaches outlets of others');
    return blast;
  }

  /** Where a blast stands, for everyone; `null` where it is gone. */
  async progress(id: string): Promise<BlastProgress | null> {
    const row = await this.row(null, id);
    if (!row) return null;
    const outlets = await this.partsOf(row);
    return {
      blastId: id,
      revision: Number(row.revision),
      at: new Date(this.clock.wall()).toISOString(),
      status: row.status,
      counts: sumOf(row.outlets),
      replied: repliesOf(row.outlets),
      tooOften: tooOftenOf(outlets),
      outlets: outlets.map((each) => {
        const { outletId, counts, replied, tooOften, hold } = each;
        return { outletId, counts, replied, tooOften, hold };
      }),
    };
  }

  /** One that cannot be read any more keeps nobody from the others. */
  private readableOf(row: BlastRow): string {
    if (row.purged_at || !row.message) return '';
    return this.keys.messageIfWhole({ blastId: row.id, wrappedKey: row.wrapped_key }, row.message) ?? '';
  }

  private async row(outletIds: string[] | null, id: string): Promise<BlastRow | undefined> {
    const [row] = await prepared<BlastRow>(this.dataSource, `${BLASTS_SQL} AND b.id = $2`, [outletIds, id]);
    return row;
  }

  /** As they are told. Whom a removed outlet was to write to nobody can try again. */
  private async partsOf({ id, outlets }: BlastRow): Promise<BlastOutlet[]> {
    const tooOften = outlets.some(({ skipped }) => skipped > 0)
      ? await prepared<{ outlet_id: string; count: number }>(
          this.dataSource,
          `SELECT r.outlet_id, count(*)::int AS count FROM blast_recipients r JOIN outlets ON outlets.id = r.outlet_id
           WHERE r.blast_id = $1 AND r.status = 'skipped' AND r.reason = 'TOO_OFTEN' GROUP BY r.outlet_id`,
          [id],
        )
      : [];
    const byOutlet = new Map(tooOften.map(({ outlet_id, count }) => [outlet_id, count]));
    return outlets.map((outlet) => toOutlet(outlet, byOutlet.get(outlet.outlet_id) ?? 0));
  }

  private async mayChange(caller: Caller, id: string): Promise<boolean> {
    // One that no longer exists is nobody's.
    const all = await this.dataSource.query<{ outlet_id: string }[]>(
      'SELECT o.outlet_id FROM blast_outlets o JOIN outlets ON outlets.id = o.outlet_id WHERE o.blast_id = $1',
      [id],
    );
    return all.every((row) => maySee(caller, row.outlet_id));
  }
}

/** What of a blast's progress this caller may see; `null` where nothing. */
export function visibleProgress(progress: BlastProgress, caller: Caller): BlastProgress | null {
  if (caller.outletIds === 'all') return progress;
  const outlets = progress.outlets.filter(({ outletId }) => maySee(caller, outletId));
  if (outlets.length === 0) return null;
  const counts = sumOf(outlets.map((each) => each.counts));
  return { ...progress, outlets, counts, replied: repliesOf(outlets), tooOften: tooOftenOf(outlets) };
}

export const outletsOf = ({ outletIds }: Caller): string[] | null => (outletIds === 'all' ? null : [...outletIds]);

function sumOf(all: readonly RecipientCounts[]): RecipientCounts {
  const entries = RECIPIENT_STATUSES.map((status) => [status, all.reduce((sum, one) => sum + one[status], 0)]);
  return Object.fromEntries(entries) as RecipientCounts;
}

const repliesOf = (all: readonly { replied: number }[]): number => all.reduce((sum, { replied }) => sum + replied, 0);
const tooOftenOf = (all: readonly { tooOften: number }[]): number => all.reduce((sum, each) => sum + each.tooOften, 0);

/** Without which outlets somebody else may see, and how birthdays are found again. */
export const shownOf = <A extends Pick<KeptAudience, 'exceptWithin' | 'birthday'>>({
  exceptWithin: _,
  birthday: __,
  ...audience
}: A): Omit<A, 'exceptWithin' | 'birthday'> => audience;

function toOutlet(row: OutletRow, tooOften: number): BlastOutlet {
  return {
    outletId: row.outlet_id,
    outletName: row.outlet_name,
    zone: row.zone ?? 'Asia/Jakarta',
    counts: sumOf([row]),
    replied: row.replied,
    tooOften,
    hold: row.hold_code && row.queued > 0 ? { code: row.hold_code, until: iso(row.hold_until) } : null,
  };
}

function excerptOf(message: string): string {
  const words = [...outlineOf(message).replace(/\s+/g, ' ').trim()];
  return words.length > EXCERPT_LENGTH
    ? `${words
        .slice(0, EXCERPT_LENGTH - 1)
        .join('')
        .trimEnd()}…`
    : words.join('');
}

function toSummary(row: BlastRow, message: string): BlastSummary {
  const counts = sumOf(row.outlets);
  return {
    id: row.id,
    title: row.title,
    excerpt: excerptOf(message),
    status: row.status,
    revision: Number(row.revision),
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by_name,
    awaitsAdmin: row.awaits_admin,
    scheduledAt: row.scheduled_at,
    notAfter: row.not_after,
    undoUntil: row.started_at === null ? iso(row.undo_until) : null,
    startedAt: iso(row.started_at),
    finishedAt: iso(row.finished_at),
    recipients: Object.values(counts).reduce((sum, count) => sum + count, 0),
    counts,
    replied: repliesOf(row.outlets),
    outletCount: row.outlets.length,
  };
}
