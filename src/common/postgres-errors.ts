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

/** Connection exceptions, shutdown and start-up, no disk, memory or connection left, statement timeout, read-only. */
const AWAY_SQL_STATES = /^(08...|57P0[123]|53...|57014|25006)$/;

/**
 * What passes: no room, an operator at work, a standby, two statements in each other's way; and rights, tables or a
 * database that are not there, which nobody's values can help and a person gives back.
 */
const PASSING_SQL_STATES = /^(08|28|3D|3F|53|57|58|40|25006|42501|42P01|55P03)/;
const SQL_STATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/** The driver's own complaints, which carry no code. */
const AWAY_MESSAGES =
  /^Connection terminated|^Driver not Connected|^Client has encountered a connection error|^timeout e(xceeded|xpired)|^Query read timeout|^Client was closed/i;

/** Whether the database is away or takes no writes, as opposed to disagreeing with what we asked. */
export function isStoreDown(error: unknown): boolean {
  const { code, message } = driverError(error);
  if (typeof code === 'string' && (CONNECTION_CODES.has(code) || AWAY_SQL_STATES.test(code))) return true;
  return typeof message === 'string' && AWAY_MESSAGES.test(message);
}

/** Whether all connections of ours were taken for too long. */
export function isPoolFull(error: unknown): boolean {
  return driverError(error).message === 'timeout exceeded when trying to connect';
}

/** Whether PostgreSQL would refuse the same statement with the same values for ever: it disagrees with what they are. */
export function isRefused(error: unknown): boolean {
  const { code } = driverError(error);
  // Without a state of PostgreSQL's own nobody knows what it would have said.
  return typeof code === 'string' && SQL_STATE.test(code) && !PASSING_SQL_STATES.test(code);
}

/** What may be said in a log of a statement PostgreSQL refused: its messages quote values. */
export function sqlStateOf(error: unknown): string {
  const { code } = driverError(error);
  return typeof code === 'string' ? code : 'no code';
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

/** Whether a statement waited for another transaction as long as it may, and not because the database is away. */
export function isLockTimeout(error: unknown): boolean {
  return driverError(error).code === '55P03';
}

/** TypeORM wraps the driver's error, and copies most but not all of it. */
function driverError(error: unknown): PostgresError {
  const wrapped = (error as { driverError?: unknown } | null)?.driverError;
  return wrapped ?? error ?? {};
}
