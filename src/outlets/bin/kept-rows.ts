import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import type { KeptRow } from './binned-outlet.entity.js';

/** A table whose rows of an outlet come back with it; what it is called and has is asked of its entity. */
export interface KeptTable {
  entity: EntityTarget<ObjectLiteral>;
  /** What of a row comes back, where it is not all of it. */
  back?: (row: KeptRow) => KeptRow;
}

const ROWS = 5_000;

export const tableOf = (manager: EntityManager, { entity }: KeptTable): string =>
  manager.connection.getMetadata(entity).tableName;

/** Writes down every row of an outlet, before they go with it. */
export async function keepRows(manager: EntityManager, kept: KeptTable, outletId: string): Promise<void> {
  const table = tableOf(manager, kept);
  await manager.query(
    `INSERT INTO binned_outlet_rows (outlet_id, table_name, row)
     SELECT outlet_id, $2, to_jsonb(t) FROM ${table} t WHERE outlet_id = $1`,
    [outletId, table],
  );
}

/** Puts the rows back that can be: not those about somebody who was removed meanwhile. @returns what came back */
export async function bringBack(manager: EntityManager, kept: KeptTable, rows: readonly KeptRow[]): Promise<KeptRow[]> {
  const chosen = kept.back ? rows.map(kept.back) : rows;
  const found: KeptRow[] = [];
  for (let first = 0; first < chosen.length; first += ROWS) {
    found.push(...(await insertRows(manager, kept, chosen.slice(first, first + ROWS))));
  }
  return found;
}

/** Columns that came with a later version have their default; those that went with one are left out. */
async function insertRows(manager: EntityManager, { entity }: KeptTable, rows: readonly KeptRow[]): Promise<KeptRow[]> {
  const { tableName, columns, foreignKeys } = manager.connection.getMetadata(entity);
  const names = columns
    .map(({ databaseName }) => databaseName)
    .filter((name) => rows.some((row) => Object.hasOwn(row, name)));
  const stillThere = foreignKeys.map(({ referencedEntityMetadata, columnNames, referencedColumnNames }) => {
    const same = columnNames.map((name, index) => `r.${referencedColumnNames[index]} = k.${name}`).join(' AND ');
    return `AND EXISTS (SELECT FROM ${referencedEntityMetadata.tableName} r WHERE ${same})`;
  });
  return manager.query<KeptRow[]>(
    `INSERT INTO ${tableName} (${names.join(', ')})
     SELECT ${names.map((name) => `k.${name}`).join(', ')} FROM jsonb_populate_recordset(NULL::${tableName}, $1) k
     WHERE true ${stillThere.join(' ')} RETURNING *`,
    [JSON.stringify(rows)],
  );
}
