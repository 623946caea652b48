import type { ImportDelimiter } from '@koneksi/contracts/contact-import';

export type Delimiter = ImportDelimiter;

const DELIMITERS: readonly Delimiter[] = [';', ',', '\t', '|'];
const LINES = 60;

/** What separates the columns: the character that divides most of the first lines alike; titles above have none of it. */
export function guessDelimiter(text: string): Delimiter {
  const lines = unquoted(text.slice(0, 20_000))
    .split(/\r\n?|\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, LINES);
  let best: Delimiter = ',';
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    const { count, alike } = mode(counts.filter((count) => count > 0));
    const score = alike / lines.length + Math.min(count, 50) / 1000;
    if (alike > 0 && score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}

/** What is met most often, and how often. */
function mode(counts: readonly number[]): { count: number; alike: number } {
  let best = { count: 0, alike: 0 };
  for (const count of new Set(counts)) {
    const alike = counts.filter((other) => other === count).length;
    if (alike > best.alike) best = { count, alike };
  }
  return best;
}

/** Quoted parts may hold delimiters and ends of line that divide nothing. */
function unquoted(text: string): string {
  return text.replace(/"(?:[^"]|"")*"/g, '""');
}
