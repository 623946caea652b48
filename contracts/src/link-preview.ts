import { plainValue } from './plain-text.ts';

/** What a phone shows above a message with a link. */
export interface LinkPreview {
  /** The link as it stands in the message. */
  matchedText: string;
  title: string;
  /** Where the link leads, without what is only for the server. */
  description: string;
}

/** As much as a phone shows. Characters. */
const LONGEST = 90;
const LINK = /^(?:https?:\/\/|www\.)[^\s]/iu;
const BEFORE: ReadonlySet<string | undefined> = new Set(`("'“‘<[*_~\``);
const AFTER: ReadonlySet<string | undefined> = new Set(`.,;:!?"'”’>`);
/** What leads over to a link. */
const LEADS: ReadonlySet<string | undefined> = new Set(' :–—-→>👉👇');
const STYLE = /[*_~`]+/gu;

/**
 * Of the first link of a message, made of its words alone: nothing is asked for, since whoever wrote the link could make us ask.
 * `null` where no link stands in it.
 */
export function linkPreviewOf(text: string): LinkPreview | null {
  const lines = text.split('\n');
  for (const [index, line] of lines.entries())
    for (const word of line.split(/\s+/u)) {
      const matchedText = bareLink(word);
      const url = matchedText && addressOf(matchedText);
      if (!url) continue;
      const where = url.hostname.replace(/^www\./u, '');
      const title = headingOf(line) ?? lines.slice(0, index).reverse().map(headingOf).find(Boolean) ?? where;
      return { matchedText, title: short(title), description: short(`${where}${pathOf(url)}`) };
    }
  return null;
}

/** Without what a sentence puts around it. */
function bareLink(word: string): string {
  let from = 0;
  while (BEFORE.has(word[from])) from++;
  const [leading, rest] = [word.slice(0, from), word.slice(from)];
  // An address may have brackets of its own, in pairs, and end with a mark that styles nothing.
  const surplus = new Map(
    ['()', '[]'].map(([opening = '', closing = '']) => [
      closing,
      rest.split(closing).length - rest.split(opening).length,
    ]),
  );
  let to = rest.length;
  for (let last = rest.at(-1); last !== undefined; last = rest[to - 1]) {
    const left = surplus.get(last) ?? 0;
    if (left > 0) surplus.set(last, left - 1);
    else if (!AFTER.has(last) && !leading.includes(last)) break;
    to--;
  }
  const bare = rest.slice(0, to);
  return LINK.test(bare) ? bare : '';
}

function withoutLast(marks: ReadonlySet<string | undefined>, text: string): string {
  const characters = [...text];
  while (characters.length > 0 && marks.has(characters.at(-1))) characters.pop();
  return characters.join('');
}

function addressOf(link: string): URL | null {
  const whole = link.includes('://') ? link : `https://${link}`;
  if (!URL.canParse(whole)) return null;
  const url = new URL(whole);
  // What names somebody before the host looks like another place than it is.
  return url.hostname.includes('.') && url.username === '' && url.password === '' ? url : null;
}

/** What a line says beside its links; `null` where that is nothing. */
function headingOf(line: string): string | null {
  const words = line.split(/\s+/u).filter((word) => bareLink(word) === '');
  let said = withoutLast(LEADS, plainValue(words.join(' ').replace(STYLE, '')));
  while (BEFORE.has(said[0])) said = said.slice(1);
  return /[\p{L}\p{N}]/u.test(said) ? said : null;
}

function pathOf({ pathname }: URL): string {
  const path = pathname.replace(/\/$/u, '');
  try {
    return plainValue(decodeURI(path));
  } catch {
    return path;
  }
}

function short(text: string): string {
  const characters = [...text];
  return characters.length > LONGEST
    ? `${characters
        .slice(0, LONGEST - 1)
        .join('')
        .trimEnd()}…`
    : text;
}
