import { StartupFault } from '../config/startup-fault.js';

export const OLDEST_MAJOR = 15;

/** A database that does not let us in or work, as one sentence that tells what to do. Never repeats the password. */
export function explainRefusal(error: unknown, url: string, variable = 'DATABASE_URL'): StartupFault {
  if (error instanceof StartupFault) return error;
  const { code, message } = error as { code?: string; message?: string };
  const { host, user, database } = describe(url);
  const said = sentence(code, message ?? String(error), host, user, database);
  return new StartupFault(said.replaceAll('DATABASE_URL', variable), error);
}

function sentence(code: string | undefined, message: string, host: string, user: string, database: string): string {
  switch (code) {
    case '28P01':
    case '28000':
      return `PostgreSQL at ${host} refuses user ${user} (${message}): check user and password in DATABASE_URL.`;
    case '3D000':
      return `PostgreSQL at ${host} has no database ${database}: create it or correct DATABASE_URL.`;
    case '42501':
      return `User ${user} may not change the schema of database ${database} at ${host} (${message}): make it the owner.`;
    case '53300':
      return `PostgreSQL at ${host} has no connection left (${message}): raise max_connections or end other clients.`;
    case '57P03':
      return `PostgreSQL at ${host} is not ready (${message}): start Koneksi again when it is.`;
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ECONNRESET':
      return `PostgreSQL at ${host} cannot be reached (${code}): check DATABASE_URL and that the server runs.`;
  }
  if (/unsupported startup parameter/i.test(message)) {
    return `A pooler answers at ${host} (${message}): DATABASE_DIRECT_URL must lead to PostgreSQL itself, past it.`;
  }
  if (/timeout|timed out/i.test(message)) {
    return `PostgreSQL at ${host} does not answer (${message}): check DATABASE_URL and that the server runs.`;
  }
  return `PostgreSQL at ${host} cannot be used for database ${database}: ${message}.`;
}

function describe(url: string): { host: string; user: string; database: string } {
  const { hostname, port, username, pathname } = new URL(url);
  return {
    host: `${hostname || 'localhost'}:${port || 5432}`,
    user: decodeURIComponent(username) || '(none)',
    database: decodeURIComponent(pathname.slice(1)) || '(none)',
  };
}
