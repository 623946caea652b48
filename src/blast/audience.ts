import type { SkipReason } from '@koneksi/contracts/blast-states';
import type { Slot } from '@koneksi/contracts/blast-template';
import type { TagCount } from '@koneksi/contracts/contacts';
import { Injectable } from '@nestjs/common';
import type { Client, QueryConfig } from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import type { NoNumbers } from '@koneksi/contracts/no-numbers';
import { Clock } from '../common/clock.js';
import type { AudienceRequest } from './audience-request.js';
import { audienceQuery, CREATE_JUDGED } from './audience-sql.js';
import { COUNT_MET, MET, type PeopleMet } from './met-people.js';
import { stillToCome } from './waiting.js';
import { lowerTags } from './domain/tags.js';

export interface AudienceCounts {
  outlet_id: string;
  reason: SkipReason | null;
  count: number;
  new_chats: number;
  /** Tells whether they are the same numbers. */
  whose: string;
}

/** How many are meant, per outlet and reason, and whom nothing is known of. */
export interface Counted {
  counts: AudienceCounts[];
  /** What was named and is no number. */
  noNumbers: NoNumbers;
  /** Named contacts that these outlets do not have. */
  gone: number;
}

export interface SampleRow {
  outlet_id: string;
  number: string;
  name: string | null;
  params: Record<string, string>;
}

export interface Foreseen extends Counted {
  samples: SampleRow[];
  /** Who lacks most of what the message names. */
  worst: (SampleRow & { missing: string[] }) | null;
  missing: { variable: string; count: number }[];
  /** By outlet: the most UTF-16 units that what is filled in takes, but for the outlet's name. */
  filled: Map<string, number>;
  /** Of these blasts: how many of the people met by this one got them, or will. */
  repeats: { blast_id: string; people: number }[];
  /** The same, each person once. */
  repeated: PeopleMet;
  /** Who waits for another blast already; not asked where no other blasts are. */
  waiting: Awaited<ReturnType<typeof stillToCome>>;
}

/** Which other blasts to the same people are told of. */
export interface OtherBlasts {
  /** They said the same. */
  sameWords: readonly string[];
  /** This one stands for them. */
  replaced: readonly string[];
  /** Those of these outlets; `null` for all. */
  outletIds: readonly string[] | null;
}

/** For an audience of any size; ordinary statements have 5 s. Milliseconds. */
const STATEMENT_MS = 120_000;

const asking =
  (client: Client) =>
  async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await client.query<Row>({ text, values, query_timeout: STATEMENT_MS } as never)).rows;

const COUNTS = `
  SELECT outlet_id, reason, count(*)::int AS count, count(*) FILTER (WHERE is_new)::int AS new_chats,
    bit_xor(hashtextextended(number, 0))::text AS whose
  FROM judged GROUP BY outlet_id, reason ORDER BY outlet_id, reason`;

/** What `v` is for a recipient. */
const VALUE = `btrim(coalesce(CASE WHEN v.name = 'nama' THEN judged.name ELSE judged.params ->> v.name END, ''))`;

