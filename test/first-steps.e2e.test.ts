import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Outlet } from '@koneksi/contracts/outlets';
import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { accessFaults } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, PHONE } from './support/browser.js';
import { expectOk, Koneksi, PASSWORD, SUPERADMIN } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
});

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});

afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

async function signedIn(email: string, password: string): Promise<Page> {
  const { context, page } = await openPage(browser, PHONE);
  contexts.push(context);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await logIn(page, koneksi.app.url, email, password);
  return page;
}

test('whoever may not add outlets is told whom to ask, and is offered no button', async () => {
  const { user } = await koneksi.person('USER');
  const page = await signedIn(user.email, PASSWORD);
  for (const path of ['outlet-status', 'outlets', 'contacts']) {
    await page.goto(`${koneksi.app.url}/${path}`);
    await page.getByTestId('no-outlets').filter({ hasText: 'Minta admin' }).waitFor();
    expect([path, await page.getByTestId('add-first-outlet').count()]).toEqual([path, 0]);
  }
});

test.each(['contacts', 'outlets', 'outlet-status'])('an empty %s page has the button that ends it', async (path) => {
  const page = await signedIn(SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}/${path}`);
  await page.getByTestId('add-first-outlet').waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await page.getByTestId('add-first-outlet').click();
  await page.getByTestId('outlet-name').fill('Toko Pertama');
  await page.getByTestId('outlet-number').fill('0812-3456-7890');
  await page.getByTestId('outlet-save').click();
  await page.getByTestId('no-outlets').waitFor({ state: 'detached' });
  // The next one finds it empty again.
  const [outlet] = expectOk(await koneksi.call<{ id: string }[]>('GET', '/outlets'));
  expectOk(await koneksi.call('DELETE', `/outlets/${outlet!.id}`));
});

test('a chain comes by a pasted table, sees what is wrong with a line, and goes out as a file', async () => {
  const page = await signedIn(SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}/outlets`);
  await page.getByTestId('import-first-outlets').click();
  await page
    .getByTestId('import-paste')
    .fill('Toko\tHP\tWilayah\nDago\t0812-3456-7891\tBandung\nRiau\t6,28123E+12\t\nBraga\t081234567893\tBandung\n');
  await page.getByTestId('import-read').click();
  await page.getByTestId('import-commit').waitFor();
  await page.getByTestId('rejected-line').filter({ hasText: 'memotong nomor ini' }).waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await page.getByTestId('import-column-2').selectOption('tags');
  await page.getByTestId('import-row').first().getByText('Bandung').waitFor();
  const mended = page.waitForEvent('download');
  await page.getByTestId('download-rejected').click();
  const rejected = await readFile(await (await mended).path(), 'utf8');
  expect(rejected).toContain('"nama_outlet";"nomor_wa";"kota";"label"');
  expect(rejected).toContain('"Riau";"6,28123E+12"');
  await page.getByTestId('import-commit').click();
  await page.getByTestId('import-done').filter({ hasText: '2 outlet baru' }).waitFor();
  await page.getByTestId('import-close').click();
  const rows = page.getByTestId('outlet-row');
  await rows.nth(1).waitFor();
  const taken = page.waitForEvent('download');
  await page.getByTestId('outlets-more').click();
  await page.getByTestId('export-outlets').click();
  const buffer = await readFile(await (await taken).path());
  await page.getByTestId('outlets-more').click();
  await page.getByTestId('import-outlets').click();
  await page.getByTestId('import-file').setInputFiles({ name: 'outlet.csv', mimeType: 'text/csv', buffer });
  await page.getByTestId('import-same').filter({ hasText: '2' }).waitFor();
  for (const { id } of expectOk(await koneksi.call<{ id: string }[]>('GET', '/outlets'))) {
    expectOk(await koneksi.call('DELETE', `/outlets/${id}`));
  }
});

