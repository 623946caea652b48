import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SystemDataSource } from '../../database/system-data-source.js';
import { KeyEncryptionKey, type WrappedKeys } from '../../common/envelope.js';
import { seal, unseal } from '../../common/sealing.js';
import { prepared } from '../../database/prepared.js';
import { withDeadline } from '../../common/deadline.js';
import { claimValues, ownedBy, type Ownership } from '../fence.js';

/** Milliseconds one store call may take; a hung read would make the whole session deaf. */
export const STORE_DEADLINE_MS = 5_000;
const QUARANTINE_HOURS = 24;

/** A link's row, opened: the data key stays in memory for as long as its session does. */
export interface OpenCredential {
  id: string;
  outletId: string;
  dataKey: Buffer;
  creds: Buffer;
  linkedNumber: string | null;
  /** Whether it is still to take the place of another link: no start finds it before. */
  beside: boolean;
}

/** What stands in the row of a link, to begin its session with. */
export interface StoredLink {
  id: string;
  number: string;
  /** Milliseconds since the epoch; `null` for links older than this column. */
  linkedAt: number | null;
}

/** What one statement writes. Values are plain; `null` deletes. */
export interface CredentialWrite {
  creds?: { bytes: Buffer; linkedNumber: string | null };
  keys: { kind: string; id: string; value: Buffer | null }[];
}

/** Another process owns this session now, so nothing was written. */
export class FencedWrite extends Error {
  constructor() {
    super('The session is owned by another process; nothing was written');
    this.name = 'FencedWrite';
  }
}

export const placeOfKey = (credentialId: string): string => `data-key|${credentialId}`;
export const CREDENTIAL_KEYS: WrappedKeys = { table: 'wa_credential', place: placeOfKey };
export const placeOfCreds = (credentialId: string): string => `creds|${credentialId}`;
const placeOfSignalKey = (credentialId: string, kind: string, id: string): string =>
  `key|${credentialId}|${kind}|${id}`;

/** There is one link in use at any time: the other is set aside first. */
const REPLACED = `
  replaced AS (
    UPDATE wa_credential c SET quarantined_at = now() FROM owned
    WHERE c.outlet_id = owned.outlet_id AND c.quarantined_at IS NULL AND c.id <> $4 RETURNING c.id),`;

