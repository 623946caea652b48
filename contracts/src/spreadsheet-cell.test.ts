import { expect, test } from '@jest/globals';
import { guardCell, unguardCell } from './spreadsheet-cell.js';

test.each([
  '=1+1',
  '=HYPERLINK("http://evil.example","click")',
  '+62',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  "'=1",
  "''=1",
  '＝1',
  '\0=1',
])('%j is guarded, and is itself again after', (value) => {
  expect(guardCell(value)).toBe(`'${value}`);
  expect(unguardCell(guardCell(value))).toBe(value);
});

test.each(['Sari', "O'Neil", "'Sari", '1+1', '', "''"])('%j is left as it is', (value) => {
  expect(guardCell(value)).toBe(value);
  expect(unguardCell(value)).toBe(value);
});
