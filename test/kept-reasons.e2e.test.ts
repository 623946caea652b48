import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Dashboard } from './support/dashboard.js';
import { ChildKoneksi } from './support/child-koneksi.js';
import { expectOk, Koneksi } from './support/koneksi.js';

let koneksi: Koneksi;
let page: Dashboard;

beforeAll(async () => {
  koneksi = await Koneksi.start();
  page = await koneksi.dashboard();
});

afterAll(() => koneksi.stop());

const press = async (outletId: string, verb: string): Promise<unknown> =>
  expectOk(await koneksi.call('POST', `/outlets/${outletId}/${verb}`));
const change = async (outletId: string, body: object): Promise<unknown> =>
  expectOk(await koneksi.call('PATCH', `/outlets/${outletId}`, { body }));

test('a refusal at a new link outlives a kill, a pause and settings, and goes with the number it was about', async () => {
  const { outlet, phone } = await koneksi.linked(page);
  phone.unlink();
  await page.becomes(outlet.id, 'REMOVED_BY_WHATSAPP');
  phone.demandsPasskey = true;
  await koneksi.connect(outlet.id);
  const linking = phone.scan(await page.qr(outlet.id));
  linking.catch(() => undefined);
  await page.becomes(outlet.id, 'PASSKEY_REQUIRED');
  for (const autoReconnect of [false, true]) await change(outlet.id, { autoReconnect });
  // The connection waits for the passkey all the same.
  expect((await koneksi.call('GET', `/outlets/${outlet.id}/passkey`)).status).toBe(200);
  await press(outlet.id, 'pause');
  await press(outlet.id, 'resume');
  expect((await koneksi.status(outlet.id)).reason?.code).toBe('PASSKEY_REQUIRED');

  await koneksi.pause();
  const child = await ChildKoneksi.start(koneksi.env);
  await child.ready();
  await child.kill();
  await koneksi.resume();
  page = await koneksi.dashboard();
  expect((await koneksi.status(outlet.id)).reason?.code).toBe('PASSKEY_REQUIRED');
  await change(outlet.id, { whatsappNumber: '6281299900077' });
  // What happened to the phone of the number before is nothing of this one's.
  expect((await koneksi.status(outlet.id)).reason?.code).toBe('UNLINKED');
  await change(outlet.id, { whatsappNumber: outlet.whatsappNumber });
  expect((await koneksi.status(outlet.id)).reason?.code).toBe('PASSKEY_REQUIRED');
  phone.demandsPasskey = false;
  await koneksi.connect(outlet.id);
  await phone.scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'CONNECTED');
  await press(outlet.id, 'logout');
  await page.becomes(outlet.id, 'UNLINKED');
});

test('rows from before tries were kept apart keep what they tell', async () => {
  const outlet = await koneksi.outlet();
  await koneksi.pause();
  const { dataSource } = koneksi.database;
  const ending = { code: 'BANNED', params: { detail: '406' }, at: 1, number: outlet.whatsappNumber, retryAt: null };
  await dataSource.query(
    `UPDATE wa_session SET status = 'FAILED', reason_code = 'BANNED', last_ending = $2, link_tries = NULL WHERE outlet_id = $1`,
    [outlet.id, JSON.stringify({ ...ending, link: 'none' })],
  );
  await koneksi.resume();
  page = await koneksi.dashboard();
  expect((await koneksi.status(outlet.id)).reason).toMatchObject({ code: 'BANNED', params: { detail: '406' } });
  await change(outlet.id, { whatsappNumber: '6281299900078' });
  expect((await koneksi.status(outlet.id)).reason?.code).toBe('NEVER_LINKED');
});
