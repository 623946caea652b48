import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { CreatedReconnectLink } from '@koneksi/contracts/reconnect-links';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { accessFaults } from './support/access-faults.js';
import { launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { expectOk, Koneksi, SUPERADMIN } from './support/koneksi.js';
import { tokenOf } from './support/link-visit.js';

/** All the page of a link loads, as it comes over the network: half of what the dashboard needs. Bytes. */
const LARGEST_PAGE = 75_000;

let koneksi: Koneksi;
let browser: Browser;
let dashboard: Dashboard;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  // One that it may come back at: what systems give out may be another's by then.
  const env = { PORT: String(await freePort()) };
  [koneksi, browser] = await Promise.all([Koneksi.start({ env }), launchBrowser()]);
  dashboard = await koneksi.dashboard();
});

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});

afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

async function makeLink(outlet: Outlet): Promise<CreatedReconnectLink> {
  return expectOk(await koneksi.call<CreatedReconnectLink>('POST', `/outlets/${outlet.id}/reconnect-links`));
}

/** Whoever is in the shop, with nothing but the link. */
async function openLink(url: string, viewport = PHONE): Promise<{ page: Page; faults: string[]; status: number }> {
  const { context, page, faults } = await openPage(browser, viewport);
  contexts.push(context);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  page.on('console', (line) => {
    // That the answer was a 404 is for us to say, not a fault of the page.
    if (line.type() === 'error' && !line.text().includes('404')) faults.push(line.text());
  });
  const answer = await page.goto(url);
  return { page, faults, status: answer?.status() ?? 0 };
}

const reaches = (page: Page, state: string): Promise<void> =>
  page.locator(`[data-testid=link-state][data-state=${state}]`).waitFor();

async function codeOn(page: Page): Promise<string> {
  await page.getByTestId('link-code').waitFor();
  return (await page.getByTestId('link-code').innerText()).replace('-', '');
}

async function isInSight(page: Page, ...shown: string[]): Promise<void> {
  for (const name of shown) {
    const box = await page.getByTestId(name).boundingBox();
    expect([name, (box?.y ?? Infinity) + (box?.height ?? 0) <= page.viewportSize()!.height]).toEqual([name, true]);
  }
}

