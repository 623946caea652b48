import type { EventEmitter } from 'node:events';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { OutletRows } from '../src/wa-session/outlet-rows.js';
import { SessionReconciler } from '../src/wa-session/session-reconciler.js';
import { SessionRegistry } from '../src/wa-session/session-registry.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { Koneksi, type LinkedOutlet } from './support/koneksi.js';

const INTERVAL_MS = 500;

let koneksi: Koneksi;
let page: Dashboard;
let linked: LinkedOutlet;

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { RECONCILE_INTERVAL_MS: String(INTERVAL_MS), LOG_LEVEL: 'debug' } });
  page = await koneksi.dashboard();
  linked = await koneksi.linked(page);
});

afterAll(() => koneksi.stop());

const sql = <Row>(text: string, parameters: unknown[]): Promise<Row[]> =>
  koneksi.database.dataSource.query(text, parameters);

test.each<[string, string, string]>([
  ['its status', `status = 'DISCONNECTED'`, 'DISCONNECTED'],
  ['its status and reason', `status = 'FAILED', reason_code = 'LOGGED_OUT'`, 'FAILED'],
  ['its reason alone', `reason_code = 'DEGRADED'`, 'CONNECTED'],
  ['its count of retries', `retry_count = 7`, 'CONNECTED'],
  ['its next retry', `next_retry_at = now() + interval '1 day'`, 'CONNECTED'],
  ['its name', `session_name = 'Nobody'`, 'CONNECTED'],
  ['its revision back to nothing, with its status', `status = 'TIMEOUT', revision = 0`, 'TIMEOUT'],
])('a row edited by hand in %s is mended within one interval and pushed', async (_, edit, found) => {
  const { id } = linked.outlet;
  const before = await koneksi.status(id);
  const { logged } = koneksi;
  const from = logged.length;
  await sql(`UPDATE wa_session SET ${edit} WHERE outlet_id = $1`, [id]);
  const edited = logged.length;
  const mended = await page.next(id, 'mended', ({ status }) => status.revision > before.revision);
  const syncing = `[Baileys] syncing to CONNECTED: outlet=${id}`;
  const mending = logged.findIndex((line, index) => index >= from && line.includes(syncing));
  expect(mending).toBeGreaterThanOrEqual(from);
  // A round under way may have read the row before; the next one finds it. When a page hears of either says nothing.
  const looks = logged.slice(edited, mending).filter((line) => line.includes(`live check: outlet=${id}`));
  expect(looks.length).toBeLessThanOrEqual(2);
  expect(mended.previous).toBe(found);
  expect(mended.status).toMatchObject({
    healthy: true,
    session: { status: 'CONNECTED', retryCount: 0, sessionName: 'Android' },
    reason: null,
    nextRetryAt: null,
  });
  const after = await koneksi.status(id);
  expect(after).toEqual({
    ...before,
    revision: mended.status.revision,
    session: { ...before.session, lastSeen: after.session.lastSeen },
  });
});

test('a row deleted by hand is written anew, under a higher revision', async () => {
  const { id } = linked.outlet;
  const { revision } = await koneksi.status(id);
  await sql('DELETE FROM wa_session WHERE outlet_id = $1', [id]);
  const mended = await page.becomes(id, 'CONNECTED');
  expect(mended.previous).toBe('DISCONNECTED');
  expect(mended.status.revision).toBeGreaterThan(revision);
  expect((await koneksi.status(id)).healthy).toBe(true);
});

test('a parked row made green by hand is told to be what it is', async () => {
  const { outlet } = await koneksi.linked(page);
  await koneksi.call('POST', `/outlets/${outlet.id}/pause`);
  await page.becomes(outlet.id, 'PAUSED_BY');
  await sql(
    `UPDATE wa_session SET status = 'CONNECTED', reason_code = NULL, connected_at = now() WHERE outlet_id = $1`,
    [outlet.id],
  );
  const mended = await page.becomes(outlet.id, 'PAUSED_BY');
  expect(mended.previous).toBe('CONNECTED');
  await eventually('its socket is gone', () => koneksi.liveConnections(outlet).length === 0);
});

test('a round that finds nothing to mend pushes nothing but evidence of life', async () => {
  const changes = page.changes.length;
  await page.rounds(2);
  expect(page.changes).toHaveLength(changes);
  expect(page.seen.at(-1)?.lastSeen).toHaveProperty(linked.outlet.id);
});

test('a name, auto-reconnect and activity set by SQL are obeyed and pushed within one interval', async () => {
  const { outlet, phone } = linked;
  await sql(`UPDATE outlets SET name = 'By hand', auto_reconnect = false WHERE id = $1`, [outlet.id]);
  const renamed = await page.next(outlet.id, 'renamed', ({ status }) => status.outlet.name === 'By hand');
  expect(renamed.status).toMatchObject({ session: { status: 'CONNECTED', autoReconnect: false }, healthy: false });
  phone.faults.end('drop');
  await page.becomes(outlet.id, 'AUTO_RECONNECT_OFF');
  await sql(`UPDATE outlets SET auto_reconnect = true WHERE id = $1`, [outlet.id]);
  await page.becomes(outlet.id, 'CONNECTED');
  await sql(`UPDATE outlets SET is_active = false WHERE id = $1`, [outlet.id]);
  await page.becomes(outlet.id, 'INACTIVE');
  await eventually('its socket is gone', () => koneksi.liveConnections(outlet).length === 0);
  await sql(`UPDATE outlets SET is_active = true WHERE id = $1`, [outlet.id]);
  await page.becomes(outlet.id, 'CONNECTED');
});

