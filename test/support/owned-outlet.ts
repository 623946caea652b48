import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Ownership } from '../../src/wa-session/fence.js';
import { claimAway } from './claims.js';
import { claimNewOutlet } from './journal.js';

/** Everything that is kept of an outlet and its blast, where each row says whose it is. */
const KEPT: Record<string, string> = {
  wa_session: 'outlet_id = $1',
  wa_credential: 'outlet_id = $1',
  wa_signal_key: 'credential_id IN (SELECT id FROM wa_credential WHERE outlet_id = $1)',
  wa_farewell: 'outlet_id = $1',
  outlet_status_change: 'outlet_id = $1',
  blast_recipients: 'blast_id = $2',
  blast_outlets: 'blast_id = $2',
  blasts: 'id = $2',
  blast_days: 'outlet_id = $1',
  outlet_chats: 'outlet_id = $1',
};

/** What stands where in the blast of an `OwnedOutlet`. */
export const QUEUED = 1;
export const MADE = 2;
/** Taken for sending under the claim that was the newest when it was made. */
export const SENDING = 3;
const STATUSES = ['queued', 'queued', 'sending'];

/** An outlet that processes claim one after the other, with its session's row and a blast that is being sent. */
export class OwnedOutlet {
  readonly blastId = randomUUID();

  private constructor(
    private readonly dataSource: DataSource,
    /** Who owned it, the present one last. */
    readonly claims: Ownership[],
  ) {}

  static async make(dataSource: DataSource): Promise<OwnedOutlet> {
    return new OwnedOutlet(dataSource, [await claimNewOutlet(dataSource)]).fill();
  }

  get outletId(): string {
    return this.now.outletId;
  }

  get now(): Ownership {
    return this.claims.at(-1)!;
  }

  /** By another process, as after a crash. */
  async claimAnew(by = this.dataSource): Promise<Ownership> {
    this.claims.push(await claimAway(by, this.outletId));
    return this.now;
  }

  /** The rows, written so that equal texts are equal rows. */
  async rows(): Promise<string> {
    const parts = Object.entries(KEPT).map(
      ([table, which]) => `SELECT '${table}' AS t, to_jsonb(x)::text AS row FROM ${table} x WHERE ${which}`,
    );
    const sql = `SELECT string_agg(t || ' ' || row, E'\\n' ORDER BY t, row) AS rows
      FROM (${parts.join(' UNION ALL ')}) r, (SELECT $1::uuid, $2::uuid) p`;
    const [found] = await this.dataSource.query<{ rows: string }[]>(sql, [this.outletId, this.blastId]);
    return found!.rows;
  }

  /** What was sending is taken anew, under the claim there is now. */
  async takeAnew(): Promise<void> {
    await this.dataSource.query('UPDATE blast_recipients SET claim_epoch = $2 WHERE blast_id = $1 AND seq = $3', [
      this.blastId,
      this.now.epoch,
      SENDING,
    ]);
  }

  private async fill(): Promise<this> {
    const { dataSource, blastId, outletId } = this;
    await dataSource.query(`INSERT INTO wa_session (outlet_id, status) VALUES ($1, 'CONNECTED')`, [outletId]);
    await dataSource.query(
      `INSERT INTO blasts (id, status, created_at, created_by, created_by_name, recipients, key_id, wrapped_key, message, request_hash)
       VALUES ($1, 'running', now(), $1, 'Budi', $2, '', '', '', '')`,
      [blastId, STATUSES.length],
    );
    await dataSource.query(
      `INSERT INTO blast_outlets (blast_id, outlet_id, outlet_name, queued, sending, hold_code) VALUES ($1, $2, 'Jakarta', 2, 1, 'DAILY_CAP')`,
      [blastId, outletId],
    );
    await dataSource.query(
      `INSERT INTO blast_recipients (blast_id, seq, outlet_id, number, status, message_id, content, sending_at)
       SELECT $1::uuid, n, $2, '62877' || n, s, CASE WHEN n > 1 THEN $1 || '-' || n END, CASE WHEN n > 1 THEN 'x'::bytea END,
         CASE s WHEN 'sending' THEN now() - interval '1 hour' END
       FROM unnest($3::text[]) WITH ORDINALITY AS u(s, n)`,
      [blastId, outletId, STATUSES],
    );
    await this.takeAnew();
    return this;
  }
}
