/** Verbs by which a text asks for an answer. */
export const WRITE =
  '(?:balas|membalas|bls|blas|balasan|balaslah|ketik|mengetik|ketikan|kirim|kirimkan|tulis|jawab|reply|replying|text|send|type|answer|respond)';
export const FILLED =
  '(?: (?:dengan|kata|angka|huruf|nomor|kode|pesan|wa|chat|ini|saja|aja|the|word|number|letter|digit|with|back|us|kami)){0,3}';

export const FOR = '(?:untuk|utk|u|buat|jika|bila|kalau|kalo|agar|supaya|apabila|to|if)';
export const WHO =
  '(?: (?:anda|kamu|kakak|kak|ibu|bapak|ingin|mau|merasa|sudah|you|youre|are|would|want|wish|like|to|be)){0,4}';
export const END_IT =
  '(?:berhenti|stop|stopping|unsubscribe|unsub|unreg|opt out|optout|keluar|menghentikan|hentikan|batal langganan|batal berlangganan|' +
  '(?:nomor|nomer|kontak|data)(?:nya| anda| saya)? (?:dihapus|dikeluarkan)|(?:dihapus|dikeluarkan|removed|taken off)(?= (?:dari|from)\\b))';
/** What somebody wants none of; without it a word is about anything, such as not coming to a party. */
const NEWS =
  '(?:menerima|terima|nerima|dapat|dapet|mendapat|mendapatkan|dikirim|dikirimi|dikirimin|dihubungi|diganggu|berlangganan|langganan|' +
  'kami (?:hubungi|kirimi|kirimkan|kabari|chat|wa)|promo|promosi|pesan|info|receive|get|hear|messages|texts|promos)';
const GETTING =
  '(?:menerima|terima|nerima|dapat|dapet|mendapat|mendapatkan|dikirim|dikirimi|dikirimin|dihubungi|receive|receiving|get|getting|hear|hearing)';
const ABOUT =
  '(?: (?:promo|promosi|pesan|info|informasi|wa|ini|dari|kami|toko|messages?|texts?|promos?|from|us|our|these|this)){0,4}';
const NO = '(?:tidak|tdk|tak|gak|ga|nggak|not|dont|do not)';
const MORE = '(?:lagi|lg|any more|anymore)';
/** Wanting none, or none any more: who *got* none, `tidak dapat promo?`, may well want some. */
export const NO_NEWS =
  `(?:${NO}(?: ${MORE})? (?:mau|ingin|berkenan|bersedia|perlu|want|wish)(?: (?:lagi|lg|untuk|to|any|more|these|this|our)){0,3} ${NEWS}` +
  `|(?:no longer|${NO}(?: ${MORE})?) (?:minat|berminat|tertarik|interested)(?: (?:lagi|lg|untuk|to|in|any|more)){0,3} ${GETTING}` +
  `|(?:no longer|${NO} ${MORE})(?: (?:mau|ingin|want|wish|to|untuk|these|this|our)){0,3} ${NEWS}|${NO} ${NEWS}${ABOUT} ${MORE})`;
/** Nothing but messages: `berhenti merokok` is about something else. */
export const OF_THEM =
  '(?: (?:berlangganan|langganan|menerima|terima|dapat|dikirimi|dihubungi|dari|promo|promosi|pesan|info|informasi|wa|whatsapp|broadcast|' +
  'iklan|notifikasi|ini|lagi|lg|kami|toko|daftar|grup|the|receiving|getting|receive|from|this|these|any|more|our|us|messages|message|texts|' +
  'updates|newsletter|list|promos|promotions|anymore)){0,6}';
/** Once it is messages that end, whose they are may stand behind it: `promo Kopi Kita`. */
const WHOSE =
  '(?: (?:promo|promosi|pesan|info|informasi|broadcast|iklan|notifikasi|langganan|berlangganan|daftar|messages|texts|updates|newsletter|list)' +
  '(?: [\\p{L}\\p{N}&]{1,20}){1,5})?';
