import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people answered, where somebody switched that on, and a word to the webhooks that want it. */
export class KeepReplies1763797000000 implements MigrationInterface {
  readonly name = 'KeepReplies1763797000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE blast_policy ADD COLUMN keep_replies boolean NOT NULL DEFAULT false');
    for (const sql of [...TABLE, ...TELL]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE blast_replies');
    await runner.query('DROP FUNCTION webhook_reply_kept()');
    await runner.query('ALTER TABLE blast_policy DROP COLUMN keep_replies');
  }
}

const TABLE = [
  `CREATE TABLE blast_replies (
    outlet_id uuid NOT NULL,
    message_id text NOT NULL,
    blast_id uuid NOT NULL CONSTRAINT blast_replies_blast_id_fkey REFERENCES blasts (id) ON DELETE CASCADE,
    seq int,
    alias text,
    at timestamptz NOT NULL,
    words bytea NOT NULL,
    CONSTRAINT blast_replies_pkey PRIMARY KEY (outlet_id, message_id),
    CONSTRAINT blast_replies_writer_check CHECK ((seq IS NULL) <> (alias IS NULL))
  )`,
  'CREATE INDEX blast_replies_of ON blast_replies (blast_id, seq)',
  'CREATE INDEX blast_replies_pending ON blast_replies (alias) WHERE alias IS NOT NULL',
];

/** The outbox holds where the words are and never what they say: they are opened when a delivery leaves. */
const TELL = [
  `CREATE FUNCTION webhook_reply_kept() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     PERFORM webhook_tell('blast.reply', ARRAY[NEW.outlet_id], NEW.outlet_id::text, NEW.at,
       jsonb_build_object('blastId', NEW.blast_id, 'recipientId', NEW.seq::text, 'outletId', NEW.outlet_id,
         'messageId', NEW.message_id, 'at', to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')));
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER webhook_reply_kept AFTER INSERT OR UPDATE OF seq ON blast_replies FOR EACH ROW
   WHEN (NEW.seq IS NOT NULL) EXECUTE FUNCTION webhook_reply_kept()`,
];
