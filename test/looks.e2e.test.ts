import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { addContacts, Blasts } from './support/blasts.js';
import { BreakableNetwork } from './support/breakable-network.js';
import { goWithin, launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import type { Dashboard } from './support/dashboard.js';
import { expectOk, Koneksi, PASSWORD, SUPERADMIN, type LinkedOutlet } from './support/koneksi.js';

/** Every page and every state of it, in both languages, at both widths, light and dark: axe finds nothing. */
const LOOKS = [PHONE, WIDE].flatMap((viewport) =>
  ['id', 'en'].map((language) => ({ viewport, language, width: viewport.width })),
);

let koneksi: Koneksi;
let network: BreakableNetwork;
let browser: Browser;
let dashboard: Dashboard;
let kemang: LinkedOutlet;
let blastId: string;

beforeAll(async () => {
  network = await BreakableNetwork.start();
  [koneksi, browser] = await Promise.all([
    Koneksi.start({ demo: true, env: { PUBLIC_ORIGIN: network.origin } }),
    launchBrowser(),
  ]);
  network.leadTo(koneksi.app.port);
  dashboard = await koneksi.dashboard();
  kemang = await koneksi.linked(dashboard, { name: 'Jakarta Kemang', city: 'Jakarta', tags: ['mal'] });
  const darmo = await koneksi.linked(dashboard, { name: 'Surabaya Darmo', city: 'Surabaya' });
  await koneksi.outlet({ name: 'Bandung Dago' });
  const { simulator, database } = koneksi;
  const [first] = await addContacts({ simulator, dataSource: database.dataSource }, kemang.outlet.id, 0, 4);
  expectOk(await koneksi.call('POST', '/opt-outs', { body: { phone: first, note: 'di kasir' } }));
  const post = async <T>(path: string, body: object): Promise<T> =>
    expectOk(await koneksi.call<T>('POST', path, { body }));
  await post('/webhooks', { url: 'https://kasir.invalid/', events: ['outlet.removed'] });
  const recipients = [{ channel: 'email', to: 'pemilik@example.com' }];
  await post('/alert-rules', { name: 'Semua', scope: { kind: 'all' }, recipients });
  await post('/api-keys', { name: 'Kasir', scopes: ['status:read'] });
  const gone = await koneksi.outlet({ name: 'Medan Merdeka', city: 'Medan' });
  expectOk(await koneksi.call('DELETE', `/outlets/${gone.id}`));
  const left = await post<{ id: string }>(`/outlets/${kemang.outlet.id}/contacts`, {
    phone: '081255550001',
    name: 'Eko',
  });
  expectOk(await koneksi.call('DELETE', `/contacts/${left.id}`));
  // At any hour the tests run at.
  const settings = { quietHours: null, warmUpDays: 0 };
  expectOk(await koneksi.call('PATCH', `/outlets/${kemang.outlet.id}/blast-settings`, { body: settings }));
  const blasts = new Blasts(koneksi);
  blastId = await blasts.create({ outletIds: [kemang.outlet.id], message: 'Halo {{nama}}' });
  await blasts.delivered(blastId);
  darmo.phone.unlink();
  await dashboard.becomes(darmo.outlet.id, 'REMOVED_BY_WHATSAPP');
});

afterEach(() => network.mend());

afterAll(async () => {
  await browser.close();
  await koneksi.stop();
  await network.stop();
});

async function open({ viewport, language }: (typeof LOOKS)[number]) {
  const opened = await openPage(browser, viewport);
  await opened.context.addInitScript((chosen) => localStorage.setItem('koneksi.locale', chosen), language);
  await opened.page.emulateMedia({ reducedMotion: 'reduce' });
  // A busy machine is no fault of a page: what is judged here is how it looks, not how soon.
  opened.page.setDefaultTimeout(60_000);
  return opened;
}

async function faultsOf(page: Page): Promise<string[]> {
  const found = await accessFaultsInBothThemes(page);
  if (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) found.push('it scrolls sideways');
  return found;
}

test.each(LOOKS)(
  'every page at $width px, $language, light and dark',
  async (look) => {
    const { context, page, faults } = await open(look);
    const found: Record<string, string[]> = {};
    const lookAt = async (path: string, what: string) => {
      await goWithin(page, path);
      await page.locator(what).first().waitFor();
      found[path] = await faultsOf(page);
    };
    await page.goto(`${network.origin}/login`);
    await lookAt('/login', '[data-testid=login-email]');
    await logIn(page, network.origin, SUPERADMIN.email, SUPERADMIN.password);
    expect(await page.locator('html').getAttribute('lang')).toBe(look.language);
    await lookAt('/outlet-status', '[data-testid=status-row]');
    await lookAt(`/outlet-status?outlet=${kemang.outlet.id}`, '[data-testid=sheet-history] li');
    await lookAt('/outlets', '[data-testid=outlet-row]');
    await lookAt('/contacts', '[data-testid=which-outlet]');
    await lookAt(`/contacts?outlet=${kemang.outlet.id}`, '[data-testid=contact-row]');
    await lookAt('/contacts/opt-outs', '[data-testid=opt-out-row]');
    await lookAt('/blast', '[data-testid=blast-row]');
    await lookAt('/blast/new', '[data-testid=every-outlet]');
    await lookAt(`/blast/${blastId}`, '[data-testid=recipient-row]');
    await lookAt('/users', '[data-testid=user-row]');
    await lookAt('/profile', '[data-testid=profile-name]');
    await lookAt('/webhooks', '[data-testid=webhook]');
    await lookAt('/alerts', '[data-testid=rule]');
    await lookAt('/activity', '[data-testid=activity-row]');
    await lookAt('/api-keys', '[data-testid=api-key]');
    await lookAt('/outlets/bin', '[data-testid=binned-outlet]');
    await lookAt(`/contacts/bin?outlet=${kemang.outlet.id}`, '[data-testid=binned-contact]');
    await lookAt('/system', '[data-testid=version]');
    await lookAt('/nowhere', 'app-not-found-page h1');
    expect(Object.entries(found).filter(([, wrong]) => wrong.length > 0)).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  },
  300_000,
);

test.each([
  { viewport: PHONE, language: 'id', width: PHONE.width },
  { viewport: WIDE, language: 'en', width: WIDE.width },
])(
  'every state of linking, and of a page with nothing to show, at $width px, $language',
  async (look) => {
    const outlet = await koneksi.outlet({ name: `Palembang ${look.width}` });
    const stranger = koneksi.simulator.phone(`62855${String(look.width).padStart(8, '0')}`);
    const phone = koneksi.phoneOf(outlet);
    const { user } = await koneksi.person('USER', [outlet.id]);
    const { context, page, faults } = await open(look);
    const found: Record<string, string[]> = {};
    const lookAt = async (state: string, what: string) => {
      await page.locator(what).first().waitFor();
      found[state] = await faultsOf(page);
    };
    const stage = (name: string) => `[data-testid=connect-stage][data-stage=${name}]`;

    await logIn(page, network.origin, user.email, PASSWORD);
    await page.getByTestId('connect').click();
    await page.getByTestId('method-code').click();
    await lookAt('the pairing code', '[data-testid=pairing-code]');
    await page.getByTestId('method-qr').click();
    await lookAt('the QR', '[data-testid=qr]');
    await stranger.scan(await dashboard.qr(outlet.id));
    await lookAt('another phone', stage('failed'));
    await page.getByTestId('connect-retry').click();
    await page.locator(stage('scan')).waitFor();
    phone.faults.stuckLogin();
    await phone.scan(await dashboard.qr(outlet.id));
    await lookAt('linking', stage('linking'));
    phone.faults.end('drop');
    await lookAt('trying again', stage('retrying'));
    phone.faults.clear();
    phone.faults.end('drop');
    await lookAt('linked', stage('connected'));
    await page.getByTestId('connect-done').click();

    network.cut();
    await page.locator('mat-dialog-container').waitFor({ state: 'detached' });
    await lookAt('cut off', '[data-testid=connection][data-state=lost]');
    network.mend();
    await page.locator('[data-testid=connection][data-state=live]').waitFor();
    await page.goto(`${network.origin}/users`);
    await lookAt('no permission', 'app-no-permission-page');
    await page.route('**/api/outlets/*/contacts**', (route) => route.abort());
    await page.goto(`${network.origin}/contacts`);
    await lookAt('not loaded', '[data-testid=contacts-error]');
    await page.unroute('**/api/outlets/*/contacts**');
    await page.reload();
    await lookAt('no contacts', '[data-testid=no-contacts]');
    await page.goto(`${network.origin}/outlet-status?status=TIMEOUT`);
    await lookAt('nothing matches', 'app-empty-state');
    expectOk(await koneksi.call('PATCH', `/users/${user.id}`, { body: { outletIds: [] } }));
    await lookAt('no outlets', '[data-testid=empty]');
    expect(Object.entries(found).filter(([, wrong]) => wrong.length > 0)).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  },
  300_000,
);