/** Messages that disturb; what else may, `jika jaringan terganggu`, is named before it. */
const BOTHERED = '(?:terganggu|(?:pesan|promo|info|wa|chat)(?: (?:ini|kami|dari kami)){0,2} (?:mengganggu|menganggu))';
export const GOAL = `(?:${END_IT}|${NO_NEWS}|${BOTHERED})${OF_THEM}${WHOSE}`;
/** A goal as somebody says or is asked it. */
export const REASON = `(?:${FOR}${WHO} ${GOAL}|(?:mau|ingin|want to) ${END_IT}${OF_THEM}|merasa ${BOTHERED})`;
const ENDS =
  '(?= ?(?:$|[\\n.,;:!?)|{/\\p{S}\\p{Extended_Pictographic}]| (?:ya|yah|kak|atau|or|dan|and|kapan|kapanpun|anytime|gratis|terima|thanks)\\b))';

export const A_WORD = '[\\p{L}\\p{N}]{1,20}';
/** One of two that mean the same: `TIDAK/NO`. */
const EITHER = `(${A_WORD}(?: ?/ ?${A_WORD}){0,2})`;
/** What is to be written behind the word: `TIDAK<spasi>NAMA`. */
const FORM = '(?: <spasi>(?: [\\p{L}\\p{N}#<>]{1,20}){1,2}){0,2}';
export const TO_US = '(?: (?:ke|to) (?:nomor |no |number )?(?:ini|this|kami|us))?';
export const BEFORE_WORD = `(?:(?:anda|kakak|kak|you|can|silakan|silahkan|cukup|mohon|harap|tolong|bisa|dapat|tinggal|please|just|kindly|simply) ){0,4}${WRITE}${FILLED}:? `;
const AFTER_WORD = `${FORM}(?= ?(?:$|[\\n.,;:!?)|]| (?:ya|yah|saja|aja|kak|ke|to|di|terima|thanks|now|sekarang)\\b))`;
/** Where the goal begins a sentence of its own, the word before it is for something else: `Balas HADIR, untuk berhenti: balas STOP`. */
const TELLS_NOTHING = `(?![^\\p{L}\\p{N}]{0,6}(?:${BEFORE_WORD}|klik|click|tekan|hubungi|https?|stop|berhenti|unsub))`;
const patterns = (...sources: string[]): RegExp[] => sources.map((source) => new RegExp(source, 'gmu'));

const namedFor = (goal: string): string[] => [
  // `Balas TIDAK untuk berhenti`
  `\\b${WRITE}${FILLED}:? (${A_WORD}(?:(?: | ?/ ?)${A_WORD}){0,2}?)${FORM}${TO_US} ${FOR}${WHO} ${goal}`,
  // `Balas TIDAK, untuk berhenti`
  `\\b${WRITE}${FILLED}:? (${A_WORD}(?:(?: | ?/ ?)${A_WORD}){0,2}?)${FORM},${TO_US} ${FOR}${WHO} ${goal}${TELLS_NOTHING}`,
  // `balas TIDAK = berhenti`
  `\\b${WRITE}${FILLED}:? ${EITHER} ?= ?${goal}`,
  // `Balas YA untuk ikut atau TIDAK untuk berhenti`
  `\\b${WRITE} [^\\n.!?]{1,80}?(?:(?:,| atau| or| dan| and) | ?/ ?)${EITHER}${FORM} ${FOR}${WHO} ${goal}`,
];
const OFFERS = patterns(
  ...namedFor(`${GOAL}${ENDS}`),
  // `Untuk berhenti, balas TIDAK`
  `\\b${REASON} ?[,:?]? ${BEFORE_WORD}${EITHER}${AFTER_WORD}`,
  // The same over two lines.
  `^${REASON} ?\\n ?${BEFORE_WORD}${EITHER}${AFTER_WORD}`,
  // `Berhenti? Balas 0`, `Unsubscribe: reply N`
  `(?:^|[.!?] )${END_IT}${OF_THEM} ?[:?] ${BEFORE_WORD}${EITHER}${AFTER_WORD}`,
);
// `Tidak mau promo lagi? Ketik 0`
const ASKED = patterns(`\\b${NO_NEWS}${OF_THEM}(?: ?[,:?]? | ?\\n ?)${BEFORE_WORD}${EITHER}${AFTER_WORD}`);

const UNWILLING = `(?:${NO}|kurang)(?: ${MORE})? (?:mau|ingin|berkenan|want|wish)(?: (?:it|this|these|ini|lagi|lg|any more|anymore)){0,2}`;
/** No interest, whatever in: in what is offered, or in hearing of it. Not wanting counts where nothing is named. */
export const NO_INTEREST =
  `(?:(?:${NO}|kurang)(?: (?:lagi|lg|ada|really))? (?:tertarik|minat|berminat|interested)\\b|(?:no longer |un)interested\\b|keberatan\\b` +
  `|${UNWILLING}${ENDS})`;
