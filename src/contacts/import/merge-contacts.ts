import { randomUUID } from 'node:crypto';
import type { ImportOutcome } from '@koneksi/contracts/contact-import';
import type { EntityManager } from 'typeorm';
import type { ImportDraft } from '../domain/import-line.js';

/** A statement's share: each stays far below the statement timeout, and is made into text within some milliseconds. */
const CHUNK = 2_000;

const INCOMING = `jsonb_to_recordset($2::jsonb) AS i (id uuid, number text, name text, fields jsonb, tags text[])`;

/** An import adds to what is known and takes nothing away: what the file leaves empty stays. */
const BRINGS_NEWS = (i: string): string =>
  `(${i}.name IS DISTINCT FROM c.name AND ${i}.name IS NOT NULL OR NOT c.fields @> ${i}.fields OR NOT c.tags @> ${i}.tags)`;

/** What would become of each draft, in their order. */
export async function foreseeOutcomes(
  manager: EntityManager,
  outletId: string,
  drafts: readonly ImportDraft[],
): Promise<ImportOutcome[]> {
  const outcomes = new Map<string, ImportOutcome>();
  for (const chunk of chunks(drafts)) {
    const rows = await manager.query<{ number: string; outcome: ImportOutcome }[]>(
      `SELECT i.number, CASE WHEN ${BRINGS_NEWS('i')} THEN 'UPDATED' ELSE 'SAME' END AS outcome
       FROM ${INCOMING} JOIN contacts c ON c.outlet_id = $1 AND c.number = i.number`,
      [outletId, toJson(chunk)],
    );
    for (const { number, outcome } of rows) outcomes.set(number, outcome);
  }
  return drafts.map(({ phone }) => outcomes.get(phone) ?? 'ADDED');
}

/** Adds and updates; to be called within a transaction. */
export async function mergeContacts(
  manager: EntityManager,
  outletId: string,
  drafts: readonly ImportDraft[],
  now: Date,
): Promise<{ added: number; updated: number }> {
  let added = 0;
  let updated = 0;
  for (const chunk of chunks(drafts)) {
    const [counts] = await manager.query<[{ added: string; updated: string }]>(
      `WITH merged AS (
         INSERT INTO contacts AS c (id, outlet_id, number, name, fields, tags, created_at, updated_at)
         SELECT i.id, $1, i.number, i.name, i.fields, i.tags, $3, $3 FROM ${INCOMING}
         ON CONFLICT (outlet_id, number) DO UPDATE SET
           name = coalesce(excluded.name, c.name),
           fields = c.fields || excluded.fields,
           tags = c.tags || ARRAY(SELECT tag FROM unnest(excluded.tags) AS tag WHERE tag <> ALL (c.tags)),
           updated_at = excluded.updated_at
         WHERE ${BRINGS_NEWS('excluded')}
         RETURNING xmax = 0 AS is_new)
       SELECT count(*) FILTER (WHERE is_new) AS added, count(*) FILTER (WHERE NOT is_new) AS updated FROM merged`,
      [outletId, toJson(chunk), now],
    );
    added += Number(counts.added);
    updated += Number(counts.updated);
  }
  return { added, updated };
}

function* chunks(drafts: readonly ImportDraft[]): Generator<readonly ImportDraft[]> {
  for (let at = 0; at < drafts.length; at += CHUNK) yield drafts.slice(at, at + CHUNK);
}

function toJson(drafts: readonly ImportDraft[]): string {
  return JSON.stringify(
    drafts.map(({ phone, name, fields, tags }) => ({ id: randomUUID(), number: phone, name, fields, tags })),
  );
}
