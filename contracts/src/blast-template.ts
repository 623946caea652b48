import { isBlank, plainValue } from './plain-text.ts';

/** One variable as it stands in a message: `{{nama}}`, or `{{nama|Kak}}` with what to say where the value is missing. */
interface Placeholder {
  /** Where its first brace stands, and what follows its last. */
  start: number;
  end: number;
  /** The name as it was typed, without blanks around it. */
  typed: string;
  fallback: string;
}

/** Something to fill in, by the name it is compared with, and what stands there where it is missing. */
export interface Slot {
  name: string;
  fallback: string;
}

const NAME = /^[\p{L}\p{N}_ -]{1,40}$/u;
const MAX_FALLBACK_CHARACTERS = 60;

/** What every message may name, in Indonesian and English; a contact's own fields come on top. */
const BUILT_IN: ReadonlyMap<string, string> = new Map([
  ['nama', 'nama'],
  ['name', 'nama'],
  ['outlet', 'outlet'],
]);

/** How variables are compared: case and outer spaces do not count, and `name` is `nama`. */
export function variableName(typed: string): string {
  const name = typed.trim().toLowerCase();
  return BUILT_IN.get(name) ?? name;
}

/** The variables a message names, each once, in order. */
export function variablesOf(message: string): string[] {
  return [...new Set([...placeholdersOf(message)].map(({ typed }) => variableName(typed)))];
}

/** Everything that is filled in, in order, as often as it stands there. */
export function slotsOf(message: string): Slot[] {
  return [...placeholdersOf(message)].map(({ typed, fallback }) => ({
    name: variableName(typed),
    fallback: fallback.trim(),
  }));
}

/** How long the message is without what is filled in. UTF-16 units, as every limit here. */
export function fixedLengthOf(message: string): number {
  return [...placeholdersOf(message)].reduce((left, { start, end }) => left - (end - start), message.length);
}

/** What everybody reads as it was typed, and whether something filled in stands before or after it. */
export function* literalParts(message: string): Generator<{ text: string; follows: boolean; precedes: boolean }> {
  let copied = 0;
  for (const { start, end } of placeholdersOf(message)) {
    if (start > copied) yield { text: message.slice(copied, start), follows: copied > 0, precedes: true };
    copied = end;
  }
  if (copied < message.length) yield { text: message.slice(copied), follows: copied > 0, precedes: false };
}

/** The variables neither built in nor among these fields of the contacts. */
export function unknownVariables(message: string, fields: Iterable<string>): string[] {
  const known = new Set(['nama', 'outlet', ...[...fields].map(variableName)]);
  return variablesOf(message).filter((name) => !known.has(name));
}

/** The message as one recipient reads it; a value that is missing becomes its fallback, or nothing. */
export function renderMessage(message: string, values: Readonly<Record<string, string>>): string {
  const byName = new Map(Object.entries(values).map(([name, value]) => [variableName(name), value]));
  return replaced(
    message,
    ({ typed, fallback }) => plainValue(byName.get(variableName(typed)) ?? '') || fallback.trim(),
  );
}

/** The message as it stands for everybody: a fallback where it has one, else what is filled in, as `[nama]`. */
export const outlineOf = (message: string): string =>
  replaced(message, ({ typed, fallback }) => fallback.trim() || `[${typed}]`);

/** Whether the message says nothing to somebody without a value for any of its variables. Every outlet has a name. */
export const isEmptyWithout = (message: string): boolean => isBlank(renderMessage(message, { outlet: 'outlet' }));

/**
 * Looks at each character a constant number of times, whatever people type: no regular expression goes back over a
 * message, or one of nothing but braces and blanks would hold up everybody.
 */
function* placeholdersOf(message: string): Generator<Placeholder> {
  for (let start = openingFrom(message, 0); start !== -1;) {
    const brace = nextBrace(message, start + 2);
    const found = message.startsWith('}}', brace) ? placeholderAt(message, start, brace) : null;
    if (found) yield found;
    start = openingFrom(message, found?.end ?? brace);
  }
}

/** Of more than two opening braces the last two are a variable's. */
function openingFrom(message: string, from: number): number {
  let at = message.indexOf('{{', from);
  while (at !== -1 && message[at + 2] === '{') at++;
  return at;
}

function nextBrace(message: string, from: number): number {
  let at = from;
  while (at < message.length && message[at] !== '{' && message[at] !== '}') at++;
  return at;
}

function placeholderAt(message: string, start: number, end: number): Placeholder | null {
  const inside = message.slice(start + 2, end);
  const bar = inside.indexOf('|');
  const typed = (bar === -1 ? inside : inside.slice(0, bar)).trim();
  const fallback = bar === -1 ? '' : inside.slice(bar + 1);
  if (!NAME.test(typed) || !isShort(fallback)) return null;
  return { start, end: end + 2, typed, fallback };
}

/** By characters as people count them: what lies beyond the sixteen-bit ones is two units long. */
const isShort = (text: string): boolean =>
  text.length <= 2 * MAX_FALLBACK_CHARACTERS && [...text].length <= MAX_FALLBACK_CHARACTERS;

function replaced(message: string, textOf: (placeholder: Placeholder) => string): string {
  let text = '';
  let copied = 0;
  for (const placeholder of placeholdersOf(message)) {
    text += message.slice(copied, placeholder.start) + textOf(placeholder);
    copied = placeholder.end;
  }
  return text + message.slice(copied);
}
