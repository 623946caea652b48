import type { DataSource } from 'typeorm';
import { StartupFault } from '../config/startup-fault.js';
import { SESSION_LIMITS } from './data-source.js';
import type { SingleProcess } from './single-process.js';

type Limit = keyof typeof SESSION_LIMITS;

const LIMITS_SQL = Object.keys(SESSION_LIMITS)
  .map((name) => `(SELECT setting::bigint FROM pg_settings WHERE name = '${name}')::float8 AS "${name}"`)
  .join(', ');

/**
 * That what a pooler leads to is the database that was reserved past it, and that it ends what takes too long: a pooler
 * lets no client say so for itself.
 * @throws {StartupFault} what to set where it is not so
 */
export async function provePooler(dataSource: DataSource, lock: SingleProcess): Promise<void> {
  if (!(await lock.isSeenBy(dataSource)))
    throw new StartupFault('DATABASE_URL and DATABASE_DIRECT_URL lead to different databases; both must be one.');
  const [found] = await dataSource.query<Record<Limit, number>[]>(`SELECT ${LIMITS_SQL}`);
  const missing = Object.entries(SESSION_LIMITS).filter(([name]) => !found?.[name as Limit]);
  if (missing.length === 0) return;
  const sentences = missing.map(([name, ms]) => `SET ${name} = ${ms}`).join('; ');
  throw new StartupFault(
    `Connections of the pooler that DATABASE_URL leads to have no limit of time. Let each begin with "${sentences}" ` +
      '(connect_query of PgBouncer), or set it with ALTER ROLE … IN DATABASE …; see docs/nodes.md.',
  );
}
