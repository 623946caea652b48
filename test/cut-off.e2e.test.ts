import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, logIn, openPage } from './support/browser.js';
import { BreakableNetwork } from './support/breakable-network.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, SUPERADMIN, type LinkedOutlet } from './support/koneksi.js';

/** How long the page is cut off: `CUT_SECONDS=30 npm test -- cut-off` takes as long as the aim says. */
const CUT_SECONDS = Number(process.env['CUT_SECONDS'] ?? 0);
const FEWEST_ROUNDS = 12;
const ROUND_MS = 250;

let koneksi: Koneksi;
let network: BreakableNetwork;
let browser: Browser;
let dashboard: Dashboard;
let linked: LinkedOutlet[];

beforeAll(async () => {
  network = await BreakableNetwork.start();
  [koneksi, browser] = await Promise.all([Koneksi.start({ env: { PUBLIC_ORIGIN: network.origin } }), launchBrowser()]);
  network.leadTo(koneksi.app.port);
  dashboard = await koneksi.dashboard();
  linked = [
    await koneksi.linked(dashboard, { name: 'Jakarta Kemang' }),
    await koneksi.linked(dashboard, { name: 'Bandung Dago' }),
  ];
});

afterAll(async () => {
  await browser.close();
  await koneksi.stop();
  await network.stop();
});

/** The numbers of the changes that a page is told one by one, pushed or in the answer to its resuming. */
function cursorsToldTo(page: Page): Set<number> {
  const told = new Set<number>();
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const text = String(payload);
      if (!/^43\d*\[|"outlet-status:(changed|removed)"/.test(text)) return;
      for (const [, cursor] of text.matchAll(/"cursor":(\d+)/g)) told.add(Number(cursor));
    }),
  );
  return told;
}

/** Pauses and resumes the linked outlets by turns and renames them, for as long as the page is cut off. */
async function changeMeanwhile(): Promise<void> {
  const begun = performance.now();
  for (let round = 0; round < FEWEST_ROUNDS || performance.now() - begun < CUT_SECONDS * 1_000; round += 1) {
    const { outlet } = linked[round % 2]!;
    if (round % 4 < 2) {
      expectOk(await koneksi.call('POST', `/outlets/${outlet.id}/pause`));
      await dashboard.becomes(outlet.id, 'PAUSED_BY');
    } else {
      expectOk(await koneksi.call('POST', `/outlets/${outlet.id}/resume`));
      await dashboard.becomes(outlet.id, 'CONNECTED');
    }
    const name = `${outlet.name} ${round}`;
    expectOk(await koneksi.call('PATCH', `/outlets/${outlet.id}`, { body: { name } }));
    await dashboard.next(outlet.id, name, ({ status }) => status.outlet.name === name);
    if (CUT_SECONDS > 0) await pause(ROUND_MS);
  }
}

test(
  'a page that is cut off under changes misses none of them',
  async () => {
    const doomed = await koneksi.outlet({ name: 'Surabaya Darmo' });
    // What comes after what this one was told last is what the page misses.
    await dashboard.becomes(doomed.id, 'NEVER_LINKED');
    const { context, page, faults } = await openPage(browser);
    const told = cursorsToldTo(page);
    await logIn(page, network.origin, SUPERADMIN.email, SUPERADMIN.password);
    await page.locator('[data-testid=connection][data-state=live]').waitFor();
    const row = (id: string) => page.locator(`[data-testid=status-row][data-outlet-id="${id}"]`);
    await row(doomed.id).waitFor();

    network.cut();
    await page.locator('[data-testid=connection][data-state=lost]').waitFor();
    const before = dashboard.cursor;
    await changeMeanwhile();
    const added = await koneksi.outlet({ name: 'Makassar Panakkukang' });
    await dashboard.becomes(added.id, 'NEVER_LINKED');
    expectOk(await koneksi.call('DELETE', `/outlets/${doomed.id}`));
    await dashboard.first(() => dashboard.removals.find(({ outletId }) => outletId === doomed.id));
    expect(await row(doomed.id).count()).toBe(1);

    network.mend();
    await page.locator('[data-testid=connection][data-state=live]').waitFor();
    const missed = [...dashboard.changes, ...dashboard.removals]
      .map(({ cursor }) => cursor)
      .filter((cursor) => cursor > before);
    expect(missed.length).toBeGreaterThan(2 * FEWEST_ROUNDS);
    await eventually('the page was told every change it missed', () => missed.every((cursor) => told.has(cursor)));

    await row(doomed.id).waitFor({ state: 'detached' });
    for (const { outletId, outlet, session, liveStatus } of (await koneksi.statuses()).statuses) {
      const shown = row(outletId);
      await shown.getByText(outlet.name, { exact: true }).waitFor();
      await shown.locator(`[data-testid=cell-db][data-status=${session.status}]`).waitFor();
      await shown.locator(`[data-testid=cell-live][data-status=${liveStatus.status}]`).waitFor();
    }
    expect(faults).toEqual([]);
    await context.close();
  },
  (CUT_SECONDS + 120) * 1_000,
);
