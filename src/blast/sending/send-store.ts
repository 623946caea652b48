import type { HoldCode, RecipientReason } from '@koneksi/contracts/blast-states';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { withoutDeadlock } from '../../common/without-deadlock.js';
import { SystemDataSource } from '../../database/system-data-source.js';
import { prepared } from '../../database/prepared.js';
import { claimValues, ownedBy, type Ownership } from '../../wa-session/fence.js';
import {
  CONTACT_DIGEST,
  isKnownTo,
  LEFT_AUDIENCE,
  NOT_BEFORE,
  notAfter,
  ownNumber,
  tooOften,
  UNWANTED,
} from '../asked-again.js';
import { isMeant } from '../birthdays.js';
import type { BlastKind } from '../blast.entity.js';
import { KONEKSI } from '../messages/koneksi.js';
import { moveParts } from '../move-blasts.js';

/** One blast's part at one outlet, as its turn needs it. */
export interface OpenPart {
  blast_id: string;
  outlet_name: string;
  kind: BlastKind;
  /** Whether its outlet has been removed. */
  gone: boolean;
  running: boolean;
  stopped: boolean;
  hold_code: HoldCode | null;
  hold_until: Date | null;
  not_before: Date | null;
  /** What has not left by then stays. */
  not_after: Date | null;
  queued: number;
  sending: number;
  media_id: string | null;
  /** What stands below its message. */
  way_out: string | null;
  wrapped_key: Buffer;
  message: Buffer;
}

export interface QueuedRow {
  seq: number;
  number: string;
  /** As the contact is called and described now. */
  name: string | null;
  params: Record<string, string>;
  /** The number the contact has now; `null` for whoever is no contact. */
  number_now: string | null;
  message_id: string | null;
  content: Buffer | null;
  /** What the contact was like when `content` was made, and is like now. */
  made_from: string | null;
  contact_digest: string | null;
  known: boolean;
  /** `null` where nobody asked WhatsApp lately. */
  exists: boolean | null;
  /** Why they get nothing any more. */
  why_not: Extract<
    RecipientReason,
    'CONTACT_DELETED' | 'LEFT_AUDIENCE' | 'OPTED_OUT' | 'OWN_NUMBER' | 'TOO_OFTEN' | 'WISH_HELD'
  > | null;
}

/** Of a blast for birthdays: which days it is for, and what their contact says by now. */
interface BirthdayNow {
  birthdays: string[] | null;
  birthday_now: string | null;
}

/** How long WhatsApp's word on a number is believed. */
const BELIEVED_DAYS = 7;

const KNOWN = isKnownTo('q.outlet_id', 'q.number');

