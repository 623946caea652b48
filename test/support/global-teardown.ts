import { closeTestRun } from './test-run.ts';

export default closeTestRun;
