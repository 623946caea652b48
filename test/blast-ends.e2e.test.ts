import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BlastStatus } from '@koneksi/contracts/blast-states';
import type { ChangedRecipients } from '@koneksi/contracts/blast-recipients';
import type { BlastCreated } from '@koneksi/contracts/blast-requests';
import type { Outlet } from '@koneksi/contracts/outlets';
import { afterwards } from '../src/blast/domain/blast-moves.js';
import { addContacts, Blasts } from './support/blasts.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, PASSWORD, type LinkedOutlet } from './support/koneksi.js';
import { lockWaits } from './support/lock-waits.js';

const LATER = '2999-01-01T00:00:00Z';

let koneksi: Koneksi;
let blasts: Blasts;
let linked: LinkedOutlet;
let unlinked: Outlet;
let next = 3_000;

async function newContacts({ id }: Outlet, count: number): Promise<string[]> {
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const numbers = await addContacts(where, id, next, count);
  next += count;
  return numbers;
}
const sql = <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
  koneksi.database.dataSource.query<Row[]>(text, values);
const ended = (id: string): Promise<unknown> =>
  blasts.becomes(id, `blast ${id} is finished`, ({ status }) => status === 'finished');
/** A blast to one new contact of an outlet that is not connected; it waits for its time. */
async function scheduled(outlet: Outlet): Promise<{ id: string; numbers: string[] }> {
  const numbers = await newContacts(outlet, 1);
  const body = { outletIds: [outlet.id], message: 'Nanti', audience: { phones: numbers }, scheduledAt: LATER };
  return { id: await blasts.create(body), numbers };
}

beforeAll(async () => {
  koneksi = await Koneksi.start();
  blasts = new Blasts(koneksi);
  linked = await koneksi.linked(await koneksi.dashboard());
  unlinked = await koneksi.outlet();
});
afterAll(() => koneksi.stop());

const PLACES: [BlastStatus, begun: boolean][] = [
  ['scheduled', false],
  ['paused', false],
  ['running', true],
  ['paused', true],
  ['canceled', true],
  ['finished', true],
];
const verbs = (['start', 'pause', 'resume', 'cancel', 'retry'] as const).flatMap((verb) =>
  PLACES.map(([status, begun]) => ({ verb, status, begun })),
);

test.each(verbs)('$verb of one that is $status, begun: $begun, is answered as the table says', async (each) => {
  const { verb, status, begun } = each;
  const { id } = await scheduled(unlinked);
  await sql(`UPDATE blasts SET status = $2, started_at = CASE WHEN $3 THEN now() END WHERE id = $1`, [
    id,
    status,
    begun,
  ]);
  const after = afterwards({ status, begun, awaitsAdmin: false, purged: false, single: false, done: false }, verb);
  const { code } = await koneksi.call('POST', `/blasts/${id}/${verb}`);
  expect(code ?? (await blasts.find(id)).status).toBe(typeof after === 'object' ? after.refused : after);
});

test('resuming a blast whose last message arrived while it was paused ends it', async () => {
  const numbers = await newContacts(linked.outlet, 1);
  const id = await blasts.create({ outletIds: [linked.outlet.id], message: 'Halo', audience: { phones: numbers } });
  await blasts.delivered(id);
  await sql(`UPDATE blasts SET status = 'paused', finished_at = NULL WHERE id = $1`, [id]);
  await blasts.verb(id, 'resume');
  expect((await blasts.find(id)).status).toBe('finished');
});

test('a scheduled blast ends when everybody has opted out of it', async () => {
  const { id, numbers } = await scheduled(linked.outlet);
  const body = { phone: numbers[0], outletId: linked.outlet.id };
  expectOk(await koneksi.call('POST', '/opt-outs', { body }));
  await ended(id);
});

