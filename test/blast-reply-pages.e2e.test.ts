import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { accessFaults } from './support/access-faults.js';
import { addContacts, Blasts } from './support/blasts.js';
import { launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { Koneksi, SUPERADMIN, type LinkedOutlet } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;
let blasts: Blasts;
let shop: LinkedOutlet;
let numbers: string[];

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start({ demo: true, env: { BLAST_UNDO_MS: '0' } }), launchBrowser()]);
  blasts = new Blasts(koneksi);
  shop = await koneksi.linked(await koneksi.dashboard(), { name: 'Jakarta Kemang' });
  const { simulator, database } = koneksi;
  numbers = await addContacts({ simulator, dataSource: database.dataSource }, shop.outlet.id, 0, 6);
  await koneksi.call('PATCH', `/outlets/${shop.outlet.id}/blast-settings`, {
    body: { quietHours: null, warmUpDays: 0, newChatsPerDay: 1_000 },
  });
});
afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

test('an admin bounds how often a number is written to', async () => {
  const { context, page, faults } = await openPage(browser, WIDE);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}/blast`);
  await page.getByTestId('blasts-per-week').selectOption('10');
  await page.getByTestId('policy-note').getByText('Tersimpan').waitFor();
  expect(await koneksi.call('GET', '/blast-policy')).toMatchObject({ body: { perWeek: 10 } });
  await page.reload();
  await eventually('it is chosen', async () => (await page.getByTestId('blasts-per-week').inputValue()) === '10');
  const keeps = page.getByRole('switch', { name: 'Simpan isi balasan pelanggan' });
  expect(await keeps.isChecked()).toBe(false);
  await page.getByText('90 hari sesudah blast selesai').waitFor();
  await keeps.click();
  await eventually('it is kept', async () => {
    const { body } = await koneksi.call<{ keepReplies: boolean }>('GET', '/blast-policy');
    return body.keepReplies;
  });
  expect(await accessFaults(page)).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
});

test.each([
  ['phone', PHONE, 1],
  ['wide', WIDE, 4],
] as const)(
  'answers show as they come, and who is silent gets another message, on a %s',
  async (name, viewport, count) => {
    const { context, page, faults } = await openPage(browser, viewport);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await koneksi.call('PATCH', '/blast-policy', { body: { keepReplies: true } });
    await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
    const id = await blasts.create({
      outletIds: [shop.outlet.id],
      message: `Ada promo, ${name}`,
      title: `Promo ${name}`,
    });
    await blasts.delivered(id);
    await page.goto(`${koneksi.app.url}/blast/${id}`);
    const replied = page.getByTestId('total-replied');
    await replied.getByText('0', { exact: true }).waitFor();
    for (const number of numbers.slice(0, count))
      await koneksi.simulator.phone(number).send(shop.outlet.whatsappNumber, 'Mau dong');
    await replied.getByText(String(count), { exact: true }).waitFor();
    await page
      .getByTestId('recipient-replied')
      .nth(count - 1)
      .waitFor();
    await page
      .getByTestId('recipient-replies')
      .getByText('Mau dong')
      .nth(count - 1)
      .waitFor();
    await koneksi.simulator.phone(numbers[0]!).send(shop.outlet.whatsappNumber, `Yang biru ya, ${name}`);
    await page.getByTestId('recipient-replies').getByText(`Yang biru ya, ${name}`).waitFor();
    await replied.click();
    await eventually('who answered is shown alone', async () => {
      const shown = await page.getByTestId('recipient-row').count();
      return shown === count;
    });
    expect(await accessFaults(page)).toEqual([]);
    await page.getByTestId('follow-unanswered').click();
    await page.getByTestId('follows').getByText(`Promo ${name}`).waitFor();
    await page
      .getByTestId('live-count')
      .getByText(String(6 - count))
      .waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.reload();
    await page.getByTestId('follows').getByText(`Promo ${name}`).waitFor();
    if (name === 'phone') await page.getByTestId('next').click();
    await page.getByTestId('message').fill(`Masih ingat, {{nama}}? ${name}`);
    await page.getByTestId('preview').click();
    await page
      .getByTestId('preview-recipients')
      .getByText(String(6 - count), { exact: true })
      .waitFor();
    await page.getByTestId('send').click();
    await page.getByTestId('confirm').click();
    await page.locator('[data-testid=blast-status][data-status=finished]').waitFor();
    const reached = (): string[] =>
      numbers.filter((number) => blasts.textsOf(number).some((text) => text.includes(`? ${name}\n`)));
    await eventually('it is on the phones', () => reached().length >= 6 - count);
    expect(reached()).toEqual(numbers.slice(count));
    expect(faults).toEqual([]);
    await context.close();
  },
);
