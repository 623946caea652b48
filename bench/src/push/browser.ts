import type { Browser, Page } from 'playwright-core';
import type { UpdateSeen } from '../children/server-probe.ts';
import { later } from '../clean-up.ts';
import { now } from '../clock.ts';
import { dashboardIsBuilt, launch, loggedInPage } from '../product/chromium.ts';
import { summarise, type Summary } from '../statistics.ts';
import { match } from './changes.ts';

export interface BrowserResult {
  /** Until the row's content had changed. */
  changed: Summary;
  /** Until the browser came to the next frame. */
  framed: Summary;
  missing: number;
  /** How far the browser's clock was from ours, at most. Milliseconds. */
  clockError: number;
}

/** What the page saw: a cell that says another status now. */
interface Seen {
  outletId: string;
  status: string;
  changedAt: number;
  framedAt: number;
}

/** A real page showing all outlets while `provoke` makes changes; `null` where the dashboard is not built. */
export async function measureBrowser(url: string, provoke: () => Promise<UpdateSeen[]>): Promise<BrowserResult | null> {
  if (!dashboardIsBuilt()) return null;
  const browser = await launch();
  later(() => browser.close());
  try {
    const page = await openStatusPage(browser, url);
    const clockError = await clockErrorOf(page);
    await page.evaluate(WATCH);
    const updates = await provoke();
    const seen = await page.evaluate<Seen[]>('globalThis.seenByBench');
    const told = (at: 'changedAt' | 'framedAt') =>
      seen.map((each, revision) => ({ ...each, revision, at: [each[at]] }));
    const { matched, unmatched } = match(updates, told('changedAt'));
    const changed = summarise(matched.flatMap(({ latencies }) => latencies));
    const framed = summarise(match(updates, told('framedAt')).matched.flatMap(({ latencies }) => latencies));
    return { changed, framed, missing: unmatched.length, clockError };
  } finally {
    await browser.close();
  }
}

async function openStatusPage(browser: Browser, url: string): Promise<Page> {
  const page = await loggedInPage(browser, url);
  await page.goto(`${url}/outlet-status`);
  await page.waitForSelector('[data-outlet-id] [data-testid="cell-db"]', { timeout: 60_000 });
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  return page;
}

/** Both clocks start from the system's, but each goes its own way; the question takes part of what is found. */
async function clockErrorOf(page: Page): Promise<number> {
  let least = Infinity;
  for (let count = 0; count < 10; count++) {
    const before = now();
    const there = await page.evaluate<number>('performance.timeOrigin + performance.now()');
    const after = now();
    least = Math.min(least, Math.max(0, before - there, there - after));
  }
  return least;
}

/** Runs in the page: notes when a status cell says something else, and when the frame after comes. */
const WATCH = `
  const clock = () => performance.timeOrigin + performance.now();
  globalThis.seenByBench = [];
  new MutationObserver((mutations) => {
    const changedAt = clock();
    const found = mutations.flatMap(({ target }) => {
      const outletId = target.closest('[data-outlet-id]')?.dataset.outletId;
      if (target.dataset.testid !== 'cell-db' || outletId === undefined) return [];
      return [{ outletId, status: target.dataset.status, changedAt, framedAt: Infinity }];
    });
    globalThis.seenByBench.push(...found);
    requestAnimationFrame(() => found.forEach((each) => (each.framedAt = clock())));
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-status'] });
`;
