import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Phone } from '@koneksi/whatsapp-simulator';
import { SessionRegistry } from '../src/wa-session/session-registry.js';
import { ChildKoneksi } from './support/child-koneksi.js';
import { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { Koneksi } from './support/koneksi.js';
import { lockWaits } from './support/lock-waits.js';

let koneksi: Koneksi;
let page: Dashboard;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  page = await koneksi.dashboard();
});

afterAll(() => koneksi.stop());

const press = (outletId: string, verb: string) => koneksi.call('POST', `/outlets/${outletId}/${verb}`);

/** WhatsApp hears nothing of this phone's devices until it does again. */
const deafTo = (phone: Phone) => phone.faults.unansweredIqs({ xmlns: 'md' });

/** Tries may be an hour apart by then; the next one is due. */
async function hearsAgain(phone: Phone, outletId: string): Promise<void> {
  phone.faults.clear();
  await eventually('the phone lists no device of old', async () => {
    await koneksi.database.dataSource.query('UPDATE wa_farewell SET next_try_at = now() WHERE outlet_id = $1', [
      outletId,
    ]);
    return (await owed(outletId)).length === 0;
  });
}

const owed = (outletId: string) =>
  koneksi.database.dataSource.query<{ creds: Buffer; tries: number }[]>(
    'SELECT creds, tries FROM wa_farewell WHERE outlet_id = $1',
    [outletId],
  );

test('logout of a paused outlet takes its device off the phone', async () => {
  const { outlet, phone } = await koneksi.linked(page);
  await press(outlet.id, 'pause');
  await page.becomes(outlet.id, 'PAUSED_BY');
  await press(outlet.id, 'logout');
  const told = await page.becomes(outlet.id, 'UNLINKED');
  await eventually('the device is off the phone', () => phone.devices.length === 0);
  await eventually('its socket is gone', () => koneksi.liveConnections(outlet).length === 0);
  expect(told.status.reason?.params).toEqual({});
  await eventually('its credentials are set aside', async () =>
    (await koneksi.credentials(outlet.id)).every((row) => row.quarantined_at),
  );
});

test('a logout that cannot reach WhatsApp ends, and says that the phone was not told', async () => {
  const { outlet, phone } = await koneksi.linked(page);
  await press(outlet.id, 'pause');
  await page.becomes(outlet.id, 'PAUSED_BY');
  koneksi.simulator.faults.refuseUpgrade(503, { times: 1 });
  await press(outlet.id, 'logout');
  const { status } = await page.next(
    outlet.id,
    'not told',
    ({ status: { reason } }) => reason?.params.detail === 'phone not told',
  );
  expect(status.reason).toMatchObject({ code: 'UNLINKED', action: expect.stringContaining('Perangkat tertaut') });
  expect(status.reason?.params).toEqual({ detail: 'phone not told', number: outlet.whatsappNumber });
  // It is owed, and taken as soon as WhatsApp can be told; then nobody need do anything on the phone.
  await eventually('the device is off the phone after all', () => phone.devices.length === 0);
  const { status: after } = await page.next(outlet.id, 'told', ({ status: { reason } }) => !reason?.params.detail);
  expect(after.reason?.code).toBe('UNLINKED');
  await koneksi.connect(outlet.id);
  await phone.scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'CONNECTED');
});

test('a removed outlet leaves its phone; out of the bin it says that it was linked, and is linked again', async () => {
  const { outlet, phone } = await koneksi.linked(page);
  const before = await koneksi.status(outlet.id);
  expect((await koneksi.call('DELETE', `/outlets/${outlet.id}`)).status).toBe(204);
  await eventually('the device is off the phone', () => phone.devices.length === 0);
  // At once, while what is left of it may still be on its way out.
  expect((await koneksi.call('POST', `/outlets/bin/${outlet.id}/restore`)).status).toBe(200);
  const { status } = await page.becomes(outlet.id, 'UNLINKED');
  expect(status.revision).toBeGreaterThan(before.revision);
  expect(await koneksi.status(outlet.id)).toMatchObject({ healthy: false, reason: { code: 'UNLINKED' } });
  await koneksi.connect(outlet.id);
  await phone.scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'CONNECTED');
  expect((await koneksi.status(outlet.id)).healthy).toBe(true);
});

