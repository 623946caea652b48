import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');

const tests = ['src', 'test']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(root, folder, name)),
  )
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');
const rules = [...readFileSync(join(import.meta.dirname, 'SPEC.md'), 'utf8').matchAll(/\*\*(SL\d+)\*\*/g)].map(
  ([, id]) => id!,
);

test('every rule of the log has a test that carries its id, and every such test a rule', () => {
  const carried = [...tests.matchAll(/test(?:\.each)?\('((?:SL\d+ )+)/g)].flatMap(([, ids]) => ids!.trim().split(' '));
  expect(rules.length).toBeGreaterThan(0);
  expect([...new Set(carried)].toSorted()).toEqual(rules.toSorted());
});
