import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { CreatedReconnectLink } from '@koneksi/contracts/reconnect-links';
import type { Browser, Page } from 'playwright-core';
import { accessFaults } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, PHONE } from './support/browser.js';
import { BreakableNetwork } from './support/breakable-network.js';
import { EventBus } from '../src/common/event-bus.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, PASSWORD, SUPERADMIN, type LinkedOutlet } from './support/koneksi.js';
import { NewerPages } from './support/newer-pages.js';

let koneksi: Koneksi;
let network: BreakableNetwork;
let browser: Browser;
let dashboard: Dashboard;
let jakarta: LinkedOutlet;
let bandung: LinkedOutlet;

beforeAll(async () => {
  network = await BreakableNetwork.start();
  [koneksi, browser] = await Promise.all([
    Koneksi.start({ demo: true, env: { PUBLIC_ORIGIN: network.origin } }),
    launchBrowser(),
  ]);
  network.leadTo(koneksi.app.port);
  dashboard = await koneksi.dashboard();
  jakarta = await koneksi.linked(dashboard, { name: 'Jakarta Kemang' });
  bandung = await koneksi.linked(dashboard, { name: 'Bandung Dago' });
});

afterEach(() => network.mend());

afterAll(async () => {
  await browser.close();
  await koneksi.stop();
  await network.stop();
});

const row = (page: Page, { outlet }: LinkedOutlet) =>
  page.locator(`[data-testid=status-row][data-outlet-id="${outlet.id}"]`);
const databaseStatus = (page: Page, outlet: LinkedOutlet, status: string) =>
  row(page, outlet).locator(`[data-testid=cell-db][data-status=${status}]`);

