import type { Interval } from '@koneksi/contracts/uptime-mark';
import type { DataSource, EntityManager } from 'typeorm';

type Queries = Pick<EntityManager | DataSource, 'query'>;

/** In the transaction of whoever found out. One that was begun and not ended, by a process that died, goes on. */
export async function noteBlind(manager: Queries, spans: readonly Interval[]): Promise<void> {
  if (spans.length === 0) return;
  await manager.query(
    `INSERT INTO status_blind_spans AS s (from_at, to_at) SELECT * FROM unnest($1::timestamptz[], $2::timestamptz[])
     ON CONFLICT (from_at) DO UPDATE SET to_at = greatest(s.to_at, EXCLUDED.to_at)`,
    [spans.map(({ from }) => new Date(from)), spans.map(({ to }) => new Date(to))],
  );
}

/** Those that reach into the time after `after`, which is milliseconds since the epoch; oldest first. */
export async function blindSpans(manager: Queries, after: number): Promise<Interval[]> {
  const rows = await manager.query<{ from_at: Date; to_at: Date }[]>(
    'SELECT from_at, to_at FROM status_blind_spans WHERE to_at > $1 ORDER BY from_at',
    [new Date(after)],
  );
  return rows.map(({ from_at, to_at }) => ({ from: from_at.getTime(), to: to_at.getTime() }));
}

/** Those that ended before the changes that are kept, which no strip reaches any more. */
export async function forgetBlind(manager: Queries, before: string): Promise<void> {
  await manager.query('DELETE FROM status_blind_spans WHERE to_at < $1', [before]);
}
