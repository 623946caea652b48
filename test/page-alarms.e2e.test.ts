import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { reasonSentences } from '@koneksi/contracts/reason-texts';
import type { Browser, Page } from 'playwright-core';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { launchBrowser, logIn, openPage } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { Fleet, mostlyWell } from './support/fleet.js';
import { Koneksi, SUPERADMIN } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;
let fleet: Fleet;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  fleet = await Fleet.seed(koneksi, 300, mostlyWell);
}, 60_000);

/** Whatever a test left broken would be counted in the next one. */
afterEach(() => {
  fleet.members.forEach(({ outletId, healthy }, index) => {
    if (!healthy && mostlyWell(index).code === null) fleet.become(outletId, { code: null });
  });
});

afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

/** The browser's own notices cannot be seen from here: what the page asks for is noted instead. */
const NOTE_NOTICES = `
  window.notices = [];
  window.asked = 0;
  window.Notification = class {
    static permission = 'default';
    static async requestPermission() { window.asked += 1; return (this.permission = 'granted'); }
    constructor(title, options) { window.notices.push(title + ': ' + options.body); }
  };
`;

async function statusPage() {
  const opened = await openPage(browser);
  await opened.page.addInitScript(NOTE_NOTICES);
  await logIn(opened.page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await opened.page.getByTestId('status-row').first().waitFor();
  await opened.page.locator('[data-testid=cell-strip] path[data-status=CONNECTED]').first().waitFor();
  return opened;
}

const well = () => fleet.members.filter(({ healthy }) => healthy).map(({ outletId }) => outletId);
const noted = (page: Page) => page.evaluate<string[]>('window.notices');

test('the tab says how many need a person, on every page, and nothing once none does', async () => {
  const { context, page } = await statusPage();
  const title = (wanted: string) => eventually(wanted, async () => (await page.title()) === wanted);
  const icon = () => page.locator('link[rel=icon]').getAttribute('href');
  await title('(7) Status outlet · Koneksi');
  expect(decodeURIComponent((await icon()) ?? '')).toContain('>7</text>');
  const [one] = well();
  fleet.become(one!, { code: 'LOGGED_OUT' });
  await title('(8) Status outlet · Koneksi');
  await page.getByTestId('nav.contacts').click();
  await title('(8) Kontak · Koneksi');
  fleet.become(one!, { code: null });
  await title('(7) Kontak · Koneksi');
  await page.getByTestId('user-menu').click();
  await page.getByTestId('logout-user').click();
  await title('Masuk · Koneksi');
  expect(await icon()).toBe('favicon.svg');
  await context.close();
});

test('desktop notices are asked for by a press alone, and come once for what breaks together', async () => {
  const { context, page, faults } = await statusPage();
  expect(await page.evaluate('window.asked')).toBe(0);
  await page.getByTestId('status-more').click();
  await page.getByTestId('alert-desktop').click();
  await eventually('permission is asked for', () => page.evaluate<boolean>('window.asked === 1'));
  const struck = well().slice(0, 40);
  for (const id of struck) fleet.become(id, { code: 'REPLACED' });
  await eventually('it is told', async () => (await noted(page)).length > 0);
  fleet.become(well()[0]!, { code: 'REPLACED' });
  fleet.become(well()[1]!, { code: 'BLOCKED' });
  await eventually('the other cause is told', async () => (await noted(page)).length > 1);
  const [first, second, ...more] = await noted(page);
  expect(first).toBe(`40 outlet bermasalah: ${reasonSentences('REPLACED', {}, 'id').message}`);
  expect(second).toContain(reasonSentences('BLOCKED', {}, 'id').message);
  expect(more).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
});

test('what strikes most of the fleet is one banner with cause, number and time, colours the page, and ends', async () => {
  const { context, page, faults } = await statusPage();
  const colour = () => page.evaluate<string>(`getComputedStyle(document.querySelector('.page')).backgroundColor`);
  const calm = await colour();
  const struck = well();
  for (const id of struck.slice(0, 4)) fleet.become(id, { code: 'WHATSAPP_UNREACHABLE' });
  await eventually('four are told one by one', async () => (await page.title()).startsWith('(1'));
  expect(await page.getByTestId('fleet-banner').count()).toBe(0);
  for (const id of struck) fleet.become(id, { code: 'WHATSAPP_UNREACHABLE', params: { detail: 'ECONNREFUSED' } });
  const banner = page.getByTestId('fleet-banner');
  await banner.waitFor();
  await eventually('all are in it', async () => (await banner.innerText()).includes(`${struck.length} dari`));
  expect(await banner.innerText()).toMatch(
    /WhatsApp tidak dapat dijangkau.*satu sebab · sejak \d\d\.\d\d \(\d+ \w+\)/s,
  );
  expect(await page.getByTestId('fleet-banner').count()).toBe(1);
  expect(await colour()).not.toBe(calm);
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });

  for (const id of struck.slice(0, 200)) fleet.become(id, { code: null });
  await eventually('fewer', async () => (await banner.innerText()).includes(`${struck.length - 200} dari`));
  expect(await banner.getAttribute('data-over')).toBe('false');
  for (const id of struck.slice(200)) fleet.become(id, { code: null });
  await page.locator('[data-testid=fleet-banner][data-over=true]').waitFor();
  await eventually('all are back', async () => (await banner.innerText()).includes(`Kembali: ${struck.length} outlet`));
  expect(await banner.innerText()).toMatch(
    new RegExp(`Kembali: ${struck.length} outlet.*\\d\\d\\.\\d\\d–\\d\\d\\.\\d\\d`, 's'),
  );
  expect(await colour()).toBe(calm);
  await page.getByTestId('banner-close').click();
  await banner.waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
  await context.close();
});
