import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { Fleet, mostlyWell } from './support/fleet.js';
import { Koneksi, SUPERADMIN } from './support/koneksi.js';

const SWITCHED_OFF = 20;

let koneksi: Koneksi;
let browser: Browser;
let fleet: Fleet;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  fleet = await Fleet.seed(koneksi, 300, (index) =>
    index === SWITCHED_OFF ? { code: 'INACTIVE' } : mostlyWell(index),
  );
  await koneksi.database.dataSource.query(
    `INSERT INTO binned_outlets (id, outlet, removed_at, removed_by, contacts)
     SELECT gen_random_uuid(), to_jsonb(o), now() - row_number() OVER (ORDER BY name) * interval '1 minute', 'Adi', 7
     FROM outlets o`,
  );
});

afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

async function visit(path: string, viewport = WIDE) {
  const opened = await openPage(browser, viewport);
  await logIn(opened.page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await opened.page.goto(`${koneksi.app.url}${path}`);
  return opened;
}

/** How many of these rows have every pixel on screen, below what stands over them. */
const wholeRows = (page: Page, testid: string) =>
  page.evaluate<number>(`(() => {
    const head = document.querySelector('thead')?.getBoundingClientRect().bottom ?? 0;
    return [...document.querySelectorAll('[data-testid=${testid}]')]
      .map((row) => row.getBoundingClientRect())
      .filter(({ top, bottom }) => top >= head - 1 && bottom <= innerHeight + 0.5).length;
  })()`);

const shownOf = (page: Page) => page.getByTestId('shown-of').innerText();

test('of 300 outlets to manage at least 20 whole rows are in sight, narrowed by city and use, and counted', async () => {
  const { context, page, faults } = await visit('/outlets');
  await page.getByTestId('outlet-row').first().waitFor();
  await eventually('20 whole rows', async () => (await wholeRows(page, 'outlet-row')) >= 20);
  expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  expect(await shownOf(page)).toBe('300 dari 300 outlet');
  await page.getByTestId('filter-city').selectOption('Jakarta');
  await eventually('one city', async () => (await shownOf(page)) === '30 dari 300 outlet');
  expect(await page.getByTestId('filter-use').locator('option').allInnerTexts()).toEqual([
    'Semua (30)',
    'Aktif (29)',
    'Nonaktif (1)',
  ]);
  await page.getByTestId('select-all').check();
  await page.getByTestId('bulk').getByText('30 dipilih').waitFor();
  await page.getByTestId('filter-use').selectOption('inactive');
  await page.getByTestId('bulk').getByText('1 dipilih').waitFor();
  await page.reload();
  const row = page.getByTestId('outlet-row');
  await row.first().waitFor();
  expect([await row.count(), await row.getAttribute('data-outlet-id')]).toEqual([
    1,
    fleet.members[SWITCHED_OFF]!.outletId,
  ]);
  expect(faults).toEqual([]);
  await context.close();
});

test('300 removed outlets are a list to look through, and one is found by its name', async () => {
  const { context, page, faults } = await visit('/outlets/bin');
  await page.getByTestId('binned-outlet').first().waitFor();
  await eventually('18 whole rows', async () => (await wholeRows(page, 'binned-outlet')) >= 18);
  expect(await page.getByTestId('bin-count').innerText()).toBe('300 outlet');
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  const { name } = fleet.members[299]!.outlet;
  await page.getByTestId('search').fill(name);
  await eventually('found', async () => (await page.getByTestId('bin-count').innerText()) === '1 outlet');
  await page.getByTestId('binned-outlet').getByText(name).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('the page of contacts asks for the outlet where there are many, and remembers it', async () => {
  const { context, page, faults } = await visit('/contacts', PHONE);
  await page.getByTestId('which-outlet').waitFor();
  expect(await page.getByTestId('import-contacts').count()).toBe(0);
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  const { outletId, outlet } = fleet.members[123]!;
  const chosen = (field: string) =>
    eventually(`${field} says ${outlet.name}`, async () => {
      return (await page.getByTestId(field).inputValue()) === outlet.name;
    });
  await page.getByTestId('which-outlet-choice').fill(outlet.name);
  await page.getByTestId('which-outlet-choice-option').click();
  await page.getByTestId('no-contacts').waitFor();
  await page.waitForURL(({ searchParams }) => searchParams.get('outlet') === outletId);
  await page.goto(`${koneksi.app.url}/contacts/bin`);
  await page.getByTestId('bin-empty').waitFor();
  await chosen('bin-outlet');
  await page.goto(`${koneksi.app.url}/contacts`);
  await page.getByTestId('no-contacts').waitFor();
  await chosen('contacts-outlet');
  expect(faults).toEqual([]);
  await context.close();
});
