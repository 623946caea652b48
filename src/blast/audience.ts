import type { SkipReason } from '@koneksi/contracts/blast-states';
import type { Audience as ChosenAudience } from '@koneksi/contracts/blasts';
import type { TagCount } from '@koneksi/contracts/contacts';
import { normalizePhoneNumber } from '@koneksi/contracts/phone-number';
import { Injectable } from '@nestjs/common';
import type { Client } from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';

/** An outlet of a blast, in the order people gave them. */
export interface PickedOutlet {
  id: string;
  name: string;
  /** Whether it may have recipients at all. */
  sends: boolean;
}

/** Who is meant: by which outlets, and with which values of theirs. */
export interface AudienceRequest {
  outlets: readonly PickedOutlet[];
  audience: ChosenAudience;
  /** The variables the message names, as the template names them. */
  variables: readonly string[];
  /** Whether it says nothing to who has none of them, and carries no file either. */
  mayBeEmpty: boolean;
}

export interface AudienceCounts {
  outlet_id: string;
  reason: SkipReason | null;
  count: number;
  new_chats: number;
}

export interface SampleRow {
  outlet_id: string;
  number: string;
  name: string | null;
  params: Record<string, string>;
}

/** For an audience of any size; ordinary statements have 5 s. Milliseconds. */
const STATEMENT_MS = 120_000;

const CHOSEN: Record<'contacts' | 'phones', string> = {
  contacts: `
    SELECT c.outlet_id, c.number, c.name, c.fields, o.rank, o.sends, c.id::text AS place
    FROM contacts c JOIN picked o ON o.id = c.outlet_id
    WHERE ($4::text[] IS NULL OR c.tags && $4::text[]) AND ($5::uuid[] IS NULL OR c.id = ANY ($5::uuid[]))`,
  // Somebody's contact goes to that outlet; the others are spread over those that send.
  phones: `
    SELECT o.id AS outlet_id, p.number, c.name, coalesce(c.fields, '{}') AS fields, o.rank, o.sends,
      lpad(p.place::text, 9, '0') AS place
    FROM unnest($4::text[]) WITH ORDINALITY AS p(number, place)
    LEFT JOIN LATERAL (
      SELECT c.outlet_id, c.name, c.fields FROM contacts c JOIN picked o ON o.id = c.outlet_id
      WHERE c.number = p.number ORDER BY o.sends DESC, o.rank LIMIT 1) c ON true
    JOIN picked o ON o.id = coalesce(c.outlet_id, ($5::uuid[])[1 + (p.place - 1) % cardinality($5::uuid[])])`,
};

/** Everyone meant, each with why they get no message: a number counts once, for the first outlet that sends. */
const judged = (chosen: string, isEmpty: string): string => `
  WITH picked AS (
    SELECT * FROM unnest($1::uuid[], $2::boolean[]) WITH ORDINALITY AS p(id, sends, rank)),
  chosen AS (${chosen}),
  ranked AS (
    SELECT *, row_number() OVER (PARTITION BY number ORDER BY sends DESC, rank, place) AS nth FROM chosen),
  judged AS (
    SELECT k.outlet_id, k.rank, k.place, k.number, k.name,
      CASE WHEN cardinality($3::text[]) = 0 THEN '{}' ELSE coalesce((
        SELECT jsonb_object_agg(lower(f.key), f.value) FROM jsonb_each_text(k.fields) f
        WHERE lower(f.key) = ANY ($3::text[])), '{}') END AS params,
      CASE
        WHEN k.nth > 1 THEN 'DUPLICATE'
        WHEN EXISTS (SELECT 1 FROM opt_outs o WHERE o.number = k.number) THEN 'OPTED_OUT'
        WHEN EXISTS (
          SELECT 1 FROM whatsapp_numbers w
          WHERE w.number = k.number AND NOT w.exists AND w.checked_at > now() - interval '7 days') THEN 'NOT_ON_WHATSAPP'
        WHEN ${isEmpty} THEN 'EMPTY_MESSAGE'
        WHEN NOT k.sends THEN 'OUTLET_UNHEALTHY'
      END AS reason,
      NOT EXISTS (SELECT 1 FROM outlet_chats h WHERE h.outlet_id = k.outlet_id AND h.number = k.number) AS is_new
    FROM ranked k)`;

/** Whom a blast reaches. Preview and start ask the same question, so they cannot disagree. */
@Injectable()
export class Audience {
  constructor(private readonly dataSource: DataSource) {}