async function links(outlet: Outlet, { ownClock = false } = {}): Promise<{ page: Page }> {
  const { context, page } = await openPage(browser);
  contexts.push(context);
  if (ownClock) await page.clock.install();
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}/outlets`);
  await page.locator(`[data-testid=outlet-row][data-outlet-id="${outlet.id}"]`).getByTestId('outlet-menu').click();
  await page.getByTestId('reconnect-links').click();
  return { page };
}

test('an admin makes a link, the shop opens it on a phone, types the code, and sees ✓', async () => {
  const outlet = await koneksi.outlet({ name: 'Kemang' });
  const { page: admin } = await links(outlet);
  await admin.getByTestId('make-link').click();
  await admin.getByTestId('link-url').waitFor();
  expect(await accessFaults(admin)).toEqual([]);
  const url = await admin.getByTestId('link-url').inputValue();
  await admin.getByTestId('open-link').waitFor();

  const { page, faults } = await openLink(url);
  await reaches(page, 'ready');
  await isInSight(page, 'link-outlet', 'link-by-code', 'link-by-qr');
  await page.getByTestId('link-by-code').click();
  const code = await codeOn(page);
  expect(code).toMatch(/^[A-Z0-9]{8}$/);
  await isInSight(page, 'link-code', 'link-countdown', 'link-copy', 'link-steps');
  await koneksi.phoneOf(outlet).enterCode(code);
  await reaches(page, 'connected');
  expect(faults).toEqual([]);

  // The way back to it is closed, for them and for whoever finds it.
  const again = await openLink(url);
  expect(again.status).toBe(404);
  await reaches(again.page, 'gone');
  await reaches(page, 'connected');
});

test('on another screen the QR comes first, and a phone scans it', async () => {
  const outlet = await koneksi.outlet({ name: 'Tebet' });
  const { page, faults } = await openLink((await makeLink(outlet)).url, WIDE);
  await reaches(page, 'ready');
  await page.getByTestId('link-by-qr').click();
  await page.getByTestId('link-qr').waitFor();
  await page.getByTestId('link-countdown').filter({ hasText: /\d/ }).waitFor();
  await koneksi.phoneOf(outlet).scan(await dashboard.qr(outlet.id));
  await reaches(page, 'connected');
  expect(faults).toEqual([]);
});

test('a revoked link shows its visitor out, and a made-up one looks the same', async () => {
  const outlet = await koneksi.outlet({ name: 'Cinere' });
  const { page: admin } = await links(outlet);
  await admin.getByTestId('make-link').click();
  const url = await admin.getByTestId('link-url').inputValue();
  const { page } = await openLink(url);
  await reaches(page, 'ready');
  await admin.getByTestId('revoke-link').click();
  await reaches(page, 'gone');
  await admin.getByTestId('open-link').waitFor({ state: 'detached' });
  await admin.getByTestId('made-link').waitFor({ state: 'detached' });
  const revoked = await openLink(url);
  const guessed = await openLink(`${koneksi.app.url}/r/${'a'.repeat(43)}`);
  for (const opened of [revoked, guessed]) await reaches(opened.page, 'gone');
  expect(guessed.status).toBe(revoked.status);
  const [one, other] = await Promise.all([revoked, guessed].map((opened) => opened.page.locator('main').innerText()));
  expect(one).toBe(other);
});

test('a link that is over by time alone is gone from the list that is open, the moment it ends', async () => {
  const outlet = await koneksi.outlet({ name: 'Ciputat' });
  const { page: admin } = await links(outlet, { ownClock: true });
  await admin.getByTestId('make-link').click();
  await admin.getByTestId('made-link').waitFor();
  await admin.getByTestId('open-link').waitFor();
  // Nothing is asked of the server, whose own clock stands where it did.
  await admin.route('**/api/**', () => undefined);
  // What was asked before still tells the time, and sets the page's clock back.
  await eventually('it is gone', async () => {
    await admin.clock.fastForward('24:00:10');
    return (await admin.getByTestId('open-link').count()) + (await admin.getByTestId('made-link').count()) === 0;
  });
});

test('a code that WhatsApp refuses says why and offers the QR', async () => {
  const outlet = await koneksi.outlet({ name: 'Depok' });
  koneksi.phoneOf(outlet).faults.refuseCode({ stage: 'companion_hello', code: '429', times: 1 });
  const { page } = await openLink((await makeLink(outlet)).url);
  await page.getByTestId('link-by-code').click();
  await page.getByTestId('link-explanation').filter({ hasText: 'WhatsApp membatasi kode' }).waitFor();
  await page.getByTestId('link-by-qr').click();
  await page.getByTestId('link-qr').waitFor();
});

test('a paused outlet sends them to the admin, without a button that helps nobody', async () => {
  const outlet = await koneksi.outlet({ name: 'Bogor' });
  expectOk(await koneksi.call('POST', `/outlets/${outlet.id}/pause`));
  const { page } = await openLink((await makeLink(outlet)).url);
  await page.getByTestId('link-explanation').filter({ hasText: 'Minta admin' }).waitFor();
  expect(await page.locator('main button').count()).toBe(0);
  expectOk(await koneksi.call('POST', `/outlets/${outlet.id}/resume`));
  await page.locator('main button').first().waitFor();
});

test('the page comes small, speaks English when asked to, and axe finds nothing in any of its states', async () => {
  const outlet = await koneksi.outlet({ name: 'Malang' });
  const { context, page } = await openPage(browser, PHONE);
  contexts.push(context);
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
  const session = await context.newCDPSession(page);
  let loaded = 0;
  await session.send('Network.enable');
  session.on('Network.loadingFinished', ({ encodedDataLength }) => void (loaded += encodedDataLength));
  await page.goto((await makeLink(outlet)).url);
  await reaches(page, 'ready');
  // Told by the browser beside what the page shows.
  await eventually('what it loaded is counted', () => loaded > 10_000);
  expect(loaded).toBeLessThan(LARGEST_PAGE);
  expect(await accessFaults(page)).toEqual([]);
  await page.getByTestId('link-language').click();
  await page.locator('html[lang=en]').waitFor();
  await page.locator('h2', { hasText: 'Not connected yet' }).waitFor();
  await page.getByTestId('link-by-code').click();
  await page.getByTestId('link-code').waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await page.getByTestId('link-by-qr').click();
  await page.getByTestId('link-qr').waitFor();
  expect(await accessFaults(page)).toEqual([]);
  const isWider = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
  expect(isWider).toBe(false);
  const gone = await openLink(`${koneksi.app.url}/r/nothing`);
  await reaches(gone.page, 'gone');
  expect(await accessFaults(gone.page)).toEqual([]);
});

test('a lost server is told, what it showed is taken away, and the page comes back by itself', async () => {
  const outlet = await koneksi.outlet({ name: 'Solo' });
  const { context, page } = await openPage(browser, PHONE);
  contexts.push(context);
  const { url } = await makeLink(outlet);
  await page.goto(url);
  await page.getByTestId('link-by-code').click();
  await page.getByTestId('link-code').waitFor();
  await koneksi.pause();
  await page.getByTestId('link-lost').waitFor();
  await page.getByTestId('link-code').waitFor({ state: 'detached' });
  await koneksi.resume();
  dashboard = await koneksi.dashboard();
  await page.getByTestId('link-lost').waitFor({ state: 'detached' });
  await eventually('no token in the log', () => !koneksi.logged.join('').includes(tokenOf(url)));
});

test('the sheet with the QR of a link is all that is printed', async () => {
  const outlet = await koneksi.outlet({ name: 'Cetak' });
  const { page } = await links(outlet);
  await page.evaluate('window.print = () => undefined');
  await page.getByTestId('make-link').click();
  await page.getByTestId('print-link').click();
  await page.emulateMedia({ media: 'print' });
  await page.locator('.sheet h3', { hasText: 'Cetak' }).waitFor();
  for (const hidden of ['make-link', 'link-url', 'open-links'])
    await page.getByTestId(hidden).waitFor({ state: 'hidden' });
});
