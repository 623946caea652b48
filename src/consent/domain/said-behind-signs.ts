/** Longer ones say more than a word. UTF-16 units. */
const LONGEST = 600;
/** A mail's line about what it quotes: `Pada Jum, 27 Nov, Toko menulis:`. */
const MAIL_QUOTES = /^(?:on|pada)\b.{1,80}\b(?:wrote|menulis) ?:$/iu;
const QUOTED = /^[^\S\n]*>/;
/** Somebody's own answer, as mails call it. */
const REPLY = /^(?:re|bls|balasan) ?: ?(?=\S)/iu;

/** `1.`, `2)`, `(3)`, `4 =`, `5 (`, `#1:`, `1️⃣`, `①`, `a)`, `ii.`; no `1.500` and no `10:30`. */
const NUMBER =
  /^(?:[([]?#?\d{1,2} ?(?:[)\]}=>–—-]+|[.:/|](?!\d)|(?=\())|#\d{1,2}|\d\u{fe0f}?\u20e3|[\u2460-\u2473\u2776-\u277f]|[([]?(?:[a-h]|i{1,3}|iv)[)\].])[.:]? ?(?=\S)/iu;
/** `Nomor 2:`, `opsi 1 -`, `pilih 2.` */
const NAMED_NUMBER =
  /^(?:no|nomor|nomer|opsi|pilihan|pilih|poin|option|choice|balas|bls|jawab|jawaban|reply)[. ]{0,2}\d{1,2} ?[.:)=–—-]+ ?(?=\S)/iu;
const LISTED = [NUMBER, NAMED_NUMBER];

/** As mails, phones and messages that were copied say that somebody passes them on. */
const PASSED_ON =
  /^(?:(?:fwd?|forward|forwarded(?: many times)?(?: message)?|terusan|diteruskan(?: berkali[- ]kali)?|pesan (?:terusan|yang diteruskan))[ *_]*(?:[:>\n]|[-–—]+)|\[\d{1,2}[^\]\n]{3,25}\] ?[^:\n]{1,40}:)\s*(?=\S)/iu;
/** A name before a colon: whose words follow nobody can tell. */
const NAMED = /^[\p{L}\p{N}][\p{L}\p{N} .'-]{0,24} ?:\s*(?=\S)/u;
/** A number or mark with no sign behind it: it may be of a list, or an order. */
const UNSIGNED = /^(?:(?:(?:no|nomor|nomer|opsi|pilihan|option)[. ]{1,2})?\d{1,2}|fwd?|re) (?=\p{L})/iu;
const SIGNS = /^[^\p{L}\p{N}[(#]+/u;

/** What a message says without what stands before its words, at least one text. */
export interface Said {
  texts: readonly string[];
  /**
   * Whose words they are: the writer's own; those of a list, each of which has to say the same to count; or those that
   * somebody may only have passed on.
   */
  by: 'writer' | 'list' | 'somebody';
}

/**
 * What a message says behind the signs of a quote, of an answer, of a list or of being passed on: `STOP` of `Re: STOP`, of
 * `1. STOP` and of `Fwd: STOP`. `null` where nothing of the kind stands before it.
 */
export function saidBehindSigns(message: string): Said | null {
  const whole = message.trim();
  const unquoted = withoutQuotes(whole);
  if (unquoted.length > LONGEST) return null;
  const answer = without(unquoted, [REPLY]);
  const lines = answer.split('\n');
  const bare = lines.map((line) => without(line, LISTED));
  const items = bare.filter((line, at) => line !== lines[at]);
  const listed = bare.join('\n');
  const own = without(listed, [PASSED_ON, REPLY, ...LISTED, NAMED]).replace(UNSIGNED, '');
  if (items.length > 1) return { texts: bare.filter((line) => line.trim() !== ''), by: 'list' };
  if (own !== listed) return { texts: [own], by: 'somebody' };
  if (items.length > 0) return { texts: [listed], by: 'list' };
  return answer === whole ? null : { texts: [answer], by: 'writer' };
}

/** Of a message that quotes and adds something, what is added. */
function withoutQuotes(message: string): string {
  const lines = message.split(/\r?\n/).filter((line) => !QUOTED.test(line) && !MAIL_QUOTES.test(line.trim()));
  const own = lines.join('\n').trim();
  return own === '' ? message : own;
}

/** `Fwd: Fwd: 1. STOP`; signs alone tell nothing. */
function without(text: string, marks: readonly RegExp[]): string {
  const bare = text.replace(SIGNS, '');
  const mark = marks.find((pattern) => pattern.test(bare));
  return mark ? without(bare.replace(mark, ''), marks) : text;
}
