import { expect, it } from '@jest/globals';
import { BLAST_EN } from './en';
import { BLAST_ID } from './id';

it.each([
  ['Indonesian', BLAST_ID],
  ['English', BLAST_EN],
])('a blast that awaits an ADMIN blames nobody by name in %s: who sent it on last is not told', (_, { progress }) => {
  expect(progress.awaitsAdmin).not.toContain('{{');
});