test('an ending that could not be written is written later', async () => {
  await sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$`);
  await sql(
    `CREATE TRIGGER refuse BEFORE UPDATE ON blasts FOR EACH ROW WHEN (NEW.status = 'finished') EXECUTE FUNCTION refuse()`,
  );
  const [number] = await newContacts(linked.outlet, 1);
  const id = await blasts.create({ outletIds: [linked.outlet.id], message: 'Gagal', audience: { phones: [number] } });
  await blasts.becomes(id, 'delivered', ({ counts }) => counts.delivered === 1);
  await eventually('it failed', () => koneksi.logged.some((line) => line.includes('not now')));
  await sql('DROP TRIGGER refuse ON blasts');
  await ended(id);
});

test('an ending that was lost with the process is written by the next one', async () => {
  const [number] = await newContacts(linked.outlet, 1);
  const id = await blasts.create({ outletIds: [linked.outlet.id], message: 'Mati', audience: { phones: [number] } });
  await blasts.delivered(id);
  await koneksi.pause();
  await sql(`UPDATE blasts SET status = 'running', finished_at = NULL WHERE id = $1`, [id]);
  await koneksi.resume();
  await ended(id);
});

test('what failed at an outlet that no longer exists is not queued again, and its blast stays changeable', async () => {
  const gone = await koneksi.outlet();
  const person = await koneksi.person('USER', [linked.outlet.id, gone.id]);
  const numbers = [...(await newContacts(linked.outlet, 1)), ...(await newContacts(gone, 1))];
  const outletIds = [linked.outlet.id, gone.id];
  const body = { outletIds, message: 'Nanti', audience: { phones: numbers }, scheduledAt: LATER };
  const { id } = expectOk(await koneksi.call<BlastCreated>('POST', '/blasts', { token: person.token, body }));
  await sql(`UPDATE blast_recipients SET status = 'failed' WHERE blast_id = $1 AND outlet_id = $2`, [id, gone.id]);
  await sql(`UPDATE blast_outlets SET queued = 0, failed = 1 WHERE blast_id = $1 AND outlet_id = $2`, [id, gone.id]);
  expectOk(await koneksi.call('DELETE', `/outlets/${gone.id}`));
  const token = await koneksi.signIn(person.user.email, PASSWORD);
  const answer = await koneksi.call<ChangedRecipients>('POST', `/blasts/${id}/retry`, { token });
  expect(expectOk(answer)).toEqual({ success: true, recipients: 0, outletGone: 1 });
  expectOk(await koneksi.call('POST', `/blasts/${id}/cancel`, { token }));
  expect((await blasts.find(id)).counts).toMatchObject({ failed: 1, queued: 0, skipped: 1 });
});

test('what waits at an outlet that vanished unnoticed is given up when its turn comes', async () => {
  const gone = await koneksi.outlet();
  const { id } = await scheduled(gone);
  await sql('DELETE FROM outlets WHERE id = $1', [gone.id]);
  await blasts.verb(id, 'start');
  await ended(id);
  expect((await blasts.find(id)).counts).toMatchObject({ queued: 0, skipped: 1 });
});

test('an outlet that is removed while a blast to it is being made keeps the blast from being made', async () => {
  const gone = await koneksi.outlet();
  const [number] = await newContacts(gone, 1);
  const holder = koneksi.database.dataSource.createQueryRunner();
  await holder.startTransaction();
  await holder.query('SET LOCAL idle_in_transaction_session_timeout = 0');
  await holder.query('LOCK TABLE blast_recipients IN SHARE MODE');
  const body = { outletIds: [gone.id], message: 'Nanti', audience: { phones: [number] }, scheduledAt: LATER };
  const making = koneksi.call('POST', '/blasts', { body });
  await eventually('its recipients wait', async () => (await lockWaits(koneksi.database.dataSource)) > 0);
  expectOk(await koneksi.call('DELETE', `/outlets/${gone.id}`));
  await holder.rollbackTransaction();
  await holder.release();
  expect((await making).code).toBe('OUTLET_NOT_FOUND');
});

test('a retry that was cut off between its two writes is taken up by the next', async () => {
  const numbers = await newContacts(linked.outlet, 2);
  const id = await blasts.create({ outletIds: [linked.outlet.id], message: 'Ulang', audience: { phones: numbers } });
  await blasts.delivered(id);
  await sql(`UPDATE blast_recipients SET status = 'failed', reason = 'REFUSED' WHERE blast_id = $1`, [id]);
  await sql('UPDATE blast_outlets SET failed = delivered + read, delivered = 0, read = 0 WHERE blast_id = $1', [id]);
  await sql(
    `CREATE TRIGGER refuse BEFORE UPDATE ON blasts FOR EACH ROW WHEN (NEW.status = 'running') EXECUTE FUNCTION refuse()`,
  );
  const cut = await koneksi.call('POST', `/blasts/${id}/retry`);
  await sql('DROP TRIGGER refuse ON blasts');
  expect(cut.status).toBeGreaterThanOrEqual(500);
  expect((await blasts.find(id)).counts.queued).toBe(2);
  await blasts.verb(id, 'retry');
  await blasts.becomes(id, 'nothing waits', ({ status, counts }) => status === 'finished' && counts.queued === 0);
});

test('a blast whose data key is damaged fails by itself, can be looked at, and holds up no other', async () => {
  const { id } = await scheduled(linked.outlet);
  await koneksi.pause();
  await sql(
    `UPDATE blasts SET wrapped_key = set_byte(wrapped_key, 20, 255 - get_byte(wrapped_key, 20)) WHERE id = $1`,
    [id],
  );
  await sql('UPDATE blasts SET scheduled_at = now() WHERE id = $1', [id]);
  await sql('UPDATE blast_outlets SET not_before = now() WHERE blast_id = $1', [id]);
  await koneksi.resume();
  const broken = await blasts.becomes(id, 'it has failed', ({ status }) => status === 'finished');
  expect(broken).toMatchObject({ message: '', counts: { failed: 1, queued: 0 } });
  expect((await blasts.recipients(id)).map(({ reason }) => reason)).toEqual(['UNREADABLE']);
  const numbers = await newContacts(linked.outlet, 1);
  await blasts.delivered(
    await blasts.create({ outletIds: [linked.outlet.id], message: 'Utuh', audience: { phones: numbers } }),
  );
});
