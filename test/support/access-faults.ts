import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { eventually } from './eventually.js';

/** Runs in the page: a dialog still opening is half transparent, and does not yet hide what it covers. */
const AT_REST = `
  document.getAnimations().every(
    ({ effect, playState }) => playState !== 'running' || effect.getComputedTiming().endTime === Infinity
  ) &&
  Boolean(document.querySelector('mat-dialog-container')) ===
    (document.querySelector('app-root').getAttribute('aria-hidden') === 'true')
`;

/** What axe finds wrong on a page once nothing moves on it. */
export async function accessFaults(page: Page): Promise<string[]> {
  // Asked from here: polling inside the page is an eval, which its content security policy refuses.
  await eventually('nothing moves on the page', () => page.evaluate<boolean>(AT_REST));
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}