test('the first steps of a chain tick themselves by what is so, and are gone once all is done', async () => {
  await koneksi.person('USER');
  const page = await signedIn(SUPERADMIN.email, SUPERADMIN.password);
  const step = (name: string, isDone: boolean) => page.locator(`[data-testid=step-${name}][data-done=${isDone}]`);
  await step('outlet', false).waitFor();
  await step('staff', true).waitFor();
  expect(await accessFaults(page)).toEqual([]);
  // What needs an outlet waits for one.
  await page.locator('[data-testid=begin-link][aria-disabled=true]').waitFor();
  await page.getByTestId('begin-outlet').click();
  await page.getByTestId('outlet-name').fill('Toko Pertama');
  await page.getByTestId('outlet-number').fill('0812-3456-7899');
  await page.getByTestId('outlet-save').click();
  await step('outlet', true).waitFor();
  const [outlet] = expectOk(await koneksi.call<Outlet[]>('GET', '/outlets'));
  const dashboard = await koneksi.dashboard();
  await page.getByTestId('begin-link').click();
  await koneksi.phoneOf(outlet!).scan(await dashboard.qr(outlet!.id));
  await page.getByTestId('connect-done').click();
  await step('link', true).waitFor();
  await page.getByTestId('begin-alerts').click();
  await page.waitForURL('**/alerts');
  const recipients = [{ channel: 'email', to: 'pemilik@example.com' }];
  const rule = { name: 'Semua', scope: { kind: 'all' }, recipients };
  const { id } = expectOk(await koneksi.call<{ id: string }>('POST', '/alert-rules', { body: rule }));
  // Nor do they come back while it is away.
  expectOk(await koneksi.call('POST', `/outlets/${outlet!.id}/pause`));
  const told = ['alert-rules', 'users'].map((path) => page.waitForResponse(`**/api/${path}`));
  await page.goto(`${koneksi.app.url}/outlet-status`);
  await Promise.all(told);
  await page.getByTestId('status-table').waitFor();
  expect(await page.getByTestId('first-steps').count()).toBe(0);
  expectOk(await koneksi.call('DELETE', `/alert-rules/${id}`));
  expectOk(await koneksi.call('DELETE', `/outlets/${outlet!.id}`));
  dashboard.close();
}, 120_000);

test('whoever is thrown out is told why, and not once they are back', async () => {
  const { user } = await koneksi.person('ADMIN');
  const page = await signedIn(user.email, PASSWORD);
  const change = async (body: object): Promise<unknown> =>
    expectOk(await koneksi.call('PATCH', `/users/${user.id}`, { body }));
  await change({ isDisabled: true });
  const told = page.getByTestId('login-ended');
  await told.filter({ hasText: 'dinonaktifkan' }).waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await change({ isDisabled: false });
  await page.getByTestId('login-email').fill(user.email);
  await page.getByTestId('login-password').fill(PASSWORD);
  await page.getByTestId('login-submit').click();
  await page.getByTestId('no-outlets').waitFor();
  await page.goto(`${koneksi.app.url}/login`);
  await page.getByTestId('no-outlets').waitFor();
});

test('a tab whose person logged out in another one says so; the other one needs no word', async () => {
  const { user } = await koneksi.person('ADMIN');
  const page = await signedIn(user.email, PASSWORD);
  const second = await page.context().newPage();
  await second.goto(`${koneksi.app.url}/profile`);
  await second.getByTestId('user-menu').click();
  await second.getByTestId('logout-user').click();
  await page.getByTestId('login-ended').filter({ hasText: 'tab lain' }).waitFor();
  await second.getByTestId('login-submit').waitFor();
  expect(await second.getByTestId('login-ended').count()).toBe(0);
});

test('a first visit is told nothing', async () => {
  const { context, page } = await openPage(browser, PHONE);
  contexts.push(context);
  await page.goto(`${koneksi.app.url}/outlets`);
  await page.getByTestId('login-submit').waitFor();
  expect(await page.getByTestId('login-ended').count()).toBe(0);
});
