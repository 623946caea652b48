import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RepeatingBlastList } from '@koneksi/contracts/repeating-blasts';
import type { Browser, Page } from 'playwright-core';
import { accessFaults } from './support/access-faults.js';
import { addContacts } from './support/blasts.js';
import { launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, SUPERADMIN, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;
let shop: LinkedOutlet;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  shop = await koneksi.linked(await koneksi.dashboard(), { name: 'Jakarta Kemang' });
  await addContacts({ simulator: koneksi.simulator, dataSource: koneksi.database.dataSource }, shop.outlet.id, 0, 3);
  await koneksi.database.dataSource.query(`UPDATE contacts SET fields = '{"tgl_lahir": "1990-05-17"}'`);
});
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

const isWithin = async (page: Page): Promise<boolean> =>
  page.evaluate<boolean>('document.documentElement.scrollWidth <= document.documentElement.clientWidth');
const rules = async (): Promise<unknown[]> =>
  (await koneksi.call<RepeatingBlastList>('GET', '/repeating-blasts')).body.items.map(({ title, rule, status }) => [
    title,
    rule,
    status,
  ]);

async function toReview(page: Page, message: string): Promise<void> {
  await page.goto(`${koneksi.app.url}/blast/new`);
  await page.getByTestId('every-outlet').click();
  const next = page.getByTestId('next');
  if (await next.isVisible()) await next.click();
  await page.getByTestId('message').fill(message);
  await page.getByTestId('preview').click();
  await page.getByTestId('repeat').click();
}

test.each([
  ['phone', PHONE],
  ['tablet', { width: 1024, height: 768 }],
  ['wide', WIDE],
] as const)('a blast is made to come again, held, sent on and ended, on a %s', async (name, viewport) => {
  const { context, page, faults } = await openPage(browser, viewport);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await toReview(page, `Kabar bulanan untuk {{nama}}, ${name}`);
  await page.getByTestId('repeat-title').fill('');
  await page.getByTestId('repeat-save').click();
  await page.getByTestId('repeat-title-error').waitFor();
  await page.getByTestId('repeat-title').fill(`Bulanan ${name}`);
  await page.getByTestId('repeat-day').selectOption('25');
  await page.getByTestId('repeat-holidays').fill('besok');
  await page.getByTestId('repeat-save').click();
  await page.getByTestId('repeat-holidays-error').waitFor();
  await page.getByTestId('repeat-holidays').fill('2030-12-25, 26/12/2030');
  await page.getByTestId('repeat-on-holiday').selectOption('later');
  expect(await accessFaults(page)).toEqual([]);
  await page.getByTestId('repeat-save').click();
  const row = page.getByTestId('repeating-row').filter({ hasText: `Bulanan ${name}` });
  await row.waitFor();
  await row.getByTestId('repeating-next').waitFor();
  const holidays = ['2030-12-25', '2030-12-26'];
  const rule = { every: 'month', day: 25, time: '09:00', holidays, onHoliday: 'later' };
  expect(await rules()).toContainEqual([`Bulanan ${name}`, rule, 'active']);
  expect(await accessFaults(page)).toEqual([]);
  expect(await isWithin(page)).toBe(true);
  await row.getByTestId('repeating-pause').click();
  await row.getByTestId('repeating-resume').waitFor();
  expect(await rules()).toContainEqual([`Bulanan ${name}`, rule, 'paused']);
  await row.getByTestId('repeating-resume').click();
  await row.getByTestId('repeating-pause').waitFor();
  await row.getByTestId('repeating-stop').click();
  await page.getByTestId('confirm').click();
  await row.and(page.locator('[data-status=stopped]')).waitFor();
  expect(await rules()).toContainEqual([`Bulanan ${name}`, rule, 'stopped']);
  expect(faults).toEqual([]);
  await context.close();
});

