import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, PHONE, WIDE, withoutPushes } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, SUPERADMIN } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;
let outletId: string;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  outletId = (await koneksi.outlet({ name: 'Braga' })).id;
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

/** A form on a page: how it is come by, and the one of its fields that two people change. */
interface Form {
  /** Makes what is edited; answers where it is. */
  made: () => Promise<string>;
  page: () => string;
  /** What is pressed until it is open, of the row that holds this text. */
  row?: string;
  presses: string[];
  field: string;
  save: string;
  problem: string;
  property: string;
  /** As typed on the page, by somebody else meanwhile, and by them once more. */
  values: [string, string, string];
}

const make = async (path: string, body: object): Promise<string> =>
  expectOk(await koneksi.call<{ id: string }>('POST', path, { body })).id;

const FORMS: Record<string, Form> = {
  outlet: {
    made: () => Promise.resolve(`/outlets/${outletId}`),
    page: () => '/outlets',
    presses: ['outlet-menu', 'edit-outlet'],
    field: 'outlet-name',
    save: 'outlet-save',
    problem: 'outlet-form-error',
    property: 'name',
    values: ['Braga Baru', 'Braga Lama', 'Braga Tua'],
  },
  contact: {
    made: async () =>
      `/contacts/${await make(`/outlets/${outletId}/contacts`, { phone: '0812 3456 7001', name: 'Ani' })}`,
    page: () => `/contacts?outlet=${outletId}`,
    presses: ['contact-actions', 'edit-contact'],
    field: 'contact-name',
    save: 'contact-save',
    problem: 'contact-form-error',
    property: 'name',
    values: ['Ani Wijaya', 'Ani Lestari', 'Ani Putri'],
  },
  webhook: {
    made: async () =>
      `/webhooks/${await make('/webhooks', { url: 'https://example.com/', events: ['outlet.removed'] })}`,
    page: () => '/webhooks',
    presses: ['webhook-actions', 'edit-webhook'],
    field: 'webhook-url',
    save: 'webhook-save',
    problem: 'webhook-problem',
    property: 'url',
    values: ['https://example.com/satu', 'https://example.com/dua', 'https://example.com/tiga'],
  },
  rule: {
    made: async () => {
      const recipients = [{ channel: 'email', to: 'siaga@example.com' }];
      return `/alert-rules/${await make('/alert-rules', { name: 'Siaga', recipients })}`;
    },
    page: () => '/alerts',
    presses: ['rule-actions', 'edit-rule'],
    field: 'rule-name',
    save: 'rule-save',
    problem: 'rule-problem',
    property: 'name',
    values: ['Siaga siang', 'Siaga malam', 'Siaga pagi'],
  },
  user: {
    made: async () => {
      const { user } = await koneksi.person('ADMIN');
      expectOk(await koneksi.call('PATCH', `/users/${user.id}`, { body: { name: 'Budi' } }));
      return `/users/${user.id}`;
    },
    page: () => '/users',
    row: 'Budi',
    presses: ['user-actions', 'edit-user'],
    field: 'user-name',
    save: 'user-save',
    problem: 'user-form-error',
    property: 'name',
    values: ['Budi Santoso', 'Budi Hartono', 'Budi Utomo'],
  },
  'the settings of blasts': {
    made: () => Promise.resolve(`/outlets/${outletId}/blast-settings`),
    page: () => '/blast',
    presses: ['blast-settings'],
    field: 'new-chats',
    save: 'settings-save',
    problem: 'settings-error',
    property: 'newChatsPerDay',
    values: ['11', '22', '33'],
  },
};

