import { DataSource, type MixedList } from 'typeorm';
import { SystemDataSource } from './system-data-source.js';

/** Entities and migrations, listed by `ormconfig.ts`: this folder knows no feature. */
export interface Schema {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type for classes
  entities: MixedList<Function>;
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- likewise
  migrations: MixedList<Function>;
}

export interface DataSourceTuning {
  applicationName?: string;
  poolSize?: number;
  /** 0 is no limit, as migrations need. */
  statementTimeoutMs?: number;
  /** A pooler gives each transaction another connection: what belongs to one is not set, and no statement has a name. */
  pooled?: boolean;
}

type PostgresOptions = ConstructorParameters<typeof DataSource>[0];

/** The one definition behind the application, the TypeORM command line and the tests. */
export function buildDataSource(url: string, schema: Schema, tuning: DataSourceTuning = {}): DataSource {
  return new DataSource(optionsFor(url, schema, tuning));
}

/** A second pool of connections, beside that of what people ask for. */
export function buildSystemDataSource(url: string, schema: Schema, tuning: DataSourceTuning = {}): SystemDataSource {
  return new SystemDataSource(optionsFor(url, schema, { applicationName: 'koneksi-system', poolSize: 10, ...tuning }));
}

/** The longest a statement may take, and how long a transaction may be left alone. Milliseconds, unless given. */
const STATEMENT_MS = 5_000;
export const SESSION_LIMITS = { statement_timeout: STATEMENT_MS, idle_in_transaction_session_timeout: 15_000 };

function optionsFor(url: string, schema: Schema, tuning: DataSourceTuning): PostgresOptions {
  const { applicationName = 'koneksi', poolSize = 16, statementTimeoutMs = STATEMENT_MS, pooled = false } = tuning;
  return {
    type: 'postgres',
    url,
    applicationName,
    entities: schema.entities,
    migrations: schema.migrations,
    migrationsTransactionMode: 'each',
    synchronize: false,
    // `gen_random_uuid()` is built in; creating an extension would need rights we do not ask for.
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    poolSize,
    connectTimeoutMS: 5000,
    // The pool drops a broken idle connection by itself; whoever queries next hears of a real outage.
    poolErrorHandler: () => undefined,
    extra: {
      keepAlive: true,
      idleTimeoutMillis: 60_000,
      ...(!pooled && { ...SESSION_LIMITS, statement_timeout: statementTimeoutMs }),
      // The server's limit does not help when the network swallows its answer.
      ...(statementTimeoutMs > 0 && { query_timeout: statementTimeoutMs + 2000 }),
      pooled,
    },
  };
}
