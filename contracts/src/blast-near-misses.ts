import { literalParts, slotsOf, variableName, type Slot } from './blast-template.ts';

/** Something that a customer would read as it stands, though it was meant to be filled in. */
export interface NearMiss {
  typed: string;
  /** How it is written here. */
  meant: string;
}

/** Other programs' brackets. Braces mean a variable whatever is in them; the others do where a name is in them. */
const BRACKETS: readonly { opens: string; closes: string; always: boolean }[] = [
  { opens: '${', closes: '}', always: true },
  { opens: '%(', closes: ')s', always: true },
  { opens: '#{', closes: '}', always: true },
  { opens: '{%', closes: '%}', always: true },
  { opens: '\\{', closes: '\\}', always: true },
  { opens: '{', closes: '}', always: true },
  { opens: '*|', closes: '|*', always: true },
  { opens: '%%', closes: '%%', always: false },
  { opens: '%', closes: '%', always: false },
  { opens: '[[', closes: ']]', always: false },
  { opens: '[', closes: ']', always: false },
  { opens: '<%=', closes: '%>', always: false },
  { opens: '<%', closes: '%>', always: false },
  { opens: '<<', closes: '>>', always: false },
  { opens: '<', closes: '>', always: false },
  { opens: '##', closes: '##', always: false },
  { opens: '#', closes: '#', always: false },
  { opens: '@@', closes: '@@', always: false },
  { opens: '__', closes: '__', always: false },
  { opens: '@', closes: '@', always: false },
  { opens: '$', closes: '$', always: false },
  { opens: '&lt;', closes: '&gt;', always: false },
  ...['«»', '⟨⟩', '❴❵', '⦃⦄', '〔〕', '「」', '『』', '《》', '〈〉'].map(([opens = '', closes = '']) => ({
    opens,
    closes,
    always: false,
  })),
  { opens: '‹', closes: '›', always: false },
  { opens: '＜', closes: '＞', always: false },
  { opens: '【', closes: '】', always: false },
  { opens: '［', closes: '］', always: false },
  { opens: '((', closes: '))', always: false },
  { opens: '::', closes: '::', always: false },
  { opens: '||', closes: '||', always: false },
  { opens: '^', closes: '^', always: false },
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
/** What people write in brackets where the name should stand. */
const CALLED =
  /^(?:(?:isi|tulis|masukkan|sebut)_nama|(?:your|client|user|recipient)_name|nama_(?:anda|kamu|kak|kakak|kakaknya|customer|konsumen|pembeli|penerima|panggilan|depan|belakang|member|klien|client|user|bapak|ibu))$/;
/** As people call what is here `outlet`. */
const CALLED_OUTLET = /^(?:nama_(?:outlet|toko|cabang|store|gerai)|(?:outlet|store|shop|branch)_name)$/;
/** `| upper`, `|| "Kak"`, `| default: "Kak"`: what other programs do with a value would be read as what to say instead. */
const FILTER =
  /\||^["'“‘].*["'”’]$|^(?:default|fallback|first|last|truncate|replace|upper|lower|upcase|downcase|capitalize|title|titlecase|ucfirst|trim|strip|escape|raw|safe)(?: *[:(].*)?$/u;
/** `$nama`, `@nama`, `%nama`, and what `printf` fills in. */
const BARE = /^(?:\$([\p{L}_][\p{L}\p{N}_]{0,39})|[@%](nama|name)(?![\p{L}\p{N}_.])|%(?:\d\$)?s(?![\p{L}\p{N}]))/iu;
/** One brace, or a brace and another bracket: `{nama`, `{!nama`, `[nama}`. */
const OPENED = /^\{[^\p{L}\p{N}\s{}]{0,3}([\p{L}_][\p{L}\p{N}_]{0,39})(?![\p{L}\p{N}_])/u;
const CLOSED = /(?<![\p{L}\p{N}_])([\p{L}_][\p{L}\p{N}_]{0,39})[^\p{L}\p{N}\s{}]{0,3}\}{1,2}$/u;
/** Longer than any name with what it says where the value is missing. Characters. */
const LONGEST = 110;

/**
 * Every near miss of a message, in order, each spelling once. `fields` are the contacts' own. Each character is looked at
 * a constant number of times.
 */
export function nearMissesOf(message: string, fields: Iterable<string>): NearMiss[] {
  const known = new Set([...NAMES, 'outlet', ...[...fields].map(variableName)]);
  const found = new Map<string, NearMiss>();
  for (const slot of slotsOf(message)) {
    if (FILTER.test(slot.fallback)) found.set(...filtered(slot));
    for (const miss of missesIn(slot.fallback, known, { follows: false, precedes: false })) found.set(miss.typed, miss);
  }
  for (const part of literalParts(message)) {
    for (const miss of missesIn(part.text, known, part)) found.set(miss.typed, miss);
  }
  return [...found.values()];
}

function filtered({ name, fallback }: Slot): [string, NearMiss] {
  const typed = `{{${name}|${fallback}}}`;
  const said = /["'“‘]([^"'“”‘’{}|]+)["'”’]/u.exec(fallback)?.[1]?.trim();
  return [typed, { typed, meant: said ? `{{${name}|${said}}}` : `{{${name}}}` }];
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
    const bare = BARE.exec(text.slice(at, at + 42));
    if (bare && isBareName(bare[1] ?? bare[2], text[at - 1], known)) {
      yield { typed: bare[0], meant: meantBy(bare[1] ?? 'nama') };
      at += bare[0].length;
      continue;
    }
    const half = halfAt(text, at);
    if (half && known.has(variableName(half.name))) {
      yield { typed: original.slice(half.from, half.to), meant: meantBy(half.name) };
      at = half.to;
      continue;
    }
    const alone = ['{{', '}}', '{}'].find((braces) => text.startsWith(braces, at));
    // A third brace beside a variable is read by everybody.
    const third = (follows && at === 0 && text[0] === '}') || (precedes && at === text.length - 1 && text[at] === '{');
    if (alone || third) yield { typed: aloneIn(original, at), meant: meantBy(aloneIn(text, at)) };
    at += alone?.length ?? 1;
  }
}

/** A name that a brace opens, or closes, and nothing does the other. */
function halfAt(text: string, at: number): { name: string; from: number; to: number } | null {
  if (text[at] !== '{' && text[at] !== '}') return null;
  const opened = OPENED.exec(text.slice(at, at + 48));
  if (opened) return { name: opened[1]!, from: at, to: at + opened[0].length };
  const to = at + (text[at + 1] === '}' ? 2 : 1);
  const closed = text[at] === '}' ? CLOSED.exec(text.slice(Math.max(0, to - 48), to)) : null;
  return closed && { name: closed[1]!, from: to - closed[0].length, to };
}

function endOf(text: string, at: number, { opens, closes }: { opens: string; closes: string }): number {
  const from = at + opens.length;
  const end = text.slice(from, from + LONGEST).indexOf(closes);
  return end <= 0 ? -1 : from + end;
}

/** `100%s` is no variable, nor is `US$nama`. */
function isBareName(name: string | undefined, before: string | undefined, known: ReadonlySet<string>): boolean {
  if (before !== undefined && /[\p{L}\p{N}%$]/u.test(before)) return false;
  return name === undefined || known.has(variableName(name));
}

function isMeant(inside: string, always: boolean, known: ReadonlySet<string>): boolean {
  const name = nameIn(inside);
  if (name === null) return false;
  const joined = name.replace(/[ -]+/g, '_');
  return always || known.has(name) || known.has(joined) || CALLED.test(joined) || CALLED_OUTLET.test(joined);
}

/** `contact.nama`, `nama, Kak`, `"nama"`, `{nama`: the name in it; `null` where there is none. */
function nameIn(inside: string): string | null {
  const [first = ''] = inside.replace(/[{}'"“”‘’]/gu, ' ').split(/[,;|:/]/u);
  const name = first
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(/^(?:contact|kontak|customer|pelanggan|user|data|recipient|penerima)\./iu, '');
  return /^[\p{L}\p{N}_][\p{L}\p{N}_ .-]{0,39}$/u.test(name) ? variableName(name) : null;
}

function meantBy(inside: string): string {
  const name = nameIn(inside);
  if (name === null) return '{{nama}}';
  const [, fallback] = inside.replace(/[{}]/gu, '').split(/[,;|:/]/u);
  const joined = name.replace(/[ -]+/g, '_');
  const short = NAMES.includes(joined) || CALLED.test(joined) ? 'nama' : CALLED_OUTLET.test(joined) ? 'outlet' : name;
  return fallback?.trim() ? `{{${short}|${fallback.trim()}}}` : `{{${short}}}`;
}

/** What stands beside braces that open or close nothing. */
function aloneIn(text: string, at: number): string {
  if (text.startsWith('{}', at)) return '{}';
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