test('an outlet that was never linked says so out of the bin, too', async () => {
  const outlet = await koneksi.outlet();
  await koneksi.call('DELETE', `/outlets/${outlet.id}`);
  await koneksi.call('POST', `/outlets/bin/${outlet.id}/restore`);
  const { reason, revision } = await eventually('told of', async () => {
    const found = await koneksi.status(outlet.id);
    return found.reason !== null && found;
  });
  expect(reason?.code).toBe('NEVER_LINKED');
  expect(revision).toBeGreaterThan(1);
});

test('an outlet that gets another number, and a QR for it, leaves the old phone', async () => {
  const { outlet, phone } = await koneksi.linked(page);
  await koneksi.call('PATCH', `/outlets/${outlet.id}`, { body: { whatsappNumber: '6281277700001' } });
  await page.becomes(outlet.id, 'WRONG_NUMBER');
  await koneksi.connect(outlet.id);
  await koneksi.simulator.phone('6281277700001', { name: 'New' }).scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'CONNECTED');
  await eventually('the old phone lists no device', () => phone.devices.length === 0);
  expect((await koneksi.status(outlet.id)).session.status).toBe('CONNECTED');
});

test('a stranger’s phone that could not be told is named, with what to remove there, until it was', async () => {
  const outlet = await koneksi.outlet();
  const stranger = koneksi.simulator.phone('628555000222', { name: 'Stranger' });
  deafTo(stranger);
  await koneksi.connect(outlet.id);
  await stranger.scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'WRONG_NUMBER');
  const untold = await page.next(
    outlet.id,
    'not told',
    ({ status: { reason } }) => reason?.params.detail !== undefined,
  );
  expect(untold.status.reason).toMatchObject({
    code: 'WRONG_NUMBER',
    action: expect.stringContaining('Hapus Koneksi dari Perangkat tertaut di HP +628555000222'),
  });
  // Who links meanwhile reads it as well, for as long as it is so.
  await koneksi.connect(outlet.id);
  await page.next(
    outlet.id,
    'told beside the QR',
    ({ status: { reason } }) => reason?.code === 'PAIRING' && reason.params.number === '628555000222',
  );
  await hearsAgain(stranger, outlet.id);
  expect(stranger.devices).toHaveLength(0);
  await page.next(outlet.id, 'told', ({ status: { reason } }) => reason?.params.detail === undefined);
});

const warnedOf = (outletId: string) =>
  eventually('warned', async () => {
    const { warnings } = await koneksi.status(outletId);
    return warnings.length > 0 && warnings;
  });

const removal = (number: string) => expect.stringContaining(`Hapus Koneksi dari Perangkat tertaut di HP +${number}`);

test('a kill before WhatsApp answered does not take the removal off what is told of a stranger’s phone', async () => {
  const outlet = await koneksi.outlet();
  await koneksi.pause();
  const child = await ChildKoneksi.start(koneksi.env);
  await child.ready();
  const token = await child.signIn();
  const watching = await Dashboard.open(child.url, token);
  const stranger = koneksi.simulator.phone('628555000333', { name: 'Stranger' });
  deafTo(stranger);
  await child.call('POST', `/outlets/${outlet.id}/connect`, token);
  await stranger.scan(await watching.qr(outlet.id));
  const { status } = await watching.becomes(outlet.id, 'WRONG_NUMBER');
  expect(status.reason?.params).toEqual({ number: '628555000333' });
  await eventually('the leave is owed', async () => (await koneksi.credentials(outlet.id))[0]?.quarantined_at);
  await child.kill();
  watching.close();
  // Nobody has to try again to know.
  await koneksi.database.dataSource.query(`UPDATE wa_farewell SET next_try_at = 'infinity' WHERE outlet_id = $1`, [
    outlet.id,
  ]);
  await koneksi.resume();
  page = await koneksi.dashboard();
  await eventually('told', async () => (await koneksi.status(outlet.id)).reason?.params.detail);
  expect((await koneksi.status(outlet.id)).reason).toMatchObject({
    code: 'WRONG_NUMBER',
    action: removal('628555000333'),
  });
  expect(await owed(outlet.id)).toMatchObject([{ tries: 0 }]);
  await hearsAgain(stranger, outlet.id);
  await eventually('told', async () => (await koneksi.status(outlet.id)).reason?.params.detail === undefined);
  expect(stranger.devices).toHaveLength(0);
});

