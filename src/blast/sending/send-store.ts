import type { HoldCode } from '@koneksi/contracts/blast-states';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { SystemDataSource } from '../../database/system-data-source.js';
import { prepared } from '../../database/prepared.js';

/** One blast's part at one outlet, as its turn needs it. */
export interface OpenPart {
  blast_id: string;
  outlet_name: string;
  /** Whether its outlet has been removed. */
  gone: boolean;
  running: boolean;
  stopped: boolean;
  hold_code: HoldCode | null;
  hold_until: Date | null;
  not_before: Date | null;
  queued: number;
  sending: number;
  media_id: string | null;
  wrapped_key: Buffer;
  message: Buffer;
}

export interface QueuedRow {
  seq: number;
  number: string;
  name: string | null;
  params: Record<string, string>;
  message_id: string | null;
  content: Buffer | null;
  known: boolean;
  /** `null` where nobody asked WhatsApp lately. */
  exists: boolean | null;
  opted_out: boolean;
}

/** How long WhatsApp's word on a number is believed. */
const BELIEVED_DAYS = 7;

const KNOWN = `EXISTS (SELECT 1 FROM outlet_chats k WHERE k.outlet_id = q.outlet_id AND k.number = q.number)`;

/** Whom to ask for: everyone in order, or those alone whom the outlet knows, or does not. */
export type Whom = 'all' | 'known' | 'new';
const WHOM: Record<Whom, string> = { all: '', known: `AND ${KNOWN}`, new: `AND NOT ${KNOWN}` };

/** What a sender reads and prepares; recipients change in the ledger alone. */
@Injectable()
export class SendStore {
  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly clock: Clock,
  ) {}

  /** Every outlet with something to send or to settle. */
  async openOutlets(): Promise<string[]> {
    const rows = await this.dataSource.query<{ outlet_id: string }[]>(
      `SELECT DISTINCT o.outlet_id FROM blast_outlets o JOIN blasts b ON b.id = o.blast_id
       WHERE o.queued + o.sending > 0 AND (b.status IN ('running', 'scheduled') OR o.sending > 0)`,
    );
    return rows.map((row) => row.outlet_id);
  }

  /** Every blast that has not ended and may. */
  async openBlasts(): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM blasts WHERE status IN ('running', 'scheduled')`,
    );
    return rows.map(({ id }) => id);
  }

  /** Starts scheduled blasts whose time at this outlet has come; answers when the next one comes. */
  async startDue(outletId: string, now: number): Promise<number | null> {
    const rows = await prepared<{ not_before: Date | null }>(
      this.dataSource,
      `WITH due AS (
         SELECT b.id, coalesce(o.not_before, $2) AS not_before FROM blast_outlets o JOIN blasts b ON b.id = o.blast_id
         WHERE o.outlet_id = $1 AND o.queued + o.sending > 0 AND b.status = 'scheduled'),
       started AS (
         UPDATE blasts SET status = 'running', started_at = $2, revision = revision + 1
         WHERE id IN (SELECT id FROM due WHERE not_before <= $2) AND status = 'scheduled')
       SELECT not_before FROM due WHERE not_before > $2 ORDER BY not_before LIMIT 1`,
      [outletId, new Date(now)],
    );
    return rows[0]?.not_before?.getTime() ?? null;
  }

  /** The oldest first. */
  partsOf(outletId: string): Promise<OpenPart[]> {
    return prepared(
      this.dataSource,
      `SELECT o.blast_id, o.outlet_name, b.status = 'running' AS running, o.stopped, o.hold_code, o.hold_until,
         NOT EXISTS (SELECT 1 FROM outlets WHERE outlets.id = o.outlet_id) AS gone, o.not_before, o.queued, o.sending, b.media_id, b.wrapped_key, b.message
       FROM blast_outlets o JOIN blasts b ON b.id = o.blast_id
       WHERE o.outlet_id = $1 AND o.queued + o.sending > 0 AND (b.status = 'running' OR o.sending > 0)
       ORDER BY b.started_at, b.id`,
      [outletId],
    );
  }

  /** The next in order. Costs the same however many wait behind them. */
  nextQueued(outletId: string, blastId: string, whom: Whom, limit: number): Promise<QueuedRow[]> {
    return prepared(
      this.dataSource,
      `SELECT r.seq, r.number, r.name, r.params, r.message_id, r.content,
         EXISTS (SELECT 1 FROM outlet_chats k WHERE k.outlet_id = $1 AND k.number = r.number) AS known,
         w.exists, EXISTS (SELECT 1 FROM opt_outs o WHERE o.number = r.number) AS opted_out
       FROM (
         SELECT * FROM blast_recipients q WHERE q.outlet_id = $1 AND q.blast_id = $2 AND q.status = 'queued' ${WHOM[whom]}
         ORDER BY q.seq LIMIT $3) r
       LEFT JOIN whatsapp_numbers w ON w.number = r.number AND w.checked_at > now() - make_interval(days => ${BELIEVED_DAYS})
       ORDER BY r.seq`,
      [outletId, blastId, limit],
    );
  }

  /** Keeps id and exact bytes of messages before they can be sent; those kept earlier stay as they are. */
  async keepContents(
    blastId: string,
    contents: readonly { seq: number; messageId: string; content: Buffer }[],
  ): Promise<void> {
    await prepared(
      this.dataSource,
      `UPDATE blast_recipients r SET message_id = c.message_id, content = c.content
       FROM unnest($2::int[], $3::text[], $4::bytea[]) AS c(seq, message_id, content)
       WHERE r.blast_id = $1 AND r.seq = c.seq AND r.content IS NULL`,
      [
        blastId,
        contents.map(({ seq }) => seq),
        contents.map(({ messageId }) => messageId),
        contents.map((c) => c.content),
      ],
    );
  }

  async rememberNumbers(found: ReadonlyMap<string, boolean>): Promise<void> {
    await prepared(
      this.dataSource,
      `INSERT INTO whatsapp_numbers (number, exists, checked_at)
       SELECT n.number, n.exists, $3 FROM unnest($1::text[], $2::boolean[]) AS n(number, exists) ORDER BY n.number
       ON CONFLICT (number) DO UPDATE SET exists = EXCLUDED.exists, checked_at = EXCLUDED.checked_at`,
      [[...found.keys()], [...found.values()], new Date(this.clock.now())],
    );
  }

  /** Why these parts wait, or that they do not. */
  async hold(
    outletId: string,
    blastIds: readonly string[],
    code: HoldCode | null,
    until: number | null,
    stopped = false,
  ): Promise<void> {
    await this.dataSource.query(
      `WITH held AS (
         UPDATE blast_outlets SET hold_code = $3, hold_until = $4, stopped = stopped OR $5
         WHERE outlet_id = $1 AND blast_id = ANY ($2::uuid[]) RETURNING blast_id)
       UPDATE blasts SET revision = revision + 1 WHERE id IN (SELECT blast_id FROM held)`,
      [outletId, blastIds, code, until === null ? null : new Date(until), stopped],
    );
  }
}
