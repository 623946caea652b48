import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AlertContent } from '@koneksi/contracts/alert-texts';
import type { AlertChannel, AlertRecipient, AlertTry } from '@koneksi/contracts/alerts';
import type { Locale } from '@koneksi/contracts/reason-texts';
import type { EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { SystemDataSource } from '../database/system-data-source.js';
import type { ActiveRule } from './alert-facts.js';
import { contentOf } from './alert-content.js';
import type { Outcome } from './outcome.js';
import { addressesOf, itemsFor } from './push/push-readers.js';
import { addressOf, type Address } from './recipients.js';
import type { Due, DueItem } from './domain/alert-state.js';
import { nextTryAt } from './domain/next-try.js';

/** A lease outlives the sending that it is for, so that only who died loses it. */
const LEASE_MARGIN_MS = 5_000;

/** How long what an outlet has is looked after that nobody wants any more, and how often. */
const UNWANTED_FOR_MS = 3 * 86_400_000;
const ASK_AGAIN_MS = 30_000;

/** Whoever wants to be left alone for longer is asked again all the same: an alert of yesterday is none. */
const LONGEST_PAUSE_MS = 3_600_000;

/** One message to be sent. */
export interface Message {
  id: string;
  ruleId: string | null;
  channel: AlertChannel;
  target: string;
  language: Locale;
  content: AlertContent;
  incidentIds: string[];
  tries: number;
}

/** The outbox: what is due is written once, and what was written is sent until it is taken. */
@Injectable()
export class AlertOutbox {
  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Writes a message to each who is to read it, in one commit with what it tells, whose key lets it be said once.
   * Whether there is anything to send.
   */
  async write(rule: ActiveRule, due: Due): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      // Whoever switches the rule off waits for this, and then drops what is written here.
      const [on] = await manager.query<unknown[]>(
        'SELECT 1 FROM alert_rules WHERE id = $1 AND paused_at IS NULL FOR SHARE',
        [rule.id],
      );
      if (!on) return false;
      const at = new Date(this.clock.wall());
      const items: DueItem[] = [];
      for (const item of due.items) if (await claim(manager, rule.id, due.kind, item, at)) items.push(item);
      const readers = items.length > 0 ? readersOf(rule, due) : [];
      for (const reader of readers) {
        const shown = await itemsFor(manager, reader, items);
        if (shown.length === 0) continue;
        const content = contentOf({ kind: due.kind, items: shown }, rule, at.toISOString());
        const message = { ruleId: rule.id, content, items: shown, at };
        for (const address of await addressesOf(manager, reader)) await this.insert(manager, address, message);
      }
      return readers.length > 0;
    });
  }

  /**
   * Takes what is due, of each incident and reader in order and of each channel as many as there is room for: a road that
   * is slow holds up no other. `underWay` is being sent by this process.
   */
  async take(room: Record<AlertChannel, number>, leaseMs: number, underWay: readonly string[]): Promise<Message[]> {
    const now = this.clock.wall();
    const [rows] = await this.dataSource.query<[Message[], number]>(TAKE_SQL, [
      new Date(now),
      JSON.stringify(room),
      new Date(now + leaseMs + LEASE_MARGIN_MS),
      underWay,
    ]);
    return rows;
  }

  /** What waits for its next try is tried now: the clock by which it waits was set, or may have been while nobody was here. */
  async stopWaiting(): Promise<void> {
    const now = new Date(this.clock.wall());
    await this.dataSource.query(
      `UPDATE alert_deliveries SET next_try_at = $1 WHERE status = 'pending' AND next_try_at <> $1`,
      [now],
    );
  }

  /** In how many ms something of these channels is due, at the earliest; `null` where nothing waits. */
  async nextDueIn(channels: readonly string[]): Promise<number | null> {
    const [row] = await this.dataSource.query<{ at: Date | null }[]>(
      `SELECT min(greatest(next_try_at, leased_until)) AS at FROM alert_deliveries d
       WHERE status = 'pending' AND channel = ANY ($1::text[]) AND ${IS_FIRST}`,
      [channels],
    );
    return row?.at ? Math.max(0, row.at.getTime() - this.clock.wall()) : null;
  }

  /** Writes what came of a try. `isFinal`: another would come to the same. */
  async settle(
    { id, channel, tries }: Message,
    tried: AlertTry,
    retryMs: number,
    { isFinal = false, retryAfterMs = null }: Pick<Outcome, 'isFinal' | 'retryAfterMs'> = {},
  ): Promise<void> {
    const now = this.clock.wall();
    const isSent = tried.fault === null;
    const due = isSent || isFinal ? null : nextTryAt(tries + 1, now, retryMs, Math.random());
    const next = due === null ? null : Math.max(due, now + Math.min(retryAfterMs ?? 0, LONGEST_PAUSE_MS));
    const status = isSent ? 'sent' : next === null ? 'dead' : 'pending';
    // Given up here, it is not to be sent by the outlet that has it, long after.
    const isLeft = next === null && tried.fault === 'WAITING_TURN';
    await this.dataSource.query(SETTLE_SQL, [
      id,
      status,
      next === null && !isLeft ? null : new Date(next ?? now),
      JSON.stringify([tried]),
      isSent ? new Date(now) : null,
    ]);
    // The road is open again: what waited for it need not wait any longer.
    if (isSent && tries > 0) await this.dataSource.query(HURRY_SQL, [channel, new Date(now)]);
  }

  /** Messages that an outlet may still have, although nobody wants them sent any more. */
  async unwanted(underWay: readonly string[]): Promise<string[]> {
    const now = this.clock.wall();
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM alert_deliveries
       WHERE status <> 'pending' AND at > $1 AND next_try_at <= $2 AND id <> ALL ($3::uuid[]) ORDER BY at LIMIT 100`,
      [new Date(now - UNWANTED_FOR_MS), new Date(now), underWay],
    );
    return rows.map(({ id }) => id);
  }

  /** Writes what became of one that was taken back; where that is not known yet, it is asked again. */
  async settleUnwanted(id: string, fault: AlertTry['fault']): Promise<void> {
    const now = this.clock.wall();
    await this.dataSource.query(
      `UPDATE alert_deliveries SET next_try_at = $2, sent_at = coalesce($3, sent_at),
         status = CASE WHEN $3::timestamptz IS NULL THEN status ELSE 'sent' END
       WHERE id = $1 AND status <> 'pending'`,
      [id, fault === 'WAITING_TURN' ? new Date(now + ASK_AGAIN_MS) : null, fault === null ? new Date(now) : null],
    );
  }

  /** Messages that are tried once, by whoever asked for them. */
  async addTests(rule: { id: string; name: string } | null, recipient: AlertRecipient): Promise<Message[]> {
    const addresses = await addressesOf(this.dataSource.manager, recipient);
    const messages: Message[] = [];
    for (const address of addresses) messages.push(await this.addTest(rule, address));
    return messages;
  }

  async addTest(rule: { id: string; name: string } | null, address: Address): Promise<Message> {
    const id = randomUUID();
    const at = new Date(this.clock.wall());
    const content = contentOf(
      { kind: 'test', items: [] },
      { name: rule?.name ?? '', zone: 'Asia/Jakarta' },
      at.toISOString(),
    );
    const { channel, target, language } = address;
    await this.dataSource.query(
      `INSERT INTO alert_deliveries (id, rule_id, channel, target, language, content, incident_ids, at, status)
       VALUES ($1, $2, $3, $4, $5, $6, '{}', $7, 'dead')`,
      [id, rule?.id ?? null, channel, target, language, content, at],
    );
    return { id, ruleId: rule?.id ?? null, channel, target, language, content, incidentIds: [], tries: 0 };
  }

  /** A test that failed is not tried again; one that an outlet still has is followed like any other. */
  async settleTest({ id }: Message, tried: AlertTry): Promise<void> {
    const now = new Date(this.clock.wall());
    const status = tried.fault === null ? 'sent' : tried.fault === 'WAITING_TURN' ? 'pending' : 'dead';
    const at = (wanted: typeof status): Date | null => (status === wanted ? now : null);
    await this.dataSource.query(SETTLE_SQL, [id, status, at('pending'), JSON.stringify([tried]), at('sent')]);
  }

  private async insert(
    manager: EntityManager,
    { channel, target, language }: Address,
    of: { ruleId: string; content: AlertContent; items: readonly DueItem[]; at: Date },
  ): Promise<void> {
    await manager.query(
      `INSERT INTO alert_deliveries (id, rule_id, channel, target, language, content, incident_ids, at, next_try_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
      [
        randomUUID(),
        of.ruleId,
        channel,
        target,
        language,
        of.content,
        of.items.map(({ incident }) => incident.id),
        of.at,
      ],
    );
  }
}

