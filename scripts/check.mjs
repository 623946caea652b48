// npm run check: types, lint, boundaries of modules and tables, dead code, formatting.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from './shipped-node.mjs';

const SOURCES = [
  'src',
  'test',
  'contracts/src',
  'packages',
  'simulator/src',
  'simulator/test',
  'client/src',
  'bench',
  'soak',
  'scripts',
  'ormconfig.ts',
];

// The slowest first: it decides when the whole is done.
const steps = [
  ['lint', 'eslint/bin/eslint.js', '.'],
  ['types: server, contracts, tests, benches', 'typescript/bin/tsc', '-p', 'tsconfig.json'],
  ['types: simulator', 'typescript/bin/tsc', '-p', 'simulator/tsconfig.json'],
  [
    'types: client and its templates',
    '@angular/compiler-cli/bundles/src/bin/ngc.js',
    '-p',
    'client/tsconfig.json',
    '--noEmit',
  ],
  ['types: client tests', 'typescript/bin/tsc', '-p', 'client/tsconfig.test.json'],
  [
    'module boundaries',
    'dependency-cruiser/bin/dependency-cruiser.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    ...SOURCES,
  ],
  ['table owners', '../scripts/table-owners.mjs'],
  ['published client', '../scripts/client-package.mjs'],
  ['dead code', 'knip/bin/knip.js'],
  ['formatting', 'prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
];

const failures = [];
const waiting = [...steps];
console.log('Checking …');
await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, work));

for (const { name, output } of failures)
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 76 - name.length))}\n${output.trim()}`);
console.log(failures.length === 0 ? '\nAll checks passed.' : `\n${failures.length} of ${steps.length} checks failed.`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function work() {
  for (let step = waiting.shift(); step; step = waiting.shift()) {
    const [name, tool, ...args] = step;
    const begun = performance.now();
    const { code, output } = await run([join(root, 'node_modules', tool), ...args.filter(exists)]);
    console.log(`${code === 0 ? '✓' : '✗'} ${name} ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    if (code !== 0) failures.push({ name, output });
  }
}

/** Tools stop at a folder that is not there. */
function exists(argument) {
  return !SOURCES.includes(argument) || existsSync(join(root, argument));
}

function run(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
