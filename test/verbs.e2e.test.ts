import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { StatusHistoryAnswer } from '@koneksi/contracts/outlet-status-schema';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';
import { seeded } from './support/seeded.js';

let koneksi: Koneksi;
let page: Dashboard;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  page = await koneksi.dashboard();
});

afterAll(() => koneksi.stop());

const press = (outletId: string, verb: string, body?: unknown): Promise<{ status: number; code: string | undefined }> =>
  koneksi.call('POST', `/outlets/${outletId}/${verb}`, { body });

/** The most logins of this account that were open at a time, until stopped. */
function countLogins({ outlet }: LinkedOutlet): { most(): number; stop(): void } {
  const open = new Set<number>();
  let most = koneksi.liveConnections(outlet).length;
  for (const id of koneksi.liveConnections(outlet)) open.add(id);
  const offs = [
    koneksi.simulator.on('login', ({ connection, number }) => {
      if (number !== outlet.whatsappNumber) return;
      open.add(connection);
      most = Math.max(most, open.size);
    }),
    koneksi.simulator.on('disconnected', ({ connection }) => open.delete(connection)),
  ];
  return { most: () => most, stop: () => offs.forEach((off) => off()) };
}

describe('whatever is pressed at once, there is one socket', () => {
  test.each([1, 2, 3])('a hundred presses in random order, seed %d', async (seed) => {
    const linked = await koneksi.linked(page);
    const { id } = linked.outlet;
    const random = seeded(seed);
    const logins = countLogins(linked);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => press(id, ['connect', 'pause', 'resume'][Math.floor(random() * 3)]!)),
    );
    for (const { status, code } of answers)
      expect([status, code]).toEqual(status === 409 ? [409, 'OUTLET_PAUSED'] : [202, undefined]);
    expect(await press(id, 'resume')).toMatchObject({ status: 202 });
    await eventually('the outlet is healthy again', async () => (await koneksi.status(id)).healthy);
    expect(logins.most()).toBe(1);
    await eventually('one socket is left', () => koneksi.liveConnections(linked.outlet).length === 1);
    expect(page.told(id).filter((told) => /REPLACED|LOGGED_OUT|REMOVED/.test(told))).toEqual([]);
    logins.stop();
  });

  test('a hundred presses while it is being linked show one QR and link once', async () => {
    const outlet = await koneksi.outlet();
    const registering: number[] = [];
    const off = koneksi.simulator.on('registering', ({ connection }) => registering.push(connection));
    await Promise.all(Array.from({ length: 100 }, () => press(outlet.id, 'connect')));
    const phone = koneksi.phoneOf(outlet);
    await phone.scan(await page.qr(outlet.id));
    await page.becomes(outlet.id, 'CONNECTED');
    off();
    expect(registering).toHaveLength(1);
    expect(phone.devices).toHaveLength(1);
  });
});

test('history names who pressed, by name and kind, and nobody behind what happened by itself', async () => {
  const linked = await koneksi.linked(page);
  const { id } = linked.outlet;
  const made = await koneksi.call<{ key: string }>('POST', '/api-keys', {
    body: { name: 'Kasir Pusat', outletIds: [id] },
  });
  const { key } = expectOk(made);
  const { user, token } = await koneksi.person('USER', [id]);
  const pressAs = async (who: string, verb: string): Promise<void> => {
    expect(await koneksi.call('POST', `/outlets/${id}/${verb}`, { body: {}, token: who })).toMatchObject({
      status: 202,
    });
  };
  await pressAs(key, 'pause');
  await page.becomes(id, 'PAUSED_BY');
  await pressAs(token, 'resume');
  await page.becomes(id, 'CONNECTED');
  // It is there already: the drop that follows is nobody's doing.
  await pressAs(token, 'connect');
  expect(linked.phone.faults.end('drop')).toBe(1);
  await page.losesLink(id);
  await page.becomes(id, 'CONNECTED');
  linked.phone.unlink();
  await page.becomes(id, 'REMOVED_BY_WHATSAPP');
  await pressAs(token, 'connect');
  await page.becomes(id, 'PAIRING');
  const { entries } = expectOk(await koneksi.call<StatusHistoryAnswer>('GET', `/outlets/${id}/history`));
  const told = entries.map(
    ({ status, pressed }) => pressed && `${status} ${pressed.act} ${pressed.kind} ${pressed.name}`,
  );
  const names = told.filter((line) => line !== null).slice(0, 3);
  expect(names).toEqual([
    `CONNECTING connect user ${user.name}`,
    `CONNECTING resume user ${user.name}`,
    'PAUSED pause api-key Kasir Pusat',
  ]);
  expect(entries.find(({ reason }) => reason?.code === 'REMOVED_BY_WHATSAPP')!.pressed).toBeNull();
});

