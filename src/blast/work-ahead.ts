import type { HoldCode } from '@koneksi/contracts/blast-states';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { NOT_BEFORE, notAfter } from './asked-again.js';
import type { BlastKind } from './blast.entity.js';
import type { Load } from './domain/careful.js';

/** What of one blast waits at one outlet. */
export interface WaitingPart {
  blast_id: string;
  outlet_id: string;
  kind: BlastKind;
  hold_code: HoldCode | null;
  hold_until: Date | null;
  not_after: Date | null;
  /** When the blast began, at whichever outlet. */
  begun: Date | null;
  paused: boolean;
  /** After too many refusals, until a person resumes it. */
  stopped: boolean;
  new_chats: number;
  known_chats: number;
  /** From when on it may be sent. Milliseconds since the epoch. */
  from: number;
}

type Row = Omit<WaitingPart, 'from'> & { not_before: Date | null };

const SQL = `
  SELECT o.blast_id, o.outlet_id, b.kind, o.hold_code, o.hold_until, ${NOT_BEFORE} AS not_before,
    ${notAfter('o.outlet_id')} AS not_after, b.started_at AS begun, o.stopped,
    b.status NOT IN ('running', 'scheduled') AS paused,
    count(*) FILTER (WHERE NOT met)::int AS new_chats, count(*) FILTER (WHERE met)::int AS known_chats
  FROM blast_outlets o JOIN blasts b ON b.id = o.blast_id
  CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT 1 FROM outlet_chats k WHERE k.outlet_id = r.outlet_id AND k.number = r.number
      AND k.replied_at IS NOT NULL) AS met
    FROM blast_recipients r WHERE r.blast_id = o.blast_id AND r.outlet_id = o.outlet_id AND r.status = 'queued') q
  WHERE o.outlet_id = ANY ($1::uuid[]) AND o.queued > 0 AND (b.status IN ('running', 'scheduled') OR b.id = $2)
  GROUP BY o.blast_id, o.outlet_id, b.id`;

/** What outlets still have to send, for whoever reckons when something will be out. */
@Injectable()
export class WorkAhead {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** @param blastId also told of where it is paused, or over */
  async at(outletIds: readonly string[], blastId: string | null): Promise<WaitingPart[]> {
    const rows = await this.dataSource.query<Row[]>(SQL, [outletIds, blastId]);
    const now = this.clock.wall();
    return rows.map(({ not_before, ...row }) => ({ ...row, from: Math.max(now, not_before?.getTime() ?? 0) }));
  }
}

type Place = Pick<WaitingPart, 'blast_id' | 'outlet_id' | 'kind' | 'begun' | 'from'>;

/** What an outlet sends before this, as far as it may: a message to one person, and whatever began earlier. */
export function aheadOf(mine: Place, parts: readonly WaitingPart[], now: number): Load[] {
  return parts
    .filter((part) => part.outlet_id === mine.outlet_id && part.blast_id !== mine.blast_id)
    .filter(({ paused, stopped, not_after }) => !paused && !stopped && (not_after?.getTime() ?? Infinity) > now)
    .filter((part) => inTurn(part, mine) < 0)
    .toSorted(inTurn)
    .map(({ from, new_chats, known_chats }) => ({ from, newChats: new_chats, knownChats: known_chats }));
}

/** As an outlet takes its parts up: see `partsOf` of the sender. What has not begun begins when it may. */
function inTurn(one: Place, other: Place): number {
  const [first, second] = [one, other].map(({ kind, begun, from }) => [
    kind === 'blast' ? 1 : 0,
    begun?.getTime() ?? from,
  ]) as [number[], number[]];
  const differs = first.findIndex((value, at) => value !== second[at]);
  if (differs >= 0) return first[differs]! - second[differs]!;
  return one.blast_id < other.blast_id ? -1 : 1;
}