async function open(path: string, viewport = PHONE): Promise<{ page: Page; faults: string[] }> {
  const { page, faults } = await openPage(browser, viewport);
  page.setDefaultTimeout(60_000);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}${path}`);
  return { page, faults };
}

test.each(Object.entries(FORMS))(
  'who edits %s while somebody else does is told, loses nothing typed, and chooses',
  async (_, form) => {
    const path = await form.made();
    const [typed, meanwhile, again] = form.values;
    const isThere = async (): Promise<string> =>
      String(expectOk(await koneksi.call<Record<string, unknown>>('GET', path))[form.property]);
    const change = async (value: string): Promise<void> => {
      const body = { [form.property]: /^\d+$/.test(value) ? Number(value) : value };
      expectOk(await koneksi.call('PATCH', path, { body }));
    };
    const { page, faults } = await open(form.page());
    const [first, ...others] = form.presses;
    const row = form.row ? page.getByTestId('user-row').filter({ hasText: form.row }) : page;
    await row.getByTestId(first!).first().click();
    for (const testId of others) await page.getByTestId(testId).click();
    const field = page.getByTestId(form.field);
    await field.fill(typed);
    await change(meanwhile);
    await page.getByTestId(form.save).click();

    await page.getByTestId(form.problem).filter({ hasText: 'Sementara itu ada yang mengubahnya' }).waitFor();
    expect(await isThere()).toBe(meanwhile);
    expect(await field.inputValue()).toBe(typed);
    expect(await accessFaultsInBothThemes(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);

    await page.getByTestId('take-newest').click();
    await page.getByTestId('take-newest').waitFor({ state: 'detached' });
    await eventually('the newest is shown', async () => {
      const fields = await field.all();
      return fields.length === 1 && (await fields[0]!.inputValue()) === meanwhile;
    });

    await field.fill(typed);
    await change(again);
    await page.getByTestId(form.save).click();
    await page.getByTestId('overwrite').click();
    await page.getByTestId(form.save).waitFor({ state: 'detached' });
    expect(await isThere()).toBe(typed);
    expect(faults).toEqual([]);
  },
  120_000,
);

test('how often a number may get blasts is not set over what somebody else has just set', async () => {
  const { page } = await open('/blast');
  await page.getByTestId('blasts-per-week').waitFor();
  // By a push it would know of the other change before anybody could choose.
  await withoutPushes(page);
  await page.getByTestId('blasts-per-week').waitFor();
  expectOk(await koneksi.call('PATCH', '/blast-policy', { body: { perWeek: 5 } }));
  await page.getByTestId('blasts-per-week').selectOption('2');
  await page.getByTestId('policy-note').filter({ hasText: 'Sementara itu ada yang mengubahnya' }).waitFor();
  await eventually('it is shown', async () => (await page.getByTestId('blasts-per-week').inputValue()) === '5');
  await page.getByTestId('blasts-per-week').selectOption('2');
  await eventually(
    'it is kept',
    async () => expectOk(await koneksi.call<{ perWeek: number }>('GET', '/blast-policy')).perWeek === 2,
  );
}, 120_000);

test('what is chosen while the change of somebody else is being read goes by what was seen, and both are shown', async () => {
  expectOk(await koneksi.call('PATCH', '/blast-policy', { body: { perWeek: null, confirmStop: true } }));
  const { page, faults } = await open('/blast');
  const field = page.getByTestId('blasts-per-week');
  await eventually('it is shown', async () => (await field.inputValue()) === '');
  // The answer that the push asks for stays on its way until the choices are made.
  const isAskedFor = Promise.withResolvers<void>();
  const isAnswered = Promise.withResolvers<void>();
  await page.route('**/api/blast-policy', async (route) => {
    if (route.request().method() !== 'GET') return route.continue();
    const answer = await route.fetch();
    isAskedFor.resolve();
    await isAnswered.promise;
    await route.fulfill({ response: answer });
  });
  expectOk(await koneksi.call('PATCH', '/blast-policy', { body: { perWeek: 5 } }));
  await isAskedFor.promise;
  const answer = page.waitForResponse((response) => response.request().method() === 'PATCH');
  await field.selectOption('2');
  isAnswered.resolve();
  expect((await answer).status()).toBe(412);
  // What is asked for from here on is nobody's to hold: it would end with the page.
  await page.unrouteAll({ behavior: 'wait' });

  const note = page.getByTestId('policy-note').filter({ hasText: 'Pilihan Anda tadi: 2 blast.' });
  await note.filter({ hasText: 'Sementara itu ada yang mengubahnya' }).waitFor();
  await eventually('what it is now is shown', async () => (await field.inputValue()) === '5');
  const kept = async () => expectOk(await koneksi.call<object>('GET', '/blast-policy'));
  expect(await kept()).toMatchObject({ perWeek: 5, confirmStop: true });

  // One after the other is no change by somebody else.
  await field.selectOption('3');
  await page.getByTestId('confirm-stop').uncheck();
  await eventually('both are kept', async () => {
    const { perWeek, confirmStop } = (await kept()) as { perWeek: number; confirmStop: boolean };
    return perWeek === 3 && !confirmStop;
  });
  await page.getByTestId('policy-note').getByText('Tersimpan').waitFor();
  expect(await field.inputValue()).toBe('3');
  expect(faults).toEqual([]);
}, 120_000);

test('a message that somebody else renames while its new name is written is not renamed over that', async () => {
  const made = await make('/saved-messages', { name: 'Promo', message: 'Halo' });
  const { page } = await open('/blast/new', WIDE);
  await page.getByTestId('saved-messages').click();
  await page.locator('[data-name="Promo"]').getByTestId('rename-saved').click();
  await page.getByTestId('new-name').fill('Diskon');
  expectOk(await koneksi.call('PATCH', `/saved-messages/${made}`, { body: { name: 'Obral' } }));
  await page.locator('[data-name="Obral"]').waitFor();
  await page.getByTestId('keep-name').click();
  await page.getByTestId('saved-problem').getByText('“Promo” baru saja diubah').waitFor();
  expect(await koneksi.call('GET', `/saved-messages/${made}`)).toMatchObject({ body: { name: 'Obral' } });
  expect(await page.getByTestId('new-name').inputValue()).toBe('Diskon');
  // They have seen it now, and mean theirs all the same.
  await page.getByTestId('keep-name').click();
  await page.locator('[data-name="Diskon"]').waitFor();
}, 120_000);

test('a form on what is gone does not open, and says so', async () => {
  const webhookId = await make('/webhooks', { url: 'https://example.com/lama', events: ['outlet.removed'] });
  const { page } = await open('/webhooks');
  const row = page.locator(`[data-webhook-id="${webhookId}"]`);
  await row.waitFor();
  // By a push it would leave the list before anybody could press.
  await withoutPushes(page);
  await row.waitFor();
  expectOk(await koneksi.call('DELETE', `/webhooks/${webhookId}`));
  await row.getByTestId('webhook-actions').click();
  await page.getByTestId('edit-webhook').click();
  await page.getByText('Webhook tidak ditemukan.').waitFor();
}, 120_000);
