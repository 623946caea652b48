/** What spreadsheets take for a formula or a command when a cell begins with it, after apostrophes we may have put. */
const RISKY = /^'*[=+\-@\t\r\n\0＝＋－＠]/;

/** The cell as no spreadsheet executes it: an apostrophe before what would start a formula. */
export function guardCell(value: string): string {
  return RISKY.test(value) ? `'${value}` : value;
}

/** What `guardCell` was given: an imported export is what was exported. */
export function unguardCell(cell: string): string {
  return cell.startsWith("'") && RISKY.test(cell) ? cell.slice(1) : cell;
}
