/** As a `DataSource` answers: rows. */
export interface Queries {
  query(sql: string): Promise<unknown>;
}

/**
 * Who writes is known by the name of their connection, which each process has of its own, and whose the outlet is by the
 * claims that were seen. A row that locks its lease carries the transaction in the lease's `xmax`, alone or among others.
 */
const SQL = `
CREATE SCHEMA history;
CREATE TABLE history.claim (owner uuid PRIMARY KEY, node text);
CREATE TABLE history.claimed (id bigserial, outlet_id uuid, number text, node text, epoch bigint, at timestamptz);
CREATE TABLE history.strange (id bigserial, what text, node text, owner text, locked boolean);
CREATE TABLE history.taken (id bigserial, message_id text, node text, epoch bigint, newest bigint);
CREATE TABLE history.returned (id bigserial, message_id text, epoch bigint, newest bigint);

CREATE FUNCTION history.me() RETURNS text LANGUAGE sql AS $$ SELECT current_setting('application_name') $$;

CREATE FUNCTION history.locks(locker xid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE mine xid := pg_current_xact_id()::xid;
BEGIN
  IF locker = mine THEN RETURN true; END IF;
  RETURN EXISTS (SELECT FROM pg_get_multixact_members(locker) m WHERE m.xid = mine);
EXCEPTION WHEN OTHERS THEN RETURN false;
END $$;

-- What nobody doubts is not kept: each key that is written would be a row.
CREATE FUNCTION history.by_owner(outlet uuid, detail text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE lease record;
BEGIN
  SELECT l.epoch, history.locks(l.xmax) AS locked, c.node INTO lease
  FROM wa_lease l LEFT JOIN history.claim c ON c.owner = l.owner WHERE l.outlet_id = outlet;
  IF NOT FOUND THEN RETURN; END IF;
  IF NOT lease.locked OR lease.node IS DISTINCT FROM history.me() THEN
    INSERT INTO history.strange (what, node, owner, locked) VALUES (detail, history.me(), lease.node, lease.locked);
  END IF;
END $$;

CREATE FUNCTION history.on_claim() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE whose text;
BEGIN
  IF NEW.owner IS NOT NULL THEN
    INSERT INTO history.claim VALUES (NEW.owner, history.me()) ON CONFLICT DO NOTHING;
    whose := (SELECT node FROM history.claim WHERE owner = NEW.owner);
  END IF;
  INSERT INTO history.claimed (outlet_id, number, node, epoch, at)
  SELECT NEW.outlet_id, whatsapp_number, whose, NEW.epoch, clock_timestamp() FROM outlets WHERE id = NEW.outlet_id;
  RETURN NULL;
END $$;

CREATE FUNCTION history.on_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM history.by_owner(NEW.outlet_id, 'wa_session'); RETURN NULL; END $$;

CREATE FUNCTION history.on_credential() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Another key around the same secrets is no word about the link.
  IF TG_OP = 'INSERT' OR (OLD.creds, OLD.linked_number, OLD.quarantined_at) IS DISTINCT FROM (NEW.creds, NEW.linked_number, NEW.quarantined_at) THEN
    PERFORM history.by_owner(NEW.outlet_id, 'wa_credential');
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION history.on_key() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE outlet uuid;
BEGIN
  SELECT outlet_id INTO outlet FROM wa_credential
  WHERE id = coalesce(NEW.credential_id, OLD.credential_id) AND quarantined_at IS NULL;
  IF outlet IS NOT NULL THEN PERFORM history.by_owner(outlet, 'wa_signal_key'); END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION history.on_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- People may lift what holds a part, and nobody but its owner may say what does.
  IF NEW.hold_code IS NOT NULL AND NEW.hold_code IS DISTINCT FROM OLD.hold_code THEN
    PERFORM history.by_owner(NEW.outlet_id, 'hold ' || NEW.hold_code);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION history.on_recipient() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held bigint;
BEGIN
  SELECT epoch INTO held FROM wa_lease WHERE outlet_id = NEW.outlet_id;
  -- Of an outlet that was removed anybody may say that it is over.
  IF held IS NULL THEN RETURN NULL; END IF;
  IF NEW.content IS DISTINCT FROM OLD.content AND NEW.content IS NOT NULL THEN
    PERFORM history.by_owner(NEW.outlet_id, 'content');
  END IF;
  IF NEW.status = OLD.status THEN RETURN NULL; END IF;
  IF NEW.status = 'sending' THEN
    PERFORM history.by_owner(NEW.outlet_id, 'sending');
    INSERT INTO history.taken (message_id, node, epoch, newest)
    VALUES (NEW.message_id, history.me(), NEW.claim_epoch, held);
  ELSIF OLD.status = 'sending' AND NEW.status IN ('queued', 'failed', 'unknown') THEN
    PERFORM history.by_owner(NEW.outlet_id, 'sending to ' || NEW.status);
    IF NEW.status = 'queued' THEN
      INSERT INTO history.returned (message_id, epoch, newest) VALUES (OLD.message_id, OLD.claim_epoch, held);
    END IF;
  END IF;
  RETURN NULL;
END $$;

INSERT INTO history.claim SELECT DISTINCT owner, history.me() FROM wa_lease WHERE owner IS NOT NULL;
INSERT INTO history.claimed (outlet_id, number, node, epoch, at)
SELECT l.outlet_id, o.whatsapp_number, c.node, l.epoch, clock_timestamp()
FROM wa_lease l JOIN outlets o ON o.id = l.outlet_id LEFT JOIN history.claim c USING (owner);
CREATE TRIGGER history AFTER INSERT OR UPDATE ON wa_lease FOR EACH ROW EXECUTE FUNCTION history.on_claim();
CREATE TRIGGER history AFTER INSERT OR UPDATE ON wa_session FOR EACH ROW EXECUTE FUNCTION history.on_session();
CREATE TRIGGER history AFTER INSERT OR UPDATE ON wa_credential FOR EACH ROW EXECUTE FUNCTION history.on_credential();
CREATE TRIGGER history AFTER INSERT OR UPDATE OR DELETE ON wa_signal_key FOR EACH ROW EXECUTE FUNCTION history.on_key();
CREATE TRIGGER history AFTER UPDATE ON blast_outlets FOR EACH ROW EXECUTE FUNCTION history.on_part();
CREATE TRIGGER history AFTER UPDATE ON blast_recipients FOR EACH ROW EXECUTE FUNCTION history.on_recipient();`;

/** What they saw, by the names that the check has for it. An epoch and a millisecond are numbers there. */
export const SEEN_BY_TRIGGERS = {
  claims: `SELECT number, node, epoch::float8 AS epoch, floor(extract(epoch FROM at) * 1000)::float8 AS at
    FROM history.claimed ORDER BY id`,
  rows: 'SELECT what, node, owner, locked FROM history.strange ORDER BY id',
  taken: `SELECT message_id AS id, node, epoch::float8 AS epoch, newest::float8 AS newest FROM history.taken ORDER BY id`,
  returned: `SELECT message_id AS id, epoch::float8 AS epoch, newest::float8 AS newest FROM history.returned ORDER BY id`,
} as const;

/** Puts the watch into a database of a test's own. */
export async function watchRows(database: Queries): Promise<void> {
  await database.query(SQL);
}

/** A connection string by which the watch tells this process from others. */
export const asNode = (url: string, node: string): string =>
  `${url}${url.includes('?') ? '&' : '?'}application_name=${node}`;

/** A WhatsApp by whose address the watch tells this process's sockets from others'. */
export const socketsOf = (url: string, node: string): string => `${url}?node=${node}`;
