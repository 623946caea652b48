/** Verbs by which a text asks for an answer. */
export const WRITE =
  '(?:balas|balasan|balaslah|ketik|ketikan|kirim|kirimkan|tulis|jawab|reply|replying|text|send|type|answer|respond)';
export const FILLED = '(?: (?:dengan|kata|pesan|wa|chat|ini|saja|aja|the|word|with|back|us|kami)){0,3}';

const FOR = '(?:untuk|utk|u|buat|jika|bila|kalau|kalo|agar|supaya|apabila|to|if)';
const WHO = '(?: (?:anda|kamu|kakak|kak|ibu|bapak|ingin|mau|you|would|want|wish|like|to)){0,4}';
const END_IT =
  '(?:berhenti|stop|stopping|unsubscribe|opt out|optout|keluar|menghentikan|hentikan|batal langganan|batal berlangganan)';
/** What somebody wants none of; without it a word is about anything, such as not coming to a party. */
const NO_NEWS =
  '(?:tidak|tdk|tak|gak|ga|nggak|no longer|not|dont|do not)(?: (?:lagi|lg|mau|ingin|berkenan|bersedia|want|wish|to|untuk|any|more)){0,4} ' +
  '(?:menerima|terima|nerima|dapat|dapet|mendapat|mendapatkan|dikirim|dikirimi|dikirimin|dihubungi|diganggu|berlangganan|langganan|' +
  'promo|promosi|pesan|info|receive|get|hear|messages|texts|promos)';
/** Nothing but messages: `berhenti merokok` is about something else. */
const OF_THEM =
  '(?: (?:berlangganan|langganan|menerima|terima|dapat|dikirimi|dihubungi|dari|promo|promosi|pesan|info|informasi|wa|whatsapp|broadcast|' +
  'iklan|notifikasi|ini|lagi|lg|kami|toko|daftar|grup|the|receiving|getting|receive|from|this|these|any|more|our|us|messages|message|texts|' +
  'updates|newsletter|list|promos|promotions|anymore)){0,6}';
const GOAL = `(?:${END_IT}|${NO_NEWS})${OF_THEM}`;
const ENDS = '(?= ?(?:$|[\\n.,;:!?)|]| (?:ya|yah|kak|atau|or|dan|and|kapan|kapanpun|anytime|terima|thanks)\\b))';

const A_WORD = '[\\p{L}\\p{N}]{1,20}';
const OFFERS = [
  // `Balas TIDAK untuk berhenti`
  `\\b${WRITE}${FILLED}:? (${A_WORD}(?: ${A_WORD}){0,2}?),? ${FOR}${WHO} ${GOAL}${ENDS}`,
  // `Balas YA untuk ikut atau TIDAK untuk berhenti`
  `\\b${WRITE} [^\\n.!?]{1,80}?(?:,| atau| or| dan| and) (${A_WORD}) ${FOR}${WHO} ${GOAL}${ENDS}`,
  // `Untuk berhenti, balas TIDAK`; `Tidak mau promo lagi? Ketik 0`
  `\\b(?:${FOR}${WHO} ${GOAL}|(?:mau|ingin|want to) ${END_IT}${OF_THEM}|${NO_NEWS}${OF_THEM}) ?[,:?]? (?:silakan |silahkan |cukup |please |just )?${WRITE}${FILLED}:? (${A_WORD})(?= ?(?:$|[\\n.,;:!?)|]| (?:ya|yah|saja|aja|kak|ke|to|di|terima|thanks|now|sekarang)\\b))`,
].map((pattern) => new RegExp(pattern, 'gmu'));

/** Of the sentence, and no word to write. */
const NO_WORDS = new Set(
  'ini itu pesan wa chat kami us back kata dengan saja aja the a word with this message sms di ke to untuk link tautan tombol'.split(
    ' ',
  ),
);

/** Reads a text as patterns do: in small letters, without marks and quotation marks, each blank one. */
export function plainly(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Cf}\p{M}*_~`"'“”‘’«»()[\]]/gu, '')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?- ?/g, ' ');
}

/** The words a text names for hearing no more, in small letters: `tidak` of `Balas TIDAK untuk berhenti`. */
export function wordsNamed(text: string): string[] {
  const plain = plainly(text);
  const named = OFFERS.flatMap((pattern) => [...plain.matchAll(pattern)].map(([, word = '']) => word));
  return [...new Set(named)].filter((word) => !word.split(' ').some((each) => NO_WORDS.has(each)));
}
