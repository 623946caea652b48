import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { Koneksi, PASSWORD, SUPERADMIN } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;
let dashboard: Dashboard;
const contexts: BrowserContext[] = [];
const codes = new Map<string, string>();

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  dashboard = await koneksi.dashboard();
  koneksi.simulator.on('passkey-code', ({ number, code }) => codes.set(number, code));
});

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});

afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

/** The dialog of an outlet whose account demands a passkey, opened after the scan that said so. */
async function dialog(
  name: string,
  viewport = WIDE,
  staff = false,
): Promise<{ outlet: Outlet; page: Page; linking: Promise<unknown> }> {
  const outlet = await koneksi.outlet({ name });
  const phone = koneksi.phoneOf(outlet);
  phone.demandsPasskey = true;
  await koneksi.connect(outlet.id);
  const linking = phone.scan(await dashboard.qr(outlet.id));
  linking.catch(() => undefined);
  await dashboard.becomes(outlet.id, 'PASSKEY_REQUIRED');
  const { context, page } = await openPage(browser, viewport);
  contexts.push(context);
  const email = staff ? (await koneksi.person('USER', [outlet.id])).user.email : SUPERADMIN.email;
  await logIn(page, koneksi.app.url, email, staff ? PASSWORD : SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}/outlets`);
  await page.locator(`[data-testid=outlet-row][data-outlet-id="${outlet.id}"]`).getByTestId('connect').click();
  await page.getByTestId('connect-reason').waitFor();
  return { outlet, page, linking };
}

const says = (page: Page, testId: string, words: RegExp): Promise<void> =>
  page.getByTestId(testId).filter({ hasText: words }).waitFor();

async function paste(page: Page, answer: string): Promise<void> {
  await page.getByTestId('passkey-answer').fill(answer);
  await page.getByTestId('passkey-hand-in').click();
}

/** What a tool would answer to the request on the page, as it stands there to be copied. */
async function answered(page: Page, outlet: Outlet): Promise<string> {
  const request = await page.getByTestId('passkey-request').inputValue();
  return koneksi.phoneOf(outlet).assertPasskey(request);
}

test.each([
  ['wide', WIDE],
  ['on a phone', PHONE],
])('an admin has the request answered elsewhere, compares the code and is connected, %s', async (_, viewport) => {
  const { outlet, page, linking } = await dialog(`Dago ${viewport.width}`, viewport);
  await says(page, 'connect-reason', /meminta passkey/);
  // Folded away: the sentence and what helps on the phone come first.
  await page.getByTestId('passkey-open').waitFor();
  expect(await page.getByTestId('passkey-request').isVisible()).toBe(false);
  await page.getByTestId('passkey-open').click();
  await page.getByTestId('passkey-request').waitFor();
  await says(page, 'passkey', /simulator kami sendiri, belum pada akun sungguhan/);
  await says(page, 'passkey-countdown', /\d/);
  const right = await answered(page, outlet);

  await paste(page, '{"id": "abc');
  await says(page, 'passkey-problem', /bukan JSON/);
  await paste(page, '{"id":"abc"}');
  await says(page, 'passkey-problem', /bukan jawaban passkey/);
  await paste(page, koneksi.phoneOf(outlet).assertPasskey(JSON.stringify({ challenge: 'b2xkZXI' })));
  await says(page, 'passkey-problem', /permintaan yang lama/);
  // Nothing that was typed is lost by a refusal.
  expect(await page.getByTestId('passkey-answer').inputValue()).toContain('public-key');

  await paste(page, right);
  const code = await eventually('the phone shows a code', () => codes.get(outlet.whatsappNumber));
  await says(page, 'passkey-code', new RegExp(code));
  const fits = await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth');
  expect(fits).toBe(true);
  await page.getByTestId('passkey-confirm').click();
  await page.getByTestId('connected').waitFor();
  await expect(linking).resolves.toMatchObject({ id: 1 });
});

test('staff read the sentence and are asked to paste nothing', async () => {
  const { page } = await dialog('Cihampelas', WIDE, true);
  await says(page, 'connect-reason', /meminta passkey/);
  await page.getByTestId('connect-retry').waitFor();
  expect(await page.getByTestId('passkey').count()).toBe(0);
});

test('another code is given up, which links nothing, and a QR is to be had', async () => {
  const { outlet, page, linking } = await dialog('Riau');
  await page.getByTestId('passkey-open').click();
  await page.getByTestId('passkey-request').waitFor();
  await paste(page, await answered(page, outlet));
  await page.getByTestId('passkey-give-up').click();
  await page.getByTestId('passkey-none').waitFor();
  await expect(linking).rejects.toMatchObject({ code: 'DEVICE_REFUSED' });
  koneksi.phoneOf(outlet).demandsPasskey = false;
  await page.getByTestId('connect-retry').click();
  await page.getByTestId('qr').waitFor();
  await koneksi.phoneOf(outlet).scan(await dashboard.qr(outlet.id));
  await page.getByTestId('connected').waitFor();
});

test('a demand that ended is said on the page at once, and an answer too late is named', async () => {
  const { outlet, page } = await dialog('Setiabudi');
  await page.getByTestId('passkey-open').click();
  await page.getByTestId('passkey-request').waitFor();
  const late = await answered(page, outlet);
  koneksi.simulator.advance(300_001);
  await paste(page, late);
  await says(page, 'passkey-problem', /tidak menunggu lagi/);
  await page.getByTestId('passkey-none').waitFor();
});
