import { Injectable } from '@nestjs/common';
import { REASON_STATUS, type OutletStatusName, type ReasonCode } from '@koneksi/contracts/outlet-status';
import type { ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import { Limits, WarningFact } from '@koneksi/contracts/outlet-warnings';
import { mapInTurns } from '../common/give-way.js';
import { SystemDataSource } from '../database/system-data-source.js';
import type { OpensTold } from './domain/open-limit.js';
import type { SessionRecord } from './domain/session-record.js';
import type { CodeLimit, Ending, LinkTries, OutletSettings } from './domain/session-state.js';

/** An outlet as the database has it, with its session's row where there is one. */
export interface OutletRow {
  outletId: string;
  outlet: OutletSettings;
  record: SessionRecord | null;
  revision: number;
  /** Which link is to be left, if it is still there. */
  leaving: string | null;
  /** What is used up of its allowance of sockets, where a row tells. */
  opens: OpensTold | null;
  /** Who may write; `null` where nobody claimed it yet. */
  epoch: string | null;
}

interface RawRow {
  id: string;
  name: string;
  whatsapp_number: string;
  is_active: boolean;
  auto_reconnect: boolean;
  city: string | null;
  tags: string[];
  status: OutletStatusName | null;
  reason_code: string | null;
  reason_params: ReasonParams | null;
  session_name: string | null;
  connected_at: Date | null;
  last_seen: Date | null;
  retry_count: number;
  next_retry_at: Date | null;
  qr_shown: boolean;
  limits: unknown;
  warnings: unknown;
  phone_seen_at: Date | null;
  listening_since: Date | null;
  since: Date | null;
  last_ending: Ending | null;
  link_tries: Partial<LinkTries> | null;
  ever_linked: boolean;
  conflict_at: Date | null;
  leaving: string | null;
  opens: Partial<OpensTold> | null;
  revision: string | null;
  epoch: string | null;
}

const SELECT = `
  SELECT o.id, o.name, o.whatsapp_number, o.is_active, o.auto_reconnect, o.city, o.tags, s.status, s.reason_code,
    s.reason_params, s.session_name, s.connected_at, s.last_seen, s.retry_count, s.next_retry_at, s.qr_shown,
    s.limits, s.warnings, s.phone_seen_at, s.listening_since, s.since, s.last_ending, s.link_tries,
    s.ever_linked, s.conflict_at, s.leaving, s.opens, s.revision, l.epoch
  FROM outlets o LEFT JOIN wa_session s ON s.outlet_id = o.id LEFT JOIN wa_lease l ON l.outlet_id = o.id`;

/** Each write of a row gives it another `xmin`, whoever wrote it and however; each row that comes or goes is counted. */
const STAMP_SQL = `
  SELECT concat_ws(' ', o.n, o.x, s.n, s.x) AS stamp FROM
    (SELECT count(*) AS n, sum(xmin::text::bigint) AS x FROM outlets) o,
    (SELECT count(*) AS n, sum(xmin::text::bigint) AS x FROM wa_session) s`;

/** What the database says of outlets and their sessions. */
@Injectable()
export class OutletRows {
  constructor(private readonly dataSource: SystemDataSource) {}

  all(): Promise<OutletRow[]> {
    return this.read('');
  }

  /** Those whose sessions this incarnation of a node owns. */
  ownedBy(owner: string): Promise<OutletRow[]> {
    return this.read('WHERE l.owner = $1', owner);
  }

  /** Those that exist of the ones named. */
  some(outletIds: readonly string[]): Promise<OutletRow[]> {
    return this.read('WHERE o.id = ANY($1)', outletIds);
  }

  /** Another one after each write, by whomever: equal stamps, equal rows. */
  async stamp(): Promise<string> {
    const [row] = await this.dataSource.query<{ stamp: string }[]>(STAMP_SQL);
    return row?.stamp ?? '';
  }

  private async read(which: string, ...parameters: unknown[]): Promise<OutletRow[]> {
    const rows = await this.dataSource.query<RawRow[]>(`${SELECT} ${which} ORDER BY o.name, o.id`, parameters);
    return mapInTurns(rows, toRow);
  }
}

const Warnings = WarningFact.array();
const Kept = Limits.extend({ countedAgainAt: Limits.shape.until.optional() });

/** A hand may have written `infinity`, for which the driver has no date. */
const instant = (date: unknown): number | null => (date instanceof Date ? date.getTime() : null);

/** A hand may also write a reason there is none of, or no object; what cannot be read is drift, and gets rewritten. */
const known = (code: string | null): ReasonCode | null =>
  code !== null && code in REASON_STATUS ? (code as ReasonCode) : null;

function ending(found: Partial<Ending> | null): Ending | null {
  const { code, params, at, number, link, retryAt } = found ?? {};
  const whole =
    typeof code === 'string' && code in REASON_STATUS && typeof at === 'number' && typeof number === 'string';
  if (!whole || !LINKS_LEFT.has(link ?? '')) return null;
  return { code, params: params ?? {}, at, number, link: link as Ending['link'], retryAt: retryAt ?? null };
}

/** Rows of old keep what a try at a link came to among the endings of links. */
function endings({ last_ending, link_tries }: RawRow): Pick<SessionRecord, 'lastEnding' | 'tries'> {
  const last = ending(last_ending);
  const ofATry = last?.link === 'none';
  const refusal = ending(link_tries?.refusal ?? null) ?? (ofATry ? last : null);
  const { method, number } = link_tries?.ranOut ?? {};
  const isWhole = (method === 'qr' || method === 'pairing-code') && typeof number === 'string';
  const ranOut = isWhole ? { method, number } : null;
  return {
    lastEnding: ofATry ? null : last,
    tries: { refusal, ranOut, codeLimit: limit(link_tries?.codeLimit ?? null) },
  };
}

function opensIn(found: Partial<OpensTold> | null): OpensTold | null {
  const { spent, at } = found ?? {};
  return typeof spent === 'number' && typeof at === 'number' ? { spent, at } : null;
}

function limit(found: Partial<CodeLimit> | null): CodeLimit | null {
  const { number, at, until, guessed } = found ?? {};
  if (typeof number !== 'string' || typeof at !== 'number' || typeof until !== 'number') return null;
  return { number, at, until, ...(guessed === true && { guessed }) };
}

const LINKS_LEFT: ReadonlySet<string> = new Set<Ending['link']>(['kept', 'gone', 'none']);

function toRow(row: RawRow): OutletRow {
  return {
    outletId: row.id,
    outlet: {
      name: row.name,
      number: row.whatsapp_number,
      isActive: row.is_active,
      autoReconnect: row.auto_reconnect,
      city: row.city,
      tags: row.tags,
    },
    record: row.status && {
      status: row.status,
      reason: known(row.reason_code),
      params: row.reason_params ?? {},
      sessionName: row.session_name,
      connectedAt: instant(row.connected_at),
      lastSeen: instant(row.last_seen),
      retryCount: row.retry_count,
      nextRetryAt: instant(row.next_retry_at),
      qrShown: row.qr_shown,
      limits: Kept.safeParse(row.limits).data ?? null,
      warnings: Warnings.safeParse(row.warnings).data ?? [],
      phoneSeenAt: instant(row.phone_seen_at),
      listeningSince: instant(row.listening_since),
      since: instant(row.since),
      ...endings(row),
      everLinked: row.ever_linked,
      conflictAt: instant(row.conflict_at),
      leaving: row.leaving !== null,
    },
    leaving: row.leaving,
    opens: opensIn(row.opens),
    revision: Number(row.revision ?? 0),
    epoch: row.epoch,
  };
}