/** Whether it is this one that says so. */
async function claim(
  manager: EntityManager,
  ruleId: string,
  kind: Due['kind'],
  { incident, round, part, outlets }: DueItem,
  at: Date,
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `INSERT INTO alert_told (rule_id, incident_id, round, kind, part, at, outlet_ids) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT DO NOTHING RETURNING 1`,
    [ruleId, incident.id, round, kind, part, at, outlets.map(({ outletId }) => outletId)],
  );
  return rows.length > 0;
}

/** Each once, whoever is named twice. */
function readersOf(
  { recipients, escalation, tellRecovery }: ActiveRule,
  { kind, wasEscalated }: Due,
): AlertRecipient[] {
  const further = escalation?.recipients ?? [];
  const told = {
    down: recipients,
    escalated: further,
    recovered: wasEscalated ? [...recipients, ...further] : recipients,
  };
  const readers = kind === 'recovered' && !tellRecovery ? [] : told[kind];
  const byAddress = readers.map(
    (reader) => [`${addressOf(reader).channel} ${addressOf(reader).target}`, reader] as const,
  );
  return [...new Map(byAddress.toReversed()).values()].toReversed();
}

/** Nobody reads of an end before they read of the beginning. */
const IS_FIRST = `NOT EXISTS (
  SELECT FROM alert_deliveries e WHERE e.status = 'pending' AND e.seq < d.seq AND e.rule_id = d.rule_id
    AND e.channel = d.channel AND e.target = d.target AND e.incident_ids && d.incident_ids)`;

