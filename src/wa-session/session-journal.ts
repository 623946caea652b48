import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import type { Pressed } from '@koneksi/contracts/outlet-status-schema';
import type { ChangeFacts, StatusFacts } from '@koneksi/contracts/status-facts';
import { Injectable, Logger } from '@nestjs/common';
import { ClusterBus } from '../cluster/cluster-bus.js';
import { EventBus } from '../common/event-bus.js';
import { isPoolFull, sqlStateOf } from '../common/postgres-errors.js';
import { withoutDeadlock } from '../common/without-deadlock.js';
import { WriteBehind } from '../common/write-behind.js';
import { SystemDataSource } from '../database/system-data-source.js';
import {
  APPEND_REMOVAL_SQL,
  APPEND_SQL,
  lastRevisionSql,
  PROBE_SQL,
  type AppendedRow,
} from '../status-log/append-sql.js';
import { StatusTail } from '../status-log/status-tail.js';
import { STORE_DEADLINE_MS } from './credentials/credential-store.js';
import { withDeadline } from '../common/deadline.js';
import { messageOf } from '../common/message-of.js';
import type { OpensTold } from './domain/open-limit.js';
import type { SessionRecord } from './domain/session-record.js';
import { claimValues, ownedAmong, type Ownership } from './fence.js';

/** Says to other nodes that the log has grown. */
export const STATUS_TOPIC = 'status';

const MAX_BATCH = 250;
const RETRY_MS = 250;
/** After this long without a write, sockets are ended: WhatsApp keeps the mail we could not keep. */
const STORE_LOST_AFTER_MS = 10_000;

/** One change of one outlet, as its row, its history and its push will tell it. */
export interface JournalEntry {
  owner: Ownership;
  record: SessionRecord;
  /** The link there is or was last, by the id of its credentials. */
  link?: string | null;
  /** What the outlet has used up of its allowance of sockets. */
  opens?: OpensTold;
  previous: OutletStatusName;
  /** Whether status or reason changed, which makes it history for people. */
  milestone: boolean;
  /** Who asked for it. */
  pressed?: Pressed | null;
  element: Omit<StatusFacts, 'revision'>;
  /** Committed under this revision; or not at all, since another process owns the outlet or PostgreSQL refuses the data. */
  settled: (outcome: { revision: number } | 'fenced' | 'refused') => void;
}

/**
 * The one writer of status. Changes leave in the order they came, many outlets to a statement, at most one change of
 * an outlet in each: row, history and cursor are one commit, and the push follows it.
 */
