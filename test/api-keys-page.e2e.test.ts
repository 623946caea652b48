import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { ApiKey, CreatedApiKey } from '@koneksi/contracts/auth';
import type { Browser, Page } from 'playwright-core';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, WIDE, withoutPushes } from './support/browser.js';
import { expectOk, Koneksi, PASSWORD, SUPERADMIN, type Person } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;
let admin: Person;
let braga: string;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  braga = (await koneksi.outlet({ name: 'Braga' })).id;
  // From eight on there is a search.
  for (const name of ['Cikini', 'Dago', 'Ende', 'Fakfak', 'Garut', 'Hulu', 'Indah']) await koneksi.outlet({ name });
  admin = await koneksi.person('ADMIN');
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  for (const { id } of await keys()) await koneksi.call('DELETE', `/api-keys/${id}`);
});
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

const keys = async (): Promise<ApiKey[]> => expectOk(await koneksi.call<ApiKey[]>('GET', '/api-keys'));
const made = async (settings: object = {}, token = koneksi.token): Promise<CreatedApiKey> => {
  const body = { name: 'Papan pantau', scopes: ['status:read'], ...settings };
  return expectOk(await koneksi.call<CreatedApiKey>('POST', '/api-keys', { token, body }));
};
const at = (page: Page, testId: string) => page.getByTestId(testId);
const row = (page: Page, name: string) => at(page, 'api-key').filter({ hasText: name });

async function open(
  { email, password } = SUPERADMIN,
  size = WIDE,
  language: 'id' | 'en' = 'id',
): Promise<{ page: Page; faults: string[] }> {
  const { context, page, faults } = await openPage(browser, size);
  page.setDefaultTimeout(60_000);
  await context.addInitScript((chosen) => localStorage.setItem('koneksi.locale', chosen), language);
  await logIn(page, koneksi.app.url, email, password);
  await at(page, 'user-menu').click();
  await at(page, 'api-keys-link').click();
  await page.waitForURL('**/api-keys');
  return { page, faults };
}

test('from the empty page to a program that comes in, and is shut out', async () => {
  const { page, faults } = await open({ email: admin.user.email, password: PASSWORD });
  await at(page, 'add-api-key').click();
  await at(page, 'api-key-save').click();
  // What is missing is said beside it, and nothing is sent.
  await at(page, 'api-key-name-error').filter({ hasText: 'nama' }).waitFor();
  await at(page, 'api-key-outlets-error').filter({ hasText: 'Pilih' }).waitFor();
  await at(page, 'api-key-name').fill('Kasir Braga');
  // What only those do who see every outlet is not offered for some of them.
  await at(page, 'check-messages:send').waitFor();
  expect(await at(page, 'check-outlets:write').count()).toBe(0);
  await page.getByLabel('Cari outlet').fill('brag');
  await at(page, `check-${braga}`).check();
  await at(page, 'check-status:read').uncheck();
  await at(page, 'api-key-save').click();
  await at(page, 'api-key-scopes-error').filter({ hasText: 'Pilih' }).waitFor();
  await at(page, 'check-messages:send').check();
  await at(page, 'check-outlets:read').check();
  await at(page, 'api-key-lifetime').selectOption('30');
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  await at(page, 'api-key-save').click();

  await at(page, 'shown-secret').waitFor();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  const key = await at(page, 'shown-secret').inputValue();
  expect(key).toMatch(/^kon_/);
  // A stray key does not lose it.
  await page.keyboard.press('Escape');
  await at(page, 'copy-secret').click();
  await at(page, 'secret-news').filter({ hasText: /\S/ }).waitFor();
  await at(page, 'secret-kept').click();
  const kasir = row(page, 'Kasir Braga');
  await kasir.filter({ hasText: 'Mengirim pesan satu per satu' }).filter({ hasText: 'Belum pernah dipakai' }).waitFor();
  await kasir.filter({ hasText: 'Berlaku sampai' }).filter({ hasText: admin.user.name }).waitFor();
  expect(await page.locator('main').innerText()).not.toContain(key.slice(4));
  const [kept] = await keys();
  expect(kept).toMatchObject({ role: 'USER', scopes: ['outlets:read', 'messages:send'], outletIds: [braga] });
  const days = (Date.parse(kept!.expiresAt!) - Date.parse(kept!.createdAt)) / 86_400_000;
  expect(days).toBeGreaterThan(29.9);
  expect(days).toBeLessThan(30.1);

  expect((await koneksi.call('GET', '/outlets', { token: key })).status).toBe(200);
  expect((await koneksi.call('GET', '/outlets/status', { token: key })).code).toBe('SCOPE_MISSING');
  await page.reload();
  await kasir.filter({ hasText: 'Terakhir dipakai' }).waitFor();

  await at(page, 'revoke-api-key').click();
  await at(page, 'confirm').waitFor();
  expect((await koneksi.call('GET', '/outlets', { token: key })).status).toBe(200);
  await at(page, 'confirm').click();
  await page.locator('app-empty-state').waitFor();
  expect((await koneksi.call('GET', '/outlets', { token: key })).code).toBe('UNAUTHENTICATED');
  expect(faults).toEqual([]);
}, 120_000);