test('a person who goes on after a stranger scanned waits for nobody', async () => {
  const outlet = await koneksi.outlet();
  const stranger = koneksi.simulator.phone('628555000444', { name: 'Stranger' });
  deafTo(stranger);
  await koneksi.connect(outlet.id);
  await stranger.scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'WRONG_NUMBER');
  await koneksi.connect(outlet.id);
  await koneksi.phoneOf(outlet).scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'CONNECTED');
  // The stranger's phone has not been answered yet, and is told of beside the link that works.
  expect(stranger.devices).toHaveLength(1);
  const warned = await warnedOf(outlet.id);
  expect(warned).toMatchObject([{ code: 'PHONE_NOT_TOLD', number: '628555000444', action: removal('628555000444') }]);
  expect((await koneksi.status(outlet.id)).session.status).toBe('CONNECTED');
  await hearsAgain(stranger, outlet.id);
  await eventually('nobody is warned', async () => (await koneksi.status(outlet.id)).warnings.length === 0);
  expect(stranger.devices).toHaveLength(0);
});

test('Koneksikan right after a logout that WhatsApp did not hear: both links are told of until they are gone', async () => {
  const { outlet, phone } = await koneksi.linked(page);
  deafTo(phone);
  await press(outlet.id, 'logout');
  await koneksi.connect(outlet.id);
  const qr = await page.qr(outlet.id);
  const { status } = await page.next(
    outlet.id,
    'told beside the QR',
    ({ status: { reason } }) => reason?.code === 'PAIRING' && reason.params.detail === 'phone not told',
  );
  expect(status.reason?.action).toEqual(removal(outlet.whatsappNumber));
  await phone.scan(qr);
  await page.becomes(outlet.id, 'CONNECTED');
  expect(await warnedOf(outlet.id)).toMatchObject([{ code: 'PHONE_NOT_TOLD', action: removal(outlet.whatsappNumber) }]);
  // The second link ends in the same way; that one of the two is gone is no news of the other.
  await press(outlet.id, 'logout');
  await koneksi.connect(outlet.id);
  await eventually('both are owed', async () => (await owed(outlet.id)).length === 2);
  expect(phone.devices).toHaveLength(2);
  await hearsAgain(phone, outlet.id);
  expect(phone.devices).toHaveLength(0);
  await eventually('nothing is left to do on the phone', async () => {
    const { reason, warnings } = await koneksi.status(outlet.id);
    return reason?.params.detail === undefined && warnings.length === 0;
  });
});

test('what is over a day old is told on without its credentials, and forgotten after thirty', async () => {
  const { outlet, phone } = await koneksi.linked(page);
  deafTo(phone);
  await press(outlet.id, 'logout');
  await page.next(outlet.id, 'not told', ({ status: { reason } }) => reason?.params.detail === 'phone not told');
  // The page is told beside the write of what is owed, not after it.
  await eventually('the leave is owed', async () => (await owed(outlet.id)).length === 1);
  const age = (days: number) =>
    koneksi.database.dataSource.query(
      `UPDATE wa_farewell SET owed_at = now() - make_interval(days => $2) WHERE outlet_id = $1`,
      [outlet.id, days],
    );
  await age(2);
  await eventually('its credentials are gone', async () => (await owed(outlet.id))[0]?.creds.length === 0);
  await koneksi.pause();
  await koneksi.resume();
  page = await koneksi.dashboard();
  await eventually('told', async () => (await koneksi.status(outlet.id)).reason?.params.detail === 'phone not told');
  await age(31);
  await eventually('forgotten', async () => (await koneksi.status(outlet.id)).reason?.params.detail === undefined);
  expect((await koneksi.status(outlet.id)).reason?.code).toBe('UNLINKED');
});