describe('every verb may be pressed twice', () => {
  test('connect, pause and resume change nothing the second time', async () => {
    const { outlet } = await koneksi.linked(page);
    const settled = async (): Promise<number> => (await koneksi.status(outlet.id)).revision;
    const online = await settled();
    await press(outlet.id, 'connect');
    await press(outlet.id, 'resume');
    expect(await settled()).toBe(online);
    await press(outlet.id, 'pause');
    const paused = await page.becomes(outlet.id, 'PAUSED_BY');
    expect(paused.status.reason?.params).toEqual({ by: expect.any(String), at: expect.any(String) });
    await press(outlet.id, 'pause');
    expect(await settled()).toBe(paused.status.revision);
    await press(outlet.id, 'resume');
    await page.becomes(outlet.id, 'CONNECTED');
  });

  test('a pause keeps the link, and outlives a restart', async () => {
    const { outlet, phone } = await koneksi.linked(page);
    await press(outlet.id, 'pause');
    const { status } = await page.becomes(outlet.id, 'PAUSED_BY');
    await koneksi.pause();
    await koneksi.resume();
    page = await koneksi.dashboard();
    expect((await koneksi.status(outlet.id)).reason).toEqual(status.reason);
    expect(koneksi.liveConnections(outlet)).toEqual([]);
    expect(phone.devices).toHaveLength(1);
    await press(outlet.id, 'resume');
    await page.becomes(outlet.id, 'CONNECTED');
  });

  test('logout takes the device off the phone and the credentials away', async () => {
    const { outlet, phone } = await koneksi.linked(page);
    await press(outlet.id, 'logout');
    await page.becomes(outlet.id, 'UNLINKED');
    await eventually('the device is off the phone', () => phone.devices.length === 0);
    await eventually('the credentials are set aside', async () =>
      (await koneksi.credentials(outlet.id)).every((row) => row.quarantined_at),
    );
    await press(outlet.id, 'logout');
    await eventually('its socket is closed', () => koneksi.liveConnections(outlet).length === 0);
    await press(outlet.id, 'connect');
    await phone.scan(await page.qr(outlet.id));
    await page.becomes(outlet.id, 'CONNECTED');
  });

  test('removing an outlet takes its device off the phone', async () => {
    const { outlet, phone } = await koneksi.linked(page);
    await koneksi.call('DELETE', `/outlets/${outlet.id}`);
    await page.removed(outlet.id);
    await eventually('the device is off the phone', () => phone.devices.length === 0);
    expect(await koneksi.credentials(outlet.id)).toEqual([]);
  });
});

test('an outlet inserted by SQL can be paused, resumed and connected before any reconciler saw it', async () => {
  for (const [index, verb] of ['pause', 'resume', 'connect'].entries()) {
    const id = randomUUID();
    await koneksi.database.dataSource.query('INSERT INTO outlets (id, name, whatsapp_number) VALUES ($1, $2, $3)', [
      id,
      `By hand ${index}`,
      `628139999990${index}`,
    ]);
    expect((await press(id, verb)).status).toBe(202);
    await page.next(id, 'told', () => true);
  }
});

describe('a verb that makes no sense is refused by its code', () => {
  test('connect on a paused outlet', async () => {
    const outlet = await koneksi.outlet();
    await press(outlet.id, 'pause');
    for (const body of [undefined, { method: 'pairing-code' }]) {
      expect(await press(outlet.id, 'connect', body)).toMatchObject({ status: 409, code: 'OUTLET_PAUSED' });
    }
  });

  test('connect on a deactivated outlet', async () => {
    const outlet = await koneksi.outlet({ isActive: false });
    for (const body of [undefined, { method: 'pairing-code' }]) {
      expect(await press(outlet.id, 'connect', body)).toMatchObject({ status: 409, code: 'OUTLET_INACTIVE' });
    }
  });

  test('a pairing code for an outlet that is linked', async () => {
    const { outlet } = await koneksi.linked(page);
    expect(await press(outlet.id, 'connect', { method: 'pairing-code' })).toMatchObject({
      status: 409,
      code: 'ALREADY_LINKED',
    });
    expect((await koneksi.status(outlet.id)).healthy).toBe(true);
  });

  test('a method nobody knows', async () => {
    const outlet = await koneksi.outlet();
    expect(await press(outlet.id, 'connect', { method: 'carrier-pigeon' })).toMatchObject({
      status: 400,
      code: 'VALIDATION_FAILED',
    });
  });
});
