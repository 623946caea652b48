import { literalParts, variableName } from './blast-template.ts';

/** Something that a customer would read as it stands, though it was meant to be filled in. */
export interface NearMiss {
  typed: string;
  /** How it is written here. */
  meant: string;
}

/** Other programs' brackets. Braces mean a variable whatever is in them; the others do where a name is in them. */
const BRACKETS: readonly { opens: string; closes: string; always: boolean }[] = [
  { opens: '${', closes: '}', always: true },
  { opens: '#{', closes: '}', always: true },
  { opens: '{%', closes: '%}', always: true },
  { opens: '{', closes: '}', always: true },
  { opens: '*|', closes: '|*', always: true },
  { opens: '%%', closes: '%%', always: false },
  { opens: '%', closes: '%', always: false },
  { opens: '[[', closes: ']]', always: false },
  { opens: '[', closes: ']', always: false },
  { opens: '<<', closes: '>>', always: false },
  { opens: '<', closes: '>', always: false },
  { opens: '##', closes: '##', always: false },
  { opens: '#', closes: '#', always: false },
  { opens: '@@', closes: '@@', always: false },
  { opens: '__', closes: '__', always: false },
];
/** As other programs call what is here `nama`. */
const NAMES = [
  'nama',
  'name',
  'nama_lengkap',
  'nama_pelanggan',
  'pelanggan',
  'customer',
  'customer_name',
  'contact_name',
  'full_name',
  'fullname',
  'fname',
  'first_name',
  'firstname',
  'last_name',
  'lname',
  'nama_kontak',
];
/** Longer than any name with what it says where the value is missing. Characters. */
const LONGEST = 110;

/**
 * Every near miss of a message, in order, each spelling once. `fields` are the contacts' own. Each character is looked at
 * a constant number of times.
 */
export function nearMissesOf(message: string, fields: Iterable<string>): NearMiss[] {
  const known = new Set([...NAMES, 'outlet', ...[...fields].map(variableName)]);
  const found = new Map<string, NearMiss>();
  for (const part of literalParts(message)) {
    for (const miss of missesIn(part.text, known, part)) found.set(miss.typed, miss);
  }
  return [...found.values()];
}

function* missesIn(
  original: string,
  known: ReadonlySet<string>,
  { follows, precedes }: { follows: boolean; precedes: boolean },
): Generator<NearMiss> {
  // Braces of other widths are braces to whoever types them.
  const text = original.replace(/[｛﹛]/gu, '{').replace(/[｝﹜]/gu, '}');
  for (let at = 0; at < text.length;) {
    const bracket = BRACKETS.find(({ opens }) => text.startsWith(opens, at));
    const end = bracket ? endOf(text, at, bracket) : -1;
    const inside = bracket && end !== -1 ? text.slice(at + bracket.opens.length, end) : '';
    if (bracket && end !== -1 && isMeant(inside, bracket.always, known)) {
      let after = end + bracket.closes.length;
      while (text[at] === '{' && text[after] === '}') after++;
      yield { typed: original.slice(at, after), meant: meantBy(inside) };
      at = after;
      continue;
    }
    const alone = ['{{', '}}'].find((braces) => text.startsWith(braces, at));
    // A third brace beside a variable is read by everybody.
    const third = (follows && at === 0 && text[0] === '}') || (precedes && at === text.length - 1 && text[at] === '{');
    if (alone || third) yield { typed: aloneIn(original, at), meant: meantBy(aloneIn(text, at)) };
    at += alone?.length ?? 1;
  }
}

function endOf(text: string, at: number, { opens, closes }: { opens: string; closes: string }): number {
  const from = at + opens.length;
  const end = text.slice(from, from + LONGEST).indexOf(closes);
  return end <= 0 ? -1 : from + end;
}

function isMeant(inside: string, always: boolean, known: ReadonlySet<string>): boolean {
  const name = nameIn(inside);
  if (name === null) return false;
  return always || known.has(name) || known.has(name.replace(/[ -]/g, '_'));
}

/** `contact.nama`, `nama, Kak`, `"nama"`, `{nama`: the name in it; `null` where there is none. */
function nameIn(inside: string): string | null {
  const [first = ''] = inside.replace(/[{}'"“”‘’]/gu, ' ').split(/[,;|:]/u);
  const name = first
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(/^(?:contact|kontak|customer|pelanggan|user|data|recipient|penerima)\./iu, '');
  return /^[\p{L}\p{N}_][\p{L}\p{N}_ .-]{0,39}$/u.test(name) ? variableName(name) : null;
}

function meantBy(inside: string): string {
  const name = nameIn(inside);
  if (name === null) return '{{nama}}';
  const [, fallback] = inside.replace(/[{}]/gu, '').split(/[,;|:]/u);
  const short = NAMES.includes(name.replace(/[ -]/g, '_')) ? 'nama' : name;
  return fallback?.trim() ? `{{${short}|${fallback.trim()}}}` : `{{${short}}}`;
}

/** What stands beside braces that open or close nothing. */
function aloneIn(text: string, at: number): string {
  const line = text.slice(at, at + 24).split('\n')[0] ?? '';
  return text.startsWith('}', at)
    ? `${
        text
          .slice(Math.max(0, at - 12), at)
          .split('\n')
          .at(-1) ?? ''
      }}}`.slice(-14)
    : line;
}
