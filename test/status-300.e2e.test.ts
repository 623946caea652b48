import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import { reasonSentences } from '@koneksi/contracts/reason-texts';
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { launchBrowser, logIn, openPage } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { Fleet, mostlyWell } from './support/fleet.js';
import { Koneksi, SUPERADMIN } from './support/koneksi.js';

const WALL = { width: 1920, height: 1080 };
/** What is left of a 24-inch screen's detail at three metres. */
const FROM_AFAR = 1 / 5;
/** A difference of colour that nobody overlooks, of 255. */
const SEEN = 40;

let koneksi: Koneksi;
let browser: Browser;
let fleet: Fleet;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  fleet = await Fleet.seed(koneksi, 300, mostlyWell);
});

afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

async function statusPage(width: number, height: number) {
  const opened = await openPage(browser, { width, height });
  await entered(opened.page);
  return opened;
}

async function entered(page: Page): Promise<void> {
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.getByTestId('status-row').first().waitFor();
  // The strips and what hangs on them come after the states.
  await page.locator('[data-testid=cell-strip] path[data-status=CONNECTED]').first().waitFor();
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
  120_000,
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
  await page.getByTestId('which-outlet-choice').focus();
  await page.keyboard.type(outlet.name.toUpperCase());
  await page.getByTestId('which-outlet-choice-option').getByText(outlet.name, { exact: true }).waitFor();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/contacts?outlet=${outletId}`);
  const field = page.getByTestId('contacts-outlet');
  await field.focus();
  await page.keyboard.type('tidak ada yang begini');
  await page.getByTestId('contacts-outlet-option').first().waitFor({ state: 'detached' });
  await page.keyboard.press('Tab');
  await eventually('the one before stays', async () => (await field.inputValue()) === outlet.name);
  expect(page.url()).toContain(outletId);
  expect(faults).toEqual([]);
  await context.close();
});

test('/ searches the page, Ctrl-K finds any outlet or page, ? lists the keys', async () => {
  const { context, page, faults } = await openPage(browser);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.getByTestId('status-row').first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('Solo/?');
  expect(await page.getByTestId('search').inputValue()).toBe('Solo/?');
  await page.getByTestId('search').fill('');
  await page.getByTestId('search').blur();

  const wanted = fleet.members[122]!;
  await page.keyboard.press('Control+k');
  await page.getByTestId('finder-field').fill(`0${wanted.outlet.whatsappNumber.slice(2)}`);
  await page.getByTestId('finder-option').first().getByText(wanted.outlet.name).waitFor();
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.waitForURL(({ searchParams }) => searchParams.get('outlet') === wanted.outletId);
  await page.getByTestId('sheet-close').click();
  await page.getByTestId('outlet-sheet').waitFor({ state: 'detached' });

  // What can be done is found by its words, and taken back as from its button.
  await page.keyboard.press('Control+k');
  await page.getByTestId('finder-field').fill(`jeda ${wanted.outlet.name}`);
  await page.getByTestId('finder-option').first().getByText('Tindakan').waitFor();
  await page.getByTestId('finder-field').fill('impor outlet');
  await page.keyboard.press('Enter');
  await page.getByTestId('import-paste').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('import-paste').waitFor({ state: 'detached' });

  await page.keyboard.press('Control+k');
  await page.getByTestId('finder-field').fill('kontak');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/contacts**');
  await page.getByTestId('finder').waitFor({ state: 'detached' });
  await page.locator('main h1:focus').waitFor();
  await page.keyboard.press('?');
  await eventually('the keys are listed', async () =>
    (await page.getByTestId('finder-keys').innerText()).includes('Ctrl K'),
  );
  expect(faults).toEqual([]);
  await context.close();
});

test('five keys lead from a page just opened to the first Koneksikan', async () => {
  const { context, page, faults } = await statusPage(1440, 900);
  await page.reload();
  await page.getByTestId('status-row').first().waitFor();
  const focused = () =>
    page.evaluate<string | null>(`document.activeElement.closest('[data-testid]')?.dataset.testid ?? null`);
  for (const key of ['Tab', 'Enter', 'Tab', 'Enter']) await page.keyboard.press(key);
  expect(await focused()).toBe('show-outlet');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('connect');
  expect(await page.getByTestId('status-row').first().locator(':focus').count()).toBe(1);
  expect(faults).toEqual([]);
  await context.close();
});

describe('what calls a person', () => {
  /** Whatever a test left broken would be counted in the next one. */
  afterEach(() => {
    fleet.members.forEach(({ outletId, healthy }, index) => {
      if (!healthy && mostlyWell(index).code === null) fleet.become(outletId, { code: null });
    });
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

  async function alarmedPage() {
    const opened = await openPage(browser);
    await opened.page.addInitScript(NOTE_NOTICES);
    await entered(opened.page);
    return opened;
  }

  const well = () => fleet.members.filter(({ healthy }) => healthy).map(({ outletId }) => outletId);
  const noted = (page: Page) => page.evaluate<string[]>('window.notices');

  test('the tab says how many need a person, on every page, and nothing once none does', async () => {
    const { context, page } = await alarmedPage();
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
    const { context, page, faults } = await alarmedPage();
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
    const { context, page, faults } = await alarmedPage();
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
    await eventually('all are back', async () =>
      (await banner.innerText()).includes(`Kembali: ${struck.length} outlet`),
    );
    expect(await banner.innerText()).toMatch(
      new RegExp(`Kembali: ${struck.length} outlet.*\\d\\d\\.\\d\\d–\\d\\d\\.\\d\\d`, 's'),
    );
    expect(await colour()).toBe(calm);
    await page.getByTestId('banner-close').click();
    await banner.waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await context.close();
  });
});

async function fromAfar(page: Page): Promise<Buffer> {
  const picture = sharp(await page.screenshot()).resize(WALL.width * FROM_AFAR, WALL.height * FROM_AFAR);
  return picture.removeAlpha().raw().toBuffer();
}

/** The share of pixels that look different, 0 to 1. */
function difference(one: Buffer, other: Buffer): number {
  let seen = 0;
  for (let at = 0; at < one.length; at += 3) {
    if ([0, 1, 2].some((channel) => Math.abs(one[at + channel]! - other[at + channel]!) > SEEN)) seen += 1;
  }
  return seen / (one.length / 3);
}

/** Runs in the page: that all of every outlet is on screen. */
const ALL_IN_SIGHT = `(() => {
  const cells = [...document.querySelectorAll('[data-testid=wall-cell]')].map((cell) => cell.getBoundingClientRect());
  const isSeen = ({ top, left, bottom, right, width, height }) =>
    top >= 0 && left >= 0 && bottom <= innerHeight + 0.5 && right <= innerWidth + 0.5 && width >= 20 && height >= 10;
  return {
    cells: cells.filter(isSeen).length,
    fills: document.querySelector('[data-testid=wall-mosaic]').getBoundingClientRect().bottom > innerHeight - 20,
    scrolls: document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth,
  };
})()`;

test('300 outlets on one screen; all well, some down and all down are told apart from three metres', async () => {
  for (const { outletId } of fleet.members) fleet.become(outletId, { code: null });
  const { context, page, faults } = await openPage(browser, WALL);
  await page.addInitScript(`
    window.kept = 0;
    Object.defineProperty(navigator, 'wakeLock', { value: { request: async () => { window.kept += 1; return { release: async () => undefined }; } } });
  `);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}/outlet-status?view=wall`);
  const verdict = (words: string) =>
    eventually(words, async () => (await page.getByTestId('wall-verdict').innerText()).includes(words));
  const settled = async (words: string) => {
    await verdict(words);
    await eventually('all 300 are in sight', async () => {
      const seen = await page.evaluate<{ cells: number; fills: boolean; scrolls: boolean }>(ALL_IN_SIGHT);
      return seen.cells === 300 && seen.fills && !seen.scrolls;
    });
    expect(await page.getByTestId('wall').getByTestId('connection').getAttribute('data-state')).toBe('live');
    return fromAfar(page);
  };

  const well = await settled('Semua sehat');
  expect(await page.evaluate('window.kept')).toBe(1);
  expect(await page.getByTestId('wall-clock').innerText()).toMatch(/^\d\d\.\d\d$/);
  expect(await page.locator('header nav').isVisible()).toBe(false);
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });

  for (const { outletId } of fleet.members.slice(0, 7)) fleet.become(outletId, { code: 'LOGGED_OUT' });
  const some = await settled('7 bermasalah');
  expect(await page.getByTestId('wall-tile').count()).toBe(7);
  expect(await page.getByTestId('wall-tile').first().innerText()).toMatch(
    /^.+ \d+\s+Tautan dilepas.*\s+\d+ (dtk|mnt) \(sejak \d\d\.\d\d\)$/,
  );
  expect(await accessFaultsInBothThemes(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });

  for (const { outletId } of fleet.members) fleet.become(outletId, { code: 'WHATSAPP_UNREACHABLE' });
  const all = await settled('300 bermasalah');
  expect(await page.getByTestId('wall-tile').allInnerTexts()).toEqual([
    expect.stringMatching(/^300 outlet\s+WhatsApp tidak dapat dijangkau/),
  ]);

  for (const [one, other] of [
    [well, some],
    [some, all],
    [well, all],
  ] as const) {
    expect(difference(one, other)).toBeGreaterThan(0.3);
  }
  await page.keyboard.press('Escape');
  await page.getByTestId('status-row').first().waitFor();
  expect(await page.locator('header nav').isVisible()).toBe(true);
  expect(faults).toEqual([]);
  await context.close();
});
