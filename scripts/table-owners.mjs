// Part of npm run check: a table is named in the SQL of its own room alone, for walls hold for SQL as for imports.
// With a folder as argument it looks at the `src` of that one instead.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './shipped-node.mjs';
import { BORROWED } from './borrowed-tables.mjs';

/** What looks like a statement, or a piece of one. */
const SQL = /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|FROM|JOIN|WHERE|TRUNCATE|LOCK TABLE|COPY|USING)\b/;

const home = process.argv[2] ?? root;
const sources = readSources();
const owners = ownersOf(sources);
const found = new Set(
  sources.flatMap(({ path, text }) => foreignTablesIn(path, text).map((table) => `${path} ${table}`)),
);
const lent = new Set(
  BORROWED.flatMap(({ by }) =>
    Object.entries(by).flatMap(([path, tables]) => tables.map((table) => `${path} ${table}`)),
  ),
);

const complaints = [
  ...[...found]
    .filter((use) => !lent.has(use))
    .map((use) => {
      const [path, table] = use.split(' ');
      return `${path} names the table ${table}, which belongs to src/${owners.get(table)}: ask that room, or lend the table in scripts/borrowed-tables.mjs with a reason.`;
    }),
  ...[...lent]
    .filter((use) => !found.has(use))
    .map((use) => `scripts/borrowed-tables.mjs lends what nobody borrows any more: ${use}`),
];
for (const complaint of complaints) console.log(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;

/** Everything that runs but migrations, which are history and know every room. */
function readSources() {
  return readdirSync(join(home, 'src'), { recursive: true, encoding: 'utf8' })
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .filter((path) => /(?<!\.test)\.ts$/.test(path) && !path.startsWith('src/database/migrations/'))
    .map((path) => ({ path, text: readFileSync(join(home, path), 'utf8') }));
}

/** A table belongs to the room that declares its entity. */
function ownersOf(all) {
  const declared = all.flatMap(({ path, text }) =>
    [...text.matchAll(/@Entity\('(\w+)'/g)].map(([, table]) => [table, roomOf(path)]),
  );
  return new Map(declared);
}

function foreignTablesIn(path, text) {
  const tables = new Set();
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return [...tables];

  function visit(node) {
    const said = textOf(node);
    // A piece of a list or of a helper's arguments is a name alone.
    const isName = said !== null && said.includes('_') && owners.has(said);
    if (said !== null && (SQL.test(said) || isName)) {
      for (const [word] of said.matchAll(/(?<![.\w]|\bAS )[a-z_]+\b/g)) {
        if (owners.has(word) && owners.get(word) !== roomOf(path)) tables.add(word);
      }
    }
    ts.forEachChild(node, visit);
  }
}

/** The words of a string, those around what is put into it included. */
function textOf(node) {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join(' ? ');
}

function roomOf(path) {
  return path.split('/')[1];
}
