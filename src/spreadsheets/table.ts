import type { ImportEncoding, ImportKind } from '@koneksi/contracts/contact-import';
import type { FieldTextCode } from '@koneksi/contracts/field-texts';
import { DomainError } from '../common/domain-error.js';
import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';
import type { Delimiter } from './domain/delimiter.js';

export interface TableRecord {
  /** As an editor or a spreadsheet counts: the first line of the file is 1. */
  line: number;
  cells: string[];
  /** Whoever made the file does not see it: filtered out, or folded away. */
  isHidden?: boolean;
}

/** A file as lines of cells, whatever kind it was; lines with nothing in them left out. */
export interface Table {
  kind: ImportKind;
  encoding: ImportEncoding;
  delimiter: Delimiter | null;
  records: TableRecord[];
  /** For kinds that name their columns by themselves. */
  headers?: string[];
  /** Lines of other sheets that hold numbers too, as those count them. */
  elsewhere?: readonly number[];
}

export function tooLarge(): DomainError {
  return new DomainError('IMPORT_TOO_LARGE', 413, 'the file is too large');
}

export function refused(code: FieldTextCode): ValidationFailed {
  return new ValidationFailed([fieldProblem('file', code)]);
}
