import { expect, test } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = import.meta.dirname;
/** A rule by itself, with what it is for. */
const RULE = /[^{};]+\{[^{}]*\}/g;
/** The alarm's own words and buttons, inside of what has its ground. */
const WITHIN_ALARM = ['app/outlet-status/incident-line.ts'];

test('what is written in the colour of words on red has red beneath it: on anything else nobody sees it', () => {
  const unseen = globSync('**/*.{css,scss,ts}', { cwd: root })
    .filter((file) => !file.endsWith('.test.ts') && !WITHIN_ALARM.includes(file))
    .flatMap((file) => {
      const rules = readFileSync(join(root, file), 'utf8').match(RULE) ?? [];
      return rules
        .filter((rule) => /(?<![\w-])(color|background): var\(--k-bad\)/.test(rule) && !rule.includes('--k-bad-soft'))
        .map((rule) => `${file}: ${rule.trim()}`);
    });
  expect(unseen).toEqual([]);
});
