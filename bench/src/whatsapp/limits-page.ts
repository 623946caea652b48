import type { Browser, Page } from 'playwright-core';
import { later } from '../clean-up.ts';
import { dashboardIsBuilt, launch, loggedInPage } from '../product/chromium.ts';

const WITHIN_MS = 30_000;

/** A real page of statuses, looked at for what WhatsApp allows. Its clock and ours start from the system's. */
export class LimitsPage {
  private readonly browser: Browser;
  private readonly page: Page;

  private constructor(browser: Browser, page: Page) {
    this.browser = browser;
    this.page = page;
  }

  /** `null` where the dashboard is not built. */
  static async open(url: string): Promise<LimitsPage | null> {
    if (!dashboardIsBuilt()) return null;
    const browser = await launch();
    later(() => browser.close());
    const page = await loggedInPage(browser, url);
    await page.goto(`${url}/outlet-status`);
    await page.waitForSelector('[data-outlet-id] [data-testid="cell-db"]', { timeout: 60_000 });
    await page.evaluate(WATCH);
    return new LimitsPage(browser, page);
  }

  /** When the frame came in which the row of this outlet says that it is locked, or says so no more. */
  async painted(outletId: string, isLocked: boolean): Promise<number> {
    const asked = `globalThis.limitsByBench(${JSON.stringify(outletId)}, ${isLocked}, ${WITHIN_MS})`;
    return this.page.evaluate<number>(asked);
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** Runs in the page: tells when the frame came after a row began or ceased to say that it is locked. */
const WATCH = `
  const [rows, waiting] = [new Map(), new Set()];
  const answer = () => {
    for (const asked of waiting) {
      const { isLocked, framedAt } = rows.get(asked.outletId) ?? { isLocked: false };
      if (isLocked !== asked.isLocked || !framedAt) continue;
      waiting.delete(asked);
      asked.resolve(framedAt);
    }
  };
  const look = () => {
    for (const row of document.querySelectorAll('[data-testid="status-row"]')) {
      const { outletId } = row.dataset;
      const isLocked = row.querySelector('[data-new-chats="locked"]') !== null;
      if ((rows.get(outletId)?.isLocked ?? false) === isLocked) continue;
      const seen = { isLocked, framedAt: 0 };
      rows.set(outletId, seen);
      requestAnimationFrame(() => {
        seen.framedAt = performance.timeOrigin + performance.now();
        answer();
      });
    }
  };
  globalThis.limitsByBench = (outletId, isLocked, withinMs) => new Promise((resolve, reject) => {
    waiting.add({ outletId, isLocked, resolve });
    setTimeout(() => reject(new Error('The page did not say so')), withinMs);
    answer();
  });
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
`;