  /** How many per outlet, and why the others do not. */
  async count(request: AudienceRequest): Promise<{
    counts: AudienceCounts[];
    samples: SampleRow[];
    missing: { variable: string; count: number }[];
    invalid: number;
  }> {
    const { sql, values, invalid } = toQuery(request);
    return this.withTime(async (client) => {
      const ask = async <Row extends object>(rest: string, more: unknown[] = []): Promise<Row[]> =>
        (
          await client.query<Row>({
            text: `${sql} ${rest}`,
            values: [...values, ...more],
            query_timeout: STATEMENT_MS,
          } as never)
        ).rows;
      const counts = await ask<AudienceCounts>(
        `SELECT outlet_id, reason, count(*)::int AS count, count(*) FILTER (WHERE is_new)::int AS new_chats
         FROM judged GROUP BY outlet_id, reason`,
      );
      const samples = await ask<SampleRow>(
        `SELECT DISTINCT ON (outlet_id) outlet_id, number, name, params FROM judged WHERE reason IS NULL
         ORDER BY outlet_id, (name IS NULL), place`,
      );
      const wanted = request.variables.filter((name) => name !== 'outlet');
      const missing =
        wanted.length === 0
          ? []
          : await ask<{ variable: string; count: number }>(
              `SELECT v.name AS variable, count(*)::int AS count FROM judged CROSS JOIN unnest($6::text[]) AS v(name)
               WHERE reason IS NULL AND coalesce(CASE WHEN v.name = 'nama' THEN judged.name ELSE params ->> v.name END, '') = ''
               GROUP BY v.name ORDER BY v.name`,
              [wanted],
            );
      return { counts, samples, missing, invalid };
    });
  }

  /** Makes the rows of a new blast, in this transaction. Answers who got none. */
  async enrol(
    runner: QueryRunner,
    blastId: string,
    request: AudienceRequest,
  ): Promise<{ duplicates: number; invalid: number }> {
    const { sql, values, invalid } = toQuery(request);
    await runner.query(`SET LOCAL statement_timeout = ${STATEMENT_MS}`);
    const client = (await runner.connect()) as Client;
    const query = {
      text: `${sql}, enrolled AS (
        INSERT INTO blast_recipients (blast_id, seq, outlet_id, number, name, params, status, reason)
        SELECT $6, row_number() OVER (ORDER BY rank, place), outlet_id, number, name, params,
          CASE WHEN reason IS NULL THEN 'queued' ELSE 'skipped' END, reason
        FROM judged WHERE reason IS DISTINCT FROM 'DUPLICATE')
        SELECT count(*)::int AS duplicates FROM judged WHERE reason = 'DUPLICATE'`,
      values: [...values, blastId],
      query_timeout: STATEMENT_MS,
    };
    const { rows } = await client.query<{ duplicates: number }>(query);
    return { duplicates: rows[0]?.duplicates ?? 0, invalid };
  }

  /** What contacts of these outlets have beyond their names, for messages to name. */
  async fieldsOf(outletIds: readonly string[]): Promise<string[]> {
    const rows = await this.dataSource.query<{ name: string }[]>(
      `SELECT DISTINCT lower(key) AS name FROM contacts CROSS JOIN LATERAL jsonb_object_keys(fields) AS key
       WHERE outlet_id = ANY ($1::uuid[])`,
      [outletIds],
    );
    return rows.map(({ name }) => name);
  }

  async tagsOf(outletIds: readonly string[]): Promise<TagCount[]> {
    const rows = await this.dataSource.query<{ tag: string; count: string }[]>(
      `SELECT tag, count(*) FROM contacts CROSS JOIN LATERAL unnest(tags) AS tag
       WHERE outlet_id = ANY ($1::uuid[]) GROUP BY tag ORDER BY count(*) DESC, tag`,
      [outletIds],
    );
    return rows.map(({ tag, count }) => ({ tag, count: Number(count) }));
  }

  private async withTime<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      await runner.query(`SET LOCAL statement_timeout = ${STATEMENT_MS}`);
      return await work((await runner.connect()) as Client);
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  }
}

/** Whether the message says nothing to `k`. */
function emptyFor({ variables, mayBeEmpty }: AudienceRequest): string {
  if (!mayBeEmpty) return 'false';
  const nameless = variables.includes('nama') ? `coalesce(k.name, '') !~ '\\S' AND` : '';
  return `${nameless} NOT EXISTS (
    SELECT 1 FROM jsonb_each_text(k.fields) f WHERE lower(f.key) = ANY ($3::text[]) AND f.value ~ '\\S')`;
}

function toQuery(request: AudienceRequest): {
  sql: string;
  values: unknown[];
  invalid: number;
} {
  const { outlets, audience, variables } = request;
  const isEmpty = emptyFor(request);
  const fields = variables.filter((name) => name !== 'nama' && name !== 'outlet');
  const values: unknown[] = [outlets.map(({ id }) => id), outlets.map(({ sends }) => sends), fields];
  if (typeof audience === 'object' && 'phones' in audience) {
    const numbers = audience.phones.map(normalizePhoneNumber);
    const valid = numbers.filter((number) => number !== null);
    const sending = outlets.filter(({ sends }) => sends);
    const spread = (sending.length > 0 ? sending : outlets).map(({ id }) => id);
    return {
      sql: judged(CHOSEN.phones, isEmpty),
      values: [...values, valid, spread],
      invalid: numbers.length - valid.length,
    };
  }
  const tags =
    typeof audience === 'object' && 'tags' in audience ? audience.tags.map((tag) => tag.toLowerCase()) : null;
  const ids = typeof audience === 'object' && 'contactIds' in audience ? audience.contactIds : null;
  return { sql: judged(CHOSEN.contacts, isEmpty), values: [...values, tags, ids], invalid: 0 };
}
