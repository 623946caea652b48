import type { OptOutHistory } from '@koneksi/contracts/opt-outs';
import type { Outlet } from '@koneksi/contracts/outlets';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { accessFaults } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import { Koneksi, PASSWORD, SUPERADMIN } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

const row = (page: Page, phone: string) => page.locator(`[data-testid=contact-row][data-phone="${phone}"]`);
const file = (text: string) => ({ name: 'pelanggan.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

const CSV = [
  'No;Nama;No HP;Kota;Tag',
  '1;Ibu Sari;0812-3456-7890;Bandung;VIP, lama',
  '2;Pak Budi;81999888777;Jakarta;',
  '3;Terpotong;6,28123E+12;Jakarta;',
  '4;Kosong;;;',
].join('\r\n');

/** Someone signed in on the contacts of an outlet of their own. */
async function visit(viewport: typeof PHONE, outlet: Outlet) {
  const { user } = await koneksi.person('USER', [outlet.id]);
  const opened = await openPage(browser, viewport);
  await opened.page.emulateMedia({ reducedMotion: 'reduce' });
  await logIn(opened.page, koneksi.app.url, user.email, PASSWORD);
  await opened.page.getByTestId('nav.contacts').click();
  await opened.page.getByTestId('no-contacts').waitFor();
  return opened;
}

test.each([
  ['phone', PHONE],
  ['wide', WIDE],
] as const)('staff import what they have, see what is refused, and find it in the list (%s)', async (_, viewport) => {
  const outlet = await koneksi.outlet();
  const { context, page, faults } = await visit(viewport, outlet);
  expect(await accessFaults(page)).toEqual([]);
  await page.getByTestId('import-contacts').click();
  await page.getByTestId('import-file').setInputFiles(file('PK\u0003\u0004\0'));
  await page.getByText('File ini bukan CSV').waitFor();
  await page.getByTestId('import-file').setInputFiles(file(CSV));
  await page.getByTestId('import-commit').waitFor();
  expect(await page.getByTestId('import-added').textContent()).toBe('2');
  expect(await page.getByTestId('import-rejected').textContent()).toBe('2');
  expect(
    await page.getByTestId('rejected-line').evaluateAll((rows) => rows.map((line) => line.dataset['reason'])),
  ).toEqual(['PHONE_SHORTENED', 'PHONE_MISSING']);
  expect(await accessFaults(page)).toEqual([]);
  // The town becomes a tag, and what was the tag is left out.
  await page.getByTestId('import-column-3').selectOption('tags');
  await page.getByTestId('import-row').first().getByText('bandung').waitFor();
  await page.getByTestId('import-commit').click();
  await page.getByTestId('import-done').waitFor();
  await page.getByTestId('import-close').click();
  await row(page, '6281234567890').waitFor();
  expect(await page.getByTestId('contact-row').count()).toBe(2);
  expect(await accessFaults(page)).toEqual([]);
  await page.getByTestId('contacts-tag').selectOption('jakarta');
  await row(page, '6281234567890').waitFor({ state: 'detached' });
  await page.getByTestId('contacts-tag').selectOption('');
  await page.getByTestId('search').fill('0812-34');
  await row(page, '6281999888777').waitFor({ state: 'detached' });
  expect(await row(page, '6281234567890').count()).toBe(1);
  expect(faults).toEqual([]);
  await context.close();
});

test('a contact is added, changed, opted out and removed; an export holds it', async () => {
  const outlet = await koneksi.outlet();
  const { context, page, faults } = await visit(PHONE, outlet);
  await page.getByTestId('add-contact').click();
  await page.getByTestId('contact-phone').fill('12');
  await page.getByTestId('contact-save').click();
  await page.getByTestId('contact-phone-error').waitFor();
  await page.getByTestId('contact-phone').fill('0857 1111 2222');
  await page.getByTestId('contact-name').fill('=Cici');
  await page.getByTestId('contact-save').click();
  const cici = row(page, '6285711112222');
  await cici.waitFor();

  await page.getByTestId('add-contact').click();
  await page.getByTestId('contact-phone').fill('+62 857 1111 2222');
  await page.getByTestId('contact-save').click();
  await page.getByTestId('contact-phone-error').waitFor();
  await page.keyboard.press('Escape');

  await cici.getByTestId('contact-actions').click();
  await page.getByTestId('edit-contact').click();
  await page.getByTestId('contact-tags').fill('VIP,');
  await page.getByTestId('contact-save').click();
  await cici.getByText('vip').waitFor();

  await page.getByTestId('contacts-more').click();
  const downloading = page.waitForEvent('download');
  await page.getByTestId('export-contacts').click();
  const csv = await readFile(await (await downloading).path(), 'utf8');
  expect(csv).toContain("0857-1111-2222;'=Cici;vip");

  await cici.getByTestId('contact-actions').click();
  await page.getByTestId('stop-contact').click();
  await page.getByTestId('confirm').click();
  await cici.getByTestId('opted-out').waitFor();
  await page.getByTestId('opt-outs-tab').click();
  await page.getByTestId('opt-out-row').waitFor();
  await page.getByTestId('open-ledger').click();
  await page.getByTestId('ledger').getByText('Dicatat oleh').waitFor();
  // Letting back in is not for staff.
  expect(await page.getByTestId('revoke').count()).toBe(0);
  expect(await accessFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByTestId('nav.contacts').click();
  const remove = async (): Promise<void> => {
    await cici.getByTestId('contact-actions').click();
    await page.getByTestId('delete-contact').click();
    await page.getByTestId('confirm').click();
    await page.getByTestId('no-contacts').waitFor();
  };
  await remove();
  await page.getByRole('button', { name: 'Urungkan' }).click();
  await cici.getByTestId('opted-out').waitFor();
  await remove();
  await page.getByTestId('bin-tab').click();
  await page.getByTestId('binned-contact').waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await page.getByTestId('restore-contact').click();
  await page.getByTestId('bin-empty').waitFor();
  await page.getByTestId('nav.contacts').click();
  await cici.getByTestId('opted-out').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test.each([
  ['phone', PHONE, '62812777600'],
  ['wide', WIDE, '62812777610'],
] as const)('a file of opt-outs with two columns of numbers is asked about, on a %s', async (_, viewport, begins) => {
  const { context, page, faults } = await openPage(browser, viewport);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}/contacts/opt-outs`);
  await page.getByTestId('import-opt-outs').waitFor();
  const csv = `Nama;HP Ayah;HP Ibu\nRina;+${begins}01;+${begins}02\n`;
  await page.getByTestId('opt-outs-file').setInputFiles({
    name: 'berhenti.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(csv),
  });
  await page.getByTestId('import-question').getByText(`+${begins}02`).waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await page.getByTestId('import-question').getByText('HP Ibu').click();
  await page.getByTestId('confirm').click();
  await page.locator(`[data-testid=opt-out-row][data-phone="${begins}02"]`).waitFor();
  expect(await page.locator(`[data-testid=opt-out-row][data-phone="${begins}01"]`).count()).toBe(0);
  expect(faults).toEqual([]);
  await context.close();
});

test('one file fills several outlets by a column of theirs, which a person names where no header does', async () => {
  const outlets = [
    await koneksi.outlet({ name: 'Rantai Satu' }),
    await koneksi.outlet({ name: 'Rantai Dua' }),
  ] as const;
  const { context, page, faults } = await openPage(browser, PHONE);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}/contacts?outlet=${outlets[1].id}`);
  await page.getByTestId('contacts-more').click();
  await page.getByTestId('import-for-chain').click();
  const csv = 'Nama;HP;Lokasi\nAni;081270000001;rantai satu\nBudi;081270000002;Rantai Dua\nCici;081270000003;Mana\n';
  await page.getByTestId('import-file').setInputFiles(file(csv));
  await page.getByTestId('chain-outlet').selectOption('3');
  await page.getByTestId('chain-outlet-share').filter({ hasText: 'Rantai Satu' }).waitFor();
  await page.getByTestId('rejected-line').filter({ hasText: 'Tidak ada outlet Anda' }).waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await page.getByTestId('import-commit').filter({ hasText: 'Impor 2 kontak ke 2 outlet' }).click();
  await page.getByTestId('import-done').waitFor();
  await page.getByTestId('import-close').click();
  await row(page, '6281270000002').waitFor();
  expect(await page.getByTestId('contact-row').count()).toBe(1);
  expect(faults).toEqual([]);
  await context.close();
});

test('an admin lets a customer back in, and must say why', async () => {
  const phone = '6281277778888';
  await koneksi.call('POST', '/opt-outs', { body: { phone, note: 'di kasir' } });
  const { context, page } = await openPage(browser, WIDE);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}/contacts/opt-outs`);
  const shown = page.locator(`[data-testid=opt-out-row][data-phone="${phone}"]`);
  await shown.waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await shown.getByTestId('open-ledger').click();
  await page.getByText('di kasir').waitFor();
  await page.getByTestId('revoke').click();
  await page.getByTestId('revoke-note-error').waitFor();
  await page.getByTestId('revoke-note').fill('Meminta promo lagi lewat telepon');
  await page.getByTestId('revoke').click();
  await shown.waitFor({ state: 'detached' });
  expect((await koneksi.call<OptOutHistory>('GET', `/opt-outs/${phone}`)).body).toMatchObject({
    optedOut: false,
    ledger: [{ action: 'OPT_IN', note: 'Meminta promo lagi lewat telepon' }, {}],
  });
  await context.close();
});

test.each([
  ['phone', PHONE, '6281288880001'],
  ['wide', WIDE, '6281288880002'],
] as const)('what is kept of a customer is handed over and erased, on a %s', async (_, viewport, phone) => {
  const { id } = await koneksi.outlet();
  await koneksi.call('POST', `/outlets/${id}/contacts`, { body: { name: 'Bu Hapus', phone } });
  const { context, page, faults } = await openPage(browser, viewport);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}/contacts`);
  await page.getByTestId('customer-tab').click();
  await page.getByTestId('customer-phone').fill('0812 rusak');
  await page.getByTestId('customer-look').click();
  await page.getByTestId('customer-phone-error').waitFor();
  await page.getByTestId('customer-phone').fill(`0${phone.slice(2)}`);
  await page.getByTestId('customer-look').click();
  const kept = page.getByTestId('customer-data');
  await kept.locator('[data-about=contacts]').waitFor();
  expect(await accessFaults(page)).toEqual([]);
  const downloading = page.waitForEvent('download');
  await page.getByTestId('customer-download').click();
  expect(await readFile(await (await downloading).path(), 'utf8')).toContain('Bu Hapus');
  await page.getByTestId('customer-erase').click();
  await page.getByTestId('erase-number').fill('0812 8888 9999');
  await page.getByTestId('erase-yes').click();
  await page.getByTestId('erase-number-error').waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await page.getByTestId('erase-number').fill(phone);
  await page.getByTestId('erase-yes').click();
  await page.getByTestId('only-consent').waitFor();
  await kept.locator('[data-about=contacts]').waitFor({ state: 'detached' });
  expect(await koneksi.database.dataSource.query('SELECT 1 FROM contacts WHERE number = $1', [phone])).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
});

test('staff have no page of customers’ data', async () => {
  const { context, page } = await visit(WIDE, await koneksi.outlet());
  expect(await page.getByTestId('customer-tab').count()).toBe(0);
  await page.goto(`${koneksi.app.url}/contacts/customer`);
  await page.locator('app-no-permission-page').waitFor();
  expect(await page.getByTestId('customer-phone').count()).toBe(0);
  await context.close();
});
