import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { launchBrowser, logIn, openPage } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { Fleet } from './support/fleet.js';
import { Koneksi, SUPERADMIN } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;
let fleet: Fleet;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([
    Koneksi.start({ env: { INCIDENT_AFTER_MS: '200', INCIDENT_WELL_FOR_MS: '200' } }),
    launchBrowser(),
  ]);
  fleet = await Fleet.seed(koneksi, 300, () => ({ code: null }));
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

async function open(width: number, height: number, language: 'id' | 'en'): Promise<{ page: Page; faults: string[] }> {
  const { context, page, faults } = await openPage(browser, { width, height });
  page.setDefaultTimeout(60_000);
  await context.addInitScript((chosen) => localStorage.setItem('koneksi.locale', chosen), language);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  return { page, faults };
}

const cutOff = (count: number): void => {
  for (const { outletId } of fleet.members.slice(0, count)) fleet.become(outletId, { code: 'WHATSAPP_UNREACHABLE' });
};
const back = (): void => {
  for (const { outletId, healthy } of fleet.members) if (!healthy) fleet.become(outletId, { code: null });
};

/** Where the menu ends; at the bottom of a phone it would be cut off without a word. */
const LAST_OF_MENU = `Math.max(...[...document.querySelectorAll('nav a')].map((link) => link.getBoundingClientRect().right))`;

test('a cut of 278 is one incident: taken from the banner, seen by others, over without a reload', async () => {
  const { page, faults } = await open(1440, 900, 'id');
  cutOff(278);
  await page.getByTestId('take-care').click();
  await page.getByTestId('taken-by').filter({ hasText: 'Ditangani' }).waitFor();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  await page.getByTestId('banner-incident').click();
  await page.waitForURL('**/incidents?id=*');
  await eventually('it alone is listed', async () => (await page.getByTestId('incident').count()) === 1);
  await page.getByTestId('incident-outlet').nth(277).waitFor();
  expect(await page.getByTestId('incident').innerText()).toMatch(/278 outlet/);

  const { page: other } = await open(1440, 900, 'en');
  await other.goto(`${koneksi.app.url}/incidents`);
  await other.getByTestId('taken-by').filter({ hasText: 'takes care since' }).waitFor();
  back();
  for (const each of [page, other]) await each.locator('[data-testid=incident][data-over=true]').waitFor();
  expect(await page.getByTestId('take-care').count()).toBe(0);
  expect(faults).toEqual([]);
}, 120_000);

test.each([
  [390, 844],
  [720, 900],
  [1024, 768],
  [1440, 900],
])(
  'nothing is out of place at %i px',
  async (width, height) => {
    cutOff(5);
    const looks = ['id', 'en'] as const;
    for (const language of looks) {
      const { page, faults } = await open(width, height, language);
      await page.goto(`${koneksi.app.url}/incidents`);
      await page.getByTestId('take-care').first().waitFor();
      await page.getByTestId('incident-outlets').first().click();
      await page.getByTestId('incident-outlet').nth(4).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
      expect(await page.evaluate(LAST_OF_MENU)).toBeLessThanOrEqual(width);
      expect(await accessFaultsInBothThemes(page)).toEqual([]);
      expect(faults).toEqual([]);
    }
    back();
  },
  120_000,
);
