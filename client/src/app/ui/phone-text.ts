/**
 * `+62 812 3456 7890`, exactly as `formatPhoneNumber` writes Indonesian mobile numbers, without the 70 kB of numbering
 * plans that it needs for all others. Those stay ungrouped in lists.
 */
export function phoneText(digits: string): string {
  const [, operator, rest = ''] = /^62(8[1-9]\d)(\d{6,9})$/.exec(digits) ?? [];
  if (!operator) return `+${digits}`;
  const half = rest.length === 6 ? 3 : 4;
  return `+62 ${operator} ${rest.slice(0, half)} ${rest.slice(half)}`;
}
