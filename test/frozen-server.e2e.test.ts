import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import { childEnv, ChildKoneksi } from './support/child-koneksi.js';
import { SUPERADMIN } from './support/koneksi.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

/** What people wait at most until a page says that it may no longer be true, in milliseconds. */
const TOLD_WITHIN_MS = 10_000;
/** For a machine with other work; by Socket.IO alone a page would wait for more than twenty seconds. */
const GRACE_MS = 10_000;

let database: TestDatabase;
let child: ChildKoneksi;
let browser: Browser;

beforeAll(async () => {
  [database, browser] = await Promise.all([createTestDatabase(), launchBrowser()]);
  child = await ChildKoneksi.start(childEnv({ database }));
  await child.ready();
});

afterAll(async () => {
  await browser.close();
  await child.kill();
  await database.drop();
});

test('a page whose server is frozen says so within ten seconds, on phones too, and is live again with it', async () => {
  const opened = [await openPage(browser, WIDE), await openPage(browser, PHONE)];
  for (const { page } of opened) {
    await logIn(page, child.url, SUPERADMIN.email, SUPERADMIN.password);
    await page.locator('[data-testid=connection][data-state=live]').waitFor();
  }
  child.freeze();
  const frozen = performance.now();
  await Promise.all(opened.map(({ page }) => page.locator('[data-testid=connection][data-state=lost]').waitFor()));
  const took = performance.now() - frozen;
  child.thaw();
  expect(took).toBeLessThan(TOLD_WITHIN_MS + GRACE_MS);
  await Promise.all(opened.map(({ page }) => page.locator('[data-testid=connection][data-state=live]').waitFor()));
  for (const { context } of opened) await context.close();
});
