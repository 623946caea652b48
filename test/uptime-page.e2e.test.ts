import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { launchBrowser, logIn, openPage } from './support/browser.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { Koneksi, PASSWORD, SUPERADMIN, type LinkedOutlet } from './support/koneksi.js';
import { seedUptime } from './support/seeded-uptime.js';

let koneksi: Koneksi;
let browser: Browser;
let admin: Dashboard;
let dago: LinkedOutlet;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([
    Koneksi.start({ env: { INCIDENT_AFTER_MS: '200', INCIDENT_WELL_FOR_MS: '200' } }),
    launchBrowser(),
  ]);
  admin = await koneksi.dashboard();
  dago = await koneksi.linked(admin, { name: 'Dago', city: 'Bandung' });
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

async function open(
  width: number,
  height: number,
  language: 'id' | 'en',
  person: { email: string; password: string } = SUPERADMIN,
): Promise<{ page: Page; faults: string[] }> {
  const { context, page, faults } = await openPage(browser, { width, height });
  page.setDefaultTimeout(60_000);
  await context.addInitScript((chosen) => localStorage.setItem('koneksi.locale', chosen), language);
  await logIn(page, koneksi.app.url, person.email, person.password);
  return { page, faults };
}

const figure = (page: Page, name: string): Promise<string> => page.getByTestId(`figure-${name}`).innerText();

test('an outlet that falls is on the page, with its incident, and by name alone', async () => {
  const { page, faults } = await open(1440, 900, 'id');
  await page.getByTestId('nav.uptime').click();
  await page.getByTestId('figure-uptime').waitFor();
  dago.phone.unlink();
  await page.getByTestId('uptime-incident').first().waitFor();
  await eventually('seconds of downtime', async () => {
    await page.getByTestId('window-24h').click();
    await page.getByTestId('window-7d').click();
    return /^\d+ /.test(await figure(page, 'down')) && !/^0 /.test(await figure(page, 'down'));
  });
  const worst = page.getByTestId('worst').filter({ hasText: 'Dago' });
  await worst.waitFor();
  await page.getByTestId('uptime-city').filter({ hasText: 'Bandung' }).waitFor();
  await worst.getByRole('button').click();
  await page.waitForURL('**/uptime?*outlet=*');
  await page.getByTestId('uptime-all').waitFor();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  expect(faults).toEqual([]);
}, 120_000);

test('the sheet of the month is one that Indonesian Excel opens', async () => {
  const { page } = await open(1440, 900, 'id');
  await page.goto(`${koneksi.app.url}/uptime`);
  await page.getByTestId('figure-uptime').waitFor();
  const downloading = page.waitForEvent('download');
  await page.getByTestId('uptime-sheet').click();
  const sheet = await readFile(await (await downloading).path(), 'utf8');
  expect(sheet).toMatch(/^\ufeffoutlet;kota;uptime_persen;/);
  expect(sheet).toContain('\r\nDago;Bandung;');
});

test('who has one outlet is told of it alone, and who has none how to begin', async () => {
  const { user } = await koneksi.person('USER', [dago.outlet.id]);
  const { page } = await open(390, 844, 'id', { email: user.email, password: PASSWORD });
  await page.getByTestId('user-menu').click();
  await page.getByTestId('uptime-link').click();
  await page.getByTestId('figure-uptime').waitFor();
  expect(await page.getByTestId('uptime-outlet').count()).toBe(0);
});

test.each([
  [390, 844],
  [720, 900],
  [1024, 768],
  [1440, 900],
  [1920, 1080],
])(
  'with a year behind 30 outlets nothing is out of place at %i px',
  async (width, height) => {
    await seedUptime(koneksi.database.dataSource, 30);
    // Words differ in length; once at each edge is enough.
    for (const language of width === 390 || width === 1440 ? (['id', 'en'] as const) : (['id'] as const)) {
      const { page, faults } = await open(width, height, language);
      for (const chosen of ['24h', '365d']) {
        await page.goto(`${koneksi.app.url}/uptime?window=${chosen}`);
        await page.getByTestId('figure-uptime').waitFor();
        await page.getByTestId('worst').nth(9).waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
        await page.getByTestId('uptime-as-table').click();
        await page.getByTestId('uptime-line').first().waitFor();
        expect(await page.getByTestId('uptime-line').count()).toBe(chosen === '24h' ? 24 : 53);
        expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
      }
      expect(await accessFaultsInBothThemes(page)).toEqual([]);
      expect(faults).toEqual([]);
      await page.context().close();
    }
  },
  180_000,
);

test('the strip of an outlet tells when Koneksi did not run, by shape, in words and to who listens', async () => {
  const { dataSource } = koneksi.database;
  await dataSource.query("UPDATE outlet_status_change SET at = at - interval '12 hours' WHERE outlet_id = $1", [
    dago.outlet.id,
  ]);
  await dataSource.query(
    "INSERT INTO status_blind_spans VALUES (now() - interval '9 hours', now() - interval '4 hours')",
  );
  const { page, faults } = await open(1440, 900, 'id');
  await page.goto(`${koneksi.app.url}/outlet-status?outlet=${dago.outlet.id}`);
  const strip = page.getByTestId('outlet-sheet').locator('app-time-strip');
  await strip.locator('> svg path[data-status=UNKNOWN]').waitFor();
  await strip.getByText('Tidak diketahui: Koneksi tidak berjalan').waitFor();
  await strip.getByRole('img', { name: /; 5 j(am)? tidak diketahui karena Koneksi tidak berjalan/ }).waitFor();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  expect(faults).toEqual([]);
}, 120_000);
