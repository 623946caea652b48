import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { accessFaults } from './support/access-faults.js';
import { addContacts, Blasts } from './support/blasts.js';
import { launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import { expectOk, Koneksi, SUPERADMIN, type LinkedOutlet } from './support/koneksi.js';

const LATER = '2999-01-01T00:00:00Z';
const TABLET = { width: 1024, height: 768 };

let koneksi: Koneksi;
let browser: Browser;
let blasts: Blasts;
let shop: LinkedOutlet;
let other: LinkedOutlet;
let numbers: string[];

const sql = (text: string, values: unknown[]): Promise<unknown> => koneksi.database.dataSource.query(text, values);
async function settings({ outlet }: LinkedOutlet, body: object): Promise<void> {
  expectOk(await koneksi.call('PATCH', `/outlets/${outlet.id}/blast-settings`, { body }));
}
async function contacts({ outlet }: LinkedOutlet, first: number, count: number, tag: string): Promise<string[]> {
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const added = await addContacts(where, outlet.id, first, count);
  await sql('UPDATE contacts SET tags = ARRAY[$2::text] WHERE number = ANY ($1)', [added, tag]);
  return added;
}

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  blasts = new Blasts(koneksi);
  const dashboard = await koneksi.dashboard();
  shop = await koneksi.linked(dashboard, { name: 'Jakarta Kemang' });
  other = await koneksi.linked(dashboard, { name: 'Bandung Dago' });
  for (const each of [shop, other]) await settings(each, { quietHours: null, warmUpDays: 0 });
  await settings(shop, { paceMinMs: 60_000, paceMaxMs: 60_000, newChatsPerDay: 1_000, knownChatsPerDay: 1_000 });
  numbers = await contacts(shop, 0, 20, 'reseller');
  await contacts(other, 100, 1, 'reseler');
  await blasts.create({
    outletIds: [shop.outlet.id],
    message: 'Kabar Jumat',
    audience: { phones: numbers.slice(0, 14) },
    scheduledAt: LATER,
    title: 'Promo Jumat',
  });
});
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

const compose = async (page: Page): Promise<void> => {
  await page.goto(`${koneksi.app.url}/blast/new`);
  await page.getByTestId(`pick-${shop.outlet.id}`).check();
};

test.each([
  ['phone', PHONE],
  ['tablet', TABLET],
  ['wide', WIDE],
] as const)('what must be seen before anything leaves is red in preview and sheet, on a %s', async (name, viewport) => {
  const { context, page, faults } = await openPage(browser, viewport);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await compose(page);
  for (const tag of ['reseller', 'reseler']) await page.getByTestId(`tag-${tag}`).click();
  await page.getByTestId('live-count').getByText('20', { exact: true }).waitFor();
  if (name === 'phone') await page.getByTestId('next').click();
  await page.getByTestId('message').fill(`Halo {{nama}}, ${name}`);
  await page.getByTestId('preview').click();
  await page.getByTestId('preview-recipients').waitFor();
  await page.getByTestId('ends').check();
  const inTenMinutes = new Date(Date.now() + 7 * 3_600_000 + 10 * 60_000).toISOString().slice(0, 16);
  await page.getByTestId('not-after').fill(inTenMinutes);
  await page.getByTestId('not-after').blur();

  const late = page.getByTestId('alarm-too-late');
  await late.getByText(/^\d+ dari 20 tidak akan terkirim sebelum batas waktunya/).waitFor();
  await page
    .getByTestId('alarm-waiting')
    .getByText('14 dari 20 sudah menunggu blast lain: “Promo Jumat” (Terjadwal).')
    .waitFor();
  await page.getByTestId('alarm-unknown-tag').getByText('Mungkin maksud Anda “reseller”?').waitFor();
  // What is counted again is dimmed until its answer is there.
  await page.locator('.facts[aria-busy=false]').waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await page.getByTestId('send').click();
  const confirm = page.getByTestId('confirm');
  await confirm.waitFor();
  expect(await confirm.isDisabled()).toBe(true);
  for (const alarm of ['too-late', 'waiting', 'unknown-tag'])
    await page.locator('mat-dialog-content').getByTestId(`alarm-${alarm}`).waitFor();
  await page.getByTestId('agree-tags').check();
  await page.locator('[data-testid="confirm"]:not([aria-disabled="true"])').waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await confirm.click();
  await page.waitForURL(/\/blast\/[0-9a-f-]{36}$/);
  await blasts.verb(page.url().split('/').at(-1)!, 'cancel');
  // Pasted numbers that are none are told while they are typed, and once more in the preview.
  await compose(page);
  await page.getByTestId('by-hand').click();
  await page.getByTestId('phones').fill([numbers[0], 'Ibu Rina', '0812****7890', '(021) 555-01234'].join('\n'));
  const none = page.getByTestId('no-numbers');
  await none.getByText('3 isian bukan nomor yang dapat dikirimi').waitFor();
  await none.getByText('Nomor telepon rumah atau kantor').waitFor();
  expect(await accessFaults(page)).toEqual([]);
  if (name === 'phone') await page.getByTestId('next').click();
  await page.getByTestId('message').fill('Halo');
  await page.getByTestId('preview').click();
  await page.getByTestId('preview-recipients').waitFor();
  await page.locator('app-review-panel').getByTestId('no-numbers').getByText('Ibu Rina').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});