@Injectable()
export class SessionJournal {
  private readonly logger = new Logger(SessionJournal.name);
  private readonly writing: WriteBehind<JournalEntry>;
  private failingSince: number | null = null;
  private lost = false;
  private readonly commitSql: string;
  /** Whether other nodes hear of a commit by the commit itself. */
  private readonly hintedByCommit: boolean;

  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly bus: EventBus,
    private readonly tail: StatusTail,
    private readonly cluster: ClusterBus,
  ) {
    const hint = cluster.publishSql(STATUS_TOPIC);
    this.hintedByCommit = hint !== null;
    this.commitSql = hint === null ? COMMIT_SQL : `${COMMIT_SQL}, ${hint}`;
    this.writing = new WriteBehind<JournalEntry>({
      maxBatch: MAX_BATCH,
      retryMs: RETRY_MS,
      deadlineMs: STORE_DEADLINE_MS,
      keyOf: ({ owner }) => owner.outletId,
      commit: async (batch) => {
        const rows = await this.commit(batch);
        return () => {
          this.onSuccess();
          this.publish(batch, rows);
        };
      },
      onRefused: ({ owner, settled }, error) => {
        const { outletId } = owner;
        this.logger.error(
          `A status of outlet ${outletId} was dropped: PostgreSQL refuses it with ${sqlStateOf(error)}`,
        );
        settled('refused');
      },
      onFailure: (error, failed, waiting) => {
        this.onFailure(error);
        return newestPerClaim([...failed, ...waiting]);
      },
    });
  }

  /** Changes not committed yet. */
  get pending(): number {
    return this.writing.pending;
  }

  write(entry: JournalEntry): void {
    this.writing.add(entry);
  }

  /** Resolves once everything written so far is committed. */
  flushed(): Promise<void> {
    return this.writing.flushed();
  }

  /** Commits what waits; gives up what cannot be written any more, so that a shutdown ends. */
  finish(): Promise<void> {
    return this.writing.finish();
  }

  /** The outlet is gone; tells those who watch and those who will resume, however long PostgreSQL takes. */
  recordRemoval(outletId: string): void {
    void this.writing.betweenUntilItWorks(async () => {
      const [row]: { cursor: string }[] = await this.dataSource.query(APPEND_REMOVAL_SQL, [outletId]);
      if (!row) return;
      this.tail.committed([{ cursor: Number(row.cursor), outletId }]);
      this.cluster.publish(STATUS_TOPIC);
    });
  }

  /** Evidence of life changes no status, so it takes neither revision nor cursor: one statement for all outlets. */
  async writeLastSeen(seen: readonly { owner: Ownership; at: string; phoneAt: string | null }[]): Promise<void> {
    const columns = [
      seen.map(({ owner }) => owner.outletId),
      seen.map(({ owner }) => owner.owner),
      seen.map(({ owner }) => owner.epoch),
      seen.map(({ at }) => at),
      seen.map(({ phoneAt }) => phoneAt),
    ];
    await this.writing.between(() =>
      withDeadline(this.dataSource.query(LAST_SEEN_SQL, columns), STORE_DEADLINE_MS, 'status write'),
    );
  }

  /**
   * Somebody else's statement failed. Tries a write of our own until one succeeds, so that an outage is found and told
   * even while no status changes.
   */
  suspect(error: unknown): void {
    if (this.failingSince !== null) return;
    // No connection was free: somebody has them, which tells nothing of the database.
    if (!isPoolFull(error)) this.onFailure(error);
    void this.writing.betweenUntilItWorks(async () => {
      await this.dataSource.query(PROBE_SQL);
      this.onSuccess();
    });
  }

  private commit(batch: readonly JournalEntry[]): Promise<AppendedRow[]> {
    const input = JSON.stringify(batch.map(toInput));
    return withoutDeadlock(() => this.dataSource.query(this.commitSql, [input]));
  }

  private publish(batch: readonly JournalEntry[], rows: AppendedRow[]): void {
    const committed = new Map(rows.map((row) => [row.outlet_id, row]));
    const changes: ChangeFacts[] = [];
    for (const entry of batch) {
      const row = committed.get(entry.owner.outletId);
      if (!row) {
        entry.settled('fenced');
        continue;
      }
      const revision = Number(row.revision);
      entry.settled({ revision });
      changes.push({
        cursor: Number(row.cursor),
        at: row.at.toISOString(),
        status: { ...entry.element, revision },
        previous: entry.previous,
      });
    }
    this.tail.committed(changes);
    if (!this.hintedByCommit && changes.length > 0) this.cluster.publish(STATUS_TOPIC);
  }

  private onSuccess(): void {
    this.failingSince = null;
    if (!this.lost) return;
    this.lost = false;
    this.logger.log('The database answers again');
    this.bus.publish('store.back', {});
  }

  private onFailure(error: unknown): void {
    const now = performance.now();
    if (this.failingSince === null) {
      this.failingSince = now;
      this.logger.error(`Status cannot be written: ${messageOf(error)}`);
    }
    if (this.lost || now - this.failingSince < STORE_LOST_AFTER_MS) return;
    this.lost = true;
    this.bus.publish('store.lost', {});
  }
}

/** While nothing can be written only the latest truth of each session is worth keeping. */
function newestPerClaim(entries: JournalEntry[]): JournalEntry[] {
  const newest = new Map<string, JournalEntry>();
  for (const entry of entries) {
    const claim = claimValues(entry.owner).join(' ');
    const before = newest.get(claim);
    newest.delete(claim);
    newest.set(claim, before ? supersede(before, entry) : entry);
  }
  return [...newest.values()];
}

function supersede(before: JournalEntry, after: JournalEntry): JournalEntry {
  return {
    ...after,
    previous: before.previous,
    milestone: before.milestone || after.milestone,
    pressed: after.pressed ?? before.pressed ?? null,
    settled: (outcome) => {
      before.settled(outcome);
      after.settled(outcome);
    },
  };
}

const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());

