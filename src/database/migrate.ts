import type { DataSource } from 'typeorm';

/** Brings the database up to date; answers how many migrations ran. `dataSource` is opened for this and closed again. */
export async function migrate(dataSource: DataSource): Promise<number> {
  await dataSource.initialize();
  try {
    return (await dataSource.runMigrations()).length;
  } finally {
    await dataSource.destroy();
  }
}