test('a logout is carried out at the next start, whatever was wanted before its credentials were set aside', async () => {
  const { outlet, phone } = await koneksi.linked(page);
  const { dataSource } = koneksi.database;
  const [link] = await dataSource.query<{ id: string }[]>('SELECT id FROM wa_credential WHERE outlet_id = $1', [
    outlet.id,
  ]);
  // As if the process was killed right before it.
  await dataSource.query(`
    CREATE FUNCTION killed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'killed'; END $$;
    CREATE TRIGGER killed BEFORE UPDATE OF quarantined_at ON wa_credential FOR EACH ROW EXECUTE FUNCTION killed()`);
  deafTo(phone);
  await press(outlet.id, 'logout');
  await press(outlet.id, 'pause');
  expect(await koneksi.sessionRow(outlet.id)).toMatchObject({ status: 'PAUSED', leaving: link!.id });
  await koneksi.pause();
  await dataSource.query('DROP TRIGGER killed ON wa_credential; DROP FUNCTION killed');
  expect(await koneksi.credentials(outlet.id)).toMatchObject([{ quarantined_at: null }]);
  await koneksi.resume();
  page = await koneksi.dashboard();
  expect((await koneksi.status(outlet.id)).session.status).toBe('PAUSED');
  await eventually('it is owed', async () => (await owed(outlet.id)).length === 1);
  await press(outlet.id, 'resume');
  expect((await koneksi.status(outlet.id)).reason?.code).toBe('UNLINKED');
  await eventually('nothing is left of it', async () => (await koneksi.sessionRow(outlet.id))?.leaving === null);
  await hearsAgain(phone, outlet.id);
  expect(phone.devices).toHaveLength(0);
});

test('an outlet that is removed while WhatsApp is away leaves its phone once it is back, also after a restart', async () => {
  const { outlet, phone } = await koneksi.linked(page);
  await press(outlet.id, 'pause');
  await page.becomes(outlet.id, 'PAUSED_BY');
  await koneksi.simulator.faults.refuseConnections();
  expect((await koneksi.call('DELETE', `/outlets/${outlet.id}`)).status).toBe(204);
  expect(phone.devices).toHaveLength(1);
  await koneksi.pause();
  await koneksi.simulator.faults.acceptConnections();
  await koneksi.resume();
  page = await koneksi.dashboard();
  await eventually('the phone lists no device', () => phone.devices.length === 0);
});

test('a removed outlet whose socket is dead keeps nobody waiting', async () => {
  const dead = [await koneksi.linked(page), await koneksi.linked(page)];
  const live = await koneksi.linked(page);
  for (const { phone } of dead) phone.faults.freeze('silent');
  // Theirs is waited for until the others are done, however slow those are.
  const registry = koneksi.app.app.get(SessionRegistry, { strict: false });
  const leave = registry.takeLeave.bind(registry);
  const others = Promise.withResolvers<void>();
  const leaving = jest.spyOn(registry, 'takeLeave').mockImplementation(async (id) => {
    await leave(id);
    if (dead.some(({ outlet }) => outlet.id === id)) await others.promise;
  });
  let left = dead.length;
  const removals = dead.map(async ({ outlet }) => {
    await koneksi.call('DELETE', `/outlets/${outlet.id}`);
    left--;
  });
  expect((await koneksi.call('DELETE', `/outlets/${live.outlet.id}`)).status).toBe(204);
  await eventually('the device is off the phone', () => live.phone.devices.length === 0);
  const next = await koneksi.outlet();
  await koneksi.connect(next.id);
  await page.qr(next.id);
  expect(left).toBe(dead.length);
  others.resolve();
  await Promise.all(removals);
  expect(leaving).toHaveBeenCalledTimes(3);
  leaving.mockRestore();
  for (const { outlet } of [...dead, live]) await page.removed(outlet.id);
});

