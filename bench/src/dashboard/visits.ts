import type { Browser, Page } from 'playwright-core';
import { until } from '../clock.ts';
import { loggedInPage } from '../product/chromium.ts';
import { median } from '../statistics.ts';
import { TIME_FILLING } from './page-scripts.ts';
import type { Relay } from './relay.ts';

export interface Visits {
  /** Kilobytes (1,000 bytes) of pages, scripts, styles and fonts, compressed, as the browser counts them. */
  files: number;
  /** Kilobytes the server sent in all until the table was filled: files, REST and the socket's snapshot. */
  filled: number;
  /** The same once the network rested: the strips of the last 24 hours come after the rows. */
  rested: number;
  /** From the first navigation to the filled table. Milliseconds. */
  first: number;
  /** From a reload to the filled table. Milliseconds. */
  reloads: number[];
  reload: number;
}

/** Somebody who has just logged in sees the table for the first time, and then reloads it. The page is left open. */
export async function visit(browser: Browser, relay: Relay, reloads: number): Promise<{ page: Page; visits: Visits }> {
  const page = await loggedInPage(browser, relay.url);
  await page.addInitScript(TIME_FILLING);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  const urls = new Map<string, string>();
  let files = 0;
  cdp.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, new URL(request.url).pathname));
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (!/^\/(api|socket\.io)\//.test(urls.get(requestId) ?? '')) files += encodedDataLength;
  });
  const before = relay.received();
  await page.goto(`${relay.url}/outlet-status`);
  const first = await filled(page);
  const origin = await page.evaluate<number>('performance.timeOrigin');
  const untilFilled = relay.receivedBy(origin + first) - before;
  // What is fetched after the table stands is part of the first visit's files, too.
  await page.waitForLoadState('networkidle');
  const untilRest = relay.received() - before;
  await cdp.detach();
  const times: number[] = [];
  for (let count = 0; count < reloads; count++) {
    await page.reload({ waitUntil: 'commit' });
    times.push(await filled(page));
    await page.waitForLoadState('load');
  }
  return {
    page,
    visits: {
      files: files / 1000,
      filled: untilFilled / 1000,
      rested: untilRest / 1000,
      first,
      reloads: times,
      reload: median(times),
    },
  };
}

async function filled(page: Page): Promise<number> {
  let after: number | undefined;
  await until('the table to be filled', 60_000, async () => {
    after = await page.evaluate<number | undefined>('globalThis.filledAfterMs');
    return after !== undefined;
  });
  return after ?? NaN;
}
