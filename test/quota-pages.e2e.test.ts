import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { QuotaList } from '@koneksi/contracts/quotas';
import type { Browser, Page } from 'playwright-core';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import { expectOk, Koneksi, SUPERADMIN } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;
let outletId: string;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  outletId = (await koneksi.outlet({ name: 'Braga' })).id;
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

async function open(path: string, viewport = WIDE): Promise<{ page: Page; faults: string[] }> {
  const { page, faults } = await openPage(browser, viewport);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}${path}`);
  return { page, faults };
}
const isWithin = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>('document.documentElement.scrollWidth <= document.documentElement.clientWidth');

test('who makes links is told before the last one that may be open, and no sooner', async () => {
  const make = async (): Promise<void> => {
    const body = { expiresInMinutes: 60 };
    expectOk(await koneksi.call('POST', `/outlets/${outletId}/reconnect-links`, { body }));
  };
  for (let count = 0; count < 7; count += 1) await make();
  const { page, faults } = await open('/outlets');
  await page.getByTestId('outlet-menu').first().click();
  await page.getByTestId('reconnect-links').click();
  const links = page.getByTestId('open-link');
  await links.nth(6).waitFor();
  const warning = page.getByTestId('quota-warning');
  expect(await warning.count()).toBe(0);
  await page.getByTestId('make-link').click();
  await warning.getByText('Hampir penuh: Tautan outlet ini yang masih berlaku, 8 dari 10. Cabut').waitFor();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  await make();
  await make();
  await warning.getByText('Sudah penuh: Tautan outlet ini yang masih berlaku, 10 dari 10.').waitFor();
  expect(faults).toEqual([]);
});

test.each([
  ['phone', PHONE],
  ['wide', WIDE],
])('how much somebody may keep stands with their account, all of it, on a %s', async (_, viewport) => {
  const { items } = expectOk(await koneksi.call<QuotaList>('GET', '/quotas'));
  const { page, faults } = await open('/profile', viewport);
  const rows = page.getByTestId('quota');
  await rows.first().waitFor();
  const shown = await Promise.all((await rows.all()).map((row) => row.getAttribute('data-name')));
  expect(shown).toEqual(items.map(({ name }) => name));
  await page.locator('[data-name=files]').getByText('0 MB dari 400 MB').waitFor();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  expect(await isWithin(page)).toBe(true);
  expect(faults).toEqual([]);
});