test('removing a paused outlet takes its device off the phone', async () => {
  const { outlet, phone } = await koneksi.linked(page);
  await press(outlet.id, 'pause');
  await page.becomes(outlet.id, 'PAUSED_BY');
  expect((await koneksi.call('DELETE', `/outlets/${outlet.id}`)).status).toBe(204);
  // Within a few seconds, or as what is owed.
  await eventually('the device is off the phone', () => phone.devices.length === 0);
});

test('a removal is answered and told once PostgreSQL takes it, and not before', async () => {
  const { outlet } = await koneksi.linked(page);
  const { dataSource } = koneksi.database;
  const lock = dataSource.createQueryRunner();
  await lock.query('BEGIN');
  await lock.query('LOCK TABLE outlet_status_change IN ACCESS EXCLUSIVE MODE');
  let answered = false;
  const removal = koneksi.call('DELETE', `/outlets/${outlet.id}`).finally(() => (answered = true));
  await eventually('the removal waits', async () => (await lockWaits(dataSource)) > 0);
  expect(answered).toBe(false);
  await lock.query('ROLLBACK');
  await lock.release();
  expect((await removal).status).toBe(204);
  await page.removed(outlet.id);
  const fresh = await koneksi.dashboard();
  expect(fresh.snapshot.statuses.some(({ outletId }) => outletId === outlet.id)).toBe(false);
});

test('removing an outlet in the middle of a change takes its device along, and blames no other process', async () => {
  const linked = await Promise.all(Array.from({ length: 6 }, () => koneksi.linked(page)));
  await Promise.all(
    linked.flatMap(({ outlet }) => [
      koneksi.call('DELETE', `/outlets/${outlet.id}`),
      koneksi.call('PATCH', `/outlets/${outlet.id}`, { body: { name: `${outlet.name} anew` } }),
    ]),
  );
  for (const { phone } of linked) await eventually('the device is off', () => phone.devices.length === 0);
  expect(koneksi.logged.join('')).not.toContain('claimed by another process');
});

test('a pause outlives being deactivated and activated', async () => {
  const { outlet } = await koneksi.linked(page);
  await press(outlet.id, 'pause');
  await page.becomes(outlet.id, 'PAUSED_BY');
  for (const isActive of [false, true]) {
    await koneksi.call('PATCH', `/outlets/${outlet.id}`, { body: { isActive } });
    await page.next(outlet.id, 'told', ({ status }) => status.outlet.isActive === isActive);
    expect((await koneksi.status(outlet.id)).session.status).toBe('PAUSED');
  }
  await eventually('its socket is gone', () => koneksi.liveConnections(outlet).length === 0);
});

test('a name that PostgreSQL cannot hold does not keep an outlet from being told', async () => {
  const outlet = await koneksi.outlet();
  const phone = koneksi.simulator.phone(outlet.whatsappNumber, { name: 'Kopi\u0000 \ud800Satu', business: true });
  await koneksi.connect(outlet.id);
  await phone.scan(await page.qr(outlet.id));
  const { status } = await page.becomes(outlet.id, 'CONNECTED');
  expect(status.session.sessionName).toMatch(/^Kopi {1,2}.?Satu$/u);
});

test.each(['9999999999999', '300000000000', '1e300'])('a ban of %s seconds is told', async (expire) => {
  const { outlet, phone } = await koneksi.linked(page);
  phone.faults.refuseLogin({ reason: '402', attrs: { code: '101', expire } });
  phone.faults.end('drop');
  const { status } = await page.becomes(outlet.id, 'RESTRICTED');
  expect(Date.parse(status.reason!.params.until!)).toBeLessThan(Date.now() + 4_000 * 86_400_000);
});
