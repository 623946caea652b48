import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { AlertRule, AlertRuleList } from '@koneksi/contracts/alerts';
import type { CreatedWebhook, DeliveryPage, Webhook, WebhookList } from '@koneksi/contracts/webhooks';
import type { Browser, Page } from 'playwright-core';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, WIDE } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, PASSWORD, SUPERADMIN } from './support/koneksi.js';
import { isSignedBy, WebhookReceiver } from './support/webhook-receiver.js';

let koneksi: Koneksi;
let receiver: WebhookReceiver;
let browser: Browser;
let outletId: string;

beforeAll(async () => {
  receiver = await WebhookReceiver.start();
  [koneksi, browser] = await Promise.all([
    // What failed once waits for whoever presses.
    Koneksi.start({ env: { EGRESS_ALLOW: '127.0.0.0/8', WEBHOOK_RETRY_MS: '600000' } }),
    launchBrowser(),
  ]);
  outletId = (await koneksi.outlet({ name: 'Braga' })).id;
  await koneksi.outlet({ name: 'Cikini' });
});
afterEach(async () => {
  receiver.behave();
  await Promise.all(browser.contexts().map((context) => context.close()));
  for (const { id } of await rules()) await koneksi.call('DELETE', `/alert-rules/${id}`);
  for (const { id } of await webhooks()) await koneksi.call('DELETE', `/webhooks/${id}`);
});
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
  await receiver.die();
});

const webhooks = async (): Promise<Webhook[]> => expectOk(await koneksi.call<WebhookList>('GET', '/webhooks')).webhooks;
const rules = async (): Promise<AlertRule[]> =>
  expectOk(await koneksi.call<AlertRuleList>('GET', '/alert-rules')).items;
const made = async (settings: object = {}): Promise<CreatedWebhook> => {
  const body = { url: receiver.url(), events: ['outlet.status.changed'], ...settings };
  return expectOk(await koneksi.call<CreatedWebhook>('POST', '/webhooks', { body }));
};
const at = (page: Page, testId: string) => page.getByTestId(testId);

