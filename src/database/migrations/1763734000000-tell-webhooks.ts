import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Webhooks, and the outbox they are told from. What blasts and messages come to is written by the very statement that
 * changes them, so that no crash can lose it; the status log has numbers of its own to go by.
 */
export class TellWebhooks1763734000000 implements MigrationInterface {
  readonly name = 'TellWebhooks1763734000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [...TABLES, TELL, ...ENDED, ...UPDATED, ...INCIDENTS]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER webhook_incident_opened ON incident');
    await runner.query('DROP TRIGGER webhook_incident_closed ON incident');
    await runner.query('DROP FUNCTION webhook_incident()');
    await runner.query('DROP TRIGGER webhook_recipients_changed ON blast_recipients');
    await runner.query('DROP TRIGGER webhook_blast_finished ON blasts');
    await runner.query('DROP FUNCTION webhook_recipients_changed()');
    await runner.query('DROP FUNCTION webhook_blast_finished()');
    await runner.query('DROP FUNCTION webhook_tell(text, uuid[], text, timestamptz, jsonb)');
    for (const table of ['webhook_spool', 'webhook_deliveries', 'webhooks']) await runner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = [
  `CREATE TABLE webhooks (
    id uuid CONSTRAINT webhooks_pkey PRIMARY KEY,
    owner_id uuid NOT NULL,
    owner_name text NOT NULL,
    host text NOT NULL,
    events text[] NOT NULL,
    outlet_ids uuid[],
    key_id text NOT NULL,
    wrapped_key bytea NOT NULL,
    sealed bytea NOT NULL,
    previous_secret_until timestamptz,
    after_cursor bigint NOT NULL,
    paused_code text,
    paused_at timestamptz,
    failures int NOT NULL DEFAULT 0,
    failing_since timestamptz,
    not_before timestamptz,
    created_at timestamptz NOT NULL
  )`,
  `CREATE TABLE webhook_deliveries (
    id uuid CONSTRAINT webhook_deliveries_pkey PRIMARY KEY,
    seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    webhook_id uuid NOT NULL CONSTRAINT webhook_deliveries_webhook_id_fkey REFERENCES webhooks (id) ON DELETE CASCADE,
    type text NOT NULL,
    lane text NOT NULL,
    outlet_id uuid,
    at timestamptz NOT NULL,
    data jsonb NOT NULL,
    status text NOT NULL DEFAULT 'pending'
      CONSTRAINT webhook_deliveries_status_check CHECK (status IN ('pending', 'delivered', 'dead')),
    tries int NOT NULL DEFAULT 0,
    last_tries jsonb NOT NULL DEFAULT '[]',
    next_try_at timestamptz,
    leased_until timestamptz,
    delivered_at timestamptz
  )`,
  `CREATE INDEX webhook_deliveries_lanes ON webhook_deliveries (webhook_id, lane, seq) WHERE status = 'pending'`,
  `CREATE INDEX webhook_deliveries_newest ON webhook_deliveries (webhook_id, seq)`,
  `CREATE INDEX webhook_deliveries_old ON webhook_deliveries (at) WHERE status <> 'pending'`,
  `CREATE TABLE webhook_spool (id int CONSTRAINT webhook_spool_pkey PRIMARY KEY, cursor bigint NOT NULL)`,
  `INSERT INTO webhook_spool (id, cursor) SELECT 1, coalesce((SELECT value FROM status_cursor WHERE id = 1), 0)`,
];

/** A row for each webhook that asked for it. One that is being removed is waited for and left out: its key would fail whoever tells. */
const TELL = `
  CREATE FUNCTION webhook_tell(kind text, outlets uuid[], in_lane text, told_at timestamptz, what jsonb)
  RETURNS void LANGUAGE sql AS $$
    INSERT INTO webhook_deliveries (id, webhook_id, type, lane, outlet_id, at, data, next_try_at)
    SELECT gen_random_uuid(), w.id, kind, in_lane, CASE WHEN cardinality(outlets) = 1 THEN outlets[1] END,
      told_at, what, told_at
    FROM webhooks w
    WHERE w.paused_at IS NULL AND kind = ANY (w.events) AND (w.outlet_ids IS NULL OR w.outlet_ids && outlets)
    FOR KEY SHARE OF w
  $$`;