/** Others lease a moment later and by clocks that differ a little; what is far beyond was leased before a clock was set. */
const IS_FREE = `d.status = 'pending' AND d.next_try_at <= $1
  AND (d.leased_until IS NULL OR d.leased_until < $1 OR d.leased_until > $3::timestamptz + interval '1 minute') AND d.id <> ALL ($4::uuid[])`;

const TAKE_SQL = `
  WITH ready AS (
    SELECT d.id, d.channel, row_number() OVER (PARTITION BY d.channel ORDER BY d.seq) AS place
    FROM alert_deliveries d WHERE ${IS_FREE} AND ${IS_FIRST}
  ),
  chosen AS (SELECT id FROM ready WHERE place <= ($2::jsonb ->> channel)::int),
  locked AS (SELECT d.id FROM alert_deliveries d JOIN chosen USING (id) WHERE ${IS_FREE} FOR UPDATE OF d SKIP LOCKED)
  UPDATE alert_deliveries d SET leased_until = $3 FROM locked WHERE d.id = locked.id
  RETURNING d.id, d.rule_id AS "ruleId", d.channel, d.target, d.language, d.content,
    d.incident_ids AS "incidentIds", d.tries`;

/** What was dropped while it was under way was sent all the same, or need not be tried again. */
const SETTLE_SQL = `
  UPDATE alert_deliveries SET tries = tries + 1, leased_until = NULL, sent_at = $5,
    status = CASE WHEN status = 'dropped' AND $2 = 'pending' THEN status ELSE $2 END,
    next_try_at = CASE WHEN status = 'dropped' AND channel <> 'whatsapp' THEN NULL ELSE $3::timestamptz END,
    last_tries = (SELECT jsonb_agg(t) FROM (
      SELECT t FROM jsonb_array_elements($4::jsonb || last_tries) WITH ORDINALITY AS e(t, n) ORDER BY n LIMIT 10) newest)
  WHERE id = $1`;

const HURRY_SQL = `
  UPDATE alert_deliveries SET next_try_at = $2
  WHERE channel = $1 AND status = 'pending' AND next_try_at > $2 AND last_tries -> 0 ->> 'fault' <> 'REFUSED'`;
