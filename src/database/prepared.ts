import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

const names = new Map<string, string>();

/**
 * Runs a statement that PostgreSQL plans once per connection instead of every time: for the few that run with every
 * message, planning costs more than the work. Only for statements of which there are a few; each stays for good. Behind
 * a pooler it is planned every time: another connection would not know its name.
 */
export async function prepared<Row extends object>(
  dataSource: DataSource,
  sql: string,
  values: unknown[],
): Promise<Row[]> {
  const pool = (dataSource.driver as unknown as { master: Pool }).master;
  const { pooled } = dataSource.options.extra as { pooled: boolean };
  return (await pool.query<Row>({ ...(!pooled && { name: nameOf(sql) }), text: sql, values })).rows;
}

function nameOf(sql: string): string {
  const known = names.get(sql);
  if (known) return known;
  const name = createHash('sha256').update(sql).digest('hex').slice(0, 32);
  names.set(sql, name);
  return name;
}
