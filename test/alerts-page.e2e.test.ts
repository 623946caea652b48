import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { AlertRule, AlertRuleList } from '@koneksi/contracts/alerts';
import type { TimelineAnswer } from '@koneksi/contracts/outlet-status-schema';
import type { Browser, Page } from 'playwright-core';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, WIDE } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, PASSWORD, SUPERADMIN } from './support/koneksi.js';
import { MailServer } from './support/mail-server.js';

let mail: MailServer;
let koneksi: Koneksi;
let browser: Browser;

beforeAll(async () => {
  mail = await MailServer.start();
  [koneksi, browser] = await Promise.all([
    Koneksi.start({ env: { SMTP_URL: mail.url, SMTP_FROM: 'Koneksi <alerts@example.com>', ALERT_RETRY_MS: '50' } }),
    launchBrowser(),
  ]);
  await koneksi.outlet({ name: 'Braga', city: 'Bandung' });
  await koneksi.outlet({ name: 'Cikini', city: 'Jakarta' });
});
afterEach(async () => {
  mail.refuse(null);
  await Promise.all(browser.contexts().map((context) => context.close()));
  for (const { id } of await rules()) await koneksi.call('DELETE', `/alert-rules/${id}`);
});
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
  await mail.die();
});

const rules = async (): Promise<AlertRule[]> =>
  expectOk(await koneksi.call<AlertRuleList>('GET', '/alert-rules')).items;

