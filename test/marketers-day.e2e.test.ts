import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { Blasts, undoFor } from './support/blasts.js';
import { launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, PASSWORD, type LinkedOutlet, type Person } from './support/koneksi.js';

/** Whoever is written to, in the order of their numbers; the last one is not on WhatsApp. */
const CUSTOMERS = ['Ibu Sari', 'Pak Budi', 'Dewi', 'Agus', 'Rina', 'Joko'];

let koneksi: Koneksi;
let browser: Browser;
let blasts: Blasts;
let marketer: Person;
const shops = new Map<string, LinkedOutlet>();

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([
    Koneksi.start({ env: { BLAST_PACE_MS: '20-40', BLAST_UNDO_MS: '60000' } }),
    launchBrowser(),
  ]);
  blasts = new Blasts(koneksi);
  const dashboard = await koneksi.dashboard();
  for (const name of ['phone', 'wide']) shops.set(name, await koneksi.linked(dashboard, { name: `Kopi ${name}` }));
  for (const { outlet } of shops.values()) {
    const body = { quietHours: null, warmUpDays: 0, newChatsPerDay: 1_000 };
    expectOk(await koneksi.call('PATCH', `/outlets/${outlet.id}/blast-settings`, { body }));
  }
  marketer = await koneksi.person('ADMIN');
});
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

/** As a till exports it: a title, a period, a total, semicolons, and numbers as people type them. */
function fileOf(numbers: readonly string[]): Buffer {
  const typed = (number: string, index: number): string =>
    index % 2 ? `0${number.slice(2, 5)}-${number.slice(5, 9)}-${number.slice(9)}` : `+${number}`;
  const lines = CUSTOMERS.map(
    (name, index) => `${index + 1};${name};${typed(numbers[index]!, index)};${index === 3 ? '' : 'kopi susu'}`,
  );
  return Buffer.from(
    [
      'Laporan Pelanggan',
      'Periode: 01/11/2026 - 26/11/2026',
      '',
      'No;Nama Pelanggan;No. Telepon;Minuman',
      ...lines,
      '7;Tanpa Nomor;;teh',
      `Total;;${CUSTOMERS.length};`,
    ].join('\r\n'),
  );
}

async function importContacts(page: Page, { outlet }: LinkedOutlet, numbers: readonly string[]): Promise<void> {
  await page.getByTestId('nav.contacts').click();
  await page.getByTestId('which-outlet-choice').selectOption({ label: outlet.name });
  await page.getByTestId('import-contacts').click();
  const file = { name: 'Laporan Pelanggan.csv', mimeType: 'text/csv', buffer: fileOf(numbers) };
  await page.getByTestId('import-file').setInputFiles(file);
  await page.getByTestId('import-added').getByText('6', { exact: true }).waitFor();
  await page.getByTestId('import-commit').click();
  await page.getByTestId('import-done').waitFor();
  await page.getByTestId('import-close').click();
  await page.getByTestId('contact-row').nth(5).waitFor();
}

/** From the audience on: what is said, and how it looks before it leaves. */
async function write(page: Page, isPhone: boolean, words: string): Promise<void> {
  if (isPhone) await page.getByTestId('next').click();
  const message = page.getByTestId('message');
  await message.fill('Halo ');
  await page.getByTestId('insert-nama').click();
  await message.press('End');
  await message.pressSequentially(`, ${words}`);
}

async function send(page: Page, people: number): Promise<string> {
  await page.getByTestId('preview').click();
  await page.getByTestId('preview-recipients').getByText(String(people), { exact: true }).waitFor();
  await page.getByTestId('send').click();
  await page.getByTestId('preflight-when').waitFor();
  await page.getByTestId('confirm').click();
  await page.waitForURL(/\/blast\/[0-9a-f-]{36}$/);
  await page.getByTestId('undo-left').waitFor();
  const id = page.url().slice(-36);
  await blasts.verb(id, 'start');
  await page.locator('[data-testid=blast-status][data-status=finished]').waitFor();
  return id;
}

