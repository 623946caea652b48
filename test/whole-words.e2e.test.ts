import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { goWithin, launchBrowser, logIn, openPage } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { Fleet, mostlyWell } from './support/fleet.js';
import { Koneksi, SUPERADMIN } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;
let fleet: Fleet;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  fleet = await Fleet.seed(koneksi, 60, mostlyWell);
  await koneksi.database.dataSource.query(`UPDATE outlets SET tags = '{mal}' WHERE name LIKE 'Bandung%'`);
  // A bin with nothing in it has nothing to search.
  const { id } = await koneksi.outlet({ name: 'Bekas Cabang' });
  await koneksi.call('DELETE', `/outlets/${id}`);
});

afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

const PAGES = [
  '/outlets',
  '/outlet-status',
  '/incidents',
  '/uptime',
  '/contacts',
  '/contacts/opt-outs',
  '/contacts/bin',
  '/outlets/bin',
  '/blast',
  '/users',
  '/activity',
  '/alerts',
];

/** Runs in the page: hints and choices that do not fit their own control, whichever of them is chosen. */
const CUT = `(() => {
  const context = document.createElement('canvas').getContext('2d');
  const hints = [...document.querySelectorAll('input[placeholder]')].filter((input) => {
    const style = getComputedStyle(input);
    context.font = style.font;
    const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return input.offsetWidth > 0 && context.measureText(input.placeholder).width > room + 1;
  });
  const chosen = [...document.querySelectorAll('select')].filter((select) => {
    const alone = select.cloneNode(true);
    alone.style.cssText = 'width: max-content; max-width: none; position: absolute; visibility: hidden';
    select.after(alone);
    const cut = select.offsetWidth > 0 && alone.offsetWidth > select.offsetWidth + 1;
    alone.remove();
    return cut;
  });
  return [...hints.map(({ placeholder }) => placeholder), ...chosen.map(({ dataset }) => dataset.testid)];
})()`;

async function signedIn(width: number, language = 'id') {
  const opened = await openPage(browser, { width, height: 900 });
  await enter(opened.page, language);
  return opened;
}

async function enter(page: Page, language: string): Promise<void> {
  await page.addInitScript(`localStorage.setItem('koneksi.locale', '${language}')`);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.getByTestId('status-row').first().waitFor();
}

test.each([390, 1024, 1100, 1440].flatMap((width) => ['id', 'en'].map((language) => ({ width, language }))))(
  'no hint and no choice is cut at $width px in $language',
  async ({ width, language }) => {
    const { context, page, faults } = await signedIn(width, language);
    const all: string[] = [];
    let found: string[] = [];
    for (const path of PAGES) {
      // The heading of the page before has the focus, too.
      await page.evaluate('document.activeElement.blur()');
      await goWithin(page, path);
      await page.locator('main h1:focus').waitFor();
      await eventually(`all of ${path} is seen`, async () => {
        const cut = await page.evaluate<string[]>(CUT);
        if (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) cut.push('too wide');
        found = cut.map((what) => `${path}: ${what}`);
        return cut.length === 0;
      }).catch(() => all.push(...found));
    }
    expect(all).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  },
);

/** Runs in the page: buttons whose icon or words come nearer to their edge than room is left for. */
const TIGHT = `(within) => [...document.querySelectorAll(within + ' button')].filter((button) => {
  const around = button.getBoundingClientRect();
  return [...button.querySelectorAll('app-icon, .mdc-button__label')].map((part) => part.getBoundingClientRect())
    .some(({ left, right, width }) => width > 0 && (left < around.left + 4 || right > around.right - 4));
}).map((button) => button.innerText)`;

test.each(['id', 'en'])(
  'what is done to many, and to a pasted table, is said whole in the hand in %s',
  async (language) => {
    const { context, page, faults } = await signedIn(390, language);
    await goWithin(page, '/outlets');
    await page.getByTestId('select-all').check();
    await page.getByTestId('bulk-resume').waitFor();
    await eventually('words with room around', async () => {
      const tight = await page.evaluate<string[]>(`(${TIGHT})('[data-testid=bulk]')`);
      return tight.length === 0;
    });
    await page.getByTestId('outlets-more').click();
    await page.getByTestId('import-outlets').last().click();
    await page.getByTestId('import-paste').fill('nama\tnomor\tkota\tlabel\nToko Braga\t0813 9999 0001\tBandung\tmal');
    await page.getByTestId('import-read').click();
    await page.getByTestId('import-column-3').waitFor();
    await eventually('each meaning is whole', async () => (await page.evaluate<string[]>(CUT)).length === 0);
    expect(faults).toEqual([]);
    await context.close();
  },
);

/** Runs in the page: whether two controls of the bar above the outlets lie over each other. */
const BAR_MEETS = `(() => {
  const parts = [...document.querySelectorAll('[data-testid=status-bar] :is(h1, input, select, button, [data-testid=shown-of])')]
    .map((part) => part.getBoundingClientRect()).filter(({ width }) => width > 0);
  const meet = (one, other) => one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1;
  return parts.length < 6 || parts.some((one, at) => parts.slice(at + 1).some((other) => meet(one, other)));
})()`;

