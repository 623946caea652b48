import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { LinkAuditAnswer } from '@koneksi/contracts/link-audit';
import type { OutletStatusDocument } from '@koneksi/contracts/outlet-status-schema';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { WatchQrAnswer } from '@koneksi/contracts/realtime';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Dashboard } from './support/dashboard.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';

const UNKNOWN = '99999999-9999-4999-8999-999999999999';

let koneksi: Koneksi;
let admin: Dashboard;
let own: LinkedOutlet;
let foreign: LinkedOutlet;
let userToken: string;
let keyToken: string;

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { RECONCILE_INTERVAL_MS: '500' } });
  admin = await koneksi.dashboard();
  own = await koneksi.linked(admin, { name: 'Own outlet' });
  foreign = await koneksi.linked(admin, { name: 'Foreign outlet' });
  userToken = (await koneksi.person('USER', [own.outlet.id])).token;
  await koneksi.person('USER', [foreign.outlet.id]);
  const body = { name: 'till', role: 'USER', outletIds: [own.outlet.id] };
  keyToken = expectOk(await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body })).key;
});

afterAll(() => koneksi.stop());

const callers = [
  ['a USER', () => userToken],
  ['an API key', () => keyToken],
] as const;

/** Everything a page was ever told, to search for what it must not hold. */
function heardBy(page: Dashboard): string {
  return JSON.stringify([page.snapshots, page.changes, page.removals, page.seen, page.qrs]);
}

describe.each(callers)('for %s another outlet does not exist', (_, token) => {
  test.each<[string, string, unknown]>([
    ['GET', '', undefined],
    ['PATCH', '', { name: 'Mine' }],
    ['DELETE', '', undefined],
    ['GET', '/status', undefined],
    ['GET', '/history', undefined],
    ['GET', '/qr', undefined],
    ['GET', '/link-audit', undefined],
    ['POST', '/connect', undefined],
    ['POST', '/connect', { method: 'pairing-code' }],
    ['POST', '/pause', undefined],
    ['POST', '/resume', undefined],
    ['POST', '/logout', undefined],
  ])('%s /outlets/:id%s answers as for an outlet there never was', async (method, path, body) => {
    const call = (id: string): Promise<{ status: number; body: { error: { requestId?: string } } }> =>
      koneksi.call(method, `/outlets/${id}${path}`, { token: token(), body });
    const [theirs, nobodys] = [await call(foreign.outlet.id), await call(UNKNOWN)];
    expect(theirs.status).toBe(404);
    const { requestId: _theirs, ...error } = theirs.body.error;
    const { requestId: _nobodys, ...same } = nobodys.body.error;
    expect(error).toEqual(same);
    expect(error).toMatchObject({ code: 'OUTLET_NOT_FOUND' });
    expect((await koneksi.status(foreign.outlet.id)).healthy).toBe(true);
  });

  test('lists hold their own alone', async () => {
    const list = expectOk(await koneksi.call<Outlet[]>('GET', '/outlets', { token: token() }));
    expect(list.map(({ id }) => id)).toEqual([own.outlet.id]);
    for (const [method, path] of [
      ['GET', '/outlets/status'],
      ['POST', '/outlets/status/refresh'],
    ] as const) {
      const document = expectOk(await koneksi.call<OutletStatusDocument>(method, path, { token: token() }));
      expect(document).toMatchObject({ count: 1, healthy: 1, statuses: [{ outletId: own.outlet.id }] });
    }
  });

  test('their own may be used, not changed', async () => {
    const { id } = own.outlet;
    expect((await koneksi.call('GET', `/outlets/${id}/history`, { token: token() })).status).toBe(200);
    expect((await koneksi.call('POST', `/outlets/${id}/connect`, { token: token() })).status).toBe(202);
    for (const [method, path, body] of [
      ['POST', '/logout', undefined],
      ['PATCH', '', { name: 'Mine' }],
      ['DELETE', '', undefined],
      ['GET', '/link-audit', undefined],
    ] as const) {
      expect(await koneksi.call(method, `/outlets/${id}${path}`, { token: token(), body })).toMatchObject({
        status: 403,
        code: 'FORBIDDEN',
      });
    }
    expect(own.phone.devices).toHaveLength(1);
    for (const path of ['/users', '/api-keys'])
      expect((await koneksi.call('GET', path, { token: token() })).status).toBe(403);
  });

  test('a socket hears nothing of another outlet, whatever happens to it', async () => {
    const page = await koneksi.dashboard(token());
    expect(page.snapshot.statuses.map(({ outletId }) => outletId)).toEqual([own.outlet.id]);
    const ask = page.socket.emitWithAck.bind(page.socket);
    const refused = { success: false, error: { code: 'OUTLET_NOT_FOUND' } };
    for (const outletId of [foreign.outlet.id, UNKNOWN]) {
      expect(await ask('outlet-qr:watch', { outletId })).toMatchObject(refused);
      expect(await ask('outlet-qr:unwatch', { outletId })).toMatchObject(refused);
    }

    const doomed = await koneksi.outlet({ name: 'Foreign and doomed' });
    await koneksi.connect(doomed.id);
    await admin.qr(doomed.id);
    await koneksi.call('DELETE', `/outlets/${doomed.id}`);
    await admin.removed(doomed.id);
    await koneksi.call('POST', `/outlets/${foreign.outlet.id}/pause`);
    await admin.becomes(foreign.outlet.id, 'PAUSED_BY');
    await koneksi.call('POST', `/outlets/${foreign.outlet.id}/resume`);
    await admin.becomes(foreign.outlet.id, 'CONNECTED');

    // Packets to one socket keep their order: what follows proves that nothing else is on its way.
    await page.rounds(2);
    own.phone.faults.end('restart');
    await page.losesLink(own.outlet.id);
    await page.becomes(own.outlet.id, 'CONNECTED');
    const replay = await ask('outlet-status:resume', { cursor: 0 });
    const everything = heardBy(page) + JSON.stringify(replay);
    for (const secret of [
      foreign.outlet.id,
      foreign.outlet.name,
      foreign.outlet.whatsappNumber,
      doomed.id,
      doomed.name,
    ]) {
      expect(everything).not.toContain(secret);
    }
    expect(everything).toContain(own.outlet.id);
    expect(heardBy(admin)).toContain(doomed.id);
    expect(page.qrs).toEqual([]);
    page.close();
  });

  test('a QR goes to those who watch it, and stops with unwatch', async () => {
    const page = await koneksi.dashboard(token());
    await koneksi.call('POST', `/outlets/${own.outlet.id}/logout`);
    await page.becomes(own.outlet.id, 'UNLINKED');
    await koneksi.connect(own.outlet.id);
    const qr = await page.qr(own.outlet.id);
    await page.socket.emitWithAck('outlet-qr:unwatch', { outletId: own.outlet.id });
    const heard = page.qrs.length;
    await own.phone.scan(qr);
    await page.becomes(own.outlet.id, 'CONNECTED');
    await admin.becomes(own.outlet.id, 'CONNECTED');
    expect(page.qrs).toHaveLength(heard);
    page.close();
  });
});

