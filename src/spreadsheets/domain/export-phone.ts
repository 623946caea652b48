/**
 * `6281234567890` as `0812-3456-7890`, a number from abroad as `0065-9123-4567`: the dashes keep a spreadsheet from
 * taking it for an amount and rounding it, the zeros let it be imported again.
 */
export function toSpreadsheetPhone(digits: string): string {
  const dialled = digits.startsWith('62') ? `0${digits.slice(2)}` : `00${digits}`;
  return (dialled.match(/.{4,7}$|.{4}/g) ?? [dialled]).join('-');
}
