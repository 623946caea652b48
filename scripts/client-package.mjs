// The package that other services install, @koneksi/client, from its sources:
//   node scripts/run.mjs scripts/client-package.mjs build     writes packages/client/dist, as `npm pack` needs it
//   node scripts/run.mjs scripts/client-package.mjs report    writes packages/client/api-report.md
//   node scripts/run.mjs scripts/client-package.mjs           tells where that report differs; exit code 1
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import { root } from './shipped-node.mjs';
import { wireTypes } from './wire-types.mjs';

const HOME = join(root, 'packages/client');
const REPORT = join(HOME, 'api-report.md');
const MODULES = ['koneksi', 'status-replica', 'change-queue', 'rest', 'rest-request'];
/** What others may import, by the name they import it under. */
const ENTRIES = {
  '@koneksi/client': 'koneksi',
  '@koneksi/client/rest': 'rest',
  '@koneksi/client/status-replica': 'status-replica',
};
/** What those import from, and others by them. */
const BEHIND = ['rest-request'];

const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
  strict: true,
  declaration: true,
  isolatedModules: true,
  isolatedDeclarations: true,
  allowImportingTsExtensions: true,
  rewriteRelativeImportExtensions: true,
  verbatimModuleSyntax: true,
};

const [command] = process.argv.slice(2);
if (command === 'build') await build();
else if (command === 'report') writeFileSync(REPORT, await report());
else if (readFileSync(REPORT, 'utf8') !== (await report())) {
  console.log(
    'What @koneksi/client offers is no longer what packages/client/api-report.md says. If that is meant, write it anew\n' +
      'with `node scripts/run.mjs scripts/client-package.mjs report` and say in CHANGELOG.md what changes for its users.',
  );
  process.exitCode = 1;
}

async function build() {
  const dist = join(HOME, 'dist');
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  for (const name of MODULES) writeFileSync(join(dist, `${name}.js`), script(name));
  for (const [name, text] of Object.entries(await declarations())) writeFileSync(join(dist, `${name}.d.ts`), text);
}

/** By name of the module. The types of the wire stand in one of their own, since npm knows no `@koneksi/contracts`. */
async function declarations() {
  const needed = new Set();
  const entries = [...Object.values(ENTRIES), ...BEHIND].map((name) => [name, declaration(name, needed)]);
  const texts = [...entries, ['wire', await wireTypes(needed)]];
  return Object.fromEntries(
    await Promise.all(texts.map(async ([name, text]) => [name, await tidy(text, 'typescript')])),
  );
}

function script(name) {
  const { outputText, diagnostics } = ts.transpileModule(source(name), { compilerOptions, fileName: `${name}.ts` });
  return sound(name, diagnostics, outputText);
}

/** @param needed takes the names of the wire's types that it uses */
function declaration(name, needed) {
  const { outputText, diagnostics } = ts.transpileDeclaration(source(name), {
    compilerOptions,
    fileName: `${name}.ts`,
  });
  return sound(name, diagnostics, outputText)
    .replace(/\{([^{}]*)\} from '@koneksi\/contracts\/[\w-]+'/g, (_, names) => {
      for (const one of names.split(',')) if (one.trim() !== '') needed.add(one.replace('type ', '').trim());
      return `{${names}} from './wire.js'`;
    })
    .replace(/from '(\.\/[\w-]+)\.ts'/g, "from '$1.js'");
}

function source(name) {
  return readFileSync(join(HOME, 'src', `${name}.ts`), 'utf8');
}

function sound(name, diagnostics, text) {
  const faults = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  if (faults.length > 0) throw new Error(`packages/client/src/${name}.ts: ${faults.join('\n')}`);
  return text;
}

async function report() {
  const texts = await declarations();
  const modules = {
    ...ENTRIES,
    'What REST is asked with, and refuses by': 'rest-request',
    'The types of the wire': 'wire',
  };
  const parts = Object.entries(modules).map(([title, name]) => `## ${title}\n\n\`\`\`ts\n${texts[name]}\`\`\`\n`);
  const head =
    '# What @koneksi/client offers\n\nWritten by `scripts/client-package.mjs` from the declarations that are published; ' +
    '`npm run check` compares it, so that whoever changes what others build on sees it here.\n';
  return tidy([head, ...parts].join('\n'), 'markdown');
}

async function tidy(text, parser) {
  return format(text, { ...(await resolveConfig(REPORT)), parser });
}
