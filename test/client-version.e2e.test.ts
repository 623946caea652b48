import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientVersionAnswer } from '@koneksi/contracts/client-version';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { ConnectGate } from '../src/wa-session/connect-gate.js';
import { WaVersion } from '../src/wa-session/whatsapp/wa-version.js';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, PHONE } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, SUPERADMIN } from './support/koneksi.js';

let koneksi: Koneksi;
let site: Server;
/** What the site's script says; `null` answers with an error. */
let revision: string | null = '1999999999';
let asked = 0;

beforeAll(async () => {
  site = createServer((_, response) => {
    asked++;
    if (revision === null) response.writeHead(503).end();
    else response.end(`self.x={\\"client_revision\\":${revision},"y":1}`);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  koneksi = await Koneksi.start({ env: { WA_VERSION_URL: `http://127.0.0.1:${port}/sw.js` } });
});

afterAll(async () => {
  await koneksi.stop();
  site.closeAllConnections();
  site.close();
});

const shown = async (): Promise<ClientVersionAnswer> =>
  expectOk(await koneksi.call<ClientVersionAnswer>('GET', '/client-version'));

test('the version that WhatsApp’s site tells is shown, and used by who links', async () => {
  await eventually('the site was asked', async () => (await shown()).source === 'whatsapp');
  expect(await shown()).toMatchObject({ version: '2.3000.1999999999', confirmedAt: expect.any(String) });
  expect(Date.now() - Date.parse((await shown()).confirmedAt!)).toBeLessThan(60_000);
  const page = await koneksi.dashboard();
  const outlet = await koneksi.outlet();
  const phone = koneksi.phoneOf(outlet);
  // Anything older would be refused on the phone, and we would hear nothing.
  phone.faults.refuseLinking({ untilVersion: [2, 3000, 1999999999] });
  await koneksi.connect(outlet.id);
  await phone.scan(await page.qr(outlet.id));
  await page.becomes(outlet.id, 'CONNECTED');
});

test('an older one does not take it back, and where the site is away the kept one is used', async () => {
  revision = '1000000000';
  await koneksi.pause();
  const before = asked;
  await koneksi.resume();
  await eventually('the site was asked', () => asked > before);
  expect(await shown()).toMatchObject({ version: '2.3000.1999999999', source: 'whatsapp' });
  expect(await shown()).toMatchObject({ askedAt: expect.any(String), askFailed: false, old: false });
  revision = null;
  await koneksi.pause();
  await koneksi.resume();
  await eventually('the site was asked in vain', async () => (await shown()).askFailed);
  expect(await shown()).toMatchObject({ version: '2.3000.1999999999', source: 'whatsapp', old: false });
});

test('an admin asks now, and not more often than helps; nobody else may', async () => {
  const ask = (token?: string) =>
    koneksi.call<ClientVersionAnswer>('POST', '/client-version/refresh', token === undefined ? {} : { token });
  await koneksi.pause();
  revision = null;
  await koneksi.resume();
  await eventually('the site was asked in vain', async () => (await shown()).askFailed);
  revision = '1999999999';
  const before = asked;
  const began = performance.now();
  for (let times = 0; times < 20; times++) expect(expectOk(await ask())).toMatchObject({ asks: true });
  const admin = await koneksi.person('ADMIN');
  await eventually('it is asked again', async () => !expectOk(await ask(admin.token)).askFailed);
  expect(await shown()).toMatchObject({ version: '2.3000.1999999999', askFailed: false, old: false });
  // Once in five seconds at most, however often and by whomever.
  expect(asked - before).toBeLessThanOrEqual(1 + (performance.now() - began) / 5_000);
  const staff = await koneksi.person('USER');
  expect((await ask(staff.token)).status).toBe(403);
});

test('admins see version, age and source on a page of theirs, and ask from there', async () => {
  const browser = await launchBrowser();
  try {
    const { page, faults } = await openPage(browser);
    await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
    await page.getByTestId('user-menu').click();
    await page.getByTestId('system-link').click();
    await page.getByTestId('version').filter({ hasText: '2.3000.1999999999' }).waitFor();
    await page.locator('[data-testid=version-source][data-source=whatsapp]').waitFor();
    await page.getByTestId('version-confirmed').locator('time').waitFor();
    await page.locator('[data-testid=version-verdict][data-old=false]').waitFor();
    revision = '1999999998';
    const before = asked;
    await eventually('it can be asked from the page', async () => {
      await page.getByTestId('ask-version').click();
      await page.locator('[data-testid=client-version][aria-busy=false]').waitFor();
      return asked > before;
    });
    expect(await accessFaultsInBothThemes(page)).toEqual([]);
    await page.setViewportSize(PHONE);
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    expect(faults).toEqual([]);
  } finally {
    await browser.close();
  }
});

test('outlets that were refused for an old version come back as soon as a newer one is known', async () => {
  const page = await koneksi.dashboard();
  const { outlet, phone } = await koneksi.linked(page);
  phone.faults.refuseLogin({ reason: '405', untilVersion: [2, 3000, 1_999_999_999 + 1] });
  phone.faults.end('drop');
  await page.becomes(outlet.id, 'OUTDATED');
  revision = '2000000000';
  await eventually('the newer one is known', async () => {
    const answer = await koneksi.call<ClientVersionAnswer>('POST', '/client-version/refresh');
    return expectOk(answer).version === '2.3000.2000000000';
  });
  await page.becomes(outlet.id, 'CONNECTED');
});

test('one that nobody confirmed for long is told of every outlet, until the site tells one', async () => {
  revision = null;
  await koneksi.pause();
  await koneksi.database.dataSource.query(`UPDATE wa_client_version SET told_at = told_at - interval '3650 days'`);
  await koneksi.resume();
  await eventually('the site was asked in vain', async () => (await shown()).askFailed);
  const outlet = await koneksi.outlet();
  expect(await shown()).toMatchObject({ old: true });
  const warned = (await koneksi.status(outlet.id)).warnings;
  expect(warned).toMatchObject([{ code: 'CLIENT_OLD', message: expect.stringContaining('terakhir dipastikan') }]);
  revision = '2000000000';
  const page = await koneksi.dashboard();
  await koneksi.connect(outlet.id);
  await page.next(outlet.id, 'confirmed again', ({ status: { warnings } }) => warnings.length === 0);
  expect(await shown()).toMatchObject({ askFailed: false, old: false });
});

test('who waits for the site holds no place that others could connect in', async () => {
  const [gate, version] = [koneksi.app.app.get(ConnectGate), koneksi.app.app.get(WaVersion)];
  const places = jest.spyOn(gate, 'acquire');
  let answer: () => void = () => undefined;
  const waiting = jest
    .spyOn(version, 'forLinking')
    .mockImplementationOnce(() => new Promise<void>((resolve) => (answer = resolve)));
  const page = await koneksi.dashboard();
  const [first, second] = [await koneksi.outlet(), await koneksi.outlet()];
  await koneksi.connect(first.id);
  await eventually('it waits', () => waiting.mock.calls.length === 1);
  await koneksi.connect(second.id);
  expect(await page.qr(second.id)).toBeTruthy();
  // Those of the tests before may still be on their way back.
  const ofThese = places.mock.calls.filter(([{ outletId }]) => [first.id, second.id].includes(outletId));
  expect(ofThese.map(([{ outletId }]) => outletId)).toEqual([second.id]);
  answer();
  expect(await page.qr(first.id)).toBeTruthy();
  for (const spy of [places, waiting]) spy.mockRestore();
});

test('a pinned one counts, and nobody is asked', async () => {
  const unscanned = await koneksi.outlet();
  await koneksi.pause();
  const ranOut = { method: 'qr', number: unscanned.whatsappNumber };
  await koneksi.database.dataSource.query('UPDATE wa_session SET link_tries = $2 WHERE outlet_id = $1', [
    unscanned.id,
    JSON.stringify({ refusal: null, ranOut, codeLimit: null }),
  ]);
  const before = asked;
  await koneksi.resume({ WA_VERSION: '2.3000.1500000000' });
  expect(await shown()).toMatchObject({ version: '2.3000.1500000000', source: 'pinned', asks: false });
  expect(expectOk(await koneksi.call('POST', '/client-version/refresh'))).toMatchObject({ source: 'pinned' });
  expect(asked).toBe(before);
  expect((await koneksi.status(unscanned.id)).reason).toMatchObject({
    code: 'QR_EXPIRED',
    params: { pinned: '2.3000.1500000000' },
    action: expect.stringContaining('WA_VERSION 2.3000.1500000000'),
  });
  const page = await koneksi.dashboard();
  const { outlet, phone } = await koneksi.linked(page);
  phone.faults.end('outdated');
  const { status } = await page.becomes(outlet.id, 'OUTDATED');
  expect(status.reason).toMatchObject({
    params: { pinned: '2.3000.1500000000' },
    action: expect.stringContaining('WA_VERSION 2.3000.1500000000'),
  });
});

test('without WhatsApp’s site the library’s own is shown', async () => {
  await koneksi.pause();
  await koneksi.database.dataSource.query('DELETE FROM wa_client_version');
  await koneksi.resume({ WA_VERSION_URL: undefined });
  expect(await shown()).toMatchObject({ source: 'library', confirmedAt: null });
});
