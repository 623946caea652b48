import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'koneksi-tables-'));
});
afterEach(() => rmSync(home, { recursive: true }));

/** What is said of a house of two rooms, one of which owns `doors`, with this file in the other. */
async function complaintsOf(file: string, path = 'src/garden/bench.ts'): Promise<string[]> {
  write('src/hall/door.entity.ts', `@Entity('doors') class Door {}\n@Entity('door_keys') class DoorKey {}`);
  write(path, file);
  const script = join(import.meta.dirname, '../scripts/table-owners.mjs');
  const said = await new Promise<string>((resolve) =>
    execFile(process.execPath, [script, home], (_, out) => resolve(out)),
  );
  return said
    .split('\n')
    .flatMap((line) => /^(\S+) names the table (\w+), which belongs to (\S+):/.exec(line)?.[2] ?? []);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text);
}

test.each([
  ['a statement', `query('SELECT * FROM doors WHERE id = $1')`, ['doors']],
  ['a join in a template', 'query(`SELECT 1 FROM benches b JOIN doors d ON ${on}`)', ['doors']],
  ['a list after something put in', 'query(`SELECT 1 FROM ${benches} b, doors d`)', ['doors']],
  ['a piece of a statement', `const EXISTS = 'EXISTS (SELECT FROM doors)'`, ['doors']],
  ['a write', `query('DELETE FROM door_keys'); query('UPDATE doors SET open = true')`, ['door_keys', 'doors']],
  ['a name alone', `truncate('door_keys')`, ['door_keys']],
])('%s that names a table of another room is found', async (_, file, tables) => {
  expect(await complaintsOf(file)).toEqual(tables);
});

test.each([
  ['a word of a sentence', `say('all doors are shut')`],
  ['a column', `query('SELECT b.doors FROM benches b')`],
  ['a name given to a column', `query('SELECT count(*) AS doors FROM benches')`],
  ['a longer name', `query('SELECT * FROM doors_seen')`],
  ['a route', `Controller('doors')`],
])('%s is no table', async (_, file) => {
  expect(await complaintsOf(file)).toEqual([]);
});

test('a room names its own tables, and migrations and tests name any', async () => {
  expect(await complaintsOf(`query('SELECT * FROM doors')`, 'src/hall/doors.ts')).toEqual([]);
  expect(await complaintsOf(`query('SELECT * FROM doors')`, 'src/garden/bench.test.ts')).toEqual([]);
  expect(await complaintsOf(`query('SELECT * FROM doors')`, 'src/database/migrations/1-a.ts')).toEqual([]);
});
