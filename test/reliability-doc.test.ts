import { expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { SCENARIOS } from '../soak/src/scenarios.ts';

/** A cell that is `file`: name of the test, which may be a row of a table that a test runs. */
const NAMED = /\| `([^`]+\.ts)`: ([^|]+?) +\|/g;
/** A file of tests that is named without its folder: by its whole name, or as `npm test` is told. */
const BY_NAME = /`([\w-]+(?:\.e2e|\.test\.ts))`/g;
const COMMAND = /`npm run soak -- ([\w-]+)`/g;

test('every test that docs/reliability.md names is there under that name', async () => {
  const text = await readFile('docs/reliability.md', 'utf8');
  const named = [...text.matchAll(NAMED)].map(([, file, name]) => ({ file: file!, name: name! }));
  expect(named.length).toBeGreaterThan(80);
  for (const { file, name } of named) {
    const source = await readFile(file, 'utf8').catch(() => '');
    expect({ file, name, isThere: source.includes(name) }).toEqual({ file, name, isThere: true });
  }
});

test('every file and every scenario that it names is there', async () => {
  const text = await readFile('docs/reliability.md', 'utf8');
  const folders = await Promise.all(['test', 'src'].map((root) => readdir(root, { recursive: true })));
  const files = folders.flat().map((path) => path.split('/').at(-1)!.replace('.e2e.test.ts', '.e2e'));
  const named = [...text.matchAll(BY_NAME)].map(([, name]) => name!);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !files.includes(name))).toEqual([]);
  const scenarios = SCENARIOS.map(({ name }) => name);
  const commands = [...text.matchAll(COMMAND)].map(([, name]) => name!).filter((name) => name !== 'NAME');
  expect(commands.filter((name) => !scenarios.includes(name))).toEqual([]);
});

test('each patch of Baileys is there with the test that fails without it', async () => {
  const text = await readFile('docs/reliability.md', 'utf8');
  const files = await readdir('src/wa-session/whatsapp/patches');
  const patches = files.filter((file) => !file.endsWith('.test.ts')).sort();
  expect([...text.matchAll(/^\| `([\w-]+\.ts)` /gm)].map(([, file]) => file).sort()).toEqual(patches);
});