test.each([1024, 1100, 1180, 1280, 1440].flatMap((width) => ['id', 'en'].map((language) => ({ width, language }))))(
  'the controls above the outlets lie beside each other, also when cut off, at $width px in $language',
  async ({ width, language }) => {
    const { context, page, faults } = await openPage(browser, { width, height: 900 });
    const sockets: { close: () => unknown }[] = [];
    let isCut = false;
    await page.routeWebSocket(/socket\.io/, (socket) => {
      if (isCut) return;
      socket.connectToServer();
      sockets.push(socket);
    });
    await enter(page, language);
    expect(await page.evaluate(BAR_MEETS)).toBe(false);
    isCut = true;
    for (const socket of sockets) await socket.close();
    await page.locator('[data-testid=connection][data-state=lost]').waitFor();
    await eventually('each has its place', async () => !(await page.evaluate<boolean>(BAR_MEETS)));
    expect(faults).toEqual([]);
    await context.close();
  },
);

/** Runs in the page: tiles of the wall of which anything but the cause is cut, or the cause too where there are few. */
const CUT_TILES = `(withCause) => [...document.querySelectorAll('[data-testid=wall-tile]')].filter((tile) => {
  const around = tile.getBoundingClientRect();
  return [...tile.children].filter((part) => withCause || !part.matches('.cause')).some((part) => {
    const own = part.getBoundingClientRect();
    const lies = own.left >= around.left && own.right <= around.right && own.top >= around.top && own.bottom <= around.bottom;
    return !lies || part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight + 2;
  });
}).map((tile) => tile.innerText)`;

const cutTiles = (page: Page, withCause: boolean) => page.evaluate<string[]>(`(${CUT_TILES})(${withCause})`);

test.each([390, 1024, 1440, 1920])('the tiles of the wall say which outlet and how long at %i px', async (width) => {
  const { context, page, faults } = await signedIn(width);
  await goWithin(page, '/outlet-status?view=wall');
  const tiles = page.getByTestId('wall-tile');
  await eventually('seven tiles', async () => (await tiles.count()) === 7);
  await eventually('all of each is seen', async () => (await cutTiles(page, true)).length === 0);
  const more = fleet.members.slice(17, 34);
  // Of the day before: at most hours of a day their time is a date.
  for (const { outletId } of more) fleet.become(outletId, { code: 'BLOCKED', minutesAgo: 1_420 });
  await eventually('24 tiles', async () => (await tiles.count()) === 24);
  await eventually('names and times are seen', async () => (await cutTiles(page, false)).length === 0);
  expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
  for (const { outletId } of more) fleet.become(outletId, { code: null });
  await eventually('seven again', async () => (await tiles.count()) === 7);
  expect(faults).toEqual([]);
  await context.close();
});

/** Runs in the page: of how many outlets on the wall the whole name can be read. */
const NAMED = `[...document.querySelectorAll('[data-testid=wall-cell]')].filter(
  (cell) => parseFloat(getComputedStyle(cell).fontSize) >= 10 && cell.scrollWidth <= cell.clientWidth && cell.scrollHeight <= cell.clientHeight,
).length`;

test('a few outlets have names on the wall in the hand', async () => {
  const { context, page, faults } = await signedIn(390);
  await goWithin(page, '/outlet-status?view=wall&city=Bandung');
  const cells = page.getByTestId('wall-cell');
  await eventually('those of one city', async () => (await cells.count()) === 6);
  await eventually('six names', async () => (await page.evaluate(NAMED)) === 6);
  expect(faults).toEqual([]);
  await context.close();
});

/** Runs in the page: whether two parts of the banner lie over each other, or one lies outside of it. */
const BANNER_FITS = `(() => {
  const rect = (element) => element.getBoundingClientRect();
  const around = rect(document.querySelector('[data-testid=fleet-banner]'));
  const parts = ['[data-testid=fleet-banner] p > *', 'app-incident-line > *'].flatMap((each) => [...document.querySelectorAll(each)].map(rect));
  const lies = ({ left, right, top, bottom }) => left >= around.left && right <= around.right && top >= around.top && bottom <= around.bottom;
  const meet = (one, other) => one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1;
  return parts.length > 3 && parts.every(lies) && !parts.some((one, at) => parts.slice(at + 1).some((other) => meet(one, other)));
})()`;

test.each([390, 1024, 1440])('what strikes all is told by a banner nothing lies over, at %i px', async (width) => {
  const { context, page, faults } = await signedIn(width, 'en');
  const struck = fleet.members.filter(({ healthy }) => healthy);
  for (const { outletId } of struck) fleet.become(outletId, { code: 'WHATSAPP_UNREACHABLE' });
  await page.getByTestId('banner-incident').waitFor();
  await eventually('its parts lie beside each other', () => page.evaluate<boolean>(BANNER_FITS));
  for (const { outletId } of struck) fleet.become(outletId, { code: null });
  await page.locator('[data-testid=fleet-banner][data-over=true]').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});
