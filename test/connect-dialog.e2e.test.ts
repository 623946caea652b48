import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser, logIn, openPage, PHONE, WIDE } from './support/browser.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, SUPERADMIN } from './support/koneksi.js';

let koneksi: Koneksi;
let browser: Browser;
let dashboard: Dashboard;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  [koneksi, browser] = await Promise.all([Koneksi.start(), launchBrowser()]);
  dashboard = await koneksi.dashboard();
});

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});

afterAll(async () => {
  await browser.close();
  await koneksi.stop();
});

/** "Koneksikan" of this outlet, pressed on a page of its own. */
async function press(outlet: Outlet, viewport: typeof PHONE): Promise<Page> {
  const { context, page } = await openPage(browser, viewport);
  contexts.push(context);
  await logIn(page, koneksi.app.url, SUPERADMIN.email, SUPERADMIN.password);
  await page.goto(`${koneksi.app.url}/outlets`);
  await page.locator(`[data-testid=outlet-row][data-outlet-id="${outlet.id}"]`).getByTestId('connect').click();
  return page;
}

const codeOn = async (page: Page): Promise<string> =>
  (await page.getByTestId('pairing-code').innerText()).replace('-', '');

test('on a phone the code comes first, with its countdown and what to do in sight, and every tab shows the same', async () => {
  const outlet = await koneksi.outlet({ name: 'Kemang' });
  const page = await press(outlet, PHONE);
  const code = await codeOn(page);
  expect(code).toMatch(/^[A-Z0-9]{8}$/);
  for (const shown of ['pairing-code', 'code-countdown', 'open-whatsapp', 'step-code'])
    await eventually(`${shown} is in sight`, async () => {
      const box = await page.getByTestId(shown).boundingBox();
      return (box?.y ?? Infinity) + (box?.height ?? 0) <= PHONE.height;
    });
  expect(await page.getByTestId('code-countdown').innerText()).toMatch(/\d/);
  const second = await press(outlet, WIDE);
  await second.getByTestId('method-code').click();
  expect(await codeOn(second)).toBe(code);
  await koneksi.phoneOf(outlet).enterCode(code);
  await page.getByTestId('connected').waitFor();
  await second.getByTestId('connected').waitFor();
});

test('a refused code says why and offers the QR, which links', async () => {
  const outlet = await koneksi.outlet({ name: 'Tebet' });
  const phone = koneksi.phoneOf(outlet);
  phone.faults.refuseCode({ stage: 'companion_hello', code: '429', times: 1 });
  const page = await press(outlet, PHONE);
  const refused = page.getByTestId('code-refused');
  await refused.waitFor();
  expect(await refused.innerText()).toMatch(/WhatsApp membatasi kode[^]*Dari pengalaman[^]*kira-kira satu jam/);
  await page.getByTestId('use-qr').click();
  await page.getByTestId('qr').waitFor();
  await phone.scan(await dashboard.qr(outlet.id));
  await page.getByTestId('connected').waitFor();
});

test('a closed link is told with what helps instead of the lesson, and one press shows a QR', async () => {
  const { outlet, phone } = await koneksi.linked(dashboard, { name: 'Cinere' });
  phone.faults.end('forbidden');
  await dashboard.becomes(outlet.id, 'BLOCKED');
  const page = await press(outlet, WIDE);
  await page.getByTestId('connect-failed').waitFor();
  expect(await page.getByTestId('connect-reason').innerText()).toMatch(/dikunci atau pindah ke HP baru/);
  expect(await page.getByTestId('connect-steps').count()).toBe(0);
  expect((await koneksi.status(outlet.id)).reason?.code).toBe('BLOCKED');
  await page.getByTestId('connect-retry').click();
  await page.getByTestId('qr').waitFor();
  await phone.scan(await dashboard.qr(outlet.id));
  await page.getByTestId('connected').waitFor();
});

test('whoever links many is offered the next without a phone, by name, until there is none', async () => {
  // None of other tests is in the way.
  for (const { id } of expectOk(await koneksi.call<Outlet[]>('GET', '/outlets')))
    await koneksi.call('DELETE', `/outlets/${id}`);
  const braga = await koneksi.outlet({ name: 'Braga' });
  const cikini = await koneksi.outlet({ name: 'Cikini' });
  const dago = await koneksi.outlet({ name: 'Dago' });
  const off = await koneksi.outlet({ name: 'Ende', isActive: false });
  const page = await press(cikini, WIDE);
  const link = async (outlet: Outlet): Promise<void> => {
    await page.getByRole('heading', { name: `Koneksikan ${outlet.name}` }).waitFor();
    await koneksi.phoneOf(outlet).scan(await dashboard.qr(outlet.id));
    await page.getByTestId('connected').waitFor();
  };
  await link(cikini);
  const next = page.getByTestId('connect-next');
  await next.filter({ hasText: 'Berikutnya: Dago' }).waitFor();
  await next.click();
  await link(dago);
  // From the last on to the first; the one that is switched off waits for nobody.
  await next.filter({ hasText: 'Berikutnya: Braga' }).waitFor();
  await next.click();
  await link(braga);
  await page.getByTestId('connect-done').waitFor();
  expect(await next.count()).toBe(0);
  await page.getByTestId('connect-done').click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect((await koneksi.status(off.id)).outlet.isActive).toBe(false);
}, 240_000);