/** What Koneksi says of its own, an alert or what confirms a STOP, may be for whoever has an outlet's phone. */
const FOR_CUSTOMERS = `(b.kind = 'blast' OR (b.kind = 'message' AND b.created_by <> '${KONEKSI.id}'))`;

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

  /** Every outlet with something to send or to settle, and whether it has been removed. */
  openOutlets(): Promise<{ outletId: string; gone: boolean }[]> {
    return this.dataSource.query(
      `SELECT DISTINCT o.outlet_id AS "outletId", t.id IS NULL AS gone
       FROM blast_outlets o JOIN blasts b ON b.id = o.blast_id LEFT JOIN outlets t ON t.id = o.outlet_id
       WHERE o.queued + o.sending > 0 AND (b.status IN ('running', 'scheduled') OR o.sending > 0)`,
    );
  }

  /** Every blast that has not ended and may. */
  async openBlasts(): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM blasts WHERE status IN ('running', 'scheduled')`,
    );
    return rows.map(({ id }) => id);
  }

  /** Scheduled blasts with a part at this outlet, and when each begins there; the earliest first. */
  scheduled(outletId: string, now: number): Promise<{ id: string; at: Date }[]> {
    return prepared(
      this.dataSource,
      `SELECT b.id, coalesce(${NOT_BEFORE}, $2::timestamptz) AS at
       FROM blast_outlets o JOIN blasts b ON b.id = o.blast_id
       WHERE o.outlet_id = $1 AND o.queued + o.sending > 0 AND b.status = 'scheduled' ORDER BY 2`,
      [outletId, new Date(now)],
    );
  }

  /** Messages to one person first, then the oldest blast. */
  partsOf(outletId: string): Promise<OpenPart[]> {
    return prepared(
      this.dataSource,
      `SELECT o.blast_id, b.kind, coalesce(t.name, o.outlet_name) AS outlet_name, b.status = 'running' AS running, o.stopped,
         o.hold_code, o.hold_until, t.id IS NULL AS gone, ${NOT_BEFORE} AS not_before,
         ${notAfter('o.outlet_id')} AS not_after, o.queued, o.sending, b.media_id,
         b.way_out ->> 'line' AS way_out, b.wrapped_key, b.message
       FROM blast_outlets o JOIN blasts b ON b.id = o.blast_id LEFT JOIN outlets t ON t.id = o.outlet_id
       WHERE o.outlet_id = $1 AND o.queued + o.sending > 0 AND (b.status = 'running' OR o.sending > 0)
       ORDER BY b.kind = 'blast', b.started_at, b.id`,
      [outletId],
    );
  }

  /** The next in order. Costs the same however many wait behind them. */
  async nextQueued(outletId: string, blastId: string, whom: Whom, limit: number): Promise<QueuedRow[]> {
    const rows = await prepared<QueuedRow & BirthdayNow>(
      this.dataSource,
      `SELECT r.seq, r.number, r.message_id, r.content, r.made_from, c.number AS number_now,
         CASE WHEN c.id IS NULL OR ${CONTACT_DIGEST} = r.made_from THEN r.name ELSE c.name END AS name,
         CASE WHEN c.id IS NULL OR ${CONTACT_DIGEST} = r.made_from THEN r.params ELSE c.fields END AS params,
         CASE WHEN c.id IS NOT NULL THEN ${CONTACT_DIGEST} END AS contact_digest,
         ${isKnownTo('$1', 'r.number')} AS known,
         w.exists, b.audience -> 'birthday' -> 'dates' AS birthdays,
         CASE WHEN b.audience ? 'birthday' THEN (
           SELECT f.value FROM jsonb_each_text(c.fields) f
           WHERE lower(f.key) = lower(b.audience -> 'birthday' ->> 'field') LIMIT 1) END AS birthday_now,
         CASE
           WHEN r.contact_id IS NOT NULL AND c.id IS NULL THEN 'CONTACT_DELETED'
           WHEN ${LEFT_AUDIENCE} THEN 'LEFT_AUDIENCE'
           WHEN ${UNWANTED} THEN CASE b.kind WHEN 'confirmation' THEN 'LEFT_AUDIENCE' ELSE 'OPTED_OUT' END
           WHEN b.kind = 'blast' AND EXISTS (SELECT 1 FROM held_wishes h WHERE h.number = r.number) THEN 'WISH_HELD'
           WHEN ${FOR_CUSTOMERS} AND ${ownNumber('r.number')} THEN 'OWN_NUMBER'
           WHEN b.kind = 'blast' AND ${tooOften('r.number', '$4::timestamptz')} THEN 'TOO_OFTEN'
         END AS why_not
       FROM (
         SELECT * FROM blast_recipients q WHERE q.outlet_id = $1 AND q.blast_id = $2 AND q.status = 'queued' ${WHOM[whom]}
         ORDER BY q.seq LIMIT $3) r
       JOIN blasts b ON b.id = r.blast_id AND b.status = 'running'
       LEFT JOIN contacts c ON c.id = r.contact_id
       LEFT JOIN whatsapp_numbers w ON w.number = r.number AND w.checked_at > now() - make_interval(days => ${BELIEVED_DAYS})
       ORDER BY r.seq`,
      [outletId, blastId, limit, new Date(this.clock.wall())],
    );
    return rows.map(({ birthdays, birthday_now, ...row }) => ({
      ...row,
      why_not: row.why_not ?? (birthdays && !isMeant(birthday_now ?? '', birthdays) ? 'LEFT_AUDIENCE' : null),
    }));
  }

  /**
   * Keeps id and exact bytes of messages before they can be sent; those kept earlier of the same stay as they are. Answers
   * whose were kept: no other may be sent as it was made here.
   */
  async keepContents(
    owner: Ownership,
    blastId: string,
    contents: readonly {
      seq: number;
      messageId: string;
      content: Buffer;
      madeFrom: string | null;
      name: string | null;
    }[],
  ): Promise<Set<number>> {
    const rows = await prepared<{ seq: number }>(
      this.dataSource,
      `WITH ${ownedBy(7)}
       UPDATE blast_recipients r SET message_id = k.message_id, content = k.content, made_from = k.made_from, name = k.name
       FROM unnest($2::int[], $3::text[], $4::bytea[], $5::text[], $6::text[])
         AS k(seq, message_id, content, made_from, name), owned
       WHERE r.blast_id = $1 AND r.seq = k.seq AND r.outlet_id = owned.outlet_id AND (r.content IS NULL OR r.made_from IS DISTINCT FROM k.made_from)
       RETURNING r.seq`,
      [
        blastId,
        contents.map(({ seq }) => seq),
        contents.map(({ messageId }) => messageId),
        contents.map(({ content }) => content),
        contents.map(({ madeFrom }) => madeFrom),
        contents.map(({ name }) => name),
        ...claimValues(owner),
      ],
    );
    return new Set(rows.map(({ seq }) => seq));
  }

  /**
   * Gives a recipient the number that their contact has now; what was made for the old one is no message of theirs.
   * `false` where this blast writes to that number already, or somebody else owns the outlet.
   */
  async renumber(owner: Ownership, blastId: string, seq: number, number: string): Promise<boolean> {
    const rows = await prepared<object>(
      this.dataSource,
      `WITH ${ownedBy(4)}
       UPDATE blast_recipients r SET number = $3, message_id = NULL, content = NULL, made_from = NULL FROM owned
       WHERE r.blast_id = $1 AND r.seq = $2 AND r.outlet_id = owned.outlet_id AND r.status = 'queued' AND NOT EXISTS (
         SELECT 1 FROM blast_recipients x WHERE x.blast_id = $1 AND x.number = $3)
       RETURNING r.seq`,
      [blastId, seq, number, ...claimValues(owner)],
    );
    return rows.length > 0;
  }

  async rememberNumbers(found: ReadonlyMap<string, boolean>): Promise<void> {
    await prepared(
      this.dataSource,
      `INSERT INTO whatsapp_numbers (number, exists, checked_at)
       SELECT n.number, n.exists, $3 FROM unnest($1::text[], $2::boolean[]) AS n(number, exists) ORDER BY n.number
       ON CONFLICT (number) DO UPDATE SET exists = EXCLUDED.exists, checked_at = EXCLUDED.checked_at`,
      [[...found.keys()], [...found.values()], new Date(this.clock.wall())],
    );
  }

  /** Why these parts wait, or that they do not. Answers of which blasts: none where somebody else owns the outlet. */
  hold(
    owner: Ownership,
    blastIds: readonly string[],
    code: HoldCode | null,
    until: number | null,
    stopped = false,
  ): Promise<string[]> {
    const event = code === null ? 'release' : stopped ? 'stop' : 'hold';
    return withoutDeadlock(() => moveParts(this.dataSource.manager, event, blastIds, owner, code, until));
  }
}
