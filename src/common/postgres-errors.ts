/** What PostgreSQL and its driver say about a failed statement. */
interface PostgresError {
  code?: unknown;
  constraint?: unknown;
  message?: unknown;
}

const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Connection exceptions, shutdown and start-up, too many connections, statement timeout. */
const AWAY_SQL_STATES = /^(08...|57P0[123]|53300|57014)$/;

/** The driver's own complaints, which carry no code. */
const AWAY_MESSAGES =
  /^Connection terminated|^Driver not Connected|^Client has encountered a connection error|^timeout e(xceeded|xpired)|^Query read timeout|^Client was closed/i;

/** Whether the database is away, as opposed to disagreeing with what we asked. */
export function isStoreDown(error: unknown): boolean {
  const { code, message } = driverError(error);
  if (typeof code === 'string' && (CONNECTION_CODES.has(code) || AWAY_SQL_STATES.test(code))) return true;
  return typeof message === 'string' && AWAY_MESSAGES.test(message);
}

/** Whether a statement lost against this unique constraint. */
export function violatesUnique(error: unknown, constraint: string): boolean {
  const { code, constraint: violated } = driverError(error);
  return code === '23505' && violated === constraint;
}

/** Whether a row names another through this foreign key that is not there. */
export function violatesForeignKey(error: unknown, constraint: string): boolean {
  const { code, constraint: violated } = driverError(error);
  return code === '23503' && violated === constraint;
}

/** Whether a statement and another waited for each other, and this one was ended so that the other could go on. */
export function isDeadlock(error: unknown): boolean {
  return driverError(error).code === '40P01';
}

/** TypeORM wraps the driver's error, and copies most but not all of it. */
function driverError(error: unknown): PostgresError {
  const wrapped = (error as { driverError?: unknown } | null)?.driverError;
  return wrapped ?? error ?? {};
}
