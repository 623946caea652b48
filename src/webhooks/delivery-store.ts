import { Injectable } from '@nestjs/common';
import { sayStatus, type StatusFacts } from '@koneksi/contracts/status-facts';
import type { DeliveryTry } from '@koneksi/contracts/webhooks';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { AWAY_AFTER, judge, type Outcome } from './domain/verdict.js';

/** How many requests are under way at one host, and in all. */
const AT_HOST = 4;
const AT_ONCE = 16;
/** Changes of the log that are made into deliveries by one statement. */
const BATCH = 500;
/** What waits for one webhook; a receiver that is so far behind begins anew with a snapshot. */
const BACKLOG = 100_000;
/** A lease outlives the request that it is for, so that only who died loses it. */
const LEASE_MARGIN_MS = 5_000;

/** One event to be sent, and where to. */
export interface Due {
  id: string;
  webhookId: string;
  host: string;
  type: string;
  at: Date;
  data: Record<string, unknown>;
  wrappedKey: Buffer;
  sealed: Buffer;
  previousSecretUntil: Date | null;
}

interface DueRow {
  id: string;
  webhook_id: string;
  host: string;
  type: string;
  at: Date;
  data: Record<string, unknown>;
  wrapped_key: Buffer;
  sealed: Buffer;
  previous_secret_until: Date | null;
}

/** What a try changed that somebody should hear of. */
export interface Settled {
  paused: 'FAILING' | 'GONE' | null;
  host: string;
}