test('a key for all outlets may be all that an admin is, and never end', async () => {
  const { page, faults } = await open();
  await at(page, 'add-api-key').click();
  await at(page, 'api-key-name').fill('Gudang');
  await at(page, 'api-key-reach').selectOption('all');
  // With every outlet comes what only admins do.
  await at(page, 'check-outlets:write').check();
  await at(page, 'api-key-extent').selectOption('role');
  await at(page, 'api-key-lifetime').selectOption('0');
  await at(page, 'api-key-save').click();
  await at(page, 'secret-kept').click();
  await row(page, 'Gudang').filter({ hasText: 'Semua yang boleh dilakukan admin' }).waitFor();
  await row(page, 'Gudang').filter({ hasText: 'Semua outlet' }).filter({ hasText: 'sampai dicabut' }).waitFor();
  expect(await keys()).toMatchObject([{ name: 'Gudang', role: 'ADMIN', scopes: null, outletIds: [], expiresAt: null }]);
  expect(faults).toEqual([]);
}, 120_000);

test('an admin finds their own keys, a superadmin those of all', async () => {
  await made({ name: 'Milik superadmin' });
  await made({ name: 'Milik admin' }, admin.token);
  const own = await open({ email: admin.user.email, password: PASSWORD });
  await row(own.page, 'Milik admin').waitFor();
  expect(await at(own.page, 'api-key').count()).toBe(1);
  const all = await open();
  await row(all.page, 'Milik superadmin').waitFor();
  await row(all.page, 'Milik admin').filter({ hasText: admin.user.name }).waitFor();
}, 120_000);

test('one that was revoked meanwhile is told, not lost', async () => {
  const { id } = await made();
  const { page } = await open();
  await row(page, 'Papan pantau').waitFor();
  // By a push it would leave the list before anybody could press.
  await withoutPushes(page);
  await row(page, 'Papan pantau').waitFor();
  expectOk(await koneksi.call('DELETE', `/api-keys/${id}`));
  await at(page, 'revoke-api-key').click();
  await at(page, 'confirm').click();
  await page.locator('mat-snack-bar-container').filter({ hasText: /\S/ }).waitFor();
}, 120_000);

test('a page that could not be loaded says why, and can be asked again', async () => {
  const { page } = await openPage(browser, WIDE);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.route('**/api/api-keys', (route) => route.abort());
  await at(page, 'user-menu').click();
  await at(page, 'api-keys-link').click();
  await at(page, 'api-keys-error').filter({ hasText: 'tidak dapat dihubungi' }).waitFor();
  await page.unroute('**/api/api-keys');
  await at(page, 'api-keys-error').getByRole('button').click();
  await at(page, 'add-api-key').waitFor();
}, 120_000);

test('staff do not find it', async () => {
  const { user } = await koneksi.person('USER');
  const { page } = await openPage(browser, WIDE);
  await logIn(page, koneksi.app.url, user.email, PASSWORD);
  await page.goto(`${koneksi.app.url}/api-keys`);
  await page.locator('app-no-permission-page').waitFor();
  await at(page, 'user-menu').click();
  await at(page, 'profile-link').waitFor();
  expect(await at(page, 'api-keys-link').count()).toBe(0);
}, 120_000);

test.each([
  [390, 844],
  [1024, 768],
  [1440, 900],
])(
  'nothing is out of place at %i px',
  async (width, height) => {
    await made({ name: `Papan-${'pantau-'.repeat(10)}`.slice(0, 80) });
    await made({ name: 'Semua izin', role: 'ADMIN', scopes: ['status:read', 'contacts:write', 'blasts:write'] });
    for (const language of ['id', 'en'] as const) {
      const { page, faults } = await open(SUPERADMIN, { width, height }, language);
      const isWide = (): Promise<boolean> => page.evaluate('document.documentElement.scrollWidth > innerWidth');
      await at(page, 'api-key').nth(1).waitFor();
      expect(await isWide()).toBe(false);
      expect(await accessFaultsInBothThemes(page)).toEqual([]);
      await at(page, 'add-api-key').click();
      await at(page, `check-${braga}`).waitFor();
      expect(await isWide()).toBe(false);
      expect(await accessFaultsInBothThemes(page)).toEqual([]);
      expect(faults).toEqual([]);
    }
  },
  120_000,
);

test('a session that was left open for long is asked for the password before a key is made of it', async () => {
  const { page, faults } = await open({ email: admin.user.email, password: PASSWORD });
  await koneksi.database.dataSource.query(
    `UPDATE sign_ins SET proved_at = now() - interval '1 hour' WHERE user_id = $1`,
    [admin.user.id],
  );
  await at(page, 'add-api-key').click();
  await at(page, 'api-key-name').fill('Pencuri');
  await page.getByLabel('Cari outlet').fill('brag');
  await at(page, `check-${braga}`).check();
  await at(page, 'api-key-save').click();
  await at(page, 'proof-password').waitFor();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  // Whoever does not know it has the form they had, and why nothing came of it.
  await at(page, 'proof-cancel').click();
  await page.getByText('sekali lagi').waitFor();
  expect(await keys()).toEqual([]);
  await at(page, 'api-key-save').click();
  await at(page, 'proof-password').fill('salah salah salah');
  await at(page, 'proof-send').click();
  await at(page, 'proof-password-error').filter({ hasText: 'salah' }).waitFor();
  await at(page, 'proof-password').fill(PASSWORD);
  await at(page, 'proof-send').click();
  await at(page, 'shown-secret').waitFor();
  await at(page, 'copy-secret').click();
  await at(page, 'secret-kept').click();
  await row(page, 'Pencuri').waitFor();
  expect(faults.filter((fault) => !/40[03]/.test(fault))).toEqual([]);
}, 120_000);
