import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { goWithin, launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { Fleet, mostlyWell } from './support/fleet.js';
import { Koneksi, SUPERADMIN } from './support/koneksi.js';

const LEAST_CONTRAST = 3;
const LEAST_WIDTH_PX = 2;
/** More than any page has; a page that keeps the focus for ever would otherwise never end. */
const MOST_TABS = 110;

let koneksi: Koneksi;
let browser: Browser;

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  await Fleet.seed(koneksi, 30, mostlyWell);
});

afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

/** Runs in the page: the ring of what has the focus, and how it stands out from what is behind it. axe looks at neither. */
const RING = `window.moved = [];
addEventListener('transitionrun', ({ target, propertyName }) => moved.push(target.tagName + ' ' + propertyName));
window.ring = async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const focused = document.activeElement;
  if (!focused || focused === document.body) return null;
  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d');
  const channels = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => {
    const [red, green, blue] = [r, g, b].map((v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return [255, 255, 255, 255];
  };
  const style = getComputedStyle(focused);
  const inside = parseFloat(style.outlineOffset) < 0;
  const [light, dark] = [luminance(channels(style.outlineColor)), luminance(behind(inside ? focused : focused.parentElement))].sort((a, b) => b - a);
  const name = focused.tagName + ' ' + (focused.dataset.testid || focused.getAttribute('aria-label') || focused.textContent.trim().slice(0, 30));
  return {
    name,
    key: name + ' ' + Math.round(focused.getBoundingClientRect().top + scrollY) + ' ' + Math.round(focused.getBoundingClientRect().left),
    width: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    contrast: (light + 0.05) / (dark + 0.05),
  };
}`;

/** Tab begins at the top, as on a page that was just opened. */
const FROM_THE_TOP = `document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')`;

const ringOf = (page: Page): Promise<Ring | null> => page.evaluate<Ring | null>('ring()');

interface Ring {
  name: string;
  key: string;
  width: number;
  contrast: number;
}

/** Every control that Tab reaches on the page, once, whose ring is too thin or too faint. */
async function faintRings(page: Page, where: string): Promise<{ faint: string[]; seen: number }> {
  const seen = new Set<string>();
  const faint: string[] = [];
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    await page.keyboard.press('Tab');
    const ring = await ringOf(page);
    if (!ring || seen.has(ring.key)) break;
    seen.add(ring.key);
    if (ring.width >= LEAST_WIDTH_PX && ring.contrast >= LEAST_CONTRAST) continue;
    faint.push(`${where}: ${ring.name} ${ring.width} px ${ring.contrast.toFixed(2)}:1`);
  }
  // Who wants less motion gets none: a ring that comes in a frame late is not there yet.
  faint.push(...(await page.evaluate<string[]>('moved.splice(0)')).map((what) => `${where}: ${what} moves`));
  return { faint, seen: seen.size };
}

const PAGES = [
  '/outlet-status',
  '/outlets',
  '/incidents',
  '/uptime',
  '/contacts',
  '/contacts/opt-outs',
  '/blast',
  '/blast/new',
  '/users',
  '/profile',
  '/api-keys',
  '/webhooks',
  '/alerts',
  '/activity',
  '/system',
];

test.each([
  { viewport: WIDE, colorScheme: 'light' as const, width: WIDE.width },
  { viewport: WIDE, colorScheme: 'dark' as const, width: WIDE.width },
  { viewport: PHONE, colorScheme: 'dark' as const, width: PHONE.width },
])(
  'every control of every page has a ring of 2 px and 3:1 at $width px, $colorScheme',
  async ({ viewport, colorScheme }) => {
    const { context, page } = await openPage(browser, viewport);
    await page.addInitScript(RING);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const found: string[] = [];
    let controls = 0;
    let underWay = 0;
    page.on('request', () => (underWay += 1));
    page.on('requestfinished', () => (underWay -= 1));
    page.on('requestfailed', () => (underWay -= 1));
    const look = async (where: string) => {
      const { faint, seen } = await faintRings(page, where);
      found.push(...faint);
      controls += seen;
    };
    await page.goto(`${koneksi.app.url}/login`);
    await page.getByTestId('login-email').waitFor();
    await look('/login');
    await page.goto(`${koneksi.app.url}/reset-password`);
    await page.getByTestId('reset-password').waitFor();
    await look('/reset-password');
    await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
    for (const path of PAGES) {
      await goWithin(page, path);
      if (path !== '/outlet-status') await page.locator('main h1:focus').waitFor();
      // What comes later than the page itself moves what Tab reaches.
      await eventually('all that is loaded is shown', async () => {
        if (underWay > 0) return false;
        await ringOf(page);
        return underWay === 0;
      });
      await page.evaluate(FROM_THE_TOP);
      await look(path);
    }
    await goWithin(page, '/outlets');
    await page.getByTestId('outlet-menu').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('[mat-menu-item]').first().waitFor();
    await page.keyboard.press('ArrowDown');
    const item = await ringOf(page);
    if (!item || item.width < LEAST_WIDTH_PX || item.contrast < LEAST_CONTRAST)
      found.push(`menu: ${JSON.stringify(item)}`);
    await page.keyboard.press('Escape');
    await page.getByTestId('add-outlet').press('Enter');
    await page.getByTestId('outlet-name').waitFor();
    await look('the form of an outlet');
    expect(found).toEqual([]);
    expect(controls).toBeGreaterThan(120);
    await context.close();
  },
  300_000,
);
