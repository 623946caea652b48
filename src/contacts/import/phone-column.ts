import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import type { ReadImport } from './read-import.js';

export function hasPhone({ columns }: Pick<ReadImport, 'columns'>): boolean {
  return columns.some(({ as }) => as.use === 'phone');
}

/** Names the columns that may hold the numbers, and shows what is in them, so that a page can ask. */
export function unsure(
  { columns, phoneColumn: { candidates } }: Pick<ReadImport, 'columns' | 'phoneColumn'>,
  field: 'phone' | 'columns',
): ValidationFailed {
  if (candidates.length === 0) return new ValidationFailed([fieldProblem('columns', 'PHONE_COLUMN_NEEDED')]);
  const named = (word: string): string =>
    candidates
      .map((index) => {
        const header = columns[index]?.header;
        return header ? `“${header}” (${word} ${index + 1})` : `${word} ${index + 1}`;
      })
      .join(', ');
  const text = {
    id: `Tidak pasti kolom mana yang berisi nomor: ${named('kolom')}. ${field === 'phone' ? 'Sebutkan dengan ?phone=.' : 'Pilih satu.'}`,
    en: `It is not certain which column holds the numbers: ${named('column')}. ${field === 'phone' ? 'Name it by ?phone=.' : 'Choose one.'}`,
  };
  const shown = candidates.map((index) => ({
    column: index + 1,
    header: columns[index]?.header ?? null,
    samples: columns[index]?.samples ?? [],
  }));
  return new ValidationFailed([{ field, text }], { candidates: shown });
}