/** The outbox: every statement that fills it, takes from it and writes what came of it. Several may work it at once. */
@Injectable()
export class DeliveryStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Whether anybody wants to be told of anything. */
  async isAnybodyThere(): Promise<boolean> {
    return (
      (await this.dataSource.query<unknown[]>('SELECT 1 FROM webhooks WHERE paused_at IS NULL LIMIT 1')).length > 0
    );
  }

  /** Makes deliveries of the next changes of the status log; whether there may be more. */
  async spool(): Promise<boolean> {
    const [row] = await this.dataSource.query<{ count: number }[]>(SPOOL_SQL, [BATCH]);
    return (row?.count ?? 0) === BATCH;
  }

  /** Takes what is due: of each lane the oldest, few at one host. */
  async take(underWay: readonly Due[], leaseMs: number): Promise<Due[]> {
    if (underWay.length >= AT_ONCE) return [];
    const now = this.clock.wall();
    const longest = leaseMs + LEASE_MARGIN_MS;
    const [rows] = await this.dataSource.query<[DueRow[], number]>(TAKE_SQL, [
      new Date(now),
      new Date(now + longest),
      underWay.map(({ id }) => id),
      AWAY_AFTER,
      JSON.stringify(roomAt(underWay)),
      AT_HOST,
      AT_ONCE - underWay.length,
    ]);
    return rows.map(toDue);
  }

  /** One that is asked for by its id, whatever it waits for. */
  async takeOne(id: string): Promise<Due | null> {
    const [row] = await this.dataSource.query<DueRow[]>(`SELECT ${DUE_COLUMNS} WHERE d.id = $1`, [id]);
    return row ? toDue(row) : null;
  }

  /** In how many ms the next wait is over of those that were not when `take` looked; `null` where nobody waits. */
  async nextDueIn(lookedAt: number): Promise<number | null> {
    const [row] = await this.dataSource.query<{ at: Date | null }[]>(NEXT_SQL, [new Date(lookedAt), AWAY_AFTER]);
    return row?.at ? row.at.getTime() - this.clock.wall() : null;
  }

  /** The clock was set, so that nobody knows how long is left to wait: whoever waits is asked now. */
  async stopWaiting(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query('UPDATE webhooks SET not_before = NULL WHERE not_before IS NOT NULL');
      await manager.query(
        `UPDATE webhook_deliveries SET next_try_at = NULL WHERE status = 'pending' AND next_try_at IS NOT NULL`,
      );
    });
  }

  /** At the start: whoever is away is asked, and so is what waits since a time to come, of before the clock was set back. */
  async stopWaitingForThePast(): Promise<void> {
    await this.dataSource.query('UPDATE webhooks SET not_before = NULL WHERE not_before IS NOT NULL');
    await this.dataSource.query(
      `UPDATE webhook_deliveries SET next_try_at = NULL
       WHERE status = 'pending' AND next_try_at IS NOT NULL AND (last_tries -> 0 ->> 'at')::timestamptz > $1`,
      [new Date(this.clock.wall())],
    );
  }

  /** Whoever is next may take it at once: it was not tried to its end. */
  async letGo({ id }: Due): Promise<void> {
    await this.dataSource.query('UPDATE webhook_deliveries SET leased_until = NULL WHERE id = $1', [id]);
  }

  /** Writes what came of a try: to the event, and to what is known of its receiver. */
  async settle(due: Due, outcome: Outcome, tried: DeliveryTry, retryMs: number): Promise<Settled> {
    return this.dataSource.transaction(async (manager) => {
      const [row] = await manager.query<{ failures: number; failing_since: Date | null; tries: number }[]>(
        `SELECT w.failures, w.failing_since, d.tries FROM webhooks w JOIN webhook_deliveries d ON d.webhook_id = w.id
         WHERE d.id = $1 FOR NO KEY UPDATE OF w`,
        [due.id],
      );
      // Removed meanwhile.
      if (!row) return { paused: null, host: due.host };
      const now = this.clock.wall();
      const { delivery, webhook, isBack } = judge({
        tries: row.tries + 1,
        before: { failures: row.failures, failingSince: row.failing_since?.getTime() ?? null },
        outcome,
        now,
        random: Math.random(),
        retryMs,
      });
      await manager.query(DELIVERY_SQL, [
        due.id,
        delivery.status,
        dateOf(delivery.nextTryAt),
        JSON.stringify([tried]),
        delivery.status === 'delivered' ? new Date(now) : null,
      ]);
      const paused = webhook.pause === 'FAILING' || webhook.pause === 'GONE' ? webhook.pause : null;
      const { failures, failingSince, notBefore } = webhook;
      const values = [due.webhookId, failures, dateOf(failingSince), dateOf(notBefore), paused, new Date(now)];
      await manager.query(WEBHOOK_SQL, values);
      if (isBack) await manager.query(HURRY_SQL, [due.webhookId]);
      return { paused, host: due.host };
    });
  }

  /** Writes what came of a test, which says nothing of the receiver's past or future. */
  async settleTest(id: string, isTaken: boolean, tried: DeliveryTry): Promise<void> {
    const deliveredAt = isTaken ? new Date(this.clock.wall()) : null;
    await this.dataSource.query(DELIVERY_SQL, [
      id,
      isTaken ? 'delivered' : 'dead',
      null,
      JSON.stringify([tried]),
      deliveredAt,
    ]);
  }

  /** Pauses whoever is too far behind; answers their hosts. Counts for so long that it is not for each event. */
  async pauseFarBehind(): Promise<string[]> {
    const [rows] = await this.dataSource.query<[{ host: string }[], number]>(FAR_BEHIND_SQL, [
      new Date(this.clock.wall()),
      BACKLOG,
    ]);
    return rows.map(({ host }) => host);
  }
}

/** How many more may be under way at each host that has some. */
function roomAt(underWay: readonly Due[]): Record<string, number> {
  const room: Record<string, number> = Object.create(null) as Record<string, number>;
  for (const { host } of underWay) room[host] = (room[host] ?? AT_HOST) - 1;
  return room;
}

const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/** Receivers are told in Indonesian; each try says the same. */
function said(data: DueRow['data']): DueRow['data'] {
  const { status } = data as { status?: StatusFacts };
  return status?.outletId ? { ...data, status: sayStatus({ ...status, warnings: status.warnings ?? [] }, 'id') } : data;
}

