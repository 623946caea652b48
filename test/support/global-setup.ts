import { chromiumPath } from './chromium.ts';
import { openTestRun } from './test-run.ts';

export default async function setUp(): Promise<void> {
  openTestRun();
  // Once on each machine it is unpacked, which takes seconds; a test that came meanwhile would be given half of it.
  await chromiumPath();
}