async function open(
  size: { width: number; height: number },
  language: 'id' | 'en',
): Promise<{ page: Page; faults: string[] }> {
  const { context, page, faults } = await openPage(browser, size);
  page.setDefaultTimeout(60_000);
  await context.addInitScript((chosen) => localStorage.setItem('koneksi.locale', chosen), language);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}/alerts`);
  await page.getByTestId('channel-email').waitFor();
  return { page, faults };
}

const at = (page: Page, testId: string) => page.getByTestId(testId);

test('from the empty page to a rule that tells, and through all that can be done with it', async () => {
  const { page, faults } = await open(WIDE, 'id');
  await at(page, 'add-rule').click();
  await at(page, 'rule-name').fill('Bandung');
  await at(page, 'rule-scope').selectOption('city');
  await at(page, 'rule-save').click();
  // What is missing is said beside it, and nothing is sent.
  await at(page, 'rule-city-error').waitFor();
  await at(page, 'rule-emails-id-error').waitFor();
  await at(page, 'rule-city').fill('Bandung');
  await at(page, 'rule-emails-id').fill('jaga@example.com, malam');
  await at(page, 'rule-emails-id-error').filter({ hasText: 'malam' }).waitFor();
  await at(page, 'rule-emails-id').fill('jaga@example.com');
  await at(page, 'rule-emails-en').fill('boss@example.com');
  await at(page, 'rule-phones').fill('0812-3456-7890');
  await at(page, 'rule-grace').fill('0');
  await at(page, 'rule-quiet').check();
  await at(page, 'rule-escalate').check();
  await at(page, 'rule-further-emails-id').fill('kepala@example.com');
  await at(page, 'planned-from').fill('2999-12-01T22:00');
  await at(page, 'planned-to').fill('2999-12-01T23:30');
  await at(page, 'add-planned').click();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  await at(page, 'rule-save').click();
  await at(page, 'rule').filter({ hasText: 'Bandung' }).filter({ hasText: 'kepala@example.com' }).waitFor();
  expect(await rules()).toMatchObject([
    {
      name: 'Bandung',
      scope: { kind: 'city', city: 'Bandung' },
      graceMinutes: 0,
      recipients: [
        { channel: 'email', to: 'jaga@example.com', language: 'id' },
        { channel: 'email', to: 'boss@example.com', language: 'en' },
        { channel: 'whatsapp', phone: '6281234567890', language: 'id' },
      ],
      quietHours: { from: '22:00', to: '06:00' },
      escalation: { afterMinutes: 15, recipients: [{ to: 'kepala@example.com' }] },
      // 22.00 WIB.
      maintenance: [{ from: '2999-12-01T15:00:00.000Z', to: '2999-12-01T16:30:00.000Z' }],
    },
  ]);

  await at(page, 'rule-actions').click();
  await at(page, 'test-rule').click();
  await page.locator('[data-testid=delivery][data-status=sent]').nth(2).waitFor();
  // Those of a rule are sent at once, in no order.
  const told = mail.taken.map(({ to }) => to).toSorted();
  expect(told).toEqual(['boss@example.com', 'jaga@example.com', 'kepala@example.com']);

  await at(page, 'rule-actions').click();
  await at(page, 'switch-rule').click();
  await eventually('it is off', async () => (await rules())[0]!.enabled === false);
  await at(page, 'rule').filter({ hasText: 'Dimatikan' }).waitFor();

  await at(page, 'rule-actions').click();
  await at(page, 'edit-rule').click();
  await eventually(
    'it is filled in',
    async () => (await at(page, 'rule-emails-en').inputValue()) === 'boss@example.com',
  );
  await at(page, 'rule-scope').selectOption('all');
  await at(page, 'rule-save').click();
  await eventually('it is for all', async () => (await rules())[0]!.scope.kind === 'all');

  await at(page, 'rule-actions').click();
  await at(page, 'remove-rule').click();
  await page.getByTestId('confirm').click();
  await eventually('it is gone', async () => (await rules()).length === 0);
  await at(page, 'add-rule').waitFor();
  expect(faults).toEqual([]);
}, 180_000);

test('a test of the road says what came of it, in words', async () => {
  const { page } = await open(WIDE, 'id');
  await page.locator('[data-testid=channel-email][data-ready=true]').waitFor();
  await at(page, 'test-email').fill('bukan');
  await at(page, 'send-email').click();
  await at(page, 'test-email-error').waitFor();
  await at(page, 'test-email').fill('coba@example.com');
  await at(page, 'send-email').click();
  await page.getByText('Tes terkirim ke coba@example.com', { exact: false }).waitFor();
  mail.refuse({ code: 550, text: '5.1.1 no such user' });
  await at(page, 'send-email').click();
  await page.getByText('tidak terkirim: server email menolak', { exact: false }).waitFor();
  await page.getByTestId('channel-email').getByTestId('channel-fault').waitFor();
  await page.locator('[data-testid=delivery][data-status=dead]').first().waitFor();
  // No outlet was ever linked here.
  await page.locator('[data-testid=channel-whatsapp][data-ready=false]').waitFor();
  await at(page, 'test-whatsapp').fill('0812 3456 7890');
  await at(page, 'send-whatsapp').click();
  await page.getByText('tidak ada outlet sehat', { exact: false }).first().waitFor();
  // That of the rule which went before stands there too.
  await at(page, 'delivery').filter({ hasText: '+62 812', hasNotText: 'aturan' }).waitFor();
  const said = await page.locator('main').innerText();
  expect(said).not.toMatch(/550|REFUSED|undefined|null/);
}, 120_000);

test('what others do to rules is on open pages with no reload: on that of rules, and in the strips of who sees the outlet', async () => {
  const { id: outletId } = await koneksi.outlet({ name: 'Dago', city: 'Bandung' });
  const { user } = await koneksi.person('USER', [outletId]);
  const { page } = await open(WIDE, 'id');
  const { page: shop } = await openPage(browser, WIDE);
  shop.setDefaultTimeout(60_000);
  const planned: TimelineAnswer['outlets'][number]['planned'][] = [];
  await shop.route('**/api/outlets/timeline*', async (route) => {
    const response = await route.fetch();
    const { outlets } = (await response.json()) as TimelineAnswer;
    planned.push(outlets.find((outlet) => outlet.outletId === outletId)!.planned);
    await route.fulfill({ response });
  });
  await logIn(shop, koneksi.app.url, user.email, PASSWORD);
  await eventually('the strips', () => planned.length > 0);
  expect(planned.at(-1)).toEqual([]);

  const window = { from: '2998-01-01T15:00:00.000Z', to: '2998-01-01T16:00:00.000Z' };
  const recipients = [{ channel: 'email', to: 'jaga@example.com', language: 'id' }];
  const body = { name: 'Rawat', scope: { kind: 'city', city: 'Bandung' }, maintenance: [window], recipients };
  const rule = expectOk(await koneksi.call<AlertRule>('POST', '/alert-rules', { body }));
  await eventually('strips that know of it', () => planned.at(-1)?.length === 1);
  expect(planned.at(-1)).toEqual([window]);
  await at(page, 'rule').filter({ hasText: 'Rawat' }).waitFor();
  await koneksi.call('PATCH', `/alert-rules/${rule.id}`, { body: { name: 'Rawat malam' } });
  await at(page, 'rule').filter({ hasText: 'Rawat malam' }).waitFor();
  await koneksi.call('DELETE', `/alert-rules/${rule.id}`);
  await eventually('strips that know that it is gone', () => planned.at(-1)?.length === 0);
  await at(page, 'rule').waitFor({ state: 'detached' });
  // Strips that are still asked for would find no page to be handed to.
  await shop.unrouteAll({ behavior: 'ignoreErrors' });
}, 120_000);

test('staff do not find it', async () => {
  const { user } = await koneksi.person('USER');
  const { page } = await openPage(browser, WIDE);
  await logIn(page, koneksi.app.url, user.email, 'correct horse staple');
  await page.goto(`${koneksi.app.url}/alerts`);
  await page.locator('app-no-permission-page').waitFor();
  await page.getByTestId('user-menu').click();
  await page.getByTestId('profile-link').waitFor();
  expect(await page.getByTestId('alerts-link').count()).toBe(0);
}, 120_000);

test.each([
  [390, 844],
  [1024, 768],
  [1440, 900],
])(
  'nothing is out of place at %i px',
  async (width, height) => {
    const long = 'pemilik-toko-yang-panjang-sekali-namanya@perusahaan-kopi-nusantara.example.com';
    const recipients = [{ channel: 'email', to: long, language: 'id' }];
    await koneksi.call('POST', '/alert-rules', {
      body: { name: 'Semua outlet, siang dan malam', recipients, quietHours: { from: '22:00', to: '06:00' } },
    });
    for (const language of ['id', 'en'] as const) {
      const { page, faults } = await open({ width, height }, language);
      await at(page, 'rule').waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
      expect(await accessFaultsInBothThemes(page)).toEqual([]);
      await at(page, 'add-rule').click();
      await at(page, 'rule-quiet').check();
      await at(page, 'rule-escalate').check();
      await at(page, 'rule-further-emails-id').waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
      expect(await accessFaultsInBothThemes(page)).toEqual([]);
      expect(faults).toEqual([]);
    }
  },
  300_000,
);
