import type { RecipientReason, RecipientStatus } from '@koneksi/contracts/blast-states';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { messageOf } from '../common/message-of.js';
import { sqlStateOf } from '../common/postgres-errors.js';
import { withoutDeadlock } from '../common/without-deadlock.js';
import { WriteBehind } from '../common/write-behind.js';
import { SystemDataSource } from '../database/system-data-source.js';
import { prepared } from '../database/prepared.js';
import { claimValues, type Ownership } from '../wa-session/fence.js';
import { COMES_FROM } from './domain/recipient-moves.js';
import { MOVE_SQL, moveManySql } from './ledger-sql.js';
import type { RecipientRow } from './recipient-view.js';

const MAX_BATCH = 200;
const CHUNK = 5_000;
/** Of what `moveMany` is told beside its statement's own. */
const FIRST_PARAMETER = 6;
const RETRY_MS = 250;
/** Longer than the pool takes to find by itself that no answer comes. */
const DEADLINE_MS = 15_000;
/** How long news waits for company. A claim, which somebody waits for, takes it along at once. */
const LINGER_MS = 10;

/** Which recipient becomes what. */
export interface Move {
  blastId: string;
  seq: number;
  to: RecipientStatus;
  reason?: RecipientReason;
  code?: string;
  /** Where it may come from; by default from wherever it may at all. */
  from?: readonly RecipientStatus[];
  /** Written only while this owns the outlet. What WhatsApp said, and what people decide, needs no owner. */
  owner?: Ownership;
  /** What became of one that `owner` took for sending: whoever came after it may be sending it again. */
  taken?: boolean;
}

/** What a message needs before it may leave: who owns the outlet, and which cap it counts against. */
export interface Claim {
  owner: Ownership;
  /** Of the outlet's zone. */
  day: string;
  isNew: boolean;
  /** Before that nobody sends the next of this outlet; `null` without a pause. Milliseconds since the epoch. */
  restUntil: number | null;
}

export interface MovedRow extends RecipientRow {
  blast_id: string;
  was: RecipientStatus;
  revision: string;
  /** How many of this outlet's recipients wait or are on their way. */
  open: number;
}

/** One that answered, as it stands now. */
export type RepliedRow = Omit<MovedRow, 'was' | 'open'>;

interface Asked extends Move {
  claim: Claim | null;
  settle: (moved: MovedRow | null) => void;
  fail: (error: unknown) => void;
}

/** Recipients of one outlet that moved together, too many to name. */
export type MovedPart = Pick<MovedRow, 'blast_id' | 'outlet_id' | 'revision'>;

interface Change {
  moved: readonly MovedRow[];
  /** Rows of which something else changed than where they stand. */
  marked: readonly RepliedRow[];
  parts: MovedPart[];
  /** How many became what, those included that nobody names. */
  counts: Partial<Record<RecipientStatus, number>>;
  blastIds: string[];
  ended: string[];
}

type Listener = (change: Change) => void;

/**
 * The one writer of recipients. Moves of all outlets leave together, one statement at a time: row, totals and revision
 * are one commit. What happened is written until the database takes it; what is only wanted fails when it is away. A move
 * that PostgreSQL refuses for what it is fails alone, and the others go on.
 */
