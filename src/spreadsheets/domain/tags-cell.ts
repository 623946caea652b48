/** What people put between words in one cell; ` ::: ` is Google's. */
const EDGE = /[,;|]| ::: /;
const EDGE_FOLLOWS = /^\s*(?:[,;|]|$)|^ ::: /;

/** Words as one cell that `splitTags` reads as these words: what would divide or quote stands in quotation marks. */
export function joinTags(tags: readonly string[]): string {
  return tags.map((tag) => (EDGE.test(tag) || tag.startsWith('"') ? `"${tag.replaceAll('"', '""')}"` : tag)).join(', ');
}

/** The words of a cell, however people divide them; none is empty. */
export function splitTags(cell: string): string[] {
  const tags: string[] = [];
  let rest = cell.trim();
  while (rest !== '') {
    const end = quotationEnd(rest);
    const edge = EDGE.exec(rest.slice(end));
    const edgeAt = edge ? end + edge.index : rest.length;
    const word = end > 0 ? rest.slice(1, end - 1).replaceAll('""', '"') : rest.slice(0, edgeAt);
    if (word.trim() !== '') tags.push(word.trim());
    rest = rest.slice(edgeAt + (edge?.[0].length ?? 0)).trimStart();
  }
  return tags;
}

/** Behind the mark that closes a quotation at the beginning; 0 where there is none that is a whole word. */
function quotationEnd(text: string): number {
  if (!text.startsWith('"')) return 0;
  let at = text.indexOf('"', 1);
  while (at > 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at > 0 && EDGE_FOLLOWS.test(text.slice(at + 1)) ? at + 1 : 0;
}
