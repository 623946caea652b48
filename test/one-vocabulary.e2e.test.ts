import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, logIn, openPage, WIDE } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, SUPERADMIN } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;

/** Outlets of each state that needs somebody. */
const NAMES = ['Belum tertaut', 'Dijeda', 'Dilepas HP', 'Nonaktif'];

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  const admin = await koneksi.dashboard();
  await koneksi.outlet({ name: 'Belum tertaut' });
  const paused = await koneksi.linked(admin, { name: 'Dijeda' });
  expectOk(await koneksi.call('POST', `/outlets/${paused.outlet.id}/pause`));
  await koneksi.outlet({ name: 'Nonaktif', isActive: false });
  const unlinked = await koneksi.linked(admin, { name: 'Dilepas HP' });
  unlinked.phone.unlink();
  await koneksi.linked(admin, { name: 'Sehat' });
});
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

async function wordsOn(page: Page, path: string, names = NAMES): Promise<Record<string, string>> {
  await page.goto(`${koneksi.app.url}${path}`);
  const rows = page.locator('[data-outlet-id]');
  await rows.filter({ hasText: 'Dilepas HP' }).locator('app-state-badge, app-status-badge').first().waitFor();
  const words: Record<string, string> = {};
  for (const name of names) {
    const badge = rows.filter({ hasText: name }).locator('app-state-badge, app-status-badge').first();
    words[name] = (await badge.innerText()).replace(/^\W+/u, '').trim();
  }
  return words;
}

test('an outlet is called the same on every page', async () => {
  const { page, faults } = await openPage(browser, WIDE);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  const onStatus = await eventually('all have settled', async () => {
    const words = await wordsOn(page, '/outlet-status');
    return words['Dilepas HP'] !== 'Sehat' && words['Dijeda'] === 'Dijeda' ? words : null;
  });
  expect(onStatus['Belum tertaut']).toBe('Tidak tertaut');
  expect(await wordsOn(page, '/outlets')).toEqual(onStatus);
  // One that is switched off sends nothing, and is not offered.
  const { Nonaktif: _, ...offered } = onStatus;
  expect(await wordsOn(page, '/blast/new', Object.keys(offered))).toEqual(offered);
  expect(faults).toEqual([]);
});
