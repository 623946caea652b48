import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { accessFaultsInBothThemes } from './support/access-faults.js';
import { launchBrowser, logIn, openPage } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { Fleet } from './support/fleet.js';
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
  fleet = await Fleet.seed(koneksi, 300, () => ({ code: null }));
}, 60_000);

afterAll(async () => {
  await browser.close();
  await koneksi.stop();
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
    scrolls: document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth,
  };
})()`;

test('300 outlets on one screen; all well, some down and all down are told apart from three metres', async () => {
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
      const { cells, scrolls } = await page.evaluate<{ cells: number; scrolls: boolean }>(ALL_IN_SIGHT);
      return cells === 300 && !scrolls;
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
}, 90_000);
