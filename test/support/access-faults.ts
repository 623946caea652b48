import type { AxeBuilder } from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { eventually } from './eventually.js';

type AxeResults = Awaited<ReturnType<AxeBuilder['analyze']>>;

/** The axe of Deque's package for Playwright; what else that does, for frames of other origins, no page of ours needs. */
const AXE = createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright')).resolve(
  'axe-core/axe.min.js',
);

/** Runs in the page: a dialog still opening is half transparent, and does not yet hide what it covers. */
const AT_REST = `
  document.getAnimations().every(
    ({ effect, playState }) => playState !== 'running' || effect.getComputedTiming().endTime === Infinity
  ) &&
  Boolean(document.querySelector('mat-dialog-container')) ===
    (document.querySelector('app-root').getAttribute('aria-hidden') === 'true')
`;

/** Every rule is asked; what it finds well is not written down for each of a thousand elements, which took seconds. */
const EVERYTHING = `axe.run({ resultTypes: ['violations'] })`;

/** Only colours are looked at twice: nothing else hangs on the theme. */
const COLOURS = `axe.run({ resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block'] })`;

let source: string | undefined;

/** What axe finds wrong on a page once nothing moves on it. */
export async function accessFaults(page: Page): Promise<string[]> {
  await atRest(page);
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate((source ??= readFileSync(AXE, 'utf8')));
  return faults(page, EVERYTHING);
}

/** The same in light and dark. */
export async function accessFaultsInBothThemes(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' });
  const found = await accessFaults(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await atRest(page);
  return [...found, ...(await faults(page, COLOURS)).map((fault) => `in the dark: ${fault}`)];
}

async function faults(page: Page, script: string): Promise<string[]> {
  const { violations } = await page.evaluate<AxeResults>(script);
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

function atRest(page: Page): Promise<true> {
  // Asked from here: polling inside the page is an eval, which its content security policy refuses.
  return eventually('nothing moves on the page', () => page.evaluate<true | false>(AT_REST));
}
