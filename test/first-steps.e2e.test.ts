import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { accessFaults } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, PHONE } from './support/browser.js';
import { expectOk, Koneksi, PASSWORD, SUPERADMIN } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
}, 60_000);

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
