import type { HoldCode } from '@koneksi/contracts/blast-states';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../common/domain-error.js';
import { claimValues, ownedBy, type Ownership } from '../wa-session/fence.js';
import {
  BLAST_MOVES,
  PART_MOVES,
  type BlastEvent,
  type BlastFacts,
  type BlastRefusal,
  type PartEvent,
} from './domain/blast-moves.js';
import type { BlastKind } from './blast.entity.js';
import { toldSql } from './ledger-sql.js';

const FACTS: Record<keyof BlastFacts, string> = {
  begun: 'b.started_at IS NOT NULL',
  awaitsAdmin: 'b.awaits_admin',
  purged: 'b.purged_at IS NOT NULL',
  single: `b.kind = 'message'`,
  done: 'NOT EXISTS (SELECT 1 FROM blast_outlets o WHERE o.blast_id = b.id AND o.queued + o.sending > 0)',
};

function becomesSql(event: BlastEvent): string {
  const cases = BLAST_MOVES[event].map(({ from, to, ...rest }) => {
    const where: Partial<BlastFacts> = 'where' in rest ? rest.where : {};
    const facts = Object.entries(where).map(([fact, is]) => `AND (${FACTS[fact as keyof BlastFacts]}) = ${is}`);
    return `WHEN b.status = ANY ('{${from.join()}}') ${facts.join(' ')} THEN '${to}'`;
  });
  return `CASE ${cases.join(' ')} END`;
}

/** `$1` which, `$2` now, `$3` by whose right it is sent from now on, `$4` how many joined it. Locked by id. */
function blastsSql(event: BlastEvent): string {
  const becomes = becomesSql(event);
  // Where the row had to be waited for, both are worked out anew of what it is by then; of a subquery they would not be.
  return `
  WITH named AS (
    SELECT b.id, ${becomes} AS becomes FROM blasts b
    WHERE b.id = ANY ($1::uuid[]) AND ${becomes} IS NOT NULL ORDER BY b.id FOR NO KEY UPDATE OF b)
  UPDATE blasts b SET status = n.becomes, revision = revision + 1, recipients = recipients + $4::int,
    sent_on_by = coalesce($3::uuid, sent_on_by),
    awaits_admin = (awaits_admin OR ${event === 'withdraw'} AND n.becomes = 'paused') AND n.becomes NOT IN ('running', 'scheduled'),
    started_at = CASE n.becomes WHEN 'running' THEN coalesce(started_at, $2::timestamptz) ELSE started_at END,
    finished_at = CASE WHEN n.becomes IN ('canceled', 'finished') THEN $2::timestamptz WHEN n.becomes = 'running' THEN NULL ELSE finished_at END
  FROM named n WHERE b.id = n.id RETURNING b.id, b.kind`;
}

/**
 * The one writer of where blasts stand: times, whose right it is and totals move with them, in one statement. Answers
 * which went anywhere.
 * @param now milliseconds since the epoch
 * @param by who sends them on
 * @param joined recipients that came to each with this
 */
export async function moveBlasts(
  manager: EntityManager,
  event: BlastEvent,
  ids: readonly string[],
  now: number,
  { by = null, joined = 0 }: { by?: string | null; joined?: number } = {},
): Promise<{ id: string; kind: BlastKind }[]> {
  const values = [ids, new Date(now), by, joined];
  const [moved] = await manager.query<[{ id: string; kind: BlastKind }[], number]>(blastsSql(event), values);
  return moved;
}

/** `$1` of which blasts, `$2` why, `$3` until when; an owner's claim from `$4`. Locked by id, parts before blasts. */
function partsSql(event: PartEvent, isOwned: boolean): string {
  const moves = Object.entries(PART_MOVES[event]).map(([from, to]) => `('${from}', '${to}')`);
  return `
  WITH ${isOwned ? `${ownedBy(4)},` : ''}
  parts AS (
    SELECT o.blast_id, o.outlet_id, m.becomes FROM blast_outlets o ${isOwned ? 'JOIN owned USING (outlet_id)' : ''}
    JOIN (VALUES ${moves.join()}) m (was, becomes)
      ON m.was = CASE WHEN o.stopped THEN 'stopped' WHEN o.hold_code IS NULL THEN 'free' ELSE 'held' END
    WHERE o.blast_id = ANY ($1::uuid[]) ORDER BY o.blast_id, o.outlet_id FOR NO KEY UPDATE OF o),
  held AS (
    UPDATE blast_outlets o SET stopped = p.becomes = 'stopped',
      hold_code = CASE WHEN p.becomes <> 'free' THEN $2::text END, hold_until = CASE WHEN p.becomes <> 'free' THEN $3::timestamptz END
    FROM parts p WHERE o.blast_id = p.blast_id AND o.outlet_id = p.outlet_id RETURNING o.blast_id),
  ${toldSql('held')}
  SELECT id FROM told`;
}

/**
 * The same of their parts: all, or those of the outlet that `owner` still owns. Answers of which blasts.
 * @param until milliseconds since the epoch
 */
export async function moveParts(
  manager: EntityManager,
  event: PartEvent,
  blastIds: readonly string[],
  owner: Ownership | null = null,
  code: HoldCode | null = null,
  until: number | null = null,
): Promise<string[]> {
  const values = [blastIds, code, until === null ? null : new Date(until), ...(owner ? claimValues(owner) : [])];
  const rows = await manager.query<{ id: string }[]>(partsSql(event, owner !== null), values);
  return rows.map(({ id }) => id);
}

const REFUSED: Record<BlastRefusal, [status: number, message: string]> = {
  AWAITS_ADMIN: [403, 'only an ADMIN may'],
  BLAST_ENDED: [409, 'the blast has ended'],
  BLAST_PURGED: [409, 'what the blast said has been removed'],
  BLAST_STARTED: [409, 'what is to be replaced has begun or ended'],
};

export const refused = (code: BlastRefusal): DomainError => new DomainError(code, ...REFUSED[code]);
