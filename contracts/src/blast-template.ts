/** `{{nama}}`, or `{{nama|Kak}}` with what to say where the value is missing. */
const VARIABLE = /\{\{\s*([\p{L}\p{N}_ -]{1,40}?)\s*(?:\|([^{}]{0,60}))?\}\}/gu;

/** What every message may name, in Indonesian and English; a contact's own fields come on top. */
const BUILT_IN: Record<string, string> = { nama: 'nama', name: 'nama', outlet: 'outlet' };

/** How variables are compared: case and outer spaces do not count, and `name` is `nama`. */
export function variableName(typed: string): string {
  const name = typed.trim().toLowerCase();
  return BUILT_IN[name] ?? name;
}

/** The variables a message names, each once, in order. */
export function variablesOf(message: string): string[] {
  return [...new Set([...message.matchAll(VARIABLE)].map(([, typed = '']) => variableName(typed)))];
}

/** The variables neither built in nor among these fields of the contacts. */
export function unknownVariables(message: string, fields: Iterable<string>): string[] {
  const known = new Set(['nama', 'outlet', ...[...fields].map(variableName)]);
  return variablesOf(message).filter((name) => !known.has(name));
}

/** The message as one recipient reads it; a value that is missing becomes its fallback, or nothing. */
export function renderMessage(message: string, values: Readonly<Record<string, string>>): string {
  const byName = new Map(Object.entries(values).map(([name, value]) => [variableName(name), value]));
  return message.replace(VARIABLE, (_, typed: string, fallback = '') => {
    const value = byName.get(variableName(typed))?.trim();
    return value ? value : (fallback as string).trim();
  });
}

/** The message as it stands for everybody: a fallback where it has one, else what is filled in, as `[nama]`. */
export const outlineOf = (message: string): string =>
  message.replace(VARIABLE, (_, typed: string, fallback = '') => (fallback as string).trim() || `[${typed.trim()}]`);

/** Whether the message says nothing to somebody without a value for any of its variables. Every outlet has a name. */
export const isEmptyWithout = (message: string): boolean => renderMessage(message, { outlet: 'outlet' }).trim() === '';
