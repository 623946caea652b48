/** A stretch of a message in one style. `filled`: what a variable became; `unknown`: one that nobody has a value for. */
export interface Run {
  readonly text: string;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly strike: boolean;
  readonly mono: boolean;
  readonly filled: boolean;
  readonly unknown: boolean;
}

type Style = Omit<Run, 'text' | 'filled' | 'unknown'>;

const PLAIN: Style = { bold: false, italic: false, strike: false, mono: false };
const STYLE_OF: Record<string, keyof Style> = { '*': 'bold', _: 'italic', '~': 'strike', '`': 'mono' };

/** Around what a variable became: private-use characters, which no message has and no eye ever sees. */
const FILLED_FROM = '\uE000';
const FILLED_TO = '\uE001';
const UNKNOWN_FROM = '\uE002';
const MARKS = [FILLED_FROM, FILLED_TO, UNKNOWN_FROM];

export function markFilled(value: string): string {
  return `${FILLED_FROM}${value}${FILLED_TO}`;
}

/** A variable as it was typed, since nothing can take its place. */
export function markUnknown(name: string): string {
  return `${UNKNOWN_FROM}{{${name}}}${FILLED_TO}`;
}

/** As it leaves, where every variable has a value. */
export const withoutMarks = (message: string): string => message.replace(/[\uE000-\uE002]/g, '');

/**
 * A message in the styles WhatsApp's own apps give it: `*bold*`, `_italic_`, `~strike~`, `` `mono` `` within a line and
 * ```` ```blocks``` ```` across lines. A mark opens only before a word and closes only after one.
 */
export function formatMessage(message: string): Run[] {
  const styled = message
    .split(/```([^]+?)```/)
    .flatMap((part, index) =>
      index % 2 === 1
        ? [{ ...PLAIN, mono: true, text: part }]
        : part.split(/(\n)/).flatMap((line) => inLine(line, PLAIN)),
    );
  return splitFilled(styled.filter(({ text }) => text !== ''));
}

function inLine(line: string, style: Style): (Style & { text: string })[] {
  for (let from = 0; from < line.length; from += 1) {
    const name = STYLE_OF[line[from]!];
    if (!name || style[name]) continue;
    const to = closing(line, from);
    if (to === null) continue;
    const inner = line.slice(from + 1, to);
    const inStyle = { ...style, [name]: true };
    return [
      { ...style, text: line.slice(0, from) },
      ...(name === 'mono' ? [{ ...inStyle, text: inner }] : inLine(inner, inStyle)),
      ...inLine(line.slice(to + 1), style),
    ];
  }
  return [{ ...style, text: line }];
}

/** Where the style that may open at `from` ends. */
function closing(line: string, from: number): number | null {
  if (isWord(neighbour(line, from, -1)) || !isInk(neighbour(line, from, 1), line[from])) return null;
  for (let to = line.indexOf(line[from]!, from + 2); to > 0; to = line.indexOf(line[from]!, to + 1)) {
    if (isInk(neighbour(line, to, -1)) && !isWord(neighbour(line, to, 1))) return to;
  }
  return null;
}

function neighbour(line: string, from: number, step: 1 | -1): string | undefined {
  let at = from + step;
  while (MARKS.includes(line[at] ?? '')) at += step;
  return line[at];
}

const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);
const isInk = (character: string | undefined, mark?: string): boolean =>
  character !== undefined && character !== mark && /\S/.test(character);

function splitFilled(runs: readonly (Style & { text: string })[]): Run[] {
  let mark: string | null = null;
  return runs.flatMap((run) =>
    run.text.split(/([\uE000-\uE002])/).flatMap((text): Run[] => {
      if (MARKS.includes(text)) {
        mark = text;
        return [];
      }
      return text === '' ? [] : [{ ...run, text, filled: mark === FILLED_FROM, unknown: mark === UNKNOWN_FROM }];
    }),
  );
}
