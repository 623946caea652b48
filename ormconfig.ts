import type { DataSource } from 'typeorm';
import { buildDataSource, type DataSourceTuning, type Schema } from './src/database/data-source.js';

/** Every entity and every migration, oldest first. */
const schema: Schema = {
  entities: [],
  migrations: [],
};

export function createDataSource(url: string, tuning?: DataSourceTuning): DataSource {
  return buildDataSource(url, schema, tuning);
}

/** For the TypeORM command line: `npx typeorm migration:generate -d dist/ormconfig.js …`. */
export default createDataSource(process.env.DATABASE_URL ?? 'postgres://127.0.0.1/koneksi');
