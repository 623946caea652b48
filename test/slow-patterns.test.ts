import { ESLint } from 'eslint';
import { expect, test } from '@jest/globals';

/** What `npm run check` says of a pattern written into the server. */
async function complaintsAbout(pattern: RegExp): Promise<string[]> {
  const lint = new ESLint({ cwd: new URL('..', import.meta.url).pathname });
  const [result] = await lint.lintText(`export const PLANTED = ${pattern};\n`, { filePath: 'src/planted.mjs' });
  return result!.messages.map(({ ruleId }) => ruleId ?? 'does not parse');
}

test.each([
  ['a variable of the message, as it once was read', /\{\{\s*([\p{L}\p{N}_ -]{1,40}?)\s*(?:\|([^{}]{0,60}))?\}\}/gu],
  ['two that take the same blanks', /^(\s*)([^]*?)(\s*)$/],
  ['groups within groups', /^(?:[a-z]+-?)+$/],
])('the check refuses a pattern that goes back over a text: %s', async (_, pattern) => {
  expect(await complaintsAbout(pattern)).toContain('regexp/no-super-linear-backtracking');
});

test.each([['digits twice', /^(?:\d|\w)*!$/]])(
  'the check refuses alternatives that overlap: %s',
  async (_, pattern) => {
    expect(await complaintsAbout(pattern)).toContain('regexp/no-dupe-disjunctions');
  },
);

test.each([
  ['blanks at the end', /\s+$/],
  ['either end', /^[.\s]+|[.\s]+$/g],
])('the check refuses a pattern that starts anew at each character: %s', async (_, pattern) => {
  expect(await complaintsAbout(pattern)).toContain('regexp/no-super-linear-move');
});

test.each([/^[.\s]+/, /^\+?\d{8,15}$/, /[^\p{L}]+/gu])('the check lets a plain pattern pass: %s', async (pattern) => {
  expect(await complaintsAbout(pattern)).toEqual([]);
});