/** Credentials and Signal keys in PostgreSQL, sealed, each write one statement that first proves ownership. */
@Injectable()
export class CredentialStore {
  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly keyEncryptionKey: KeyEncryptionKey,
  ) {}

  /** Which outlets are linked, to which number and since when. */
  async links(outletIds: readonly string[]): Promise<Map<string, StoredLink>> {
    const rows: { id: string; outlet_id: string; linked_number: string; linked_at: Date | null }[] =
      await this.dataSource.query(
        `SELECT id, outlet_id, linked_number, linked_at FROM wa_credential
       WHERE outlet_id = ANY($1) AND quarantined_at IS NULL AND linked_number IS NOT NULL`,
        [outletIds],
      );
    return new Map(
      rows.map((row) => [
        row.outlet_id,
        { id: row.id, number: row.linked_number, linkedAt: row.linked_at?.getTime() ?? null },
      ]),
    );
  }

  /**
   * The current link's credentials, or `null` where there is no row. A failed read throws: it must never be
   * mistaken for "none".
   * @throws {UnreadableSecret}
   */
  async find(outletId: string): Promise<OpenCredential | null> {
    const [row]: { id: string; wrapped_key: Buffer; creds: Buffer; linked_number: string | null }[] = await this.run(
      'SELECT id, wrapped_key, creds, linked_number FROM wa_credential WHERE outlet_id = $1 AND quarantined_at IS NULL',
      [outletId],
    );
    if (!row) return null;
    const dataKey = this.keyEncryptionKey.unwrap(placeOfKey(row.id), row.wrapped_key);
    const creds = unseal(dataKey, placeOfCreds(row.id), row.creds);
    return { id: row.id, outletId, dataKey, creds, linkedNumber: row.linked_number, beside: false };
  }

  /** The first row of a new link; set aside while it is `beside` another. @throws {FencedWrite} */
  async create(owner: Ownership, creds: Buffer, beside = false): Promise<OpenCredential> {
    const id = randomUUID();
    const { dataKey, wrapped } = this.keyEncryptionKey.issue(placeOfKey(id));
    const rows = await this.run<object>(
      `WITH ${ownedBy()}
       INSERT INTO wa_credential (id, outlet_id, key_id, wrapped_key, creds, quarantined_at)
       SELECT $4, outlet_id, $5, $6, $7, CASE WHEN $8::boolean THEN now() END FROM owned RETURNING id`,
      [...claimValues(owner), id, this.keyEncryptionKey.id, wrapped, seal(dataKey, placeOfCreds(id), creds), beside],
    );
    if (rows.length === 0) throw new FencedWrite();
    return { id, outletId: owner.outletId, dataKey, creds, linkedNumber: null, beside };
  }

  /** @throws {UnreadableSecret} */
  async readKeys(credential: OpenCredential, kind: string, ids: readonly string[]): Promise<Map<string, Buffer>> {
    const rows: { key_id: string; value: Buffer }[] = await this.run(
      'SELECT key_id, value FROM wa_signal_key WHERE credential_id = $1 AND kind = $2 AND key_id = ANY($3)',
      [credential.id, kind, ids],
    );
    return new Map(
      rows.map((row) => [
        row.key_id,
        unseal(credential.dataKey, placeOfSignalKey(credential.id, kind, row.key_id), row.value),
      ]),
    );
  }

  /**
   * Everything or nothing, in one statement. What was beside another link takes its place where a phone has agreed, and
   * that one is set aside. @throws {FencedWrite}
   */
  async write(owner: Ownership, credential: OpenCredential, write: CredentialWrite): Promise<void> {
    const { id, dataKey } = credential;
    const kept = write.keys.filter((key) => key.value !== null);
    const dropped = write.keys.filter((key) => key.value === null);
    const replaces = credential.beside && (write.creds?.linkedNumber ?? null) !== null;
    const rows = await this.run<object>(
      `WITH ${ownedBy()},
       ${replaces ? REPLACED : ''}
       saved AS (
         UPDATE wa_credential SET creds = $5, linked_number = $6,
           linked_at = CASE WHEN $6::text IS NOT NULL THEN coalesce(linked_at, now()) END
           ${replaces ? ', quarantined_at = NULL' : ''}
         FROM owned WHERE id = $4 AND $5::bytea IS NOT NULL ${replaces ? 'AND (SELECT count(*) FROM replaced) >= 0' : ''}),
       dropped AS (
         DELETE FROM wa_signal_key USING owned, unnest($7::text[], $8::text[]) AS d(kind, key_id)
         WHERE credential_id = $4 AND wa_signal_key.kind = d.kind AND wa_signal_key.key_id = d.key_id),
       kept AS (
         INSERT INTO wa_signal_key (credential_id, kind, key_id, value)
         SELECT $4, k.kind, k.key_id, k.value FROM owned, unnest($9::text[], $10::text[], $11::bytea[]) AS k(kind, key_id, value)
         ON CONFLICT (credential_id, kind, key_id) DO UPDATE SET value = EXCLUDED.value)
       SELECT 1 FROM owned`,
      [
        ...claimValues(owner),
        id,
        write.creds ? seal(dataKey, placeOfCreds(id), write.creds.bytes) : null,
        write.creds?.linkedNumber ?? null,
        dropped.map((key) => key.kind),
        dropped.map((key) => key.id),
        kept.map((key) => key.kind),
        kept.map((key) => key.id),
        kept.map((key) => seal(dataKey, placeOfSignalKey(id, key.kind, key.id), key.value as Buffer)),
      ],
    );
    if (rows.length === 0) throw new FencedWrite();
    if (replaces) credential.beside = false;
  }

  /**
   * Sets the current link aside. Where WhatsApp is still to be told, that is owed from the same statement on, and tried
   * after so many seconds. Answers which leave is owed by that, if any. @throws {FencedWrite}
   */
  async quarantine(owner: Ownership, owedInSeconds: number | null = null): Promise<string | null> {
    const [row] = await this.run<{ owed: string | null }>(
      `WITH ${ownedBy()},
       aside AS (UPDATE wa_credential c SET quarantined_at = now() FROM owned WHERE c.outlet_id = owned.outlet_id AND quarantined_at IS NULL RETURNING c.*),
       owed AS (
         INSERT INTO wa_farewell (id, outlet_id, number, key_id, wrapped_key, creds, next_try_at)
         SELECT id, outlet_id, linked_number, key_id, wrapped_key, creds, now() + make_interval(secs => $4::float8) FROM aside
         WHERE $4::float8 IS NOT NULL AND linked_number IS NOT NULL ON CONFLICT DO NOTHING RETURNING id)
       SELECT (SELECT id FROM owed) AS owed FROM owned`,
      [...claimValues(owner), owedInSeconds],
    );
    if (!row) throw new FencedWrite();
    return row.owed;
  }

  /** Deletes what has been set aside for longer than a day. */
  async purgeQuarantine(): Promise<void> {
    await this.run(`DELETE FROM wa_credential WHERE quarantined_at < now() - make_interval(hours => $1)`, [
      QUARANTINE_HOURS,
    ]);
  }

  private run<Row extends object>(sql: string, parameters: unknown[]): Promise<Row[]> {
    return withDeadline(prepared<Row>(this.dataSource, sql, parameters), STORE_DEADLINE_MS, 'store call');
  }
}
