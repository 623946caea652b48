/** What a message calls by other means than a contact's own fields. */
const RESERVED: readonly string[] = ['nama', 'name', 'nomor', 'phone', 'outlet'];

/** Whether a message can name a field so: `{{kota}}`, `{{kode_member}}`. */
export function isFieldName(name: string): boolean {
  return /^\p{Ll}[\p{Ll}\p{M}\p{N}_]{0,29}$/u.test(name);
}

export function isReservedFieldName(name: string): boolean {
  return RESERVED.includes(name);
}

/** The field that a header of a file becomes: `Kode Member` is `kode_member`; `null` where no name comes of it. */
export function fieldNameOf(header: string): string | null {
  const name = header
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '_')
    .replace(/^[_\p{N}]+|_$/gu, '')
    .slice(0, 30);
  return isFieldName(name) && !isReservedFieldName(name) ? name : null;
}
