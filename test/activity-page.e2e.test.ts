import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { Browser, Page } from 'playwright-core';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, WIDE } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, PASSWORD, SUPERADMIN, type Person } from './support/koneksi.js';

const MORE_THAN_A_PAGE = 60;

let koneksi: Koneksi;
let browser: Browser;
let dago: Outlet;
let admin: Person;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  admin = await koneksi.person('ADMIN');
  dago = await koneksi.outlet({ name: 'Dago', city: 'Bandung' });
  await koneksi.outlet({ name: 'Cikini' });
  await change({ name: 'Dago Atas', city: 'Bandung Utara', tags: ['mal', 'ramai'], autoReconnect: false });
  expectOk(await koneksi.call('POST', `/outlets/${dago.id}/pause`, { token: admin.token }));
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

const at = (page: Page, testId: string) => page.getByTestId(testId);
const row = (page: Page, action: string) => page.locator(`[data-testid=activity-row][data-action="${action}"]`);

async function change(body: object): Promise<void> {
  expectOk(await koneksi.call('PATCH', `/outlets/${dago.id}`, { token: admin.token, body }));
}

async function open(
  path = '/activity',
  size = WIDE,
  language: 'id' | 'en' = 'id',
  email = SUPERADMIN.email,
): Promise<{ page: Page; faults: string[] }> {
  const { context, page, faults } = await openPage(browser, size);
  page.setDefaultTimeout(60_000);
  await context.addInitScript((chosen) => localStorage.setItem('koneksi.locale', chosen), language);
  await logIn(page, koneksi.app.url, email, email === SUPERADMIN.email ? SUPERADMIN.password : PASSWORD);
  await page.goto(`${koneksi.app.url}${path}`);
  return { page, faults };
}

test('a change is found from the menu in three presses, with what it was and what it is', async () => {
  const { page, faults } = await open('/outlet-status');
  await at(page, 'user-menu').click();
  await at(page, 'activity-link').click();
  await at(page, 'activity-kind').selectOption('outlet');
  const changed = row(page, 'outlet.changed');
  await changed.filter({ hasText: 'Nama: Dago menjadi Dago Atas' }).waitFor();
  await changed.filter({ hasText: admin.user.name }).waitFor();
  await changed.filter({ hasText: '127.0.0.1' }).waitFor();
  await changed.locator('summary').click();
  await changed.getByText('Label: kosong menjadi mal, ramai').waitFor();
  // The address holds what was chosen.
  await page.waitForURL(/kind=outlet/);
  await page.reload();
  await changed.waitFor();
  await row(page, 'sign-in.started').first().waitFor({ state: 'detached' });
  await at(page, 'activity-act').selectOption('outlet.paused');
  await changed.waitFor({ state: 'detached' });
  await row(page, 'outlet.paused').filter({ hasText: 'Menjeda outlet Dago Atas' }).waitFor();
  await at(page, 'activity-clear').click();
  await row(page, 'sign-in.started').first().waitFor();
  expect(faults).toEqual([]);
});

test('it is narrowed by person, outlet and day, and a file of the same is saved', async () => {
  const { page } = await open();
  await at(page, 'activity-who').getByRole('searchbox').fill(admin.user.name.toLowerCase());
  await row(page, 'user.created').first().waitFor({ state: 'detached' });
  // Chosen among those that are there to be chosen.
  await page.locator('#activity-outlets option[value="Dago Atas"]').waitFor({ state: 'attached' });
  await at(page, 'activity-outlet').fill('Dago Atas');
  await row(page, 'sign-in.started').first().waitFor({ state: 'detached' });
  await row(page, 'outlet.paused').waitFor();
  await at(page, 'activity-to').fill('2020-01-01');
  await at(page, 'activity-to').dispatchEvent('change');
  await page.getByText('Tidak ada yang cocok').waitFor();
  await at(page, 'activity-to').fill('2999-01-01');
  await at(page, 'activity-to').dispatchEvent('change');
  await row(page, 'outlet.paused').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), at(page, 'activity-csv').click()]);
  expect(download.suggestedFilename()).toBe('activity.csv');
  const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
  expect(lines[0]).toMatch(/^\ufeffwaktu_wib;siapa;/);
  expect(lines.filter((line) => line.includes('Menjeda outlet'))).toHaveLength(1);
  expect(lines.join('\n')).not.toContain('Cikini');
});

test('more comes as it is scrolled to, each line once', async () => {
  for (let count = 0; count < MORE_THAN_A_PAGE; count++) await change({ city: `Kota ${count}` });
  const { page } = await open(`/activity?outlet=${dago.id}&act=outlet.changed`);
  await row(page, 'outlet.changed').first().waitFor();
  await eventually('the first change is there', async () => {
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    return (await row(page, 'outlet.changed').count()) === MORE_THAN_A_PAGE + 1;
  });
});

test('an ADMIN is told that others’ sign-ins are not shown, and a USER is let in to nothing', async () => {
  const { page } = await open('/activity', WIDE, 'id', admin.user.email);
  await page.getByText('Anda melihat tindakan Anda sendiri').waitFor();
  await row(page, 'outlet.changed').first().waitFor();
  const staff = await koneksi.person('USER', [dago.id]);
  const { page: other } = await open('/activity', WIDE, 'id', staff.user.email);
  await other.locator('app-no-permission-page').waitFor();
});

test.each([
  [390, 844],
  [1024, 768],
  [1440, 900],
])(
  'nothing is out of place at %i px',
  async (width, height) => {
    const long = `Toko ${'cabang-nusantara-'.repeat(6)}`;
    await change({ name: long.slice(0, 60), tags: [1, 2, 3, 4, 5].map((index) => `label-panjang-${index}`) });
    for (const language of ['id', 'en'] as const) {
      const { page, faults } = await open('/activity', { width, height }, language);
      await row(page, 'outlet.changed').first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
      expect(await accessFaultsInBothThemes(page)).toEqual([]);
      expect(faults).toEqual([]);
    }
  },
  300_000,
);