function toDue(row: DueRow): Due {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    host: row.host,
    type: row.type,
    at: row.at,
    data: said(row.data),
    wrappedKey: row.wrapped_key,
    sealed: row.sealed,
    previousSecretUntil: row.previous_secret_until,
  };
}

/** Deliveries and the cursor are one statement, so that each change is written for each webhook once. */
const SPOOL_SQL = `
  WITH spool AS (SELECT cursor FROM webhook_spool WHERE id = 1 FOR UPDATE),
  batch AS (
    SELECT c.* FROM outlet_status_change c WHERE c.cursor > (SELECT cursor FROM spool) ORDER BY c.cursor LIMIT $1
  ),
  moved AS (
    UPDATE webhook_spool SET cursor = (SELECT max(cursor) FROM batch) WHERE id = 1 AND EXISTS (SELECT FROM batch)
  ),
  written AS (
    INSERT INTO webhook_deliveries (id, webhook_id, type, lane, outlet_id, at, data, next_try_at)
    SELECT gen_random_uuid(), w.id, k.type, b.outlet_id::text, b.outlet_id, b.at,
      CASE WHEN b.element IS NULL THEN jsonb_build_object('cursor', b.cursor, 'outletId', b.outlet_id)
      ELSE jsonb_build_object('cursor', b.cursor,
        'at', to_char(b.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'status', jsonb_build_object('since', NULL) || b.element || jsonb_build_object('revision', b.revision),
        'previous', b.previous) END,
      NULL
    FROM batch b
    CROSS JOIN LATERAL (
      SELECT CASE WHEN b.element IS NULL THEN 'outlet.removed' ELSE 'outlet.status.changed' END AS type) k
    JOIN webhooks w ON w.paused_at IS NULL AND k.type = ANY (w.events) AND b.cursor > w.after_cursor
      AND (w.outlet_ids IS NULL OR b.outlet_id = ANY (w.outlet_ids))
    ORDER BY b.cursor
  )
  SELECT count(*)::int AS count FROM batch`;

const DUE_COLUMNS = `d.id, d.webhook_id, w.host, d.type, d.at, d.data, w.wrapped_key, w.sealed, w.previous_secret_until
  FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id`;

/**
 * Held by a request of ours, or of another process that lives. Nobody leases for longer than $2, which others have written
 * a moment later and by clocks that differ a little; a lease far beyond was written before a clock was set.
 */
const isTaken = (d: string): string =>
  `(${d}.id = ANY ($3::uuid[]) OR (
    ${d}.leased_until IS NOT NULL AND ${d}.leased_until BETWEEN $1 AND $2::timestamptz + interval '1 minute'))`;

/**
 * Whose turn it is, then the names of their lanes, then the oldest of each: lanes are stepped through one index entry
 * each, however much waits in them. A receiver that is away is asked one event at a time, whichever waits longest, and
 * not before it is time.
 */
