import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { DEMO_ID } from '../client/src/demo/i18n/id.js';

const DIST = join(import.meta.dirname, '../client/dist');

function scripts(build: string): string {
  const directory = join(DIST, build, 'browser');
  const files = readdirSync(directory).filter((file) => file.endsWith('.js'));
  return files.map((file) => readFileSync(join(directory, file), 'utf8')).join('\n');
}

test.each(['/api/demo', 'app-lab', DEMO_ID.scan.press, DEMO_ID.accounts.label])(
  'the pages of real outlets hold nothing of the demo: %s',
  (trace) => {
    expect(scripts('demo')).toContain(trace);
    expect(scripts('client')).not.toContain(trace);
  },
);

test('no build for people holds the page of components that developers look at', () => {
  expect(scripts('client')).not.toContain('app-design-page');
  expect(scripts('demo')).not.toContain('app-design-page');
});