function toInput(
  { owner, record, link, opens, previous, milestone, pressed, element }: JournalEntry,
  seq: number,
): Record<string, unknown> {
  return {
    seq,
    outlet_id: owner.outletId,
    owner: owner.owner,
    epoch: owner.epoch,
    status: record.status,
    reason_code: record.reason,
    reason_params: record.params,
    session_name: record.sessionName,
    connected_at: iso(record.connectedAt),
    last_seen: iso(record.lastSeen),
    retry_count: record.retryCount,
    next_retry_at: iso(record.nextRetryAt),
    qr_shown: record.qrShown,
    limits: record.limits,
    warnings: record.warnings,
    phone_seen_at: iso(record.phoneSeenAt),
    listening_since: iso(record.listeningSince),
    since: iso(record.since),
    last_ending: record.lastEnding,
    link_tries: record.tries,
    ever_linked: record.everLinked,
    conflict_at: iso(record.conflictAt),
    leaving: record.leaving ? (link ?? null) : null,
    opens: opens ?? null,
    previous,
    milestone,
    pressed: pressed ?? null,
    element,
  };
}

const LAST_SEEN_SQL = `
  WITH seen AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[], $5::timestamptz[])
      AS seen(outlet_id, owner, epoch, at, phone_at)),
  ${ownedAmong('seen')}
  UPDATE wa_session s SET last_seen = seen.at, phone_seen_at = seen.phone_at
  FROM seen JOIN owned USING (outlet_id, owner, epoch) WHERE s.outlet_id = seen.outlet_id`;

/** Revisions go on from the newest change told, for clients drop what is older: the row may have been deleted by hand. */
const COMMIT_SQL = `
  WITH input AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS i(
      seq int, outlet_id uuid, owner uuid, epoch bigint, status text, reason_code text, reason_params jsonb, session_name text,
      connected_at timestamptz, last_seen timestamptz, retry_count int, next_retry_at timestamptz, qr_shown boolean,
      limits jsonb, warnings jsonb, phone_seen_at timestamptz, listening_since timestamptz, since timestamptz, last_ending jsonb,
      link_tries jsonb, ever_linked boolean, conflict_at timestamptz, leaving uuid, opens jsonb, previous text, milestone boolean,
      pressed jsonb, element jsonb)
  ),
  ${ownedAmong('input')},
  fit AS (SELECT * FROM input JOIN owned USING (outlet_id, owner, epoch)),
  saved AS (
    INSERT INTO wa_session AS s (outlet_id, status, reason_code, reason_params, session_name, connected_at, last_seen,
      retry_count, next_retry_at, qr_shown, limits, warnings, phone_seen_at, listening_since, since, last_ending, link_tries, ever_linked,
      conflict_at, leaving, opens, revision)
    SELECT outlet_id, status, reason_code, reason_params, session_name, connected_at, last_seen,
      retry_count, next_retry_at, qr_shown, nullif(limits, 'null'), warnings, phone_seen_at, listening_since, since,
      nullif(last_ending, 'null'), link_tries, ever_linked, conflict_at, leaving, nullif(opens, 'null'), 1 + ${lastRevisionSql('fit.outlet_id')} FROM fit
    ON CONFLICT (outlet_id) DO UPDATE SET
      status = EXCLUDED.status, reason_code = EXCLUDED.reason_code, reason_params = EXCLUDED.reason_params,
      session_name = EXCLUDED.session_name, connected_at = EXCLUDED.connected_at, last_seen = EXCLUDED.last_seen,
      retry_count = EXCLUDED.retry_count, next_retry_at = EXCLUDED.next_retry_at, qr_shown = EXCLUDED.qr_shown,
      limits = EXCLUDED.limits, warnings = EXCLUDED.warnings, phone_seen_at = EXCLUDED.phone_seen_at,
      listening_since = EXCLUDED.listening_since,
      since = EXCLUDED.since, last_ending = EXCLUDED.last_ending, link_tries = EXCLUDED.link_tries,
      ever_linked = EXCLUDED.ever_linked, conflict_at = EXCLUDED.conflict_at, leaving = EXCLUDED.leaving,
      opens = EXCLUDED.opens,
      revision = greatest(s.revision + 1, EXCLUDED.revision)
    RETURNING s.outlet_id, s.revision
  ),
  change AS (
    SELECT o.seq, o.outlet_id, saved.revision, o.previous, o.status, o.reason_code, o.reason_params, o.milestone,
      nullif(o.pressed, 'null') AS pressed, o.element
    FROM fit o JOIN saved USING (outlet_id)
  ),
  ${APPEND_SQL}`;
