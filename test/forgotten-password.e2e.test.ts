import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { Koneksi, PASSWORD } from './support/koneksi.js';
import { MailServer } from './support/mail-server.js';

const NEW = 'sepeda merah di garasi';

let mail: MailServer;
let koneksi: Koneksi;
let browser: Browser;

beforeAll(async () => {
  mail = await MailServer.start();
  [koneksi, browser] = await Promise.all([
    Koneksi.start({ env: { SMTP_URL: mail.url, SMTP_FROM: 'Koneksi <koneksi@example.com>', LOG_LEVEL: 'trace' } }),
    launchBrowser(),
  ]);
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
  await mail.die();
});

const at = (page: Page, testId: string) => page.getByTestId(testId);
const isWide = (page: Page): Promise<boolean> => page.evaluate('document.documentElement.scrollWidth > innerWidth');

async function visit(path: string, size = WIDE, language: 'id' | 'en' = 'id') {
  const opened = await openPage(browser, size);
  opened.page.setDefaultTimeout(60_000);
  await opened.context.addInitScript((chosen) => localStorage.setItem('koneksi.locale', chosen), language);
  await opened.page.goto(`${koneksi.app.url}${path}`);
  return opened;
}

test('from the log-in page by mail to a new password, on a phone, while another browser is signed out and told why', async () => {
  const { user } = await koneksi.person('USER');
  const elsewhere = await openPage(browser, WIDE);
  await logIn(elsewhere.page, koneksi.app.url, user.email, PASSWORD);

  const { page, faults } = await visit('/login', PHONE);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.url()} ${request.headers()['referer'] ?? ''}`));
  await at(page, 'forgot-password').click();
  await at(page, 'forgot-send').click();
  await at(page, 'forgot-email-error').filter({ hasText: 'email' }).waitFor();
  await at(page, 'forgot-email').fill(user.email);
  await at(page, 'forgot-send').click();
  await at(page, 'forgot-sent').filter({ hasText: '30 menit' }).waitFor();

  const letter = await mail.gets('with the link', ({ to }) => to === user.email);
  const [, token = ''] = /\/reset-password#(\S+)/.exec(letter.body) ?? [];
  await page.goto(`${koneksi.app.url}/reset-password#${token}`);
  await at(page, 'reset-password').fill('pendek');
  await at(page, 'reset-password-save').click();
  await at(page, 'reset-password-error').filter({ hasText: '10' }).waitFor();
  expect(page.url()).not.toContain(token);
  await at(page, 'reset-password').fill(NEW);
  await at(page, 'reset-password-save').click();
  await at(page, 'login-password-changed').filter({ hasText: 'sudah diganti' }).waitFor();
  await at(elsewhere.page, 'login-ended').filter({ hasText: 'Sesi Anda berakhir' }).waitFor();

  await at(page, 'login-email').fill(user.email);
  await at(page, 'login-password').fill(NEW);
  await at(page, 'login-submit').click();
  await page.waitForURL('**/outlet-status');
  // It stands in no address that was asked for, in no referrer and in no line of the log.
  expect(asked.filter((each) => each.includes(token))).toEqual([]);
  expect(koneksi.logged.filter((line) => line.includes(token))).toEqual([]);
  expect(faults).toEqual([]);
}, 120_000);

test('a link that is over says so, and leads to the next', async () => {
  const { page } = await visit('/reset-password#tidak-ada');
  await at(page, 'reset-password').fill(NEW);
  await at(page, 'reset-password-save').click();
  await at(page, 'reset-problem').filter({ hasText: 'sudah dipakai atau lewat 30 menit' }).waitFor();
  await page.getByRole('link', { name: 'Minta tautan baru' }).click();
  await at(page, 'forgot-email').waitFor();
}, 120_000);

test('where no mail is sent, the page says who can help', async () => {
  const { page } = await visit('/login');
  await page.route('**/api/app', (route) =>
    route.fulfill({ json: { version: '0', demo: false, passwordResetByMail: false } }),
  );
  await at(page, 'forgot-password').click();
  await at(page, 'forgot-by-admin').filter({ hasText: 'superadmin' }).waitFor();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  await page.unroute('**/api/app');
  await page.route('**/api/app', (route) => route.abort());
  await at(page, 'back-to-login').click();
  await at(page, 'forgot-password').click();
  await at(page, 'forgot-error').filter({ hasText: 'tidak dapat dihubungi' }).waitFor();
  await page.unroute('**/api/app');
  await at(page, 'forgot-error').getByRole('button').click();
  await at(page, 'forgot-email').waitFor();
}, 120_000);

test.each([
  [390, 844],
  [1024, 768],
  [1440, 900],
])(
  'nothing is out of place at %i px',
  async (width, height) => {
    for (const language of ['id', 'en'] as const) {
      const { page, faults } = await visit('/login', { width, height }, language);
      await at(page, 'forgot-password').waitFor();
      expect(await isWide(page)).toBe(false);
      expect(await accessFaultsInBothThemes(page)).toEqual([]);
      await at(page, 'forgot-password').click();
      await at(page, 'forgot-email').waitFor();
      expect(await isWide(page)).toBe(false);
      expect(await accessFaultsInBothThemes(page)).toEqual([]);
      await page.goto(`${koneksi.app.url}/reset-password#apa-saja`);
      await at(page, 'reset-password').waitFor();
      expect(await isWide(page)).toBe(false);
      expect(await accessFaultsInBothThemes(page)).toEqual([]);
      expect(faults).toEqual([]);
    }
  },
  300_000,
);

test('the server where mail is set up says so before anybody signs in', async () => {
  const info = () => koneksi.call<{ passwordResetByMail: boolean }>('GET', '/app', { token: null });
  await eventually('it says so', async () => (await info()).body.passwordResetByMail);
});
