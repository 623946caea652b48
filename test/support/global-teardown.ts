import { endWithTests } from './end-with-tests.ts';
import { closeTestRun } from './test-run.ts';

export default function tearDown(): void {
  closeTestRun();
  endWithTests();
}
