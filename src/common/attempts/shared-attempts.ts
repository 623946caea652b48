import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { withDeadline } from '../deadline.js';

/** As many keys as one statement counts. */
const MAX_BATCH = 500;
/** Whoever tries waits no longer for the others' count. Milliseconds. */
const DEADLINE_MS = 2_000;

/** How much was taken of a limit, and until when that counts. */
export interface Tried {
  readonly consumedPoints: number;
  readonly msBeforeNext: number;
}

interface Row {
  key: string;
  points: number;
  left: number;
}

interface Asking {
  readonly key: string;
  readonly points: number;
  readonly seconds: number;
  readonly resolve: (tried: Tried) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Counts for all nodes, in the database and by its clock. One statement is under way at a time, and takes everything that
 * was asked for meanwhile: what one attempt takes of several limits is one statement, and a thousand attempts at once are few.
 */
export class SharedAttempts {
  private queue: Asking[] = [];
  private running = false;
  /** What is counted together belongs to nobody's request. */
  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(private readonly dataSource: Pick<DataSource, 'query'>) {}

  /** Adds points, or takes them off down to none. Seconds is how long they count from the first on. @throws where the database is away */
  add(name: string, points: number, seconds: number): Promise<Tried> {
    const key = createHash('sha256').update(name).digest('base64url');
    return new Promise((resolve, reject) => {
      this.queue.push({ key, points, seconds, resolve, reject });
      if (!this.running) void this.outside(() => this.drain());
    });
  }

  private async drain(): Promise<void> {
    this.running = true;
    while (this.queue.length > 0) {
      await nextTurn();
      await this.count(this.takeBatch());
    }
    this.running = false;
  }

  /** A statement counts each key once: more is added up, but nothing is taken off what others are adding. */
  private takeBatch(): Map<string, Asking[]> {
    const batch = new Map<string, Asking[]>();
    const full = new Set<string>();
    const rest: Asking[] = [];
    for (const asking of this.queue) {
      const { key, points } = asking;
      const others = batch.get(key);
      const fits = others ? points > 0 && others[0]!.points > 0 : batch.size < MAX_BATCH;
      if (full.has(key) || !fits) {
        full.add(key);
        rest.push(asking);
      } else batch.set(key, [...(others ?? []), asking]);
    }
    this.queue = rest;
    return batch;
  }

  private async count(batch: Map<string, Asking[]>): Promise<void> {
    const all = [...batch.values()].flat();
    try {
      const sums = [...batch].map(([key, asked]) => ({ key, points: sumOf(asked), seconds: asked[0]!.seconds }));
      const columns = [
        sums.map(({ key }) => key),
        sums.map(({ points }) => points),
        sums.map(({ seconds }) => seconds),
      ];
      const rows = await withDeadline(
        this.dataSource.query<Row[]>(COUNT_SQL, columns),
        DEADLINE_MS,
        'counting attempts',
      );
      for (const { key, points, left } of rows) answer(batch.get(key) ?? [], points, left);
    } catch (error) {
      for (const { reject } of all) reject(error);
    }
  }
}

const sumOf = (asked: readonly Asking[]): number => asked.reduce((sum, { points }) => sum + points, 0);

/** In the order in which they asked. */
function answer(asked: readonly Asking[], points: number, left: number): void {
  let after = 0;
  const sum = sumOf(asked);
  for (const asking of asked) {
    after += asking.points;
    asking.resolve({ consumedPoints: points - sum + after, msBeforeNext: left });
  }
}

/**
 * Keys are locked in their order, so that no two nodes wait for each other. A row that began with what was given back says
 * less than none, which is none.
 */
const COUNT_SQL = `
  INSERT INTO attempts AS t (key, points, expires_at)
  SELECT key, points, now() + make_interval(secs => seconds)
  FROM unnest($1::text[], $2::int[], $3::float8[]) AS asked(key, points, seconds) ORDER BY key
  ON CONFLICT (key) DO UPDATE SET
    points = greatest(0, CASE WHEN t.expires_at <= now() THEN 0 ELSE greatest(0, t.points) END + EXCLUDED.points),
    expires_at = CASE WHEN t.expires_at <= now() THEN EXCLUDED.expires_at ELSE t.expires_at END
  RETURNING key, greatest(0, points) AS points, greatest(0, extract(epoch FROM expires_at - now()) * 1000)::float8 AS "left"`;
