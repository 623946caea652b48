import { openTestRun } from './test-run.ts';

export default openTestRun;