test('an ADMIN sees every outlet, new ones included, and no QR unasked', async () => {
  const { token } = await koneksi.person('ADMIN');
  const page = await koneksi.dashboard(token);
  expect(page.snapshot.statuses.map(({ outletId }) => outletId).toSorted()).toEqual(
    [own.outlet.id, foreign.outlet.id].toSorted(),
  );
  const outlet = await koneksi.outlet();
  await page.becomes(outlet.id, 'NEVER_LINKED');
  await koneksi.connect(outlet.id);
  await admin.qr(outlet.id);
  await page.next(outlet.id, 'QR present', ({ status }) => status.session.qrCode === 'Present');
  expect(page.qrs).toEqual([]);
});

describe('whoever is shown what links an outlet is on record before it is shown', () => {
  const onRecord = async (outletId: string): Promise<string[]> => {
    const path = `/outlets/${outletId}/link-audit`;
    const { entries } = expectOk(await koneksi.call<LinkAuditAnswer>('GET', path));
    return entries.map(({ code, by }) => `${by.kind} ${by.name}: ${code}`);
  };

  test('once in a pairing, however often they look; in the next one again', async () => {
    const outlet = await koneksi.outlet();
    const { user, token } = await koneksi.person('USER', [outlet.id]);
    const pages = [await koneksi.dashboard(token), await koneksi.dashboard(token)] as const;
    await admin.becomes(outlet.id, 'NEVER_LINKED');
    const shown = pages.map((page) => page.qr(outlet.id));
    expect(await onRecord(outlet.id)).toEqual([]);

    await koneksi.connect(outlet.id);
    const [qr] = await Promise.all(shown);
    expectOk(await koneksi.call('GET', `/outlets/${outlet.id}/qr`, { token }));
    expect(await onRecord(outlet.id)).toEqual([`user ${user.name}: qr`]);
    await koneksi.phoneOf(outlet).scan(qr!);
    await pages[0].becomes(outlet.id, 'CONNECTED');
    await koneksi.call('POST', `/outlets/${outlet.id}/logout`);
    await pages[0].becomes(outlet.id, 'UNLINKED');

    const body = { method: 'pairing-code' };
    expectOk(await koneksi.call('POST', `/outlets/${outlet.id}/connect`, { token, body }));
    await pages[1].qr(outlet.id);
    const again = [`user ${user.name}: pairing-code`, `user ${user.name}: qr`];
    expect((await onRecord(outlet.id)).toSorted()).toEqual([...again, `user ${user.name}: qr`]);
    const { entries } = expectOk(
      await koneksi.call<LinkAuditAnswer>('GET', `/outlets/${outlet.id}/link-audit?limit=1`),
    );
    expect(entries).toMatchObject([{ by: { id: user.id, kind: 'user', name: user.name } }]);
  });

  test('and is not shown it while that cannot be written', async () => {
    const { dataSource } = koneksi.database;
    await dataSource.query(`
      CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT ON link_audit FOR EACH STATEMENT EXECUTE FUNCTION full_disk()`);
    const outlet = await koneksi.outlet();
    const page = await koneksi.dashboard();
    await admin.becomes(outlet.id, 'NEVER_LINKED');
    const watch = (): Promise<WatchQrAnswer> => page.socket.emitWithAck('outlet-qr:watch', { outletId: outlet.id });
    expect(await watch()).toMatchObject({ success: true, qr: null });
    await koneksi.connect(outlet.id);
    await page.next(outlet.id, 'QR present', ({ status }) => status.session.qrCode === 'Present');
    expect(await koneksi.call('GET', `/outlets/${outlet.id}/qr`)).toMatchObject({ status: 503, code: 'STORE_DOWN' });
    expect(await watch()).toMatchObject({ success: false, error: { code: 'STORE_DOWN' } });
    expect(page.qrs.filter(({ qr }) => qr !== null)).toEqual([]);

    await dataSource.query('DROP TRIGGER full_disk ON link_audit');
    expect(await watch()).toEqual({
      success: true,
      outletId: outlet.id,
      qr: expect.any(String),
      expiresAt: expect.any(String),
    });
    expect(await onRecord(outlet.id)).toHaveLength(1);
  });
});
