import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { chromiumPath } from './chromium.ts';

/** A real Chromium. Single-process mode is left out, since there contexts share their cookies. */
export async function launchBrowser(): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--no-zygote',
    '--font-render-hinting=none',
    '--disable-dev-shm-usage',
  ];
  const executablePath = await chromiumPath();
  if (executablePath) return chromium.launch({ executablePath, args });
  return chromium.launch({ channel: 'chrome', args });
}

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/**
 * A page of its own visitor, with what went wrong in it collected. Without the worker that keeps the pages, which would
 * fetch all of them for each visitor, but where a test is about it.
 */
export async function openPage(
  browser: Browser,
  viewport: { width: number; height: number } = WIDE,
  serviceWorkers: 'allow' | 'block' = 'block',
): Promise<{ context: BrowserContext; page: Page; faults: string[] }> {
  const context = await browser.newContext({
    viewport,
    locale: 'id-ID',
    hasTouch: viewport.width < 700,
    serviceWorkers,
  });
  const page = await context.newPage();
  // A busy machine is no fault of a page.
  page.setDefaultTimeout(60_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  return { context, page, faults };
}

/** Logs in by the form and waits for the page behind it. */
export async function logIn(page: Page, origin: string, email: string, password: string): Promise<void> {
  await page.goto(`${origin}/login`);
  await page.getByTestId('login-email').fill(email);
  await page.getByTestId('login-password').fill(password);
  await page.getByTestId('login-submit').click();
  await page.waitForURL('**/outlet-status');
}

/** To another page as by a link: of those who are in, nothing is loaded anew. Wait for what is there alone. */
export async function goWithin(page: Page, path: string): Promise<void> {
  await page.evaluate(
    `history.pushState(null, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`,
  );
}

/** Loads it anew and lets it hear nothing from then on, as where the network swallows what is pushed. */
export async function withoutPushes(page: Page): Promise<void> {
  await page.routeWebSocket(/socket\.io/, () => undefined);
  await page.reload();
}
