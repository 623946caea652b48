import type { Texts } from '../core/texts';

/** What a column of a file is called, by its place where it has no header. `index` from 0. */
export function columnName(t: Texts['t'], header: string | null | undefined, index: number): string {
  return header || t('import.column', { number: index + 1 });
}
