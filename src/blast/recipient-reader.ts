import type { RecipientPage, RecipientQuery } from '@koneksi/contracts/blast-recipients';
import type { BlastTimeline } from '@koneksi/contracts/blasts';
import type { OutletZone } from '@koneksi/contracts/blast-states';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { DataSource } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { BlastPolicies } from './blast-policy.js';
import { outletsOf } from './blast-reader.js';
import { recipientFile, type FileRow } from './recipient-file.js';
import { toRecipient } from './recipient-view.js';
import { ReplyWords } from './replies/reply-words.js';

type Row = FileRow;

const COLUMNS =
  'seq, outlet_id, number, name, status, reason, code, message_id, sent_at, delivered_at, read_at, replied_at';
const CSV_PAGE = 2_000;
const MAX_POINTS = 120;
const BUCKETS_S = [10, 30, 60, 300, 900, 3_600, 21_600, 86_400];

/** A blast's recipients, as far as a caller may see them. The blast itself was asked for before. */
@Injectable()
export class RecipientReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly words: ReplyWords,
    private readonly policies: BlastPolicies,
  ) {}

  async page(caller: Caller, blastId: string, query: RecipientQuery): Promise<RecipientPage> {
    const rows = await this.read(caller, blastId, query, query.limit + 1);
    const listed = rows.slice(0, query.limit);
    const answered = listed.flatMap(({ seq, replied_at }) => (replied_at ? [seq] : []));
    const [words, { keepReplies }] = await Promise.all([this.words.of(blastId, answered), this.policies.read()]);
    const recipients = listed.map((row) => ({
      ...toRecipient(row),
      name: row.name,
      replies: words.get(row.seq) ?? [],
    }));
    return {
      recipients,
      keepsReplies: keepReplies,
      next: rows.length > query.limit ? (recipients.at(-1)?.id ?? null) : null,
    };
  }

  /** Line by line, so that a large blast is never in memory as a whole. */
  async file(caller: Caller, blastId: string, locale: Locale): Promise<Readable> {
    const outlets = await this.dataSource.query<{ outlet_id: string; name: string; zone: OutletZone | null }[]>(
      `SELECT o.outlet_id, o.outlet_name AS name,
         own.zone
       FROM blast_outlets o LEFT JOIN blast_settings own ON own.outlet_id = o.outlet_id WHERE o.blast_id = $1`,
      [blastId],
    );
    const known = outlets.map(
      ({ outlet_id, name, zone }) => [outlet_id, { name, zone: zone ?? 'Asia/Jakarta' }] as const,
    );
    return recipientFile(this.all(caller, blastId), new Map(known), locale);
  }

  private async *all(caller: Caller, blastId: string): AsyncGenerator<Row> {
    for (let after = '0'; ;) {
      const rows = await this.read(caller, blastId, { after }, CSV_PAGE);
      if (rows.length === 0) return;
      after = String(rows.at(-1)?.seq);
      yield* rows;
    }
  }

  /** How many were sent, delivered, read and refused over time. */
  async timeline(caller: Caller, blastId: string): Promise<Omit<BlastTimeline, 'forecast'>> {
    const [span] = await this.dataSource.query<{ first: Date | null; last: Date | null }[]>(
      `SELECT min(sending_at) AS first, max(greatest(sending_at, sent_at, delivered_at, read_at)) AS last
       FROM blast_recipients WHERE blast_id = $1 AND ($2::uuid[] IS NULL OR outlet_id = ANY ($2::uuid[]))`,
      [blastId, outletsOf(caller)],
    );
    const seconds = span?.first && span.last ? (span.last.getTime() - span.first.getTime()) / 1_000 : 0;
    const bucketSeconds = BUCKETS_S.find((bucket) => seconds / bucket <= MAX_POINTS) ?? 86_400;
    const points = await this.dataSource.query<
      { at: Date; sent: number; delivered: number; read: number; failed: number }[]
    >(
      `SELECT to_timestamp(floor(extract(epoch FROM e.at) / $3) * $3) AS at,
         count(*) FILTER (WHERE kind = 'sent')::int AS sent, count(*) FILTER (WHERE kind = 'delivered')::int AS delivered,
         count(*) FILTER (WHERE kind = 'read')::int AS read, count(*) FILTER (WHERE kind = 'failed')::int AS failed
       FROM blast_recipients r CROSS JOIN LATERAL (VALUES
         ('sent', r.sent_at), ('delivered', r.delivered_at), ('read', r.read_at),
         ('failed', CASE WHEN r.status = 'failed' THEN r.sending_at END)) e(kind, at)
       WHERE r.blast_id = $1 AND ($2::uuid[] IS NULL OR r.outlet_id = ANY ($2::uuid[])) AND e.at IS NOT NULL
       GROUP BY 1 ORDER BY 1`,
      [blastId, outletsOf(caller), bucketSeconds],
    );
    return { bucketSeconds, points: points.map((point) => ({ ...point, at: point.at.toISOString() })) };
  }

  private read(
    caller: Caller,
    blastId: string,
    { status, outletId, replied, after }: Partial<RecipientQuery>,
    limit: number,
  ): Promise<Row[]> {
    return this.dataSource.query(
      `SELECT ${COLUMNS} FROM blast_recipients
       WHERE blast_id = $1 AND seq > $2 AND ($3::uuid[] IS NULL OR outlet_id = ANY ($3::uuid[]))
         AND ($5::text IS NULL OR status = $5) AND ($6::uuid IS NULL OR outlet_id = $6)
         AND ($7::boolean IS NULL OR (replied_at IS NOT NULL) = $7)
       ORDER BY seq LIMIT $4`,
      [blastId, after ?? '0', outletsOf(caller), limit, status, outletId, replied],
    );
  }
}
