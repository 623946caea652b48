import { expect, test } from '@jest/globals';
import { ValidationFailed } from '../../common/validation-failed.js';
import { NO_CHOICE, readImport } from './read-import.js';

/** What the work answers or throws, and how often everything else had its turn meanwhile. */
async function turnsDuring<T>(work: Promise<T>): Promise<{ outcome: T | Error; turns: number }> {
  let turns = 0;
  const count = (): void => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  const outcome = await work.catch((error: unknown) => error as Error);
  clearImmediate(next);
  return { outcome, turns };
}

const wide = (columns: number): string => Array.from({ length: columns }, (_, at) => `kolom ${at}`).join(',');

test.each<[string, string, code: string]>([
  ['4.9 million cells in a line', `a,hp\n${'x,'.repeat(4_900_000)}\n`, '200'],
  ['9.9 million commas', ','.repeat(9_900_000), '200'],
  ['1.2 million headers', `${'header,'.repeat(1_200_000)}\n`, '200'],
  ['one column too many', `hp\n0812345678901${','.repeat(200)}\n`, '200'],
  ['a cell of 4.9 million lines', `hp,nama\n0812345678901,"${'x\n'.repeat(4_900_000)}"\n`, '10,000'],
  ['a cell of 9.9 million quotation marks', `hp,nama\n0812345678901,"${'""'.repeat(4_900_000)}"\n`, '10,000'],
  ['a cell one character too long', `hp,nama\n0812345678901,${'x'.repeat(10_001)}\n`, '10,000'],
  ['a line too long', `hp,nama\n0812345678901${`,${'x'.repeat(9_000)}`.repeat(30)}\n`, '10,000'],
])('%s are refused, and by name', async (_, text, limit) => {
  const error = await readImport(Buffer.from(text), NO_CHOICE).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ValidationFailed);
  expect((error as ValidationFailed).problems).toMatchObject([
    {
      field: 'file',
      text: { en: expect.stringContaining(limit), id: expect.stringContaining(limit.replace(',', '.')) },
    },
  ]);
});

test('a file just within the limits is read, and shown only in part', async () => {
  const long = 'x'.repeat(10_000);
  const read = await readImport(Buffer.from(`hp,${long},${wide(198)}\n0812345678901,${long}\n`), NO_CHOICE);
  expect(read.columns).toHaveLength(200);
  expect(read.columns[1]).toMatchObject({ header: 'x'.repeat(60), samples: ['x'.repeat(60)] });
  expect(JSON.stringify(read.columns).length).toBeLessThan(30_000);
});

const lines = (count: number): string =>
  Array.from({ length: count }, (_, at) => `08${1_000_000_000 + at},Pelanggan ${at}`).join('\n');

test.each<[string, string, turns: number]>([
  ['a file of line ends', '\n'.repeat(3_000_000), 150],
  ['as many of another kind', '\r\n'.repeat(1_500_000), 150],
  ['100,000 contacts', `hp,nama\n${lines(100_000)}`, 140],
])('%s leave everything else its turn', async (_, text, fewest) => {
  const { turns } = await turnsDuring(readImport(Buffer.from(text), NO_CHOICE));
  expect(turns).toBeGreaterThan(fewest);
});

test('ends of lines of every kind are told apart wherever the file is cut for reading', async () => {
  const text = `hp,nama\r\n${'0812345678901,"Dua\r\nbaris 😀"\r\r\nsalah,\n'.repeat(3_000)}`;
  const read = await readImport(Buffer.from(text), NO_CHOICE);
  const wrong = read.rejected.filter(({ reason }) => reason === 'PHONE_INVALID').map(({ line }) => line);
  expect(wrong).toEqual(Array.from({ length: 3_000 }, (_, at) => 5 + 4 * at));
  expect(read.drafts).toMatchObject([{ line: 2, name: 'Dua baris 😀' }]);
});