/** Whom a blast reaches. Preview and start ask the same question, so they cannot disagree. */
@Injectable()
export class Audience {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** How many per outlet, why the others do not, and what they will read. */
  async count(
    request: AudienceRequest,
    slots: readonly Slot[] = [],
    others: OtherBlasts | null = null,
  ): Promise<Foreseen> {
    const sameWords = others?.sameWords ?? [];
    return this.withTime(async (client) => {
      const ask = asking(client);
      const counted = await this.judge(client, request);
      const samples = await ask<SampleRow>(
        `SELECT DISTINCT ON (outlet_id) outlet_id, number, name, params FROM judged WHERE reason IS NULL
         ORDER BY outlet_id, (name IS NULL), place`,
      );
      const wanted = request.variables.filter((name) => name !== 'outlet');
      const missing =
        wanted.length === 0
          ? []
          : await ask<{ variable: string; count: number }>(
              `SELECT v.name AS variable, count(*)::int AS count FROM judged CROSS JOIN unnest($1::text[]) AS v(name)
               WHERE reason IS NULL AND ${VALUE} = '' GROUP BY v.name ORDER BY v.name`,
              [wanted],
            );
      const [worst] =
        missing.length === 0
          ? []
          : await ask<SampleRow & { missing: string[] }>(
              `SELECT outlet_id, number, judged.name, params, array_agg(v.name ORDER BY v.name) AS missing
               FROM judged CROSS JOIN unnest($1::text[]) AS v(name) WHERE reason IS NULL AND ${VALUE} = ''
               GROUP BY outlet_id, number, judged.name, params, rank, place
               ORDER BY count(*) DESC, rank, place LIMIT 1`,
              [wanted],
            );
      const filled = await this.fill(client, slots);
      const met = `FROM judged JOIN blast_recipients x ON x.number = judged.number AND x.blast_id = ANY ($1::uuid[]) AND ${MET}
        WHERE judged.reason IS NULL`;
      const repeats =
        sameWords.length === 0
          ? []
          : await ask<{ blast_id: string; people: number }>(
              `SELECT x.blast_id, count(*)::int AS people ${met} GROUP BY x.blast_id`,
              [sameWords],
            );
      const [all] = repeats.length === 0 ? [] : await ask<PeopleMet>(`SELECT ${COUNT_MET} ${met}`, [sameWords]);
      return {
        ...counted,
        samples,
        worst: worst ?? null,
        missing,
        filled,
        repeats,
        repeated: all ?? { people: 0, waiting: 0 },
        waiting: others && (await stillToCome(ask, others.outletIds, [...sameWords, ...others.replaced])),
      };
    });
  }

  /** Makes the rows of a new blast, in this transaction. Answers who was meant, and how long what is filled in is. */
  async enrol(
    runner: QueryRunner,
    blastId: string,
    request: AudienceRequest,
    slots: readonly Slot[],
  ): Promise<Counted & Pick<Foreseen, 'filled'>> {
    await runner.query(`SET LOCAL statement_timeout = ${STATEMENT_MS}`);
    const client = (await runner.connect()) as Client;
    const counted = await this.judge(client, request);
    await client.query({
      text: `
        INSERT INTO blast_recipients (blast_id, seq, outlet_id, number, name, params, contact_id, made_from, status, reason)
        SELECT $1, row_number() OVER (ORDER BY rank, place), outlet_id, number, name, params, contact_id, made_from,
          CASE WHEN reason IS NULL THEN 'queued' ELSE 'skipped' END, reason
        FROM judged WHERE reason IS DISTINCT FROM 'DUPLICATE'`,
      values: [blastId],
      query_timeout: STATEMENT_MS,
    } as QueryConfig);
    return { ...counted, filled: await this.fill(client, slots) };
  }

  /** Adds whom the same request means by now and did not when the blast was made. Answers how many, per outlet. */
  async enrolNewcomers(
    runner: QueryRunner,
    blastId: string,
    request: AudienceRequest,
  ): Promise<{ outletId: string; joined: number }[]> {
    await runner.query(`SET LOCAL statement_timeout = ${STATEMENT_MS}`);
    const client = (await runner.connect()) as Client;
    await this.judge(client, request);
    const { rows } = await client.query<{ outlet_id: string; joined: number }>({
      text: `
        WITH joined AS (
          INSERT INTO blast_recipients (blast_id, seq, outlet_id, number, name, params, contact_id, made_from, status)
          SELECT $1, (SELECT coalesce(max(seq), 0) FROM blast_recipients WHERE blast_id = $1)
              + row_number() OVER (ORDER BY rank, place),
            outlet_id, number, name, params, contact_id, made_from, 'queued'
          FROM judged j WHERE reason IS NULL AND NOT EXISTS (
            SELECT 1 FROM blast_recipients x
            WHERE x.blast_id = $1 AND (x.number = j.number OR x.contact_id = j.contact_id))
          RETURNING outlet_id)
        SELECT outlet_id, count(*)::int AS joined FROM joined GROUP BY outlet_id`,
      values: [blastId],
      query_timeout: STATEMENT_MS,
    } as never);
    return rows.map(({ outlet_id: outletId, joined }) => ({ outletId, joined }));
  }

