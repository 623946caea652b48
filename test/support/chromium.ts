import sparticuz from '@sparticuz/chromium';
import { existsSync } from 'node:fs';

/** Where the Chromium of the tests is: as `CHROMIUM_PATH` names it; on Linux as npm brings it; elsewhere the machine's own. */
export async function chromiumPath(): Promise<string | undefined> {
  const named = process.env['CHROMIUM_PATH'];
  if (named && existsSync(named)) return named;
  return process.platform === 'linux' ? sparticuz.executablePath() : undefined;
}