const total = (page: Page, of: string, count: number): Promise<void> =>
  page.getByTestId(`total-${of}`).getByText(String(count), { exact: true }).waitFor();

test.each([
  ['phone', PHONE, '628131'],
  ['wide', WIDE, '628132'],
] as const)('from a file to answers, and to who gave none, on a %s', async (name, viewport, begins) => {
  const shop = shops.get(name)!;
  const isPhone = name === 'phone';
  const numbers = CUSTOMERS.map((_, index) => `${begins}00000${index}`);
  const [sari, budi, dewi, agus, rina, joko] = numbers as [string, string, string, string, string, string];
  koneksi.simulator.unregister(joko);
  const mine = koneksi.simulator.phone(`${begins}999999`);
  const answer = (number: string, words: string) =>
    koneksi.simulator.phone(number).send(shop.outlet.whatsappNumber, words);
  const { context, page, faults } = await openPage(browser, viewport);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const asked = await undoFor(page, 60);
  await logIn(page, koneksi.app.url, marketer.user.email, PASSWORD);
  await importContacts(page, shop, numbers);

  await page.getByTestId('nav.blast').click();
  await page.getByTestId('new-blast').click();
  await page.getByTestId(`pick-${shop.outlet.id}`).check();
  await page.getByTestId('live-count').getByText('6', { exact: true }).waitFor();
  await write(page, isPhone, '{{minuman|minuman}} kedua gratis di {{outlet}}');
  await page.locator('app-test-send summary').click();
  await page.getByTestId('test-phone').fill(`0${mine.number.slice(2)}`);
  await page.getByTestId('test-send').click();
  await page.getByTestId('test-sent').waitFor();
  await eventually('the test is on my phone', () => mine.inbox.some(({ text }) => text.includes('kedua gratis')));
  const id = await send(page, 6);
  await total(page, 'delivered', 5);
  await total(page, 'skipped', 1);
  const [said] = blasts.textsOf(agus).slice(-1);
  expect(said).toMatch(new RegExp(`^Halo Agus, minuman kedua gratis di ${shop.outlet.name}\n`));

  await answer(sari, 'Mau dong');
  await answer(budi, 'Ya, dua');
  await answer(dewi, 'STOP');
  await total(page, 'replied', 3);
  await page.getByTestId('recipient-replied').nth(2).waitFor();
  const downloading = page.waitForEvent('download');
  await page.getByTestId('download').click();
  const file = await readFile(await (await downloading).path(), 'utf8');
  const rows = parse<Record<string, string>>(file, { bom: true, delimiter: ';', columns: true });
  const told = rows.map((row) => [row['nomor_wa'], row['nama'], row['status'], row['dibalas'] !== '']);
  const shown = (number: string): string => `0${number.slice(2, 5)}-${number.slice(5)}`;
  expect(told.toSorted()).toEqual([
    [shown(sari), 'Ibu Sari', 'Sampai', true],
    [shown(budi), 'Pak Budi', 'Sampai', true],
    [shown(dewi), 'Dewi', 'Sampai', true],
    [shown(agus), 'Agus', 'Sampai', false],
    [shown(rina), 'Rina', 'Sampai', false],
    [shown(joko), 'Joko', 'Dilewati', false],
  ]);

  await page.getByTestId('follow-unanswered').click();
  await page.getByTestId('live-count').getByText('2', { exact: true }).waitFor();
  await write(page, isPhone, 'masih berlaku sampai besok');
  expect(await send(page, 2)).not.toBe(id);
  await total(page, 'delivered', 2);
  const reminded = numbers.filter((number) => blasts.textsOf(number).some((text) => text.includes('sampai besok')));
  expect(reminded).toEqual([agus, rina]);

  await page.getByTestId('nav.contacts').click();
  await page.locator(`[data-testid=contact-row][data-phone="${dewi}"]`).getByTestId('opted-out').waitFor();
  await page.getByTestId('opt-outs-tab').click();
  await page.locator(`[data-testid=opt-out-row][data-phone="${dewi}"]`).waitFor();
  expect(asked).toEqual([10, 10]);
  expect(faults).toEqual([]);
  await context.close();
});
