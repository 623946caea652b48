import { withPlurals } from './plural';
import type { TextParams } from './texts';

interface Sentences {
  [key: string]: string | Sentences;
}

/** A sentence of a catalogue that is loaded with what needs it, apart from the one every page has. */
export function sentenceIn(catalogue: Sentences, key: string, params: TextParams): string {
  const found = key.split('.').reduce<string | Sentences>((node, part) => (node as Sentences)[part]!, catalogue);
  return withPlurals(found as string, params).replace(/{{(\w+)}}/g, (_, name: string) => String(params[name]));
}