export const TAKE_SQL = `
  WITH RECURSIVE asked AS (
    SELECT w.id, w.host, w.failures >= $4 AS is_away FROM webhooks w
    WHERE w.paused_at IS NULL AND (w.failures < $4 OR (
      coalesce(w.not_before <= $1, true) AND NOT EXISTS (
        SELECT FROM webhook_deliveries l WHERE l.webhook_id = w.id AND l.status = 'pending'
          AND l.leased_until IS NOT NULL AND ${isTaken('l')})))
  ),
  lanes AS (
    SELECT a.id AS webhook_id, first.lane FROM asked a CROSS JOIN LATERAL (
      SELECT lane FROM webhook_deliveries WHERE webhook_id = a.id AND status = 'pending' ORDER BY lane LIMIT 1) first
    UNION ALL
    SELECT p.webhook_id, next.lane FROM lanes p CROSS JOIN LATERAL (
      SELECT lane FROM webhook_deliveries WHERE webhook_id = p.webhook_id AND status = 'pending' AND lane > p.lane
      ORDER BY lane LIMIT 1) next
  ),
  ready AS (
    SELECT d.id, d.seq, a.host, a.is_away,
      row_number() OVER (PARTITION BY a.host ORDER BY coalesce(d.next_try_at, d.at), d.seq) AS at_host,
      row_number() OVER (PARTITION BY a.id ORDER BY coalesce(d.next_try_at, d.at), d.seq) AS at_webhook
    FROM lanes n JOIN asked a ON a.id = n.webhook_id CROSS JOIN LATERAL (
      SELECT id, seq, at, next_try_at, leased_until FROM webhook_deliveries
      WHERE webhook_id = n.webhook_id AND status = 'pending' AND lane = n.lane ORDER BY seq LIMIT 1) d
    WHERE NOT ${isTaken('d')} AND (a.is_away OR coalesce(d.next_try_at <= $1, true))
  ),
  chosen AS (
    SELECT r.id FROM ready r
    WHERE r.at_host <= coalesce(($5::jsonb ->> r.host)::int, $6) AND (NOT r.is_away OR r.at_webhook = 1)
    ORDER BY r.seq LIMIT $7
  ),
  locked AS (
    SELECT d.id FROM webhook_deliveries d JOIN chosen USING (id)
    WHERE d.status = 'pending' AND NOT ${isTaken('d')} FOR UPDATE OF d SKIP LOCKED
  )
  UPDATE webhook_deliveries d SET leased_until = $2 FROM locked, webhooks w
  WHERE d.id = locked.id AND w.id = d.webhook_id
  RETURNING d.id, d.webhook_id, w.host, d.type, d.at, d.data, w.wrapped_key, w.sealed, w.previous_secret_until`;

export const NEXT_SQL = `
  SELECT least(
    (SELECT min(not_before) FROM webhooks WHERE paused_at IS NULL AND failures >= $2 AND not_before > $1),
    (SELECT d.next_try_at FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
     WHERE d.status = 'pending' AND d.next_try_at > $1 AND w.paused_at IS NULL AND w.failures < $2
     ORDER BY d.next_try_at LIMIT 1)) AS at`;

/** Numbers are those of all webhooks, so that only who has old ones and new ones can be far behind and is counted. */
export const FAR_BEHIND_SQL = `
  UPDATE webhooks w SET paused_code = 'BACKLOG', paused_at = $1 WHERE paused_at IS NULL
    AND (SELECT max(seq) - min(seq) FROM webhook_deliveries WHERE webhook_id = w.id AND status = 'pending') >= $2::int
    AND EXISTS (
      SELECT seq FROM webhook_deliveries WHERE webhook_id = w.id AND status = 'pending' ORDER BY seq OFFSET $2::int LIMIT 1)
  RETURNING host`;

/** What was redriven while it was under way begins anew all the same: it was sent. */
const DELIVERY_SQL = `
  UPDATE webhook_deliveries SET status = $2, next_try_at = $3, tries = tries + 1, leased_until = NULL, delivered_at = $5,
    last_tries = (SELECT jsonb_agg(t) FROM (
      SELECT t FROM jsonb_array_elements($4::jsonb || last_tries) WITH ORDINALITY AS e(t, n) ORDER BY n LIMIT 10) newest)
  WHERE id = $1`;

const WEBHOOK_SQL = `
  UPDATE webhooks SET failures = $2, failing_since = $3, not_before = $4,
    paused_code = CASE WHEN paused_at IS NULL THEN $5 ELSE paused_code END,
    paused_at = CASE WHEN paused_at IS NULL AND $5::text IS NOT NULL THEN $6 ELSE paused_at END
  WHERE id = $1`;

const HURRY_SQL = `
  UPDATE webhook_deliveries SET next_try_at = NULL WHERE webhook_id = $1 AND status = 'pending' AND next_try_at IS NOT NULL`;