test('a wish for birthdays by a field of the contacts; what became of it shows', async () => {
  const { context, page, faults } = await openPage(browser, WIDE);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await toReview(page, 'Selamat ulang tahun, {{nama}}');
  await page.getByTestId('repeat-every').selectOption('birthday');
  await eventually(
    'the field is proposed',
    async () => (await page.getByTestId('repeat-field').inputValue()) === 'tgl_lahir',
  );
  await page.getByText('3 punya tanggal lahir, 0 tidak, 0 tidak terbaca').waitFor();
  await page.getByTestId('repeat-title').fill('Ulang tahun');
  await page.getByTestId('repeat-save').click();
  const row = page.getByTestId('repeating-row').filter({ hasText: 'Selamat ulang tahun' });
  await row.waitFor();
  const [id] = await Promise.all([row.getAttribute('data-id'), row.getByText('tgl_lahir').waitFor()]);
  await koneksi.database.dataSource.query(
    `WITH late AS (UPDATE repeating_blasts SET not_at = ARRAY[$2::uuid] WHERE id = $1)
     INSERT INTO blast_repetitions (repeating_id, due_on, outcome, reason, at)
     VALUES ($1, '2026-05-17', 'nobody', NULL, now()), ($1, '2026-05-18', 'missed', NULL, now()),
       ($1, '2026-05-19', 'skipped', 'PAUSED', now()), ($1, '2026-05-20', 'made', 'TIME_PASSED', now())`,
    [id, shop.outlet.id],
  );
  await page.reload();
  await row.getByTestId('repeating-not-at').waitFor();
  await row.locator('summary').click();
  await eventually('all are told', async () => (await row.getByTestId('repeating-run').count()) === 4);
  await row.getByText('Dilewati (sedang dijeda)').waitFor();
  await row.getByText('Dikirim (kecuali di outlet yang jamnya sudah lewat saat disimpan atau dilanjutkan)').waitFor();
  await row.getByText('17 Mei 2026').waitFor();
  expect(await accessFaults(page)).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
});

test('people by number get nothing again: there is no way to repeat it', async () => {
  const { context, page } = await openPage(browser, WIDE);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}/blast/new`);
  await page.getByTestId('every-outlet').click();
  await page.getByTestId('by-hand').click();
  await page.getByTestId('phones').fill('0812 3456 7890');
  await page.getByTestId('message').fill('Halo');
  await page.getByTestId('preview').click();
  await page.getByTestId('send').waitFor();
  expect(await page.getByTestId('repeat').count()).toBe(0);
  await context.close();
});

test('a list that is read again on a push stays as far as it was read, and bothers nobody where that fails', async () => {
  for (const title of ['Kabar satu', 'Kabar dua']) {
    const rule = { every: 'month', day: 25, time: '09:00', holidays: [] };
    const body = { outletIds: [shop.outlet.id], title, message: 'Kabar {{nama}}', noWayOut: 'Pelanggan tetap', rule };
    expectOk(await koneksi.call('POST', '/repeating-blasts', { body }));
  }
  const { context, page, faults } = await openPage(browser, WIDE);
  // As where there are many: each page of the list holds one.
  let isAway = false;
  let refused = 0;
  await page.route(/\/api\/repeating-blasts(\?|$)/, async (route) => {
    if (isAway) return ((refused += 1), route.fulfill({ status: 503, body: 'away' }));
    const url = new URL(route.request().url());
    url.searchParams.set('limit', '1');
    await route.continue({ url: url.href });
  });
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}/blast/repeating`);
  const rows = page.getByTestId('repeating-row');
  await rows.first().waitFor();
  await page.getByTestId('more-repeating').click();
  await rows.nth(1).waitFor();
  const [first, second] = await rows.all();
  const id = (await first!.getAttribute('data-id'))!;
  const isSecond = await second!.getAttribute('data-id');
  isAway = true;
  await koneksi.call('POST', `/repeating-blasts/${id}/pause`);
  await eventually('the page read it again', () => Promise.resolve(refused > 0));
  await eventually('it tries it once more', () => Promise.resolve(refused > 1));
  expect(await rows.count()).toBe(2);
  isAway = false;
  await page.locator(`[data-id="${id}"][data-status=paused]`).waitFor();
  expect(await rows.count()).toBe(2);
  await page.locator(`[data-id="${isSecond}"]`).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});
