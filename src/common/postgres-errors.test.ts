import { expect, test } from '@jest/globals';
import { isRefused } from './postgres-errors.js';

test.each([
  ['a value that fits no column', '22001', true],
  ['a check', '23514', true],
  ['a trigger', 'P0001', true],
  ['a column nobody has', '42703', true],
  ['a role whose rights were taken', '42501', false],
  ['a table that is away, as while a backup is put back', '42P01', false],
  ['a database that is gone', '3D000', false],
  ['a full disk', '53100', false],
  ['an operator', '57P01', false],
  ['a deadlock', '40P01', false],
  ['no state at all', 'ECONNRESET', false],
])('%s', (_, code, isForEver) => {
  expect(isRefused(Object.assign(new Error('refused'), { code }))).toBe(isForEver);
});
