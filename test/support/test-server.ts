import { EmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { runDirectory } from './test-run.js';

let server: Promise<EmbeddedPostgres> | undefined;

/** The run's one PostgreSQL: started by whichever worker comes first, reused by the others. */
export function testServer(): Promise<EmbeddedPostgres> {
  server ??= EmbeddedPostgres.start({
    directory: runDirectory(),
    password: 'test',
    settings: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' },
  });
  return server;
}