test.each([
  ['an instant without end', `connected_at = 'infinity'`],
  ['parameters that are none', `reason_params = 'null'`],
  ['a reason there is none of', `reason_code = 'GARBAGE', status = 'FAILED'`],
])('%s set by SQL stops nobody, and heals', async (_, edit) => {
  const { outlet } = linked;
  await sql(`UPDATE wa_session SET ${edit} WHERE outlet_id = $1`, [outlet.id]);
  expect((await koneksi.statuses()).statuses.length).toBeGreaterThan(0);
  await eventually('the row is right again', async () => {
    const [row] = await sql<{ fine: boolean }>(
      `SELECT status = 'CONNECTED' AND reason_code IS NULL AND isfinite(connected_at) AS fine
       FROM wa_session WHERE outlet_id = $1`,
      [outlet.id],
    );
    return row?.fine;
  });
});

test('an outlet inserted and one deleted by SQL are followed', async () => {
  const id = '11111111-2222-4333-8444-555555555555';
  await sql(`INSERT INTO outlets (id, name, whatsapp_number) VALUES ($1, 'Inserted', '6281234500000')`, [id]);
  await page.becomes(id, 'NEVER_LINKED');
  await sql('DELETE FROM outlets WHERE id = $1', [id]);
  const removal = await page.removed(id);
  expect(removal.cursor).toBeGreaterThan(page.changes.at(-1)!.cursor);
});

test('an outlet added while a round reads the rows is not taken for one that was deleted', async () => {
  const { app } = koneksi.app;
  const rows = app.get(OutletRows, { strict: false });
  const id = await new Promise<string>((resolve) => {
    const ownedBy = rows.ownedBy.bind(rows);
    jest.spyOn(rows, 'ownedBy').mockImplementationOnce(async (owner) => {
      const before = await ownedBy(owner);
      const outlet = await koneksi.outlet();
      await page.becomes(outlet.id, 'NEVER_LINKED');
      resolve(outlet.id);
      return before;
    });
  });
  const reconciler = app.get(SessionReconciler, { strict: false });
  // The round that read too early, and one after it.
  await reconciler.reconcile();
  await reconciler.reconcile();
  const later = await koneksi.dashboard();
  expect(later.snapshot.statuses.map(({ outletId }) => outletId)).toContain(id);
  expect(page.removals.map(({ outletId }) => outletId)).not.toContain(id);
});

/** What Baileys listens to, and can be made not to hear. */
interface Websocket {
  removeAllListeners(event: string): void;
  terminate(): void;
  pause(): void;
}

function websocketOf({ outlet }: LinkedOutlet): { baileys: EventEmitter; websocket: Websocket } {
  const actor = koneksi.app.app.get(SessionRegistry, { strict: false }).find(outlet.id);
  const { ws } = (
    actor as unknown as { socket: { connection: { socket: { ws: EventEmitter & { socket: Websocket } } } } }
  ).socket.connection.socket;
  return { baileys: ws, websocket: ws.socket };
}

test('a socket that died without a word is found out and replaced', async () => {
  const { outlet } = linked;
  const { websocket } = websocketOf(linked);
  websocket.removeAllListeners('close');
  websocket.removeAllListeners('error');
  websocket.terminate();
  const found = await page.becomes(outlet.id, 'DEGRADED');
  expect(found).toMatchObject({ previous: 'CONNECTED', status: { healthy: false } });
  await page.becomes(outlet.id, 'CONNECTED');
  await eventually('one connection is left', () => koneksi.liveConnections(outlet).length === 1);
});

test('a socket that is closing is not replaced before it told why', async () => {
  const { outlet, phone } = linked;
  const { baileys, websocket } = websocketOf(linked);
  // The reason arrives; the closing handshake that Baileys waits for does not.
  baileys.on('CB:stream:error', () => websocket.pause());
  phone.faults.end('replaced');
  const told = await page.next(
    outlet.id,
    'anything but CONNECTED',
    ({ status }) => status.session.status !== 'CONNECTED',
  );
  expect(told.status.reason?.code).toBe('REPLACED');
  await koneksi.connect(outlet.id);
  await page.becomes(outlet.id, 'CONNECTED');
});

test('a link that could not be set aside at its logout is, once the database takes it', async () => {
  const { outlet, phone } = await koneksi.linked(page);
  await sql(
    `CREATE FUNCTION refuse_aside() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$`,
    [],
  );
  await sql(
    `CREATE TRIGGER refuse_aside BEFORE UPDATE OF quarantined_at ON wa_credential FOR EACH ROW EXECUTE FUNCTION refuse_aside()`,
    [],
  );
  await koneksi.call('POST', `/outlets/${outlet.id}/logout`);
  await page.becomes(outlet.id, 'UNLINKED');
  await eventually('setting it aside failed', () =>
    koneksi.logged.some((line) => line.includes(`quarantine failed for outlet ${outlet.id}`)),
  );
  expect(await koneksi.credentials(outlet.id)).toMatchObject([{ quarantined_at: null }]);
  await sql('DROP TRIGGER refuse_aside ON wa_credential', []);
  await eventually('it is set aside', async () =>
    (await koneksi.credentials(outlet.id)).every((row) => row.quarantined_at !== null),
  );
  await eventually('nothing is owed', async () => {
    const owed = await sql('SELECT 1 FROM wa_farewell WHERE outlet_id = $1', [outlet.id]);
    return owed.length === 0;
  });
  expect(phone.devices).toHaveLength(0);
});
