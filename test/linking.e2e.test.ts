import type { ConnectAnswer, QrAnswer } from '@koneksi/contracts/outlets';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Dashboard } from './support/dashboard.js';
import { expectOk, Koneksi } from './support/koneksi.js';
import { eventually } from './support/eventually.js';

let koneksi: Koneksi;
let page: Dashboard;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  page = await koneksi.dashboard();
});

afterAll(() => koneksi.stop());

test('a pairing that died with its process begins anew with other keys: its phone may hold the first ones', async () => {
  const outlet = await koneksi.outlet();
  await koneksi.connect(outlet.id);
  const keysOf = (qr: string): string[] => qr.slice(qr.indexOf(',') + 1).split(',');
  const before = keysOf(await page.qr(outlet.id));
  await koneksi.pause();
  await koneksi.resume();
  page = await koneksi.dashboard();
  await koneksi.connect(outlet.id);
  const qr = await page.qr(outlet.id);
  for (const key of keysOf(qr).slice(0, 3)) expect(before).not.toContain(key);
  await koneksi.phoneOf(outlet).scan(qr);
  await page.becomes(outlet.id, 'CONNECTED');
});

test('an outlet is linked by the QR its page shows, and every page hears each step', async () => {
  const other = await koneksi.dashboard();
  const outlet = await koneksi.outlet({ name: 'Jakarta Store' });
  const created = await page.becomes(outlet.id, 'NEVER_LINKED');
  expect(created.status.outlet).toEqual({
    name: 'Jakarta Store',
    whatsappNumber: outlet.whatsappNumber,
    isActive: true,
    city: null,
    tags: [],
  });

  await koneksi.connect(outlet.id);
  const qr = await page.qr(outlet.id);
  const shown = await page.next(outlet.id, 'QR present', ({ status }) => status.session.qrCode === 'Present');
  expect(shown.status.reason?.code).toBe('PAIRING');
  expect(JSON.stringify(page.changes)).not.toContain(qr);
  const rest = await koneksi.call<QrAnswer>('GET', `/outlets/${outlet.id}/qr`);
  expect(rest.body.qr).toBe(qr);
  expect(rest.headers.get('cache-control')).toBe('no-store');
  expect(Date.parse(rest.body.expiresAt)).toBeGreaterThan(Date.now());

  await koneksi.phoneOf(outlet).scan(qr);
  const connected = await page.becomes(outlet.id, 'CONNECTED');
  expect(connected.previous).toBe('CONNECTING');
  expect(connected.status).toMatchObject({
    healthy: true,
    session: { status: 'CONNECTED', sessionName: 'Android', qrCode: null, autoReconnect: true, retryCount: 0 },
    liveStatus: { status: 'CONNECTED', qrCode: null, name: 'Android' },
    reason: null,
    nextRetryAt: null,
  });
  await other.becomes(outlet.id, 'CONNECTED');
  expect(other.told(outlet.id)).toEqual(page.told(outlet.id));
  expect(page.qrs.at(-1)).toEqual({ outletId: outlet.id, qr: null, expiresAt: null });
  expect((await koneksi.call('GET', `/outlets/${outlet.id}/qr`)).code).toBe('QR_NOT_SHOWN');

  const { criteria, healthy } = await koneksi.status(outlet.id);
  expect(criteria).toEqual({
    databaseConnected: true,
    liveConnected: true,
    websocketOpen: true,
    userPresent: true,
    autoReconnect: true,
  });
  expect(healthy).toBe(true);
  expect(await koneksi.credentials(outlet.id)).toEqual([
    expect.objectContaining({ linked_number: outlet.whatsappNumber, quarantined_at: null }),
  ]);
});

test('an outlet is linked by the code typed on its phone', async () => {
  const outlet = await koneksi.outlet();
  const answer = await koneksi.call<ConnectAnswer>('POST', `/outlets/${outlet.id}/connect`, {
    body: { method: 'pairing-code' },
  });
  expect(answer.status).toBe(202);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.body.pairingCode).toMatch(/^[A-Z0-9]{8}$/);
  await koneksi.phoneOf(outlet).enterCode(answer.body.pairingCode!);
  await page.becomes(outlet.id, 'CONNECTED');
  expect((await koneksi.status(outlet.id)).healthy).toBe(true);
});

test('a code asked for beside the QR links as well, and asking twice answers the same code', async () => {
  const outlet = await koneksi.outlet();
  await koneksi.connect(outlet.id);
  await page.qr(outlet.id);
  const ask = (): Promise<string | undefined> =>
    koneksi
      .call<ConnectAnswer>('POST', `/outlets/${outlet.id}/connect`, { body: { method: 'pairing-code' } })
      .then((answer) => expectOk(answer).pairingCode);
  const code = await ask();
  expect(await ask()).toBe(code);
  await koneksi.phoneOf(outlet).enterCode(code!);
  await page.becomes(outlet.id, 'CONNECTED');
});

test('a phone with another number is sent away: device removed, nothing kept, and the page names the number', async () => {
  const outlet = await koneksi.outlet();
  const stranger = koneksi.simulator.phone('628555000111', { name: 'Stranger' });
  await koneksi.connect(outlet.id);
  await stranger.scan(await page.qr(outlet.id));
  const { status } = await page.becomes(outlet.id, 'WRONG_NUMBER');
  expect(status.reason?.params).toEqual({ number: '628555000111' });
  expect(status.healthy).toBe(false);
  await eventually('the device is off the phone', () => stranger.devices.length === 0);
  await eventually('its credentials are set aside', async () =>
    (await koneksi.credentials(outlet.id)).every((row) => row.quarantined_at !== null),
  );

  await koneksi.connect(outlet.id);
  await koneksi.phoneOf(outlet).scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'CONNECTED');
});

test('a phone refused by WhatsApp during linking leaves the outlet linkable', async () => {
  const outlet = await koneksi.outlet();
  const phone = koneksi.phoneOf(outlet);
  await koneksi.connect(outlet.id);
  const qr = await page.qr(outlet.id);
  phone.setOnline(false);
  await expect(phone.scan(qr)).rejects.toMatchObject({ code: 'PHONE_OFFLINE' });
  phone.setOnline(true);
  await phone.scan(qr);
  await page.becomes(outlet.id, 'CONNECTED');
});

test('a link lost between the scan and the first login is finished by itself', async () => {
  const outlet = await koneksi.outlet();
  const phone = koneksi.phoneOf(outlet);
  phone.faults.endLogin('drop', { times: 1 });
  await koneksi.connect(outlet.id);
  await phone.scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'WHATSAPP_UNREACHABLE');
  await page.becomes(outlet.id, 'CONNECTED');
  expect(phone.devices).toHaveLength(1);
});

test('a link that ended while it could not be set aside is replaced when somebody asks for a new one', async () => {
  const { outlet, phone } = await koneksi.linked(page);
  const sql = (text: string): Promise<unknown> => koneksi.database.dataSource.query(text);
  await sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$`);
  await sql(
    'CREATE TRIGGER refuse BEFORE UPDATE OF quarantined_at ON wa_credential FOR EACH ROW EXECUTE FUNCTION refuse()',
  );
  phone.unlink();
  await page.becomes(outlet.id, 'REMOVED_BY_WHATSAPP');
  await eventually('setting it aside failed', () => koneksi.logged.some((line) => line.includes('quarantine failed')));
  await sql('DROP TRIGGER refuse ON wa_credential');
  await koneksi.connect(outlet.id);
  await phone.scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'CONNECTED');
});
