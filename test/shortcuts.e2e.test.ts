import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { launchBrowser, logIn, openPage } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { Fleet, mostlyWell } from './support/fleet.js';
import { Koneksi, SUPERADMIN } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;
let fleet: Fleet;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  fleet = await Fleet.seed(koneksi, 300, mostlyWell);
}, 60_000);

afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

test('/ searches the page, Ctrl-K finds any outlet or page, ? lists the keys', async () => {
  const { context, page, faults } = await openPage(browser);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.getByTestId('status-row').first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('Solo/?');
  expect(await page.getByTestId('search').inputValue()).toBe('Solo/?');
  await page.getByTestId('search').fill('');
  await page.getByTestId('search').blur();

  const wanted = fleet.members[122]!;
  await page.keyboard.press('Control+k');
  await page.getByTestId('finder-field').fill(`0${wanted.outlet.whatsappNumber.slice(2)}`);
  await page.getByTestId('finder-option').first().getByText(wanted.outlet.name).waitFor();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.waitForURL(({ searchParams }) => searchParams.get('outlet') === wanted.outletId);
  await page.getByTestId('sheet-close').click();
  await page.getByTestId('outlet-sheet').waitFor({ state: 'detached' });

  // What can be done is found by its words, and taken back as from its button.
  await page.keyboard.press('Control+k');
  await page.getByTestId('finder-field').fill(`jeda ${wanted.outlet.name}`);
  await page.getByTestId('finder-option').first().getByText('Tindakan').waitFor();
  await page.getByTestId('finder-field').fill('impor outlet');
  await page.keyboard.press('Enter');
  await page.getByTestId('import-paste').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('import-paste').waitFor({ state: 'detached' });

  await page.keyboard.press('Control+k');
  await page.getByTestId('finder-field').fill('kontak');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/contacts**');
  await page.getByTestId('finder').waitFor({ state: 'detached' });
  await page.locator('main h1:focus').waitFor();
  await page.keyboard.press('?');
  await eventually('the keys are listed', async () =>
    (await page.getByTestId('finder-keys').innerText()).includes('Ctrl K'),
  );
  expect(faults).toEqual([]);
  await context.close();
});
