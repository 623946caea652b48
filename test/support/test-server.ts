import { EmbeddedPostgres } from '../../src/database/embedded-postgres.js';
import { runDirectory } from './test-run.js';

export interface TestServer {
  /** To connect as somebody who may create databases; without a name to the server's own. */
  url(database?: string): string;
}

let server: Promise<TestServer> | undefined;

/**
 * The run's one PostgreSQL: started by whichever worker comes first, reused by the others. `TEST_DATABASE_URL` names
 * another to use, such as an older version; its user must be allowed to create databases.
 */
export function testServer(): Promise<TestServer> {
  const other = process.env['TEST_DATABASE_URL'];
  server ??= other ? Promise.resolve(serverAt(other)) : startServer();
  return server;
}

function serverAt(address: string): TestServer {
  return {
    url: (database) => {
      const url = new URL(address);
      if (database !== undefined) url.pathname = `/${database}`;
      return url.href;
    },
  };
}

function startServer(): Promise<TestServer> {
  return EmbeddedPostgres.start({
    directory: runDirectory(),
    password: 'test',
    settings: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' },
  });
}
