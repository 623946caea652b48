import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import { readFile } from 'node:fs/promises';
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

afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

async function statusPage(width: number, height: number) {
  const opened = await openPage(browser, { width, height });
  await logIn(opened.page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await opened.page.getByTestId('status-row').first().waitFor();
  // The strips and what hangs on them come after the states.
  await opened.page.locator('[data-testid=cell-strip] path[data-status=CONNECTED]').first().waitFor();
  return opened;
}

/** The rows of which every pixel is on screen, and where the first one begins. */
const ROWS_IN_SIGHT = `(() => {
  const head = document.querySelector('thead').getBoundingClientRect();
  const rows = [...document.querySelectorAll('[data-testid=status-row]')].map((row) => row.getBoundingClientRect());
  const whole = rows.filter(({ top, bottom }) => top >= head.bottom - 1 && bottom <= innerHeight + 0.5);
  return { whole: whole.length, first: Math.min(...rows.map(({ top }) => top)), heights: new Set(rows.map(({ height }) => height)).size };
})()`;

/** Whether what WhatsApp allows an outlet is cut short in its row, or lies outside of what is around it. */
const isLimitCut = (page: Page, outletId: string) =>
  page.evaluate<boolean>(`(() => {
    const element = document.querySelector('[data-outlet-id="${outletId}"] [data-testid=row-limits]');
    const [own, around] = [element, element.parentElement].map((each) => each.getBoundingClientRect());
    return element.scrollWidth > element.clientWidth || own.right > around.right + 1 || own.left < around.left - 1;
  })()`);

async function exportedFrom(page: Page): Promise<string> {
  await page.getByTestId('status-more').click();
  const downloading = page.waitForEvent('download');
  await page.getByTestId('export-status').click();
  return readFile(await (await downloading).path(), 'utf8');
}

const isTable = (page: Page) =>
  page.evaluate<boolean>(`(() => {
    const [one, other] = [...document.querySelectorAll('[data-testid=status-row]')].map((row) => row.getBoundingClientRect());
    return one.left === other.left && one.width > innerWidth - 60 && one.height < 40;
  })()`);

describe('how much of 300 outlets is on screen', () => {
  test.each([
    { width: 1440, height: 900, atLeast: 20 },
    { width: 1920, height: 1080, atLeast: 30 },
    { width: 1100, height: 900, atLeast: 20 },
    { width: 2560, height: 1440, atLeast: 42 },
  ])('$atLeast whole rows at $width×$height, the first within 200 px', async ({ width, height, atLeast }) => {
    const { context, page, faults } = await statusPage(width, height);
    const { whole, first, heights } = await page.evaluate<Record<'whole' | 'first' | 'heights', number>>(ROWS_IN_SIGHT);
    expect(whole).toBeGreaterThanOrEqual(atLeast);
    expect(first).toBeLessThanOrEqual(200);
    expect(heights).toBe(1);
    expect(await isTable(page)).toBe(true);
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    expect(await accessFaultsInBothThemes(page)).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  });
});

const counted = async (page: Page) =>
  Object.fromEntries(
    await Promise.all(
      ['total', 'problem', 'unstable', 'setup', 'paused', 'healthy'].map(async (kind) => [
        kind,
        Number(await page.getByTestId(`summary-${kind}-value`).innerText()),
      ]),
    ),
  );

test('what broke, what is being set up and what people paused are told apart, and the counts follow the filters', async () => {
  const { context, page } = await statusPage(1440, 900);
  const all = { total: 300, problem: 7, unstable: 0, setup: 6, paused: 4, healthy: 283 };
  expect(await counted(page)).toEqual(all);
  expect(await page.getByTestId('shown-of').innerText()).toBe('300 dari 300 outlet');
  const kinds = await page.getByTestId('status-row').evaluateAll((rows) => rows.map((row) => row.dataset['kind']));
  expect(kinds.slice(0, 17)).toEqual([
    ...Array<string>(7).fill('problem'),
    ...Array<string>(6).fill('setup'),
    ...Array<string>(4).fill('paused'),
  ]);
  await page.getByTestId('search').fill('Jakarta');
  await eventually('the counts follow', async () => (await counted(page))['total'] === 30);
  expect(await counted(page)).toEqual({ total: 30, problem: 1, unstable: 0, setup: 1, paused: 0, healthy: 28 });
  await page.getByTestId('summary-problem').click();
  await eventually('filtered', async () => (await page.getByTestId('shown-of').innerText()) === '1 dari 300 outlet');
  expect(await page.getByTestId('filter-CONNECTED').innerText()).toMatch(/0$/);
  await context.close();
});

test('every problem says since when, and the newest comes first', async () => {
  const { context, page } = await statusPage(1440, 900);
  const since = await page.locator('[data-kind=problem] [data-testid=cell-since]').allInnerTexts();
  expect(since).toHaveLength(7);
  for (const text of since) expect(text).toMatch(/^sejak (\d\d\.\d\d|\d+ \p{L}+) \(\d+ (mnt|j|jam)\)$/u);
  const minutes = since.map((text) => (/\((\d+) mnt\)/.exec(text) ? Number(RegExp.$1) : 60));
  expect(minutes).toEqual(minutes.toSorted((one, other) => one - other));
  const again = fleet.members[20]!.outletId;
  fleet.become(again, { code: 'LOGGED_OUT' });
  const first = page.getByTestId('status-row').first();
  await eventually('it is on top', async () => (await first.getAttribute('data-outlet-id')) === again);
  expect(await first.getByTestId('cell-since').innerText()).toMatch(/^sejak \d\d\.\d\d \(\d+ dtk\)$/);
  fleet.become(again, { code: null });
  await page.locator(`[data-kind=problem][data-outlet-id="${again}"]`).waitFor({ state: 'detached' });
  await context.close();
});

test('what the database says shows only where it is not the same', async () => {
  const { context, page } = await statusPage(1440, 900);
  const [differing] = await page.locator('.mismatch').allInnerTexts();
  expect([differing, await page.locator('.mismatch').count()]).toEqual(['Tercatat: Terhubung', 1]);
  await context.close();
});

test('columns are chosen, kept by the browser, and the order can be by uptime', async () => {
  const { context, page } = await statusPage(1440, 900);
  const heads = () => page.locator('thead th').allInnerTexts();
  const shown = (...names: string[]) =>
    eventually(`columns ${names.join(', ')}`, async () => {
      const all = await heads();
      return names.every((name) => all.includes(name)) && all;
    });
  expect(await heads()).not.toContain('Status tercatat');
  await page.getByTestId('columns').click();
  for (const name of ['city', 'device', 'seen', 'number', 'connected'])
    await page.getByTestId(`column-${name}`).click();
  for (const name of ['database', 'live']) await page.getByTestId(`column-${name}`).click();
  await page.keyboard.press('Escape');
  await shown('Status tercatat', 'Status live');
  await page.reload();
  await page.getByTestId('status-row').first().waitFor();
  expect(await shown('Status tercatat', 'Status live')).not.toContain('Kota');
  await page.locator('[data-testid=cell-strip] path[data-status=CONNECTED]').first().waitFor();
  await page.getByTestId('head-strip').getByRole('button').click();
  const shares = await eventually('sorted by uptime', async () => {
    const texts = await page.locator('[data-testid=cell-strip] span').allInnerTexts();
    const numbers = texts.slice(0, 8).map((text) => Number.parseFloat(text.replace(',', '.')));
    return numbers.every((share, index) => share >= (numbers[index - 1] ?? 0)) && numbers[0]! < 100 ? numbers : null;
  });
  expect(shares[0]).toBeLessThan(100);
  await context.close();
});

test.each(['id', 'en'] as const)(
  'at 1440 px a row says all of what WhatsApp allows, in %s; CSV and wall as well',
  async (locale) => {
    const { context, page, faults } = await statusPage(1440, 900);
    await page.evaluate(`localStorage.setItem('koneksi.locale', '${locale}')`);
    await page.reload();
    await page.getByTestId('status-row').first().waitFor();
    const [first, second, third] = fleet.members.filter(({ healthy }) => healthy) as [
      OutletStatus,
      OutletStatus,
      OutletStatus,
    ];
    const until = new Date(Date.now() + 40 * 3_600_000).toISOString();
    const limited = [
      [first, { newChats: 'locked', until, left: null }],
      [second, { newChats: 'capped', until, left: 0 }],
      [third, { newChats: 'open', until: null, left: 12 }],
    ] as const;
    for (const [{ outletId }, limits] of limited) fleet.become(outletId, { code: null, limits });
    for (const [{ outletId, outlet }] of limited) {
      await page.getByTestId('search').fill(outlet.name);
      const told = page.locator(`[data-testid=status-row][data-outlet-id="${outletId}"] [data-testid=row-limits]`);
      await told.waitFor();
      expect([outlet.name, await isLimitCut(page, outletId)]).toEqual([outlet.name, false]);
    }
    await page.getByTestId('search').fill(first.outlet.name);
    await page.locator(`[data-testid=status-row][data-outlet-id="${first.outletId}"]`).waitFor();
    const exported = await exportedFrom(page);
    expect(exported).toMatch(
      locale === 'id' ? /;Chat baru dikunci WhatsApp\.;/ : /;New chats are locked by WhatsApp\.;/,
    );
    expect(exported).toContain(until);
    await page.getByTestId('search').fill('');
    await page.goto(`${koneksi.app.url}/outlet-status?view=wall`);
    for (const [{ outletId }, limits] of limited) fleet.become(outletId, { code: null, limits });
    await page
      .getByTestId('wall-limited')
      .filter({ hasText: /^\s*2\s/ })
      .waitFor();
    await eventually('their cells are marked', async () => (await page.locator('.cell.limited').count()) === 2);
    for (const [{ outletId }] of limited) fleet.become(outletId, { code: null });
    await page.getByTestId('wall-limited').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await context.close();
  },
  60_000,
);

test('paper and CSV have every row that is filtered, not only those in sight', async () => {
  const { context, page, faults } = await statusPage(1440, 900);
  expect(await page.getByTestId('status-row').count()).toBeLessThan(60);
  await page.evaluate(`window.dispatchEvent(new Event('beforeprint'))`);
  expect(await page.getByTestId('status-row').count()).toBe(300);
  await page.evaluate(`window.dispatchEvent(new Event('afterprint'))`);
  await eventually('the screen is as before', async () => (await page.getByTestId('status-row').count()) < 60);
  const pdf = (await page.pdf({ format: 'A4', landscape: true })).toString('latin1');
  expect(pdf.match(/\/Type \/Page\b/g)!.length).toBeGreaterThanOrEqual(8);

  await page.getByTestId('search').fill('Bandung');
  await eventually('filtered', async () => (await page.getByTestId('shown-of').innerText()) === '30 dari 300 outlet');
  const csv = await exportedFrom(page);
  const lines = csv.trimEnd().split('\r\n');
  expect(csv.startsWith('\ufeffOutlet;Nomor;Kota;')).toBe(true);
  expect(lines).toHaveLength(31);
  expect(lines[1]).toMatch(/^Bandung Sudirman 3;\+6281300\d{5};Bandung;/);
  expect(faults).toEqual([]);
  await context.close();
});

test('one of 300 is chosen by a few letters, with the keys alone, and what is left unfinished changes nothing', async () => {
  const { outletId, outlet } = fleet.members[250]!;
  const { context, page, faults } = await statusPage(1440, 900);
  await page.goto(`${koneksi.app.url}/contacts`);
  const field = page.getByTestId('contacts-outlet');
  await field.focus();
  await page.keyboard.type(outlet.name.toUpperCase());
  await page.getByTestId('contacts-outlet-option').getByText(outlet.name, { exact: true }).waitFor();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/contacts?outlet=${outletId}`);
  await page.keyboard.type('tidak ada yang begini');
  await page.getByTestId('contacts-outlet-option').first().waitFor({ state: 'detached' });
  await page.keyboard.press('Tab');
  await eventually('the one before stays', async () => (await field.inputValue()) === outlet.name);
  expect(page.url()).toContain(outletId);
  expect(faults).toEqual([]);
  await context.close();
});
