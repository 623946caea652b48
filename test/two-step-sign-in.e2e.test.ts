import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { RecoveryCodes, SecondFactorSecret } from '@koneksi/contracts/second-factor';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import { expectOk, Koneksi, PASSWORD, SUPERADMIN, type Person } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start({ env: { LOG_LEVEL: 'trace' } }), launchBrowser()]);
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

const at = (page: Page, testId: string) => page.getByTestId(testId);
const isWide = (page: Page): Promise<boolean> => page.evaluate('document.documentElement.scrollWidth > innerWidth');
/** A code is taken once: the next is the one that the app shows half a minute later, which a clock may be ahead. */
const codeOf = (secret: string, ahead = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + ahead * 30_000 });

async function open(size = WIDE, language: 'id' | 'en' = 'id') {
  const opened = await openPage(browser, size);
  opened.page.setDefaultTimeout(60_000);
  await opened.context.addInitScript((chosen) => localStorage.setItem('koneksi.locale', chosen), language);
  return opened;
}

async function password(page: Page, email: string): Promise<void> {
  await page.goto(`${koneksi.app.url}/login`);
  await at(page, 'login-email').fill(email);
  await at(page, 'login-password').fill(PASSWORD);
  await at(page, 'login-submit').click();
}

/** Somebody who switched it on, past the page. */
async function guarded(): Promise<Person & { secret: string; recoveryCodes: string[] }> {
  const person = await koneksi.person('ADMIN');
  const { token } = person;
  const post = async <T>(path: string, body: object): Promise<T> =>
    expectOk(await koneksi.call<T>('POST', `/auth/me/second-factor${path}`, { token, body }));
  const { secret } = await post<SecondFactorSecret>('', { currentPassword: PASSWORD });
  const { recoveryCodes } = await post<RecoveryCodes>('/confirm', { code: codeOf(secret) });
  return { ...person, secret, recoveryCodes };
}

test('from the profile to a log-in in two steps, and back to one', async () => {
  const { user } = await koneksi.person('USER');
  const { page, faults } = await open(PHONE);
  await logIn(page, koneksi.app.url, user.email, PASSWORD);
  await page.goto(`${koneksi.app.url}/profile`);
  await at(page, 'second-factor-off').waitFor();
  await at(page, 'enable-second-factor').click();
  await at(page, 'second-factor-password').fill('salah salah salah');
  await at(page, 'start-second-factor').click();
  await at(page, 'second-factor-password-error').filter({ hasText: 'salah' }).waitFor();
  await at(page, 'second-factor-password').fill(PASSWORD);
  await at(page, 'start-second-factor').click();
  const spelled = at(page, 'second-factor-secret').filter({ hasText: /\S/ });
  await spelled.waitFor();
  const secret = (await spelled.innerText()).replaceAll(' ', '');
  await page.getByRole('img', { name: 'QR untuk aplikasi autentikator' }).waitFor();
  expect(await isWide(page)).toBe(false);
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  await at(page, 'second-factor-code').fill('000000');
  await at(page, 'send-second-factor-code').click();
  await at(page, 'second-factor-code-error').filter({ hasText: 'salah' }).waitFor();
  await at(page, 'second-factor-code').fill(codeOf(secret));
  await at(page, 'send-second-factor-code').click();
  const codes = at(page, 'recovery-codes').getByRole('listitem');
  await codes.nth(9).waitFor();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  const recovery = await codes.allInnerTexts();
  await page.keyboard.press('Escape');
  await at(page, 'copy-recovery-codes').click();
  await at(page, 'recovery-news').filter({ hasText: /\S/ }).waitFor();
  await at(page, 'recovery-kept').click();
  await at(page, 'second-factor-on').filter({ hasText: 'Sisa 10 kode' }).waitFor();

  const elsewhere = (await open()).page;
  await password(elsewhere, user.email);
  await at(elsewhere, 'second-step-submit').click();
  await at(elsewhere, 'second-step-code-error').filter({ hasText: 'Isi' }).waitFor();
  await at(elsewhere, 'second-step-code').fill('000000');
  await at(elsewhere, 'second-step-submit').click();
  await at(elsewhere, 'second-step-code-error').filter({ hasText: 'salah' }).waitFor();
  expect(await accessFaultsInBothThemes(elsewhere)).toEqual([]);
  // Whoever is another person begins anew.
  await at(elsewhere, 'second-step-back').click();
  await at(elsewhere, 'login-password').fill(PASSWORD);
  await at(elsewhere, 'login-submit').click();
  await at(elsewhere, 'second-step-code').fill(codeOf(secret, 1));
  await at(elsewhere, 'second-step-submit').click();
  await elsewhere.waitForURL('**/outlet-status');
  // The session goes on without a code.
  await elsewhere.reload();
  await at(elsewhere, 'user-menu').waitFor();

  await at(page, 'renew-recovery-codes').click();
  await at(page, 'second-factor-code').fill(recovery[0]!.toLowerCase());
  await at(page, 'send-second-factor-code').click();
  await codes.nth(9).waitFor();
  const [fresh] = await codes.allInnerTexts();
  await at(page, 'recovery-kept').click();
  await at(page, 'disable-second-factor').click();
  await at(page, 'second-factor-code').fill(recovery[1]!);
  await at(page, 'send-second-factor-code').click();
  await at(page, 'second-factor-code-error').waitFor();
  await at(page, 'second-factor-code').fill(fresh!);
  await at(page, 'send-second-factor-code').click();
  await at(page, 'second-factor-off').waitFor();
  const last = (await open()).page;
  await logIn(last, koneksi.app.url, user.email, PASSWORD);
  for (const hidden of [secret, ...recovery, fresh!])
    expect(koneksi.logged.filter((line) => line.includes(hidden))).toEqual([]);
  expect(faults).toEqual([]);
}, 120_000);