@Injectable()
export class Ledger implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Blast');
  private readonly writing: WriteBehind<Asked>;
  private readonly listeners: Listener[] = [];

  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly clock: Clock,
  ) {
    this.writing = new WriteBehind<Asked>({
      maxBatch: MAX_BATCH,
      retryMs: RETRY_MS,
      deadlineMs: DEADLINE_MS,
      keyOf: ({ blastId, seq }) => `${blastId} ${seq}`,
      commit: (batch) => this.commit(batch),
      onRefused: ({ to, fail }, error) => {
        this.logger.error(`A recipient cannot become "${to}": PostgreSQL refuses it with ${sqlStateOf(error)}`);
        fail(error);
      },
      onFailure: (error, failed, waiting) => this.onFailure(error, failed, waiting),
    });
  }

  /** Told after each commit; `ended` are blasts of which a part has nothing open any more. */
  onMoved(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** Takes a recipient for sending; `null` where it may not be sent now. @throws where the database is away. */
  claim(move: Omit<Move, 'to'>, claim: Claim): Promise<MovedRow | null> {
    return this.ask({ ...move, to: 'sending', owner: claim.owner }, claim);
  }

  /**
   * Writes what happened, however long the database is away; `null` where later news was there before.
   * @throws where PostgreSQL refuses it for what it says.
   */
  record(move: Move): Promise<MovedRow | null> {
    return this.ask(move, null);
  }

  /** The same, together with what comes in the next moment. */
  note(move: Move): Promise<MovedRow | null> {
    return new Promise((settle, fail) => {
      this.writing.addWithin(LINGER_MS, { ...move, claim: null, settle, fail });
    });
  }

  /** Moves all that `where` names, some thousand at a time; with an `owner` while it owns the outlet. Answers how many. */
  async moveMany(
    to: RecipientStatus,
    reason: RecipientReason | null,
    from: readonly RecipientStatus[],
    where: string,
    parameters: unknown[],
    owner: Ownership | null = null,
  ): Promise<number> {
    const sql = moveManySql(where, owner && FIRST_PARAMETER + parameters.length);
    let sum = 0;
    for (;;) {
      const values = [
        new Date(this.clock.wall()),
        to,
        reason,
        from,
        CHUNK,
        ...parameters,
        ...(owner ? claimValues(owner) : []),
      ];
      const rows = await this.between(() =>
        withoutDeadlock(() => this.dataSource.query<(MovedPart & { open: number; total: string })[]>(sql, values)),
      );
      const moved = Number(rows[0]?.total ?? 0);
      sum += moved;
      if (moved > 0) {
        const blastIds = [...new Set(rows.map((row) => row.blast_id))];
        const ended = [...new Set(rows.filter((row) => row.open === 0).map((row) => row.blast_id))];
        this.tell({ moved: [], marked: [], parts: rows, counts: { [to]: moved }, blastIds, ended });
      }
      if (moved < CHUNK) return sum;
    }
  }

  /** Runs a statement on these tables between two of ours, so that none waits for the other in a circle. */
  between<T>(work: () => Promise<T>): Promise<T> {
    return this.writing.between(work);
  }

  /** Something else about these blasts changed and is committed, such as why a part waits. */
  touched(blastIds: string[]): void {
    this.tell({ moved: [], marked: [], parts: [], counts: {}, blastIds, ended: [] });
  }

  /** These answered, and it is committed. */
  replied(marked: readonly RepliedRow[]): void {
    if (marked.length > 0)
      this.tell({
        moved: [],
        marked,
        parts: [],
        counts: {},
        blastIds: marked.map(({ blast_id }) => blast_id),
        ended: [],
      });
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.writing.finish();
  }

  private ask(move: Move, claim: Claim | null): Promise<MovedRow | null> {
    return new Promise((settle, fail) => this.writing.add({ ...move, claim, settle, fail }));
  }

  private async commit(batch: readonly Asked[]): Promise<() => void> {
    const asked = batch.map(({ blastId, seq, to, from, reason, code, owner, taken, claim }) => ({
      blast_id: blastId,
      seq,
      becomes: to,
      comes_from: from ?? COMES_FROM[to],
      reason: reason ?? null,
      code: code ?? null,
      outlet_id: owner?.outletId ?? null,
      owner: owner?.owner ?? null,
      epoch: owner?.epoch ?? null,
      taken: taken ?? false,
      day: claim?.day ?? null,
      is_new: claim?.isNew ?? null,
      rest_until: typeof claim?.restUntil === 'number' ? new Date(claim.restUntil) : null,
    }));
    const values = [new Date(this.clock.wall()), JSON.stringify(asked)];
    const rows = await withoutDeadlock(() => prepared<MovedRow>(this.dataSource, MOVE_SQL, values));
    return () => this.settle(batch, rows);
  }

  private settle(batch: readonly Asked[], rows: MovedRow[]): void {
    const moved = new Map(rows.map((row) => [`${row.blast_id} ${row.seq}`, row]));
    for (const { blastId, seq, settle } of batch) settle(moved.get(`${blastId} ${seq}`) ?? null);
    if (rows.length === 0) return;
    const blastIds = [...new Set(rows.map((row) => row.blast_id))];
    this.tell({
      parts: [],
      moved: rows,
      marked: [],
      counts: countsOf(rows),
      blastIds,
      ended: blastIds.filter((id) => rows.some((r) => r.blast_id === id && r.open === 0)),
    });
  }

  /** What is only wanted fails at once; what happened goes on being written. */
  private onFailure(error: unknown, failed: readonly Asked[], waiting: readonly Asked[]): Asked[] {
    if (!this.writing.isFailing) this.logger.error(`Recipients cannot be written: ${messageOf(error)}`);
    for (const { claim, fail } of failed) if (claim) fail(error);
    return [...failed.filter(({ claim }) => !claim), ...waiting];
  }

  private tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }
}

function countsOf(rows: readonly MovedRow[]): Change['counts'] {
  const counts: Change['counts'] = {};
  for (const { status } of rows) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
