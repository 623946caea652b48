import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { eventually } from './eventually.js';

type AxeResults = Awaited<ReturnType<AxeBuilder['analyze']>>;

/** Runs in the page: a dialog still opening is half transparent, and does not yet hide what it covers. */
const AT_REST = `
  document.getAnimations().every(
    ({ effect, playState }) => playState !== 'running' || effect.getComputedTiming().endTime === Infinity
  ) &&
  Boolean(document.querySelector('mat-dialog-container')) ===
    (document.querySelector('app-root').getAttribute('aria-hidden') === 'true')
`;

/** Runs in a page that has axe already. */
const COLOURS = `axe.run({ runOnly: ['color-contrast', 'link-in-text-block'] })`;

/** What axe finds wrong on a page once nothing moves on it. */
export async function accessFaults(page: Page): Promise<string[]> {
  await atRest(page);
  // Its newer way opens a page beside this one for frames of other origins, which we have none of.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.map(described);
}

/** The same in light and dark. Only colours are looked at twice: nothing else hangs on the theme. */
export async function accessFaultsInBothThemes(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' });
  const found = await accessFaults(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await atRest(page);
  const { violations } = await page.evaluate<AxeResults>(COLOURS);
  return [...found, ...violations.map((violation) => `in the dark: ${described(violation)}`)];
}

function atRest(page: Page): Promise<true> {
  // Asked from here: polling inside the page is an eval, which its content security policy refuses.
  return eventually('nothing moves on the page', () => page.evaluate<true | false>(AT_REST));
}

function described({ id, nodes }: AxeResults['violations'][number]): string {
  return `${id}: ${nodes[0]?.html}`;
}
