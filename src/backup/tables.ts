import type pg from 'pg';

/** What a backup leaves out, and why. */
const LEFT_OUT = [
  // Whoever was signed in signs in again: a sign-in that was ended since must not come back.
  'sign_ins',
  'refresh_tokens',
  // Links that live for half an hour, once.
  'password_resets',
  // A link that was used or revoked since must not open again.
  'reconnect_links',
  // Uploads that live for an hour.
  'contact_imports',
  // What was answered within a day, sealed by a key of this installation.
  'idempotency_keys',
  // Of a rotation; none is under way.
  'key_handover',
  // Processes that live now.
  'node',
  // The file's header names the steps.
  'migrations',
];

/** What migrations fill themselves. */
export const SEEDED: readonly string[] = ['status_cursor', 'status_retention', 'webhook_spool', 'migrations'];

/**
 * A ratchet must never be turned back: keys it had used would be used twice. So the state of conversations is not kept at
 * all; Signal makes new ones, at the first message or after a retry receipt.
 */
const RATCHETS = `kind NOT IN ('session', 'sender-key', 'sender-key-memory')`;

export interface Table {
  name: string;
  columns: string[];
  /** Those whose values PostgreSQL counts up. */
  counted: string[];
}

/** Every table that is kept, each after those it refers to. */
export async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; counted: string[]; refers: string[] }>(
    `SELECT t.table_name AS name,
       array_agg(c.column_name::text ORDER BY c.ordinal_position) FILTER (WHERE c.is_generated = 'NEVER') AS columns,
       coalesce(array_agg(c.column_name::text) FILTER (WHERE c.is_identity = 'YES' OR c.column_default LIKE 'nextval%'), '{}') AS counted,
       ARRAY(SELECT DISTINCT k.confrelid::regclass::text FROM pg_constraint k
             WHERE k.contype = 'f' AND k.conrelid = format('%I.%I', t.table_schema, t.table_name)::regclass) AS refers
     FROM information_schema.tables t
     JOIN information_schema.columns c ON c.table_schema = t.table_schema AND c.table_name = t.table_name
     WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND t.table_name <> ALL ($1)
     GROUP BY t.table_schema, t.table_name ORDER BY t.table_name`,
    [LEFT_OUT],
  );
  const sorted: Table[] = [];
  let rest = rows;
  while (rest.length > 0) {
    const isWaiting = (name: string): boolean => rest.some((row) => row.name === name);
    const ready = rest.filter(({ name, refers }) => !refers.some((other) => other !== name && isWaiting(other)));
    if (ready.length === 0) throw new Error('Tables refer to each other in a circle');
    sorted.push(...ready.map(({ name, columns, counted }) => ({ name, columns, counted })));
    rest = rest.filter((row) => !ready.includes(row));
  }
  return sorted;
}

/** Tables that hold something nobody but a user, an outlet or an older Koneksi can have put there. */
export async function filledTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> ALL ($1)`,
    [SEEDED],
  );
  const filled: string[] = [];
  for (const { name } of rows) {
    const { rowCount } = await client.query(`SELECT 1 FROM ${quoted(name)} LIMIT 1`);
    if (rowCount) filled.push(name);
  }
  return filled;
}

export function copyOut({ name, columns }: Table): string {
  const only = name === 'wa_signal_key' ? `WHERE ${RATCHETS}` : '';
  return `COPY (SELECT ${columns.map(quoted).join(', ')} FROM ${quoted(name)} ${only}) TO STDOUT`;
}

export function copyIn({ name, columns }: Table): string {
  return `COPY ${quoted(name)} (${columns.map(quoted).join(', ')}) FROM STDIN`;
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
