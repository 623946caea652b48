// Breaks the code by hand, one small change at a time, and tells which of them no unit test notices:
//   node --experimental-vm-modules --no-warnings scripts/mutants.mjs [--most 150] [--minutes 15] [FRAGMENT…]
// Files are changed where they are and put back, so it refuses what is not committed. `FRAGMENT` narrows what is broken.
import { execFileSync, fork } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import ts from 'typescript';

/** What is broken, and the tests that must notice: those that need neither a database nor a socket. */
const ROOMS = [
  { sources: 'src/wa-session/domain/*.ts', tests: 'src/wa-session/domain/' },
  { sources: 'src/blast/domain/*.ts', tests: 'src/blast/domain/' },
  { sources: 'src/blast/sending/{outlet-sender,one-ahead}.ts', tests: 'src/blast/sending/outlet-sender' },
  { sources: 'src/realtime/{admission.gateway,entering}.ts', tests: 'src/realtime/(admission|entering)' },
  { sources: 'src/common/{write-behind,by-halves,until-it-works}.ts', tests: 'src/common/(write-behind|until-it)' },
];
/** A mutant that runs for longer never ends, which is noticed too. */
const LONGEST_MS = 120_000;
/** Each run leaves modules behind. */
const RUNS_A_PROCESS = 25;

const OTHER = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '&&': '||',
  '||': '&&',
  '+': '-',
  '-': '+',
};

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { most: { type: 'string', default: '150' }, minutes: { type: 'string', default: '15' } },
  });
  const wanted = (file) => positionals.length === 0 || positionals.some((fragment) => file.includes(fragment));
  const all = ROOMS.flatMap(({ sources, tests }) =>
    globSync(sources)
      .filter((file) => !file.endsWith('.test.ts') && wanted(file))
      .sort()
      .flatMap((file) => mutantsOf(file).map((mutant) => ({ ...mutant, file, tests }))),
  );
  const files = [...new Set(all.map(({ file }) => file))];
  if (execFileSync('git', ['status', '--porcelain', '--', ...files]).length > 0) throw new Error('commit them first');
  const step = Math.max(1, all.length / Number(values.most));
  const chosen = Array.from({ length: Math.floor(all.length / step) }, (_, index) => all[Math.floor(index * step)]);
  console.log(`${all.length} mutants of ${files.length} files; ${chosen.length} of them are tried`);
  const over = Date.now() + Number(values.minutes) * 60_000;
  const started = Date.now();
  const lived = [];
  let tried = 0;
  const runner = new Runner();
  try {
    for (const tests of new Set(all.map((mutant) => mutant.tests)))
      if (!(await runner.passes(tests))) throw new Error(`${tests} fails as it is`);
    for (const mutant of chosen) {
      if (Date.now() > over) break;
      tried++;
      if (!(await runner.notices(mutant))) {
        lived.push(mutant);
        console.log(`survived: ${mutant.file}:${mutant.line} ${mutant.what}`);
      }
    }
  } finally {
    runner.end();
  }
  console.log(`${tried - lived.length} of ${tried} noticed: ${((100 * (tried - lived.length)) / tried).toFixed(1)} %`);
  console.log(`${runner.hung} of them by a test that never ended; ${Math.round((Date.now() - started) / 1_000)} s`);
}

/** Everything of this file that can be broken, in the order it stands there. */
function mutantsOf(file) {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const mutants = [];
  const add = (node, becomes) => {
    const [start, end] = [node.getStart(), node.end];
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    const what = `${text.slice(start, end).replace(/\s+/g, ' ').slice(0, 70)} -> ${becomes.slice(0, 30) || 'nothing'}`;
    mutants.push({ line, what, text: text.slice(0, start) + becomes + text.slice(end) });
  };
  const visit = (node) => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isDecorator(node)) return;
    if (ts.isBinaryExpression(node)) {
      const other = OTHER[node.operatorToken.getText()];
      if (other) add(node.operatorToken, other);
      if (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) add(node, node.left.getText() + '!');
    }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      add(node, node.operand.getText());
    if (node.kind === ts.SyntaxKind.TrueKeyword) add(node, 'false');
    if (node.kind === ts.SyntaxKind.FalseKeyword) add(node, 'true');
    if (ts.isIfStatement(node)) add(node.expression, 'false');
    if (ts.isConditionalExpression(node)) add(node, `(${node.whenFalse.getText()})`);
    if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)) add(node, '');
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mutants;
}

/** Runs tests in a process of its own, which may hang. */
class Runner {
  #child = null;
  #runs = 0;
  #putBack = null;
  hung = 0;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.once(signal, () => {
        this.end();
        process.exit(1);
      });
  }

  async notices({ file, text, tests }) {
    const before = readFileSync(file, 'utf8');
    this.#putBack = () => writeFileSync(file, before);
    writeFileSync(file, text);
    try {
      return !(await this.passes(tests));
    } finally {
      this.#putBack();
      this.#putBack = null;
    }
  }

  end() {
    this.#putBack?.();
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  passes(tests) {
    if (this.#runs++ % RUNS_A_PROCESS === 0) {
      this.#child?.kill('SIGKILL');
      this.#child = null;
    }
    this.#child ??= fork(fileURLToPath(import.meta.url), ['child'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const child = this.#child;
    return new Promise((resolve) => {
      const settle = (passes) => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (passes === null) {
          child.kill('SIGKILL');
          this.#child = null;
        }
        resolve(passes === true);
      };
      const timer = setTimeout(() => {
        this.hung++;
        settle(null);
      }, LONGEST_MS);
      child.once('message', settle);
      child.once('exit', () => settle(null));
      child.send(tests);
    });
  }
}

async function serve() {
  const { runCLI } = await import('jest');
  const { default: config } = await import('../jest.config.mjs');
  const root = join(import.meta.dirname, '..');
  process.on('message', async (tests) => {
    const narrow = {
      ...config,
      globalSetup: undefined,
      globalTeardown: undefined,
      roots: ['<rootDir>/src', '<rootDir>/contracts/src', '<rootDir>/test/transitions'],
    };
    const argv = { _: [tests], $0: '', runInBand: true, silent: true, bail: 1, watchman: false };
    argv.config = JSON.stringify(narrow);
    const { results } = await runCLI(argv, [root]);
    process.send(results.success && results.numTotalTests > 0);
  });
}

if (process.argv[2] === 'child') await serve();
else await main();
