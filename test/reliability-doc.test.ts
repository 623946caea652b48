import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';

/** `| what | `file`: name of the test |` */
const NAMED = /^\|[^|]+\| `([^`]+\.test\.ts)`: (.+?) +\|$/gm;

test('every test that docs/reliability.md names is there under that name', async () => {
  const text = await readFile('docs/reliability.md', 'utf8');
  const named = [...text.matchAll(NAMED)].map(([, file, name]) => ({ file: file!, name: name! }));
  expect(named.length).toBeGreaterThan(20);
  for (const { file, name } of named) {
    const source = await readFile(file, 'utf8').catch(() => '');
    expect({ file, name, isThere: source.includes(name) }).toEqual({ file, name, isThere: true });
  }
});
