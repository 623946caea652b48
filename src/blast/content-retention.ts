import { Injectable } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { HourlyRound } from '../common/hourly-round.js';
import { Config } from '../config/config.js';
import { Ledger } from './ledger.js';
import { MediaStore } from './media/media-store.js';

const DAY_MS = 86_400_000;
/** Recipients; small enough that no message waits for it. */
const BATCH = 1_000;

/**
 * Removes what blasts said once they ended long ago: message, file, each recipient's rendered text and fields, and what they
 * replied. Who got it and when, totals and audit stay; whoever a canceled blast was never on its way to goes as well: nothing
 * came of them that would be a reason to keep a number. A blast is marked first, so that nobody sends half of it again; a round
 * that was cut off is taken up by the next.
 */
@Injectable()
export class ContentRetention extends HourlyRound {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ledger: Ledger,
    private readonly media: MediaStore,
    private readonly clock: Clock,
    private readonly config: Config,
    schedule: SchedulerRegistry,
  ) {
    super(schedule, {
      name: 'purge-ended-blasts',
      logger: 'Blast',
      complaint: 'What ended blasts said was not removed',
    });
  }

  protected async round(mayGoOn: () => boolean): Promise<number> {
    const now = this.clock.wall();
    const before = new Date(now - this.config.blastContentDays * DAY_MS);
    await this.ledger.between(() => this.dataSource.query(MARK_SQL, [new Date(now), before]));
    let purged = 0;
    for (const { id } of await this.dataSource.query<{ id: string }[]>(MARKED_SQL)) {
      if (!(await this.purgeRecipients(id, mayGoOn))) break;
      await this.ledger.between(() => this.dataSource.query(REPLIES_SQL, [id]));
      await this.ledger.between(() => this.dataSource.query(EMPTY_SQL, [id]));
      purged++;
    }
    if (mayGoOn()) await this.media.forgetExpired();
    if (purged > 0) this.logger.debug(`Removed what ${purged} blasts said that ended before ${before.toISOString()}`);
    return purged;
  }

  /** Whether all of them are done. */
  private async purgeRecipients(blastId: string, mayGoOn: () => boolean): Promise<boolean> {
    for (let last: number | null = 0; last !== null;) {
      if (!mayGoOn()) return false;
      const after: number = last;
      const [row] = await this.ledger.between(() =>
        this.dataSource.query<{ last: number | null }[]>(RECIPIENTS_SQL, [blastId, after, BATCH]),
      );
      last = row?.last ?? null;
    }
    return true;
  }
}

/** What was queued again meanwhile has not ended. */
const MARK_SQL = `
  UPDATE blasts b SET purged_at = $1, revision = revision + 1
  WHERE b.status IN ('finished', 'canceled') AND b.finished_at < $2 AND b.purged_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM blast_outlets o WHERE o.blast_id = b.id AND o.queued + o.sending > 0)`;

/**
 * Whoever waited is skipped by then, and was never on its way. One that was, once, keeps the time of it, whatever it became:
 * it may have arrived, though a person had it sent again and canceled that.
 */
const NEVER_MET = `b.status = 'canceled' AND r.status = 'skipped' AND r.sending_at IS NULL`;

/** Also those that were emptied before such recipients went with what they were to be told. */
const MARKED_SQL = `
  SELECT b.id FROM blasts b WHERE b.purged_at IS NOT NULL AND (b.message IS NOT NULL
    OR EXISTS (SELECT FROM blast_recipients r WHERE r.blast_id = b.id AND ${NEVER_MET}))
  ORDER BY b.finished_at`;

const RECIPIENTS_SQL = `
  WITH next AS (
    SELECT r.seq, ${NEVER_MET} AS goes FROM blast_recipients r JOIN blasts b ON b.id = r.blast_id
    WHERE r.blast_id = $1 AND r.seq > $2 ORDER BY r.seq LIMIT $3),
  gone AS (
    DELETE FROM blast_recipients r USING next WHERE r.blast_id = $1 AND r.seq = next.seq AND next.goes),
  purged AS (
    UPDATE blast_recipients r SET content = NULL, params = '{}' FROM next
    WHERE r.blast_id = $1 AND r.seq = next.seq AND NOT next.goes AND (r.content IS NOT NULL OR r.params <> '{}'))
  SELECT max(seq) AS last FROM next`;

const REPLIES_SQL = `DELETE FROM blast_replies WHERE blast_id = $1`;

const EMPTY_SQL = `UPDATE blasts SET message = NULL, media_id = NULL WHERE id = $1`;
