import type { DataSource } from 'typeorm';

/**
 * Who writes is known by the name of their connection, which each process has of its own, and whose the outlet is by the
 * claims that were seen. A row that locks its lease carries the transaction in the lease's `xmax`, alone or among others.
 */
const SQL = `
CREATE SCHEMA history;
CREATE TABLE history.complaint (id bigserial, what text, outlet_id uuid, detail text);
CREATE TABLE history.claim (owner uuid PRIMARY KEY, node text);
CREATE TABLE history.taken (message_id text, blast_id uuid, seq int, epoch bigint);

CREATE FUNCTION history.complain(what text, outlet uuid, detail text) RETURNS void LANGUAGE sql AS
  $$ INSERT INTO history.complaint (what, outlet_id, detail) VALUES (what, outlet, detail) $$;

CREATE FUNCTION history.locks(locker xid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE mine xid := pg_current_xact_id()::xid;
BEGIN
  IF locker = mine THEN RETURN true; END IF;
  RETURN EXISTS (SELECT FROM pg_get_multixact_members(locker) m WHERE m.xid = mine);
EXCEPTION WHEN OTHERS THEN RETURN false;
END $$;

CREATE FUNCTION history.by_owner(outlet uuid, detail text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE lease record;
BEGIN
  SELECT l.epoch, history.locks(l.xmax) AS locked, c.node INTO lease
  FROM wa_lease l LEFT JOIN history.claim c ON c.owner = l.owner WHERE l.outlet_id = outlet;
  IF NOT FOUND THEN RETURN; END IF;
  IF NOT lease.locked THEN PERFORM history.complain('written without the lease', outlet, detail); END IF;
  IF lease.node IS DISTINCT FROM current_setting('application_name') THEN
    PERFORM history.complain('written by who does not own the outlet', outlet, detail);
  END IF;
END $$;

CREATE FUNCTION history.on_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.owner IS NULL THEN
    -- Let go by who had it, under the claim that it was.
    IF TG_OP = 'UPDATE' AND NEW.epoch <> OLD.epoch THEN
      PERFORM history.complain('let go under another claim', NEW.outlet_id, format('%s after %s', NEW.epoch, OLD.epoch));
    END IF;
    RETURN NULL;
  END IF;
  INSERT INTO history.claim VALUES (NEW.owner, current_setting('application_name')) ON CONFLICT DO NOTHING;
  IF TG_OP = 'UPDATE' AND NEW.epoch <= OLD.epoch THEN
    PERFORM history.complain('an epoch given twice', NEW.outlet_id, format('%s after %s', NEW.epoch, OLD.epoch));
  END IF;
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
    INSERT INTO history.taken VALUES (NEW.message_id, NEW.blast_id, NEW.seq, NEW.claim_epoch);
    IF NEW.claim_epoch IS DISTINCT FROM held THEN
      PERFORM history.complain('taken under a claim that is not the newest', NEW.outlet_id, format('%s of %s', NEW.claim_epoch, held));
    END IF;
  ELSIF OLD.status = 'sending' AND NEW.status IN ('queued', 'failed', 'unknown') THEN
    PERFORM history.by_owner(NEW.outlet_id, 'sending to ' || NEW.status);
    IF NEW.status = 'queued' AND OLD.claim_epoch IS DISTINCT FROM held THEN
      PERFORM history.complain('back from sending under another claim', NEW.outlet_id, format('%s of %s', OLD.claim_epoch, held));
    END IF;
  END IF;
  RETURN NULL;
END $$;

INSERT INTO history.claim SELECT DISTINCT owner, current_setting('application_name') FROM wa_lease WHERE owner IS NOT NULL;
CREATE TRIGGER history AFTER INSERT OR UPDATE ON wa_lease FOR EACH ROW EXECUTE FUNCTION history.on_claim();
CREATE TRIGGER history AFTER INSERT OR UPDATE ON wa_session FOR EACH ROW EXECUTE FUNCTION history.on_session();
CREATE TRIGGER history AFTER INSERT OR UPDATE ON wa_credential FOR EACH ROW EXECUTE FUNCTION history.on_credential();
CREATE TRIGGER history AFTER INSERT OR UPDATE OR DELETE ON wa_signal_key FOR EACH ROW EXECUTE FUNCTION history.on_key();
CREATE TRIGGER history AFTER UPDATE ON blast_outlets FOR EACH ROW EXECUTE FUNCTION history.on_part();
CREATE TRIGGER history AFTER UPDATE ON blast_recipients FOR EACH ROW EXECUTE FUNCTION history.on_recipient();`;

/** Puts the watch into a database of a test's own. */
export async function watchRows(dataSource: DataSource): Promise<void> {
  await dataSource.query(SQL);
}

/** A connection string by which the watch tells this process from others. */
export const asNode = (url: string, node: string): string =>
  `${url}${url.includes('?') ? '&' : '?'}application_name=${node}`;