  /** Whether a blast went, or was to go, out from any of these outlets. */
  async hasReached(blastId: string, outletIds: readonly string[]): Promise<boolean> {
    const rows = await this.dataSource.query<object[]>(
      `SELECT 1 FROM blast_outlets o JOIN blasts b ON b.id = o.blast_id
       WHERE o.blast_id = $1 AND o.outlet_id = ANY ($2::uuid[]) AND b.kind = 'blast' LIMIT 1`,
      [blastId, outletIds],
    );
    return rows.length > 0;
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

  async contactsOf(outletIds: readonly string[]): Promise<{ outletId: string; count: number }[]> {
    const rows = await this.dataSource.query<{ outlet_id: string; count: number }[]>(
      `SELECT outlet_id, count(*)::int AS count FROM contacts WHERE outlet_id = ANY ($1::uuid[]) GROUP BY outlet_id`,
      [outletIds],
    );
    return rows.map(({ outlet_id: outletId, count }) => ({ outletId, count }));
  }

  /** Those of these tags that a contact of these outlets has; `null` for every outlet. Ends with the first who has each. */
  async tagsThatAre(tags: readonly string[], outletIds: readonly string[] | null): Promise<Set<string>> {
    const rows = await this.ask<{ tag: string }>(
      `SELECT tag FROM unnest($1::text[]) AS tag WHERE EXISTS (
         SELECT FROM contacts c WHERE tag = ANY (c.tags) AND ($2::uuid[] IS NULL OR c.outlet_id = ANY ($2::uuid[])))`,
      [lowerTags(tags), outletIds],
    );
    return new Set(rows.map(({ tag }) => tag));
  }

  /** Of contacts of these outlets; `null` for every outlet. Most used first. */
  async tagsOf(outletIds: readonly string[] | null): Promise<TagCount[]> {
    const rows = await this.ask<{ tag: string; count: string }>(
      `SELECT tag, count(*) FROM contacts CROSS JOIN LATERAL unnest(tags) AS tag
       WHERE $1::uuid[] IS NULL OR outlet_id = ANY ($1::uuid[]) GROUP BY tag ORDER BY count(*) DESC, tag`,
      [outletIds],
    );
    return rows.map(({ tag, count }) => ({ tag, count: Number(count) }));
  }

  private ask<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    return this.withTime((client) => asking(client)<Row>(text, values));
  }

  private async fill(client: Client, slots: readonly Slot[]): Promise<Foreseen['filled']> {
    const filled = slots.filter(({ name }) => name !== 'outlet');
    const { rows } = await client.query<{ outlet_id: string; units: number }>({
      text: `
        SELECT outlet_id, max(units)::int AS units FROM (
          SELECT judged.outlet_id, (
            SELECT coalesce(sum(CASE WHEN value = '' THEN v.fallback ELSE length(value)
              + length(regexp_replace(value, '[^\\U00010000-\\U0010FFFF]', '', 'g')) END), 0)
            FROM unnest($1::text[], $2::int[]) AS v(name, fallback) CROSS JOIN LATERAL (SELECT ${VALUE} AS value) w) AS units
          FROM judged WHERE reason IS NULL) u GROUP BY outlet_id`,
      values: [filled.map(({ name }) => name), filled.map(({ fallback }) => fallback.length)],
      query_timeout: STATEMENT_MS,
    } as QueryConfig);
    return new Map(rows.map(({ outlet_id, units }) => [outlet_id, units]));
  }

  private async judge(client: Client, request: AudienceRequest): Promise<Counted> {
    const { sql, values, noNumbers, named } = audienceQuery(request, this.clock.wall());
    const ask = asking(client);
    await ask(CREATE_JUDGED);
    await ask(sql, values);
    const counts = await ask<AudienceCounts>(COUNTS);
    const met = counts.reduce((sum, { count }) => sum + count, 0);
    return { counts, noNumbers, gone: named === null ? 0 : named - met };
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
