let given = 0;

/** An id that no other element of the page has. */
export function uniqueId(prefix: string): string {
  given += 1;
  return `${prefix}-${given}`;
}
