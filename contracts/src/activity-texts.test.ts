import { expect, test } from '@jest/globals';
import { subjectName } from './activity-texts.ts';

test.each([
  ['incident', 'LOGGED_OUT', 'Tautan dilepas dari HP atau oleh WhatsApp.'],
  ['incident', 'OF_A_NEWER_SERVER', 'OF_A_NEWER_SERVER'],
  ['incident', null, null],
  ['outlet', 'LOGGED_OUT', 'LOGGED_OUT'],
] as const)('%s %s is called %s', (kind, name, called) => {
  expect(subjectName({ kind, id: null, name }, 'id')).toBe(called);
});
