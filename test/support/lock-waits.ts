import type { DataSource } from 'typeorm';

/** How many statements in this database wait for a lock of somebody else; with `like` those of this pattern of SQL alone. */
export async function lockWaits(dataSource: DataSource, like = '%'): Promise<number> {
  const [found] = await dataSource.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`,
    [like],
  );
  return found!.count;
}
