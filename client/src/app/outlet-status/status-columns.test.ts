import { expect, it } from '@jest/globals';
import { COLUMNS, fitting, type ColumnName } from './status-columns';

const all = new Set(COLUMNS.map(({ name }) => name));
const names = (chosen: Iterable<ColumnName>, width: number) => fitting(chosen, width).map(({ name }) => name);

it('shows every column where there is room', () => {
  expect(names(all, 5_000)).toEqual([...all]);
});

it('never shows more than there is room for', () => {
  for (let width = 1_040; width <= 2_600; width += 1) {
    const taken = fitting(all, width).reduce((sum, { least }) => sum + least + 10, 32 - 10);
    expect(taken).toBeLessThanOrEqual(width);
  }
});

const STANDARD: ColumnName[] = ['state', 'reason', 'since', 'strip', 'city', 'seen', 'number', 'device'];
STANDARD.push('connected', 'retries', 'auto');

it('keeps what a person needs first, however narrow', () => {
  expect(names(STANDARD, 100)).toEqual(['outlet', 'state', 'reason']);
  expect(names(STANDARD, 1_040)).toEqual(['outlet', 'state', 'since', 'reason', 'strip']);
});

it('has room at 1440 px for what most look for, and at 1920 px for all that people first see', () => {
  const wide = ['outlet', 'state', 'since', 'reason', 'strip', 'number', 'city', 'seen'];
  expect(names(STANDARD, 1_393)).toEqual(wide);
  expect(names(STANDARD, 1_873)).toHaveLength(STANDARD.length + 1);
});

it('gives what was asked for first its room, and leaves out what nobody chose', () => {
  expect(names(['live', 'database', ...STANDARD], 1_040)).toEqual(expect.arrayContaining(['database', 'live']));
  expect(names(['live'], 1_393)).toEqual(['outlet', 'state', 'reason', 'live']);
});
