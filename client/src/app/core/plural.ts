/** `{{count}} [contact|contacts]`, or `[outlets: outlet|outlets]` where another number decides. */
const FORMS = /\[(?:(\w+): )?([^|[\]]*)\|([^|[\]]*)\]/g;

/**
 * A sentence of a catalogue with the words that fit its numbers. English has a form for one and one for all others;
 * Indonesian has one form, and so no brackets.
 */
export function withPlurals(sentence: string, params: Readonly<Record<string, unknown>>): string {
  return sentence.replace(FORMS, (_, name: string | undefined, one: string, other: string) =>
    String(params[name ?? 'count']) === '1' ? one : other,
  );
}