const INSTANT = (of: string): string => `to_char(${of} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const ENDED = [
  `CREATE FUNCTION webhook_blast_finished() RETURNS trigger LANGUAGE plpgsql AS $$
   DECLARE outlets uuid[]; counts jsonb;
   BEGIN
     IF NOT EXISTS (SELECT FROM webhooks WHERE paused_at IS NULL AND 'blast.finished' = ANY (events)) THEN
       RETURN NULL;
     END IF;
     SELECT array_agg(outlet_id ORDER BY outlet_id),
       jsonb_build_object('queued', sum(queued), 'sending', sum(sending), 'sent', sum(sent), 'delivered', sum(delivered),
         'read', sum(read), 'failed', sum(failed), 'skipped', sum(skipped), 'unknown', sum("unknown"))
     INTO outlets, counts FROM blast_outlets WHERE blast_id = NEW.id;
     PERFORM webhook_tell('blast.finished', coalesce(outlets, '{}'), 'blast ' || NEW.id, NEW.finished_at,
       jsonb_build_object('blastId', NEW.id, 'status', NEW.status, 'finishedAt', ${INSTANT('NEW.finished_at')},
         'outletIds', coalesce(outlets, '{}'), 'counts', counts));
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER webhook_blast_finished AFTER UPDATE OF status ON blasts FOR EACH ROW
   WHEN (NEW.status = 'finished' AND OLD.status <> 'finished' AND NEW.kind = 'blast')
   EXECUTE FUNCTION webhook_blast_finished()`,
];

/** Once per statement, and over at once where nobody asked: blasts move thousands of rows at a time. */
const UPDATED = [
  `CREATE FUNCTION webhook_recipients_changed() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     IF NOT EXISTS (
       SELECT FROM webhooks WHERE paused_at IS NULL AND events && ARRAY['message.updated', 'blast.replied']) THEN
       RETURN NULL;
     END IF;
     PERFORM webhook_tell('message.updated', ARRAY[n.outlet_id], n.outlet_id::text, clock_timestamp(),
       jsonb_build_object('id', n.blast_id, 'outletId', n.outlet_id, 'status', n.status, 'reason', n.reason,
         'sentAt', ${INSTANT('n.sent_at')}, 'deliveredAt', ${INSTANT('n.delivered_at')},
         'readAt', ${INSTANT('n.read_at')}))
     FROM new_rows n
     JOIN old_rows o ON o.blast_id = n.blast_id AND o.seq = n.seq
     JOIN blasts b ON b.id = n.blast_id
     WHERE b.kind = 'message' AND n.status <> o.status AND n.status <> 'sending';
     PERFORM webhook_tell('blast.replied', ARRAY[n.outlet_id], n.outlet_id::text, n.replied_at,
       jsonb_build_object('blastId', n.blast_id, 'recipientId', n.seq::text, 'outletId', n.outlet_id,
         'at', ${INSTANT('n.replied_at')}))
     FROM new_rows n
     JOIN old_rows o ON o.blast_id = n.blast_id AND o.seq = n.seq
     WHERE n.replied_at IS NOT NULL AND o.replied_at IS NULL;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER webhook_recipients_changed AFTER UPDATE ON blast_recipients
   REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
   EXECUTE FUNCTION webhook_recipients_changed()`,
];

/** At the commit, when the outlets of an incident are written too. */
const INCIDENTS = [
  `CREATE FUNCTION webhook_incident() RETURNS trigger LANGUAGE plpgsql AS $$
   DECLARE kind text := CASE WHEN TG_OP = 'INSERT' THEN 'incident.opened' ELSE 'incident.closed' END;
     outlets uuid[];
   BEGIN
     IF NOT EXISTS (SELECT FROM webhooks WHERE paused_at IS NULL AND kind = ANY (events)) THEN
       RETURN NULL;
     END IF;
     SELECT coalesce(array_agg(outlet_id ORDER BY outlet_id), '{}') INTO outlets
     FROM incident_outlet WHERE incident_id = NEW.id;
     PERFORM webhook_tell(kind, outlets, 'incident ' || NEW.id, coalesce(NEW.ended_at, NEW.started_at),
       jsonb_build_object('id', NEW.id, 'code', NEW.code, 'startedAt', ${INSTANT('NEW.started_at')},
         'endedAt', ${INSTANT('NEW.ended_at')}, 'outletIds', outlets));
     RETURN NULL;
   END $$`,
  `CREATE CONSTRAINT TRIGGER webhook_incident_opened AFTER INSERT ON incident DEFERRABLE INITIALLY DEFERRED
   FOR EACH ROW EXECUTE FUNCTION webhook_incident()`,
  `CREATE CONSTRAINT TRIGGER webhook_incident_closed AFTER UPDATE ON incident DEFERRABLE INITIALLY DEFERRED
   FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION webhook_incident()`,
];
