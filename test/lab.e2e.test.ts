import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { accessFaults } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import { Koneksi, SUPERADMIN, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;
let kemang: LinkedOutlet;

/** Keeps each step of the tour that is shown. */
const STEPS = `window.steps = [];
new MutationObserver(() => {
  const step = document.querySelector('[data-testid=tour-step]')?.dataset.step;
  if (step && step !== steps.at(-1)) steps.push(step);
}).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-step'] })`;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([
    Koneksi.start({ demo: true, env: { RECONCILE_INTERVAL_MS: '2000' } }),
    launchBrowser(),
  ]);
  const dashboard = await koneksi.dashboard();
  kemang = await koneksi.linked(dashboard, { name: 'Jakarta Kemang' });
  await koneksi.linked(dashboard, { name: 'Surabaya Darmo' });
});

afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

test.each([
  ['phone', PHONE, 'dark'],
  ['wide', WIDE, 'light'],
] as const)('axe finds nothing in the lab on a %s', async (_, viewport, colorScheme) => {
  const { context, page } = await openPage(browser, viewport);
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.getByTestId('lab-open').click();
  await page.getByTestId('lab-unlink').waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await context.close();
});

test('a phone unlinks in the lab, and its outlet says so; the phone scans, and it is back', async () => {
  const { context, page, faults } = await openPage(browser);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  const row = page.locator(`[data-testid=status-row][data-outlet-id="${kemang.outlet.id}"]`);
  await page.getByTestId('lab-open').click();
  await page.getByTestId('lab-outlet').selectOption(kemang.outlet.id);
  await page.getByTestId('lab-unlink').click();
  await row.locator('[data-testid=cell-reason][data-reason=REMOVED_BY_WHATSAPP]').waitFor();
  await row.getByTestId('connect').click();
  await page.getByTestId('virtual-phone-scan').click();
  await page.getByTestId('connected').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('the tour shows a lie corrected and an outlet linked again', async () => {
  const { context, page, faults } = await openPage(browser);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.getByTestId('lab-open').click();
  // Written down in the page: each step passes by itself, whoever looks.
  await page.evaluate(STEPS);
  await page.getByTestId('tour-start').click();
  await page.locator('[data-testid=tour-step]:is([data-step=done], [data-step=failed])').waitFor({ timeout: 100_000 });
  expect(await page.evaluate('steps')).toEqual(['look', 'drift', 'corrected', 'unlink', 'connect', 'scan', 'done']);
  expect(faults).toEqual([]);
  await context.close();
});
