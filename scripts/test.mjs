// npm test: every test there is, or with arguments for Jest (npm test -- outlets) those they choose. npm run test:fast: those
// that need no build. TEST_WORKERS says how many heavy files run beside each other: 3 where it does not and there are two cores.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root, shippedNode } from './shipped-node.mjs';

const isFast = process.argv[2] === '--fast';
const chosen = process.argv.slice(isFast ? 3 : 2);
/**
 * Real sockets, processes and browsers. They wait for more than half of their time, so one more than there are cores keeps
 * those at work; three at most, so that none starves another.
 */
const HEAVY = String.raw`(\.e2e\.test|/simulator/test/.*\.test|/test/app/process\.test)\.ts$`;
/** What looks at the pages as they are built. */
const NEEDS_BUILD = String.raw`/test/(demo-apart|app/start-app)\.test\.ts$`;

/** Jest keeps some 45 MB of every heavy file that ran in its process: it gets a new one before that is more than Node's 4 GB. */
const HEAP_OF_WORKER = '1000MB';

const heavyWorkers = workersIn(process.env.TEST_WORKERS ?? String(Math.min(3, availableParallelism() + 1)));

const LIGHT_RUN = {
  title: 'Unit and integration tests',
  args: ['--maxWorkers=2', `--testPathIgnorePatterns=/node_modules/`, `--testPathIgnorePatterns=${HEAVY}`],
};
const HEAVY_RUN = {
  title: 'Simulator, end-to-end and browser tests',
  args: [`--maxWorkers=${heavyWorkers}`, `--workerIdleMemoryLimit=${HEAP_OF_WORKER}`, `--testPathPatterns=${HEAVY}`],
};

const runs = isFast
  ? [{ ...LIGHT_RUN, args: [...chosen, ...LIGHT_RUN.args, `--testPathIgnorePatterns=${NEEDS_BUILD}`] }]
  : chosen.length > 0
    ? [{ title: 'Chosen tests', args: ['--runInBand', ...chosen] }]
    : [LIGHT_RUN, HEAVY_RUN];

const total = { passed: 0, failed: 0, skipped: 0 };
let isFine = true;
for (const { title, args } of runs) {
  console.log(`\n${title}`);
  const code = await jest(args);
  // A file that cannot even be loaded has no failed test, and is one.
  const results = report();
  total.passed += results?.numPassedTests ?? 0;
  total.failed += (results?.numFailedTests ?? 0) + (results?.numRuntimeErrorTestSuites ?? 0);
  total.skipped += (results?.numPendingTests ?? 0) + (results?.numTodoTests ?? 0);
  if (code !== 0) isFine = false;
}
if (!isFine && total.failed === 0) total.failed = 1;
if (total.skipped > 0) console.log(`\n${total.skipped} skipped`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = isFine ? 0 : 1;

function workersIn(text) {
  const workers = Number(text);
  if (Number.isInteger(workers) && workers > 0) return workers;
  console.error(`TEST_WORKERS must be a whole number, 1 or more, not "${text}".`);
  process.exit(1);
}

function jest(args) {
  const reportPath = join(root, '.cache/test-report.json');
  mkdirSync(join(root, '.cache'), { recursive: true });
  rmSync(reportPath, { force: true });
  const child = spawn(
    shippedNode() ?? process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      join(root, 'node_modules/jest/bin/jest.js'),
      '--json',
      `--outputFile=${reportPath}`,
      ...args,
    ],
    // With --json Jest repeats on standard output what the file gets; what people read goes to standard error.
    { cwd: root, stdio: ['inherit', 'ignore', 'inherit'] },
  );
  const stop = (signal) => child.kill(signal);
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return new Promise((resolve) => {
    child.once('close', (code) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve(code ?? 1);
    });
  });
}

function report() {
  try {
    return JSON.parse(readFileSync(join(root, '.cache/test-report.json'), 'utf8'));
  } catch {
    return null;
  }
}
