import { MAX_IMPORT_COLUMNS } from '@koneksi/contracts/contact-import';

/** Over how many columns and rows a cell stands. */
export interface Span {
  columns: number;
  rows: number;
}

/** Rows as a grid: a cell over several rows, such as an outlet beside its customers, counts in each; one over several columns in its first. */
export class MergedCells {
  private row: string[] = [];
  private readonly above = new Map<number, { value: string; rows: number }>();

  /** How many columns the row has so far. */
  get width(): number {
    return this.row.length;
  }

  /** Puts a cell behind the others, or at its place counted from 0. */
  add(value: string, span: Span, place = 0): void {
    this.reachDown(place);
    const at = this.row.length;
    const end = at + Math.min(span.columns, Math.max(1, MAX_IMPORT_COLUMNS - at));
    for (let column = at; column < end; column++) {
      const shown = column === at ? value : '';
      this.row.push(shown);
      if (span.rows > 1) this.above.set(column, { value: shown, rows: span.rows - 1 });
    }
  }

  endRow(): string[] {
    this.reachDown(Math.max(-1, ...this.above.keys()) + 1);
    const last = this.row.findLastIndex((value) => value !== '');
    const cells = this.row.slice(0, last + 1);
    this.row = [];
    return cells;
  }

  endTable(): void {
    this.row = [];
    this.above.clear();
  }

  /** What stands here from above, and nothing up to the place where nothing does. */
  private reachDown(place: number): void {
    for (;;) {
      const column = this.row.length;
      const above = this.above.get(column);
      // Also where the file names a place that is no number.
      if (!above && !(column < place)) return;
      if (above && --above.rows === 0) this.above.delete(column);
      this.row.push(above?.value ?? '');
    }
  }
}

/** `A2:A40` as columns and rows counted from 0 and from 1; `null` for what is none, or stands in one row alone. */
export function rowsMerged(reference: string): { column: number; from: number; to: number } | null {
  const [, letters, from, to] = /^([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})$/.exec(reference) ?? [];
  if (!letters || Number(to) <= Number(from)) return null;
  return { column: columnNamed(letters), from: Number(from), to: Number(to) };
}

/** `AB` is column 27, counted from 0. */
export function columnNamed(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