test('a first step that took too long leads back to the password', async () => {
  const { user, recoveryCodes } = await guarded();
  const { page } = await open();
  await password(page, user.email);
  await at(page, 'second-step-code').fill(recoveryCodes[0]!);
  await page.route('**/api/auth/login/second-factor', (route) =>
    route.fulfill({ status: 401, json: { success: false, error: { code: 'SIGN_IN_EXPIRED' } } }),
  );
  await at(page, 'second-step-submit').click();
  await at(page, 'second-step-problem').filter({ hasText: 'Terlalu lama' }).waitFor();
  await page.unroute('**/api/auth/login/second-factor');
  await at(page, 'second-step-back').click();
  await password(page, user.email);
  await at(page, 'second-step-code').fill(recoveryCodes[0]!);
  await at(page, 'second-step-submit').click();
  await page.waitForURL('**/outlet-status');
}, 120_000);

test('a superadmin sees who has it, and switches it off for somebody who lost everything', async () => {
  const { user } = await guarded();
  const { page, faults } = await open();
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}/users`);
  const row = page.locator(`[data-user-id="${user.id}"]`);
  await row.getByTestId('has-second-factor').waitFor();
  await row.getByTestId('user-actions').click();
  await at(page, 'reset-second-factor').click();
  await at(page, 'confirm').click();
  await row.getByTestId('has-second-factor').waitFor({ state: 'detached' });
  expect(
    (await koneksi.call('POST', '/auth/login', { token: null, body: { email: user.email, password: PASSWORD } }))
      .status,
  ).toBe(200);
  expect(faults).toEqual([]);
}, 120_000);

test.each([
  [390, 844],
  [1024, 768],
  [1440, 900],
])(
  'nothing is out of place at %i px',
  async (width, height) => {
    const { user, recoveryCodes } = await guarded();
    for (const [index, language] of (['id', 'en'] as const).entries()) {
      const { page, faults } = await open({ width, height }, language);
      await password(page, user.email);
      await at(page, 'second-step-code').waitFor();
      expect(await isWide(page)).toBe(false);
      expect(await accessFaultsInBothThemes(page)).toEqual([]);
      await at(page, 'second-step-code').fill(recoveryCodes[index]!);
      await at(page, 'second-step-submit').click();
      await page.waitForURL('**/outlet-status');
      await page.goto(`${koneksi.app.url}/profile`);
      await at(page, 'second-factor-on').waitFor();
      expect(await isWide(page)).toBe(false);
      expect(await accessFaultsInBothThemes(page)).toEqual([]);
      expect(faults).toEqual([]);
    }
  },
  120_000,
);