/** The same of a condition, behind which the word may follow at once: `jika tidak mau balas TIDAK`. */
export const IF_UNWILLING = `${FOR}${WHO} ${UNWILLING}`;
const DECLINES = patterns(...namedFor(NO_INTEREST));
const ASKED_TO_DECLINE = patterns(
  // `Balas 1 jika tertarik, 2 jika tidak`
  `\\b${WRITE} [^\\n.!?]{0,40}?(?:tertarik|minat|berminat|interested)[^\\n.!?]{0,40}?(?:,| atau| or| dan| and) (?:${WRITE} )?${EITHER} ${FOR} ${NO}${ENDS}`,
  // `Jika tidak tertarik, balas TIDAK`, `Tidak tertarik? Balas TIDAK`
  `\\b${NO_INTEREST}[^\\n.!?]{0,40}?(?: ?[,:?]? | ?[,:?]? ?\\n ?)${BEFORE_WORD}${EITHER}${AFTER_WORD}`,
  `\\b${IF_UNWILLING} ${BEFORE_WORD}${EITHER}${AFTER_WORD}`,
);
/** Whoever is asked whether they want none may be told to say so, or to say that they want some. */
const WANTED = new Set(
  'ya y iya yes mau ok oke info ikut daftar join resend ulang lagi beli order pesan promo'.split(' '),
);

/** Of the sentence, and no word to write. */
const NO_WORDS = new Set(
  'ini itu pesan wa chat kami us back kata dengan saja aja the a word with this message sms di ke to untuk link tautan tombol abaikan ignore'.split(
    ' ',
  ),
);

/** Reads a text as patterns do: in small letters, without marks and quotation marks, each blank one. */
export function plainly(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[<([{] ?(?:spasi|space) ?[>)\]}]|\bspasi\b|(?<=[\p{L}\p{N}])#(?=[\p{L}\p{N}<])/gu, ' <spasi> ')
    .replace(/[\p{Cf}\p{M}*_~`"'“”‘’«»()[\]]/gu, '')
    .replace(/[|¦\\]/g, '/')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?- ?/g, ' ');
}

const among = (plain: string, offers: readonly RegExp[]): string[] =>
  offers
    .flatMap((pattern) =>
      [...plain.matchAll(pattern)].flatMap(([, words = '']) => words.split(/ (?:atau|or|dan|and) | ?\/ ?/)),
    )
    .filter((word) => !word.split(' ').some((each) => NO_WORDS.has(each)));
const wantedNot = (word: string): boolean => !WANTED.has(word);

const GOAL_BEGINS = new RegExp(`,? ?\\n ?(?=${FOR}\\b)`, 'gu');
const GOES_ON = new RegExp(` ?\\n ?(?=\\p{Ll})(?!${WRITE}\\b)|(?<=[,:?]) ?\\n ?`, 'gu');

/** As it stands, and with the lines of one sentence as one: what goes on begins in small letters, or behind a comma and the like. */
function readings(text: string): string[] {
  const lines = text.replace(/[^\S\n]+/g, ' ');
  // A goal that begins a line may belong to what follows.
  const joined = lines.replace(GOAL_BEGINS, ', ').replace(GOES_ON, ' ');
  return joined === lines ? [plainly(text)] : [plainly(text), plainly(joined)];
}

/** The words a text names for hearing no more, in small letters: `tidak` of `Balas TIDAK untuk berhenti`. */
export function wordsNamed(text: string): string[] {
  const read = (plain: string): string[] => [...among(plain, OFFERS), ...among(plain, ASKED).filter(wantedNot)];
  return [...new Set(readings(text).flatMap(read))];
}

/**
 * Those it names for having no interest, `tidak` of `Balas TIDAK jika tidak tertarik`: it may be the offer they want none of,
 * or any. Whatever names something else to decline, `jika tidak bisa hadir`, is about that.
 */
export function wordsToDecline(text: string): string[] {
  const named = readings(text).flatMap((plain) => [
    ...among(plain, DECLINES),
    ...among(plain, ASKED_TO_DECLINE).filter(wantedNot),
  ]);
  const ends = new Set(wordsNamed(text));
  return [...new Set(named)].filter((word) => !ends.has(word));
}
