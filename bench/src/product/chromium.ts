import { existsSync } from 'node:fs';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import { root } from '../paths.ts';
import { SUPERADMIN } from './server.ts';

export const dashboardIsBuilt = (): boolean => existsSync(join(root, 'client/dist/client/browser/index.html'));

/** \`CHROMIUM_PATH\` names one; on Linux the one from npm needs nothing installed; elsewhere the machine's own. */
export async function launch(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--no-zygote', '--disable-dev-shm-usage'];
  const named = process.env.CHROMIUM_PATH;
  if (named) return playwright.launch({ executablePath: named, args });
  if (process.platform === 'linux') return playwright.launch({ executablePath: await chromium.executablePath(), args });
  return playwright.launch({ channel: 'chrome', args });
}

/** An empty page with an empty cache, and the cookie of a login, which is all that ours need. */
export async function loggedInPage(browser: Browser, url: string): Promise<Page> {
  const page = await (
    await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' })
  ).newPage();
  const login = await page.request.post(`${url}/api/auth/login`, { data: SUPERADMIN });
  if (!login.ok()) throw new Error(`The browser could not log in: HTTP ${login.status()}`);
  return page;
}
