import type { ImportPreview } from '@koneksi/contracts/contact-import';

export type Delimiter = ImportPreview['delimiter'];

const DELIMITERS: readonly Delimiter[] = [';', ',', '\t', '|'];
const LINES = 20;

/** What separates the columns: the character that divides the first lines most alike. */
export function guessDelimiter(text: string): Delimiter {
  const lines = unquoted(text.slice(0, 20_000))
    .split(/\r\n?|\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, LINES);
  let best: Delimiter = ',';
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    const inHeader = counts[0] ?? 0;
    const alike = counts.filter((count) => count === inHeader).length / lines.length;
    const score = inHeader > 0 ? alike + Math.min(inHeader, 50) / 1000 : 0;
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}

/** Quoted parts may hold delimiters and ends of line that divide nothing. */
function unquoted(text: string): string {
  return text.replace(/"(?:[^"]|"")*"/g, '""');
}
