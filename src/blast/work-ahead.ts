import type { HoldCode } from '@koneksi/contracts/blast-states';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { isKnownTo, NOT_BEFORE, notAfter } from './asked-again.js';
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

type Row = Omit<WaitingPart, 'from' | 'new_chats' | 'known_chats'> & {
  not_before: Date | null;
  queued: number;
  looked_at: number;
  met: number;
};

/** Of a part's recipients; who comes after them is taken to be known as often. */
const MOST_LOOKED_AT = 2_000;

const SQL = `
  SELECT o.blast_id, o.outlet_id, b.kind, o.hold_code, o.hold_until, ${NOT_BEFORE} AS not_before,
    ${notAfter('o.outlet_id')} AS not_after, b.started_at AS begun, o.stopped,
    b.status NOT IN ('running', 'scheduled') AS paused, o.queued, looked.at::int AS looked_at, looked.met::int AS met
  FROM blast_outlets o JOIN blasts b ON b.id = o.blast_id
  CROSS JOIN LATERAL (
    SELECT count(*) AS at, count(*) FILTER (WHERE known) AS met
    FROM (
      SELECT ${isKnownTo('r.outlet_id', 'r.number')} AS known
      FROM blast_recipients r WHERE r.blast_id = o.blast_id AND r.outlet_id = o.outlet_id AND r.status = 'queued'
      LIMIT ${MOST_LOOKED_AT}) first_of_them) looked
  WHERE o.outlet_id = ANY ($1::uuid[]) AND o.queued > 0 AND (b.status IN ('running', 'scheduled') OR b.id = $2)`;

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
    return rows.map(({ not_before, queued, looked_at, met, ...row }) => {
      const waiting = looked_at < MOST_LOOKED_AT ? looked_at : Math.max(queued, looked_at);
      const known = Math.round((waiting * met) / Math.max(1, looked_at));
      const from = Math.max(now, not_before?.getTime() ?? 0);
      return { ...row, new_chats: waiting - known, known_chats: known, from };
    });
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
    .map(toLoad)
    .reduce<Load[]>(joined, []);
}

const toLoad = ({ from, not_after, new_chats, known_chats }: WaitingPart): Load => ({
  from,
  until: not_after?.getTime() ?? null,
  newChats: new_chats,
  knownChats: known_chats,
});

/** Thousands of messages to one person each may wait, for which the time is the same. */
function joined(loads: Load[], load: Load): Load[] {
  const last = loads.at(-1);
  if (last?.from === load.from && last.until === load.until) {
    last.newChats += load.newChats;
    last.knownChats += load.knownChats;
  } else loads.push(load);
  return loads;
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
