import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { REASON_STATUS } from '@koneksi/contracts/outlet-status';
import { WARNING_CODES } from '@koneksi/contracts/outlet-warnings';
import { VARIABLES } from '../src/config/env.js';

/** What the container has a value of its own for. */
const SET_BY_COMPOSE = ['DATABASE_URL', 'DATA_DIR', 'HOST', 'PORT'];

test('every variable that stands in .env reaches the container', async () => {
  const compose = await readFile('docker-compose.yml', 'utf8');
  const service = /^ {2}koneksi:\n((?: {4}.*\n|\n)+)/m.exec(compose)![1]!;
  expect(service).toMatch(/^ {4}env_file:\n {6}- path: \.env$/m);
  const environment = /^ {4}environment:\n((?: {6}.*\n)+)/m.exec(service)![1]!;
  const given = [...environment.matchAll(/^ {6}([A-Z_]+): (.*)$/gm)].map(([, name, value]) => ({
    name: name!,
    value: value!,
  }));
  const hidden = given.filter(({ name, value }) => !value.startsWith(`\${${name}:`)).map(({ name }) => name);
  expect(hidden.sort()).toEqual(SET_BY_COMPOSE);
  expect(given.filter(({ name }) => !VARIABLES.includes(name))).toEqual([]);
});

test('README names every variable', async () => {
  const readme = await readFile('README.md', 'utf8');
  expect(VARIABLES.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

test('the runbook has a line for every reason and for every warning', async () => {
  const runbook = await readFile('docs/runbook.md', 'utf8');
  const reasons = [...runbook.matchAll(/^\| `([A-Z_]+)` +\| ([A-Z]+) /gm)].map(([, code, status]) => [code, status]);
  const byCode = ([a]: (string | undefined)[], [b]: (string | undefined)[]) => a!.localeCompare(b!);
  expect(reasons.sort(byCode)).toEqual(Object.entries(REASON_STATUS).sort(byCode));
  expect(WARNING_CODES.filter((code) => !new RegExp(`^\\|.*warning \`${code}\``, 'm').test(runbook))).toEqual([]);
});
