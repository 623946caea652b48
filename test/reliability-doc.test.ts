import { expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';

/** A cell that is `file`: name of the test. */
const NAMED = /\| `([^`]+\.test\.ts)`: ([^|]+?) +\|/g;

test('every test that docs/reliability.md names is there under that name', async () => {
  const text = await readFile('docs/reliability.md', 'utf8');
  const named = [...text.matchAll(NAMED)].map(([, file, name]) => ({ file: file!, name: name! }));
  expect(named.length).toBeGreaterThan(80);
  for (const { file, name } of named) {
    const source = await readFile(file, 'utf8').catch(() => '');
    expect({ file, name, isThere: source.includes(name) }).toEqual({ file, name, isThere: true });
  }
});

test('each patch of Baileys is there with the test that fails without it', async () => {
  const text = await readFile('docs/reliability.md', 'utf8');
  const files = await readdir('src/wa-session/whatsapp/patches');
  const patches = files.filter((file) => !file.endsWith('.test.ts')).sort();
  expect([...text.matchAll(/^\| `([\w-]+\.ts)` /gm)].map(([, file]) => file).sort()).toEqual(patches);
});