async function open(
  path = '/webhooks',
  size = WIDE,
  language: 'id' | 'en' = 'id',
): Promise<{ page: Page; faults: string[] }> {
  const { context, page, faults } = await openPage(browser, size);
  page.setDefaultTimeout(60_000);
  await context.addInitScript((chosen) => localStorage.setItem('koneksi.locale', chosen), language);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}${path}`);
  return { page, faults };
}

async function press(page: Page, verb: string): Promise<void> {
  await at(page, 'webhook-actions').click();
  await at(page, `${verb}-webhook`).click();
}

test('from the empty page to a service that is told, with its secret shown once', async () => {
  const { page, faults } = await open();
  await at(page, 'add-webhook').click();
  await at(page, 'webhook-url').fill('layanan-kami');
  await at(page, 'webhook-save').click();
  // What is wrong is said beside it, and nothing is sent.
  await at(page, 'webhook-url-error').filter({ hasText: 'https://' }).waitFor();
  await at(page, 'webhook-url').fill('http://10.1.2.3/kasir');
  await at(page, 'webhook-save').click();
  await at(page, 'webhook-url-error').filter({ hasText: 'bukan alamat publik' }).waitFor();
  await at(page, 'webhook-url').fill(receiver.url('/kasir?token=rahasia'));
  await at(page, 'check-blast.finished').check();
  await at(page, 'webhook-scope').selectOption('some');
  await at(page, 'webhook-save').click();
  await at(page, 'webhook-outlets-error').filter({ hasText: 'Pilih' }).waitFor();
  await at(page, `check-${outletId}`).check();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  await at(page, 'webhook-save').click();

  await at(page, 'shown-secret').waitFor();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  const secret = await at(page, 'shown-secret').inputValue();
  expect(secret).toMatch(/^whsec_/);
  // A stray key does not lose it.
  await page.keyboard.press('Escape');
  await at(page, 'copy-secret').click();
  await at(page, 'secret-news').filter({ hasText: /\S/ }).waitFor();
  await at(page, 'secret-kept').click();
  await at(page, 'webhook').filter({ hasText: '/kasir' }).filter({ hasText: '1 outlet' }).waitFor();
  // What may be a token stands on no list.
  expect(await page.locator('main').innerText()).not.toContain('rahasia');
  expect(await webhooks()).toMatchObject([
    {
      url: receiver.url('/kasir?token=rahasia'),
      events: ['outlet.status.changed', 'blast.finished'],
      outletIds: [outletId],
    },
  ]);

  // What is said for seconds is listened for before what may take longer.
  const said = page.getByText('Tes diterima', { exact: false }).filter({ hasText: '204' }).waitFor();
  await press(page, 'test');
  const heard = await receiver.gets('a test', ({ type }) => type === 'webhook.test');
  await said;
  expect(isSignedBy(secret, heard)).toBe(true);
  receiver.answer(503);
  await press(page, 'test');
  await page.getByText('tidak diterima. Penerima menjawab 503', { exact: false }).waitFor();
  expect(faults).toEqual([]);
}, 120_000);

test('what is on the page is edited, paused, resumed and, once asked, removed', async () => {
  await made();
  const { page, faults } = await open();
  await press(page, 'edit');
  expect(await at(page, 'webhook-url').inputValue()).toBe(receiver.url());
  await at(page, 'check-outlet.status.changed').uncheck();
  await at(page, 'webhook-save').click();
  await at(page, 'webhook-events-error').filter({ hasText: 'Pilih' }).waitFor();
  await at(page, 'check-incident.opened').check();
  await at(page, 'webhook-save').click();
  await at(page, 'webhook').filter({ hasText: 'Gangguan mulai' }).waitFor();
  expect((await webhooks())[0]!.events).toEqual(['incident.opened']);

  await press(page, 'switch');
  await at(page, 'webhook').filter({ hasText: 'Dijeda' }).waitFor();
  expect((await webhooks())[0]!.paused?.code).toBe('SWITCHED_OFF');
  await press(page, 'switch');
  await at(page, 'webhook').filter({ hasText: 'Aktif' }).waitFor();
  expect((await webhooks())[0]!.enabled).toBe(true);

  await press(page, 'remove');
  await at(page, 'confirm').waitFor();
  expect(await webhooks()).toHaveLength(1);
  await at(page, 'confirm').click();
  await page.locator('app-empty-state').waitFor();
  expect(await webhooks()).toEqual([]);
  expect(faults).toEqual([]);
}, 120_000);

test('the log says what was answered, when it is tried again, and sends it once more', async () => {
  receiver.answer(500);
  const { id } = await made();
  await koneksi.call('PATCH', `/outlets/${outletId}`, { body: { name: 'Braga Lama' } });
  const log = async (): Promise<DeliveryPage['deliveries']> =>
    expectOk(await koneksi.call<DeliveryPage>('GET', `/webhooks/${id}/deliveries`)).deliveries;
  await eventually('it was tried', async () => (await log())[0]?.tries === 1);
  const { page, faults } = await open();
  await at(page, 'webhook').filter({ hasText: '1 menunggu' }).filter({ hasText: 'Belum ada yang sampai' }).waitFor();
  await press(page, 'log');
  const row = at(page, 'webhook-delivery');
  await row.filter({ hasText: 'Status outlet berubah: Braga Lama' }).waitFor();
  await row.filter({ hasText: 'Menunggu' }).filter({ hasText: 'Penerima menjawab 500. Dicoba lagi' }).waitFor();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);

  receiver.behave();
  await at(page, 'redrive-delivery').click();
  await at(page, 'deliveries-news').filter({ hasText: 'Dikirim lagi' }).waitFor();
  await eventually('it arrived', async () => (await log())[0]?.status === 'delivered');
  await at(page, 'reload-deliveries').click();
  await row.filter({ hasText: 'Terkirim' }).filter({ hasText: '204' }).waitFor();
  expect(receiver.taken.at(-1)!.id).toBe((await log())[0]!.messageId);
  await at(page, 'log-status').selectOption('dead');
  await page.getByText('Tidak ada pengiriman.').waitFor();
  await at(page, 'log-status').selectOption('delivered');
  await row.waitFor();
  await at(page, 'close-deliveries').click();
  // The page behind it knows.
  await at(page, 'webhook').filter({ hasText: 'Aktif' }).waitFor();
  expect(faults).toEqual([]);
}, 120_000);

test('a new secret signs at once, and the one before for as long as was chosen', async () => {
  const { secret } = await made();
  const { page } = await open();
  await press(page, 'rotate');
  await at(page, 'rotate-overlap').selectOption('72');
  await at(page, 'confirm-rotate').click();
  await at(page, 'shown-secret').waitFor();
  const next = await at(page, 'shown-secret').inputValue();
  expect(next).toMatch(/^whsec_/);
  expect(next).not.toBe(secret);
  await at(page, 'secret-kept').click();
  await at(page, 'webhook').filter({ hasText: 'Rahasia lama berlaku sampai' }).waitFor();
  const before = receiver.taken.length;
  await press(page, 'test');
  const heard = await eventually('a test', () => receiver.taken[before]);
  expect([isSignedBy(secret, heard), isSignedBy(next, heard)]).toEqual([true, true]);

  await press(page, 'rotate');
  await at(page, 'rotate-overlap').selectOption('0');
  await at(page, 'confirm-rotate').click();
  await at(page, 'secret-kept').click();
  await eventually('no old one is good', async () => (await webhooks())[0]!.previousSecretUntil === null);
}, 120_000);

test('a rule of alerts chooses webhooks from a list, and lets go of one that was removed', async () => {
  const kept = await made({ url: receiver.url('/siaga') });
  const gone = await made({ url: receiver.url('/lama') });
  const { page, faults } = await open('/alerts');
  await at(page, 'add-rule').click();
  await at(page, 'rule-name').fill('Jaga');
  await at(page, 'rule-save').click();
  await at(page, 'rule-emails-id-error').filter({ hasText: 'webhook' }).waitFor();
  await at(page, `check-${kept.id}`).check();
  await at(page, `check-${gone.id}`).check();
  await at(page, 'rule-save').click();
  await at(page, 'rule').filter({ hasText: '/siaga' }).filter({ hasText: '/lama' }).waitFor();
  expect((await rules())[0]!.recipients).toEqual([
    { channel: 'webhook', webhookId: kept.id },
    { channel: 'webhook', webhookId: gone.id },
  ]);
  await at(page, 'rule-actions').click();
  await at(page, 'test-rule').click();
  await receiver.gets('the test of the rule', ({ type, path }) => type === 'alert' && path === '/siaga');

  expectOk(await koneksi.call('DELETE', `/webhooks/${gone.id}`));
  await page.reload();
  await at(page, 'rule').filter({ hasText: 'sudah dihapus' }).waitFor();
  await at(page, 'rule-actions').click();
  await at(page, 'edit-rule').click();
  await at(page, 'rule-save').click();
  await at(page, 'rule-webhooks-error').filter({ hasText: 'dihapus' }).waitFor();
  await at(page, `check-${gone.id}`).uncheck();
  await at(page, 'rule-save').click();
  await eventually('it is let go of', async () => (await rules())[0]!.recipients.length === 1);
  expect(faults).toEqual([]);
}, 120_000);

test('a page that could not be loaded says why, and can be asked again', async () => {
  const { page } = await open('/outlet-status');
  await page.route('**/api/webhooks', (route) => route.abort());
  await at(page, 'user-menu').click();
  await at(page, 'webhooks-link').click();
  await at(page, 'webhooks-error').filter({ hasText: 'tidak dapat dihubungi' }).waitFor();
  await page.unroute('**/api/webhooks');
  await at(page, 'webhooks-error').getByRole('button').click();
  await at(page, 'add-webhook').waitFor();
}, 120_000);

test('staff do not find it', async () => {
  const { user } = await koneksi.person('USER');
  const { page } = await openPage(browser, WIDE);
  await logIn(page, koneksi.app.url, user.email, PASSWORD);
  await page.goto(`${koneksi.app.url}/webhooks`);
  await page.locator('app-no-permission-page').waitFor();
  await at(page, 'user-menu').click();
  await at(page, 'profile-link').waitFor();
  expect(await at(page, 'webhooks-link').count()).toBe(0);
}, 120_000);

test.each([
  [390, 844],
  [720, 900],
  [1024, 768],
  [1440, 900],
])(
  'nothing is out of place at %i px',
  async (width, height) => {
    const long = `/layanan-kasir-dan-gudang/kabar-dari-koneksi/${'cabang-nusantara-'.repeat(4)}`;
    const events = ['outlet.status.changed', 'outlet.removed', 'incident.opened', 'blast.finished', 'message.updated'];
    const { id } = await made({ url: receiver.url(long), events });
    await made({ url: 'https://example.com/hook' }).then(({ id: paused }) =>
      koneksi.call('PATCH', `/webhooks/${paused}`, { body: { enabled: false } }),
    );
    await koneksi.call('POST', `/webhooks/${id}/test`);
    for (const language of ['id', 'en'] as const) {
      const { page, faults } = await open('/webhooks', { width, height }, language);
      const isWide = (): Promise<boolean> => page.evaluate('document.documentElement.scrollWidth > innerWidth');
      await at(page, 'webhook').nth(1).waitFor();
      expect(await isWide()).toBe(false);
      expect(await accessFaultsInBothThemes(page)).toEqual([]);
      await at(page, 'add-webhook').click();
      await at(page, 'webhook-scope').selectOption('some');
      await at(page, `check-${outletId}`).waitFor();
      expect(await isWide()).toBe(false);
      await page.keyboard.press('Escape');
      await page.locator('app-webhook-dialog').waitFor({ state: 'detached' });
      await at(page, 'webhook-actions').first().click();
      await at(page, 'log-webhook').click();
      await at(page, 'webhook-delivery').waitFor();
      expect(await isWide()).toBe(false);
      expect(await accessFaultsInBothThemes(page)).toEqual([]);
      expect(faults).toEqual([]);
    }
  },
  120_000,
);
