/** Names that others chose, without what PostgreSQL refuses (NUL, halves of surrogate pairs) or a terminal obeys. */
export const printable = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