test('a first visit asks for no session and leaves the console clean; a reload brings the session back', async () => {
  const { context, page } = await openPage(browser);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(network.origin);
  await page.getByTestId('login-email').waitFor();
  expect(complaints).toEqual([]);
  await logIn(page, network.origin, SUPERADMIN.email, SUPERADMIN.password);
  await page.reload();
  await databaseStatus(page, jakarta, 'CONNECTED').waitFor();
  await context.clearCookies();
  await page.reload();
  await page.getByTestId('login-email').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('staff link their outlet on a phone: Koneksikan, scan, ✓', async () => {
  const outlet = await koneksi.outlet({ name: 'Makassar Panakkukang' });
  const { user } = await koneksi.person('USER', [outlet.id]);
  const { context, page, faults } = await openPage(browser, PHONE);
  await logIn(page, network.origin, user.email, PASSWORD);
  await page.goto(`${network.origin}/outlets`);
  await page.locator(`[data-testid=outlet-row][data-outlet-id="${outlet.id}"]`).getByTestId('connect').click();
  // Most often it is the outlet's own phone, which types a code; another one can scan.
  await page.getByTestId('pairing-code').waitFor();
  await page.getByTestId('method-qr').click();
  await page.getByTestId('qr').waitFor();
  await page.getByTestId('qr-countdown').waitFor();
  expect(await page.getByTestId('outlet-row').count()).toBe(1);
  await page.getByTestId('virtual-phone-scan').click();
  await page.getByTestId('connected').waitFor();
  expect(koneksi.phoneOf(outlet).devices).toHaveLength(1);
  await page.getByTestId('connect-done').click();
  expect(faults).toEqual([]);
  await context.close();
});

test('what the table is narrowed to stands in the address: reload, Back and a link bring it back', async () => {
  const outlet = await koneksi.outlet({ name: 'Malang Ijen', city: 'Malang', tags: ['Kafe'] });
  const { context, page, faults } = await openPage(browser);
  await logIn(page, network.origin, SUPERADMIN.email, SUPERADMIN.password);
  const only = page.locator(`[data-testid=status-row][data-outlet-id="${outlet.id}"]`);
  const narrowed = async () => {
    await only.waitFor();
    await row(page, jakarta).waitFor({ state: 'detached' });
    expect(await page.getByTestId('search').inputValue()).toBe('ijen');
    expect(await page.getByTestId('filter-DISCONNECTED').getAttribute('aria-pressed')).toBe('true');
    expect(await page.getByTestId('summary-setup').getAttribute('aria-pressed')).toBe('true');
    for (const [field, value] of Object.entries({ 'filter-city': 'Malang', 'filter-tag': 'Kafe', sort: 'name' })) {
      const chosen = () => page.getByTestId(field).inputValue();
      await eventually(`${field} is ${value}`, async () => (await chosen()) === value);
    }
  };
  await page.getByTestId('summary-setup').click();
  await page.getByTestId('filter-DISCONNECTED').click();
  await page.getByTestId('filter-city').selectOption('Malang');
  await page.getByTestId('filter-tag').selectOption('Kafe');
  await page.getByTestId('sort').selectOption('name');
  await page.getByTestId('search').pressSequentially('ijen');
  const chosen = 'city=Malang&health=setup&q=ijen&sort=name&status=DISCONNECTED&tag=Kafe';
  await page.waitForURL(({ searchParams }) => {
    searchParams.sort();
    return searchParams.toString() === chosen;
  });
  await narrowed();
  await page.reload();
  await narrowed();
  await page.getByTestId('nav.outlets').click();
  await page.getByTestId('outlet-row').first().waitFor();
  await page.goBack();
  await narrowed();
  const nonsense = '?health=none&status=MARRIED&city=Atlantis&tag=%00&sort=up';
  await page.goto(`${network.origin}/outlet-status${nonsense}`);
  await row(page, jakarta).waitFor();
  await only.waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('a status change appears without any HTTP request', async () => {
  const { context, page, faults } = await openPage(browser);
  // What a page asks for as it opens: the strips, and which first steps are done.
  const opening = ['outlets/timeline', 'alert-rules', 'users'].map((path) => page.waitForResponse(`**/api/${path}**`));
  await logIn(page, network.origin, SUPERADMIN.email, SUPERADMIN.password);
  await Promise.all(opening);
  await databaseStatus(page, jakarta, 'CONNECTED').waitFor();
  // Whatever a page may still ask for as it opens, none of it is answered from here on.
  await page.route('**/api/**', () => undefined);
  jakarta.phone.faults.end('replaced');
  await databaseStatus(page, jakarta, 'FAILED').waitFor();
  await row(page, jakarta).locator('[data-testid=cell-reason][data-reason=REPLACED]').waitFor();
  await koneksi.connect(jakarta.outlet.id);
  await databaseStatus(page, jakarta, 'CONNECTED').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('a page whose network was cut says so, resumes, and misses nothing', async () => {
  const { context, page } = await openPage(browser);
  await logIn(page, network.origin, SUPERADMIN.email, SUPERADMIN.password);
  await databaseStatus(page, jakarta, 'CONNECTED').waitFor();
  await page.locator('[data-testid=connection][data-state=live]').waitFor();
  network.cut();
  await page.locator('[data-testid=connection]:not([data-state=live])').waitFor();
  await koneksi.call('POST', `/outlets/${jakarta.outlet.id}/pause`);
  await dashboard.becomes(jakarta.outlet.id, 'PAUSED_BY');
  bandung.phone.unlink();
  await dashboard.becomes(bandung.outlet.id, 'REMOVED_BY_WHATSAPP');
  expect(await databaseStatus(page, jakarta, 'CONNECTED').count()).toBe(1);
  network.mend();
  await databaseStatus(page, jakarta, 'PAUSED').waitFor();
  await databaseStatus(page, bandung, 'FAILED').waitFor();
  await page.locator('[data-testid=connection][data-state=live]').waitFor();
  await context.close();
});

test('a page says when the database is away, and when it is back', async () => {
  const { context, page, faults } = await openPage(browser);
  await logIn(page, network.origin, SUPERADMIN.email, SUPERADMIN.password);
  const connection = (state: string) => page.locator(`[data-testid=connection][data-state=${state}]`);
  await connection('live').waitFor();
  const bus = koneksi.app.app.get(EventBus);
  // What the journal says after ten seconds in which nothing could be written.
  bus.publish('store.lost', {});
  await connection('store-down').waitFor();
  await page.getByText('Basis data Koneksi tidak menjawab').first().waitFor();
  bus.publish('store.back', {});
  await connection('live').waitFor();
  await row(page, jakarta).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('the sheet of an outlet shows both truths and its history, grows by pushes, and closes with Back', async () => {
  const { context, page, faults } = await openPage(browser);
  await logIn(page, network.origin, SUPERADMIN.email, SUPERADMIN.password);
  const outlet = await koneksi.linked(dashboard, { name: 'Solo Laweyan', city: 'Solo', tags: ['batik'] });
  await row(page, outlet).getByTestId('show-outlet').click();
  const sheet = page.getByTestId('outlet-sheet');
  await sheet.locator('[data-testid=sheet-database] [data-status=CONNECTED]').waitFor();
  await sheet.locator('[data-testid=sheet-live] [data-status=CONNECTED]').waitFor();
  await sheet.locator('[data-testid=sheet-history] [data-status=CONNECTED]').first().waitFor();
  await sheet.locator('[data-testid=link-viewers] li time').waitFor();
  await sheet.getByTestId('sheet-pause').click();
  await sheet.locator('[data-testid=sheet-history] li:first-child[data-status=PAUSED]').waitFor();
  await sheet.getByTestId('sheet-resume').click();
  await sheet.getByTestId('history-press').first().waitFor();
  await sheet.locator('[data-testid=sheet-history] li:first-child[data-status=CONNECTED]').waitFor();
  expect(await accessFaults(page)).toEqual([]);
  outlet.phone.unlink();
  await sheet.locator('[data-testid=sheet-history] li:first-child[data-status=FAILED]').waitFor();
  await sheet.getByTestId('criterion-websocketOpen').locator('xpath=self::*[contains(@class,"unmet")]').waitFor();
  await page.goBack();
  await sheet.waitFor({ state: 'detached' });
  await page.getByTestId('filter-city').selectOption('Solo');
  await row(page, jakarta).waitFor({ state: 'detached' });
  expect(await page.getByTestId('status-row').count()).toBe(1);
  expect(faults).toEqual([]);
  await context.close();
});

test('superadmins add a user, who may sign in, and shut them out', async () => {
  const { context, page } = await openPage(browser);
  await logIn(page, network.origin, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${network.origin}/users`);
  await page.getByTestId('user-row').first().waitFor();
  await page.getByTestId('add-user').click();
  await page.getByTestId('user-name').fill('Dewi Kasir');
  await page.getByTestId('user-email').fill('dewi@example.com');
  await page.getByTestId('make-password').click();
  const made = page.getByTestId('user-password');
  const password = await eventually('a password is made', async () => (await made.inputValue()) || null);
  await page.getByTestId(`check-${jakarta.outlet.id}`).check();
  await page.getByTestId('user-save').click();
  const dewi = page.locator('[data-testid=user-row]', { hasText: 'dewi@example.com' });
  await dewi.getByText('Jakarta Kemang').waitFor();
  const hers = await openPage(browser, PHONE);
  await hers.page.goto(`${network.origin}/login`);
  await hers.page.getByTestId('login-email').fill('dewi@example.com');
  await hers.page.getByTestId('login-password').fill(password);
  await hers.page.getByTestId('login-submit').click();
  // Somebody else knows it: nothing opens before it is changed.
  await hers.page.getByTestId('password-first').waitFor();
  await hers.page.getByTestId('current-password').fill(password);
  await hers.page.getByTestId('new-password').fill('entirely different words');
  await hers.page.getByTestId('password-save').click();
  await row(hers.page, jakarta).waitFor();
  expect(await hers.page.getByTestId('status-row').count()).toBe(1);
  await dewi.getByTestId('user-actions').click();
  await page.getByTestId('disable-user').click();
  await page.getByTestId('confirm').click();
  await hers.page.waitForURL('**/login**');
  await hers.context.close();
  await context.close();
});

test('people change their password and keep their language', async () => {
  const { user } = await koneksi.person('ADMIN');
  const { context, page } = await openPage(browser);
  await logIn(page, network.origin, user.email, PASSWORD);
  await page.goto(`${network.origin}/profile`);
  await page.getByTestId('current-password').fill('wrong wrong wrong');
  await page.getByTestId('new-password').fill('entirely different words');
  await page.getByTestId('password-save').click();
  await page.getByTestId('current-password-error').waitFor();
  await page.getByTestId('current-password').fill(PASSWORD);
  const changed = page.waitForResponse((response) => response.url().endsWith('/password') && response.status() === 204);
  await page.getByTestId('password-save').click();
  await changed;
  const kept = page.waitForResponse((response) => response.url().endsWith('/auth/me') && response.ok());
  await page.getByTestId('profile-language').selectOption('en');
  await kept;
  await page.getByRole('heading', { name: 'My profile' }).waitFor();
  await context.close();
  const elsewhere = await openPage(browser);
  await logIn(elsewhere.page, network.origin, user.email, 'entirely different words');
  await elsewhere.page.getByRole('heading', { name: 'Outlet status' }).waitFor();
  await elsewhere.context.close();
});

test('admins pause many outlets after a question with the number, and one press brings each back as it was', async () => {
  const outlets = [
    await koneksi.linked(dashboard, { name: 'Bulk Satu' }),
    await koneksi.linked(dashboard, { name: 'Bulk Dua' }),
  ];
  const paused = await koneksi.linked(dashboard, { name: 'Bulk Tiga' });
  const never = await koneksi.outlet({ name: 'Bulk Empat' });
  await koneksi.call('POST', `/outlets/${paused.outlet.id}/pause`);
  await dashboard.becomes(paused.outlet.id, 'PAUSED_BY');
  const { context, page } = await openPage(browser);
  await logIn(page, network.origin, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${network.origin}/outlets`);
  await page.getByTestId('search').fill('Bulk');
  await page
    .locator(`[data-testid=outlet-row][data-outlet-id="${paused.outlet.id}"] [data-status=PAUSED]`)
    .first()
    .waitFor();
  await page.getByTestId('select-all').check();
  await page.getByTestId('bulk-pause').click();
  await page.getByRole('heading', { name: 'Jeda 3 outlet?' }).waitFor();
  await page.getByTestId('confirm').click();
  for (const { outlet } of outlets) await dashboard.becomes(outlet.id, 'PAUSED_BY');
  await dashboard.becomes(never.id, 'PAUSED_BY');
  await page.getByTestId('bulk').getByText('4 dipilih').waitFor();
  // What is said for seconds is listened for before what may take longer.
  const said = page.getByText('3 outlet kembali seperti semula.').waitFor();
  await page.getByRole('button', { name: 'Urungkan' }).click();
  for (const { outlet } of outlets) await dashboard.becomes(outlet.id, 'CONNECTED');
  await dashboard.becomes(never.id, 'NEVER_LINKED');
  await said;
  expect((await koneksi.status(paused.outlet.id)).liveStatus.status).toBe('PAUSED');

  const first = outlets[0]!.outlet;
  const row = page.locator(`[data-testid=outlet-row][data-outlet-id="${first.id}"]`);
  await row.getByTestId('pause').click();
  await dashboard.becomes(first.id, 'PAUSED_BY');
  await page.getByRole('button', { name: 'Urungkan' }).click();
  await dashboard.becomes(first.id, 'CONNECTED');

  await page.getByTestId('bulk-resume').click();
  await page.getByRole('heading', { name: 'Lanjutkan 1 outlet?' }).waitFor();
  await page.getByTestId('confirm').click();
  await dashboard.becomes(paused.outlet.id, 'CONNECTED');
  await page.getByRole('button', { name: 'Urungkan' }).click();
  await dashboard.becomes(paused.outlet.id, 'PAUSED_BY');
  await context.close();
});

test('many outlets are connected at once, after a question and without the healthy ones', async () => {
  await koneksi.linked(dashboard, { name: 'Borongan Satu' });
  const unlinked = await koneksi.outlet({ name: 'Borongan Dua' });
  const { context, page } = await openPage(browser);
  await logIn(page, network.origin, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${network.origin}/outlets`);
  await page.getByTestId('search').fill('Borongan');
  await page.locator('[data-testid=outlet-row] [data-status=CONNECTED]').first().waitFor();
  await page.getByTestId('select-all').check();
  await page.getByTestId('bulk-connect').click();
  await page.getByRole('heading', { name: 'Koneksikan 1 outlet?' }).waitFor();
  const asked = page.waitForRequest((request) => request.url().endsWith('/connect'));
  await page.getByTestId('confirm').click();
  expect((await asked).url()).toContain(unlinked.id);
  await dashboard.becomes(unlinked.id, 'PAIRING');
  await context.close();
});

test('superadmins say which staff see an outlet', async () => {
  const { user } = await koneksi.person('USER');
  const { context, page } = await openPage(browser);
  await logIn(page, network.origin, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${network.origin}/outlets`);
  const jakartaRow = page.locator(`[data-testid=outlet-row][data-outlet-id="${jakarta.outlet.id}"]`);
  await jakartaRow.getByTestId('outlet-menu').click();
  await page.getByTestId('assign-staff').click();
  await page.getByTestId(`check-${user.id}`).check();
  await page.getByTestId('assign-save').click();
  await page.getByTestId('assign-save').waitFor({ state: 'detached' });
  const token = await koneksi.signIn(user.email, PASSWORD);
  const { body } = await koneksi.call<{ id: string }[]>('GET', '/outlets', { token });
  expect(body.map(({ id }) => id)).toEqual([jakarta.outlet.id]);
  await context.close();
});

test('from log-in to a linked outlet with the keyboard alone', async () => {
  const outlet = await koneksi.outlet({ name: 'Papan Ketik' });
  const { user } = await koneksi.person('USER', [outlet.id]);
  const { context, page, faults } = await openPage(browser);
  const focused = (testId: string) => page.locator(`[data-testid=${testId}]:focus`);
  const tabTo = async (testId: string) => {
    for (let presses = 0; presses < 40; presses += 1) {
      if (await focused(testId).count()) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`${testId} cannot be reached by Tab`);
  };
  await page.goto(`${network.origin}/login`);
  await page.getByTestId('login-email').waitFor();
  await tabTo('login-email');
  await page.keyboard.type(user.email);
  await tabTo('login-password');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByTestId('status-row').waitFor();
  await tabTo('connect');
  await page.keyboard.press('Enter');
  await page.getByTestId('qr').waitFor();
  await tabTo('virtual-phone-scan');
  await page.keyboard.press('Enter');
  await page.getByTestId('connected').waitFor();
  await tabTo('connect-done');
  await page.keyboard.press('Enter');
  // Until it has left, a dialog keeps the focus.
  await page.getByTestId('connect-done').waitFor({ state: 'detached' });
  await page.locator('[data-testid=status-row] [data-healthy=true]').waitFor();
  await tabTo('show-outlet');
  await page.keyboard.press('Enter');
  await page.getByTestId('outlet-sheet').waitFor();
  await page.keyboard.press('Escape');
  await focused('show-outlet').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('an outlet is added with its number as people write it, and a taken one is refused at its field', async () => {
  const { context, page } = await openPage(browser);
  await logIn(page, network.origin, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${network.origin}/outlets`);
  await page.getByTestId('add-outlet').click();
  await page.getByTestId('outlet-name').fill('Medan Polonia');
  await page.getByTestId('outlet-number').fill('0813-7000-1234');
  await page.getByTestId('outlet-save').click();
  await page.getByText('Medan Polonia').first().waitFor();
  // The row is pushed before the form has left.
  await page.getByTestId('outlet-save').waitFor({ state: 'detached' });
  await page.getByTestId('add-outlet').click();
  await page.getByTestId('outlet-name').fill('Medan Polonia 2');
  await page.getByTestId('outlet-number').fill('+62 813 7000 1234');
  await page.getByTestId('outlet-save').click();
  await page.getByTestId('outlet-number-error').waitFor();
  await context.close();
});

test('a removed outlet comes back by one press at once, or from the bin later', async () => {
  const { name, id } = await koneksi.outlet({ name: 'Cihampelas' });
  const { context, page, faults } = await openPage(browser);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await logIn(page, network.origin, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${network.origin}/outlets?q=Cihampelas`);
  const row = page.locator(`[data-testid=outlet-row][data-outlet-id="${id}"]`);
  const remove = async (): Promise<void> => {
    await row.getByTestId('outlet-menu').click();
    await page.getByTestId('delete-outlet').click();
    await page.getByTestId('confirm').click();
    await row.waitFor({ state: 'detached' });
  };
  await row.waitFor();
  await remove();
  await page.getByRole('button', { name: 'Urungkan' }).click();
  await row.waitFor();
  await remove();
  await page.getByTestId('outlets-more').click();
  await page.getByTestId('outlet-bin').click();
  const binned = page.getByTestId('binned-outlet').filter({ hasText: name });
  await binned.waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await binned.getByTestId('restore-outlet').click();
  await binned.waitFor({ state: 'detached' });
  await page.goBack();
  await row.waitFor();
  await remove();
  await page.getByTestId('outlets-more').click();
  await page.getByTestId('outlet-bin').click();
  await binned.getByTestId('purge-outlet').click();
  await page.getByTestId('confirm').click();
  await binned.waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
  await context.close();
});

test('a wrong password is told at the form', async () => {
  const { context, page } = await openPage(browser);
  await page.goto(`${network.origin}/login`);
  await page.getByTestId('login-email').fill(SUPERADMIN.email);
  await page.getByTestId('login-password').fill('not the password');
  await page.getByTestId('login-submit').click();
  await page.locator('[data-testid=login-error] p').waitFor();
  expect(page.url()).toContain('/login');
  await context.close();
});

/** Once the worker has every file that it is to keep: the addresses of what it has, and whether any of it holds a word. */
const KEPT = `(async (word) => {
  if (!(await navigator.serviceWorker.getRegistration())?.active) return null;
  const { hashTable } = await (await fetch('/ngsw.json')).json();
  const paths = [];
  let told = false;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const text = await (await cache.match(request)).text();
      told ||= [name, request.url, text].some((each) => each.includes(word));
      if (name.endsWith(':cache')) paths.push(new URL(request.url).pathname);
    }
  }
  return Object.keys(hashTable).every((path) => paths.includes(path)) && { paths, told };
})`;

test('the pages are kept: they open without a server and say so, and newer ones are told of and taken', async () => {
  const newer = await NewerPages.of(koneksi.app.port);
  const { context, page, faults } = await openPage(browser, PHONE, 'allow');
  const kept = (word: string) =>
    eventually('the pages to be kept', () =>
      page.evaluate<{ paths: string[]; told: boolean } | null>(`${KEPT}(${JSON.stringify(word)})`),
    );
  await logIn(page, network.origin, SUPERADMIN.email, SUPERADMIN.password);
  await kept(' ');
  // From here on the worker has every page of this visitor before it, and that of a link is none of its own.
  const link = await koneksi.call<CreatedReconnectLink>('POST', `/outlets/${bandung.outlet.id}/reconnect-links`);
  const token = expectOk(link).url.split('/').at(-1)!;
  await page.goto(`${network.origin}/r/${token}`);
  await page.locator('[data-testid=link-state]').waitFor();
  await page.goto(`${network.origin}/outlet-status`);
  await row(page, jakarta).waitFor();
  const { paths, told } = await kept(token);
  expect(told).toBe(false);
  expect(paths.filter((path) => /^\/(api|r|link-page|docs|health)\//.test(path))).toEqual([]);
  expect((await kept('Jakarta Kemang')).told).toBe(false);

  // What a push service brings, brought by the debugger: no page need be there. Headless, nothing may be shown.
  const [worker] = context.serviceWorkers();
  await worker!.evaluate(
    'registration.showNotification = (title, options) => Promise.resolve(void (self.shown = [title, options.body]))',
  );
  const cdp = await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) =>
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations[0]) resolve(registrations[0].registrationId);
    }),
  );
  await cdp.send('ServiceWorker.enable');
  await cdp.send('ServiceWorker.deliverPushMessage', {
    origin: network.origin,
    registrationId: await registered,
    data: JSON.stringify({ notification: { title: 'Bermasalah: Toko Braga', body: 'Ditautkan ulang' } }),
  });
  const shown = await eventually('the notice', () => worker!.evaluate<string[] | undefined>('self.shown'));
  expect(shown).toEqual(['Bermasalah: Toko Braga', 'Ditautkan ulang']);

  network.cut();
  await page.reload();
  await page.getByTestId('offline').waitFor();
  expect(await page.getByTestId('status-row').count()).toBe(0);
  expect(page.url()).toContain('/outlet-status');
  network.mend();
  await row(page, jakarta).waitFor();

  network.leadTo(newer.port);
  network.cut();
  network.mend();
  await page.getByTestId('take-update').click();
  await page.locator('meta[name=newer]').waitFor({ state: 'attached' });
  await row(page, jakarta).waitFor();
  expect(await page.getByTestId('update').count()).toBe(0);
  expect(faults).toEqual([]);
  network.leadTo(koneksi.app.port);
  await context.close();
  await newer.stop();
});
