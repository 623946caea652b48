import { FILLED, WRITE } from '@koneksi/contracts/own-way-out';
import type { OptOutKeyword } from '@koneksi/contracts/opt-outs';

/** Whole messages that mean it, in lower case and without what `essence` takes away. */
const PHRASES: Record<OptOutKeyword, readonly string[]> = {
  STOP: [
    'stop',
    'setop',
    'stop promo',
    'stop promosi',
    'stop iklan',
    'stop spam',
    'stop wa',
    'stop pesan',
    'stop kirim',
    'stop kirim pesan',
    'stop kirim promo',
    'stop broadcast',
    'stop blast',
    'stop all',
    'stop semua',
    'stop langganan',
    'stop messages',
    'stop sending messages',
    'jangan kirim lagi',
    'jangan kirim pesan lagi',
    'jangan kirim promo lagi',
    'jangan kirim wa lagi',
    'jangan wa lagi',
    'jangan wa saya lagi',
    'jangan hubungi saya lagi',
    'opt out',
    'optout',
    'stopall',
    'stop all messages',
    'stop sms',
    'stop chat',
    'stop hubungi saya',
    'stop ganggu',
    'stop it',
    'stop this',
    'stop ini',
    'di stop',
    'distop',
    'minta stop',
    'mau stop',
    'saya mau stop',
    'saya stop',
    'cancel',
    'cancel all',
    'quit',
    'end',
    'st0p',
    '5top',
    'sotp',
    'stpo',
    'tsop',
    'stob',
    'stp',
    'remove me',
    'hapus nomor saya',
    'hapus nomor ini',
    'stop sending',
    'stop semuanya',
    'stop mengirim',
    'stop mengirim pesan',
    'stop promonya',
    'sudah stop',
    'udah stop',
    'remove',
    'jangan ganggu',
    'jangan ganggu lagi',
    'jangan ganggu saya',
    'jangan spam',
    'jangan spam lagi',
    'jangan promo lagi',
    'revoke',
    'stopkan',
    'stop kan',
    'stopin',
    'setopin',
    'off promo',
    'off wa',
    'promo off',
  ],
  BERHENTI: [
    'berhenti',
    'brhenti',
    'brenti',
    'berenti',
    'bernti',
    'henti',
    'hentikan',
    'hentikan pesan',
    'hentikan promo',
    'saya mau berhenti',
    'mau berhenti',
    'ingin berhenti',
    'saya ingin berhenti',
    'berhenti langganan',
    'berhenti berlangganan',
    'berhenti kirim',
    'berhenti kirim pesan',
    'berhenti promo',
    'berhenti wa',
    'berhneti',
    'berhenit',
    'bernhenti',
    'behenti',
    'berhent',
    'bherhenti',
    'minta berhenti',
    'berhenti semua',
    'berhenti mengirim',
    'berhenti mengirim pesan',
    'berhentikan',
    'berhentikan pesan',
    'berhentikan pesan ini',
    'dihentikan',
    'dihentikan pesannya',
    'dihentikan pengirimannya',
    'hentikan pesan ini',
    'hentikan promo ini',
    'hentikan pengiriman',
    'hentikan pengirimannya',
    'hentikan pengiriman ini',
    'hentikan pengiriman pesan',
    'hentikan pengiriman pesan ini',
  ],
  UNSUBSCRIBE: [
    'unsubscribe',
    'unsubscribed',
    'unsubcribe',
    'unsubscribe me',
    'un subscribe',
    'un subscribed',
    'unsub',
    'unreg',
    'unreg promo',
    'unregister',
    'batal langganan',
    'batal berlangganan',
    'batalkan langganan',
    'unsubscibe',
    'unsuscribe',
    'unsubsribe',
    'unsubscrib',
    'unsubcribe me',
    'unreg all',
  ],
};

/** Courtesies and particles around the word; with the negating `jangan` among them a message would lose its sense. */
const COURTESIES = new Set(
  (
    'tolong tlg mohon mhn please pls plis plz dong donk ya yah ka kak kakak min admin gan sis sist bang bg om tante mas mba mbak ' +
    'pak bu buk bos bro halo hai hi hello hey aja saja deh sekarang skrg thanks thx makasih terimakasih terima kasih trims tq ' +
    'thank you maaf sori sorry assalamualaikum assalamu alaikum selamat pagi siang sore malam good morning afternoon evening'
  )
    .split(' ')
    .map(withoutRepeats),
);

/** With what somebody begins who does as they were told. */
const ASSENTS = wordsOf('ok oke okay okey okeh baik baiklah siap');

const KEYWORDS = new Map(
  Object.entries(PHRASES).flatMap(([keyword, phrases]) =>
    phrases.map((phrase) => [withoutRepeats(phrase), keyword as OptOutKeyword] as const),
  ),
);

/** Of one word, as thumbs that miss a key or a turn write it. */
const MISTYPED: readonly (readonly [RegExp, OptOutKeyword])[] = [
  [/^(?:[adwezx]top|s[ryfg]op|st[ikl9]p|sto[l0]|[a-z]?stop[a-z]?|st op|sto p|s top)$/, 'STOP'],
];
/** Longer words may be mistyped more than once, and are nothing else for all that. */
const LONG_WORDS: readonly (readonly [word: string, most: number, OptOutKeyword])[] = [
  ['berhenti', 1, 'BERHENTI'],
  ['hentikan', 1, 'BERHENTI'],
  ['unsubscribe', 2, 'UNSUBSCRIBE'],
];
const BETWEEN = new Set(['atau', 'or', 'dan', 'and']);
/** What may stand before the word of somebody who wishes it. */
const I_WANT = wordsOf('saya sy aku gue gw gua kami di mau ingin pengen minta harap i want wish would like to');
const STOPS = wordsOf(
  'stop setop distop stopkan stopin setopin dihentikan berhenti brenti berenti henti hentikan unsubscribe unsub unreg',
);
/** Of nothing but these the rest of a sentence speaks that begins with the word: of messages, and of who gets them. */
const OF_MESSAGES = wordsOf(
  'kirim kirim2 kirimi kirimin kirimkan mengirim mengirimi mengirimkan ngirim ngirimin dikirim dikirimi dikirimin menerima terima ' +
    'nerima dapat dapet hubungi hubungin menghubungi dihubungi contacting contact wa whatsapp chat ngechat sms telpon nelpon ' +
    'menelepon call calling text texting message messaging messages msg texts sending send email emailing receiving getting ' +
    'me us my saya sy aku gue gw gua kami ke nomor nomer no number ini this these it that those to any more anymore lagi lg ' +
    'terus semua all pesan promo promosi promotion promotions promos promotional iklan broadcast blast notif notifikasi ' +
    'notification notifications info informasi penawaran tawaran nawarin menawarkan menawari marketing newsletter newsletters ' +
    'ads advertising spam spamming nyepam ganggu mengganggu menganggu bothering annoying ' +
    'update updates katalog dari from the your you anda kalian kamu dan atau or and dl nya',
);

/** The keyword this message amounts to, as a whole: `STOP` for `Tolong stopp!! 🙏` and `STOP STOP`, else `null`. */
export function keywordOf(message: string): OptOutKeyword | null {
  const said = essence(message);
  const words = said.split(' ');
  // Said over and over it is one word all the same.
  const once = words.length > 1 && new Set(words).size === 1 ? words[0]! : said;
  return KEYWORDS.get(once) ?? allOf(words) ?? mistyped(once) ?? aboutMessages(words);
}

function mistyped(said: string): OptOutKeyword | null {
  const short = MISTYPED.find(([pattern]) => pattern.test(said));
  if (short) return short[1];
  // `subscribe` is no mistyped `unsubscribe`.
  return LONG_WORDS.find(([word, most]) => said[0] === word[0] && distance(said, word, most) <= most)?.[2] ?? null;
}

/** `stop marketing messages`, `saya ingin berhenti menerima promo`: by its first word, where the rest is about nothing else. */
function aboutMessages(words: readonly string[]): OptOutKeyword | null {
  const at = words.findIndex((word) => !I_WANT.has(word));
  if (at < 0 || !STOPS.has(words[at]!)) return null;
  const isOfMessages = (word: string): boolean =>
    [word, word.replace(/nya$/, ''), word.replace(/ya$/, '')].some(
      (each) => OF_MESSAGES.has(each) || COURTESIES.has(each),
    );
  return words.slice(at + 1).every(isOfMessages) ? (KEYWORDS.get(words[at]!) ?? null) : null;
}

/** Letters changed, missing, too many or turned around; more than `most` where the lengths tell. */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let [before, last]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isTurned = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(Math.min(last![j]! + 1, row[j - 1]! + 1, change, isTurned ? before![j - 2]! + 1 : change));
    }
    [before, last] = [last!, row];
  }
  return last!.at(-1)!;
}

/** Between alternatives. */
const OR = /[|¦/\\]|(?<![\p{L}\p{N}])(?:atau|or)(?![\p{L}\p{N}])/giu;
const YES = wordsOf('ya iya yes y ok oke oke lanjut mau ikut');

/** What somebody names beside each other, `TIDAK/NO` or `ya atau tidak`; one where there is no choice, as in `Pak/Bu, tidak`. */
export const choicesOf = (text: string): string[] =>
  text.split(OR).filter((each) => essence(each) !== '' || spoken(each).some((word) => YES.has(withoutRepeats(word))));

/** `YA/STOP`: whoever writes down a choice has not made it. */
export const isChoiceWithYes = (text: string): boolean => {
  const choices = choicesOf(text);
  return choices.length > 1 && choices.some((each) => spoken(each).every((word) => YES.has(withoutRepeats(word))));
};

/** `STOP BERHENTI UNSUBSCRIBE`, `STOP atau BERHENTI` */
function allOf(said: readonly string[]): OptOutKeyword | null {
  const words = said.filter((word) => !BETWEEN.has(word));
  const keywords = words.map((word) => KEYWORDS.get(word));
  return words.length > 1 && keywords.every((keyword) => keyword !== undefined) ? keywords[0]! : null;
}

/** What is said but for courtesies around it: `tidak` of `Tidak kak, makasih 🙏`. */
export function essence(message: string): string {
  return withoutCourtesies(spoken(message)).map(withoutRepeats).join(' ');
}

/** The words of a message in small letters, as they are written. */
export function spoken(message: string): string[] {
  const words = message
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Cf}\p{M}]/gu, '')
    // `don't`
    .replace(/(?<=\p{L})['’ʼ](?=\p{L})/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  // `S T O P`
  return words.length > 2 && words.every((word) => word.length === 1) ? [words.join('')] : words;
}

export function withoutCourtesies(words: readonly string[]): string[] {
  const isCourtesy = (word: string): boolean => COURTESIES.has(withoutRepeats(word));
  const first = words.findIndex((word) => !isCourtesy(word) && !ASSENTS.has(withoutRepeats(word)));
  return first < 0 ? [] : words.slice(first, words.findLastIndex((word) => !isCourtesy(word)) + 1);
}

/** `STOP` of `STOP. Thank you` and of a first line; what follows is courtesy or more of the same. */
export function firstSaying(message: string): string {
  return message
    .trimStart()
    .split(/[\n\r.!,;:]/, 1)[0]!
    .slice(0, 80);
}

function wordsOf(list: string): Set<string> {
  return new Set(list.split(' ').map(withoutRepeats));
}

/** `stopppp` is `stop`. */
export function withoutRepeats(text: string): string {
  return text.replace(/(\p{L})\1+/gu, '$1');
}

/** Who begins as we tell them to, and goes on. */
const AS_TOLD = new RegExp(
  String.raw`^(?:(?:ok|oke|kak|min|ya|tolong|mohon|saya) )*${WRITE}${FILLED} (?:stop|setop|berhenti|unsubscribe|unsub|unreg)\b(?! kontak\b)`,
);

/** What of a message makes a person look at it: our word for it, and how it is recognised in plain words. */
export const REFUSAL_WORDS: readonly (readonly [word: string, pattern: RegExp])[] = [
  [
    'jangan kirim',
    /^(?:please |tolong |mohon )?(?:jangan|jgn|dont|do not) (?:kirim|kirimi|wa|chat|hubungi|sms|telpon|telepon|nelpon|text|message|call|contact|send)$/,
  ],
  ['stop', /^cease\b|^(?:please |pls )*no more(?: please| pls)?$/],
  ['stop', AS_TOLD],
  [
    'nonaktifkan',
    /\b(?:nonaktifkan|non aktifkan|matikan|turn off)\b(?=.*\b(?:nomor|nomer|number|promo|promonya|pesan|broadcast|notif|notifikasi|langganan|notifications|messages)\b)/,
  ],
  [
    'stop',
    /^(?:tolong |mohon |please |kak |min |pls |ok |oke )*(?:stop|setop|berhenti|brenti|henti|hentikan|unsub|cancel|quit)\b(?! by\b.*\bstore)/,
  ],
  ['stop', /\b(?:mau|minta|ingin|pengen|tolong|mohon|want to|please) (?:di ?)?(?:stop|berhenti|hentikan)\b/],
  [
    'unsubscribe',
    /\b(?:unsubscribe|unsub|opt out|optout|unreg|berhenti langganan|berhenti berlangganan|stop langganan)\b/,
  ],
  [
    'jangan kirim',
    /\b(?:jangan|jgn|ga usah|gak usah|tidak usah|dont|do not) (?:\w+ )?(?:kirim|kirimi|kirimin|wa|chat|hubungi|sms|telpon|telepon|nelpon|send|message|text|contact|call)\b(?=.*\b(?:lagi|promo|pesan|wa|chat|saya|me|terus)\b)/,
  ],
  [
    'hapus nomor',
    /\b(?:hapus|hapuskan|delete|remove|keluarkan)\b.*\b(?:nomor|nomer|number|kontak|contact|data saya|data ku|list|daftar|grup)\b/,
  ],
  [
    'tidak minat',
    /\b(?:tidak|tdk|gak|ga|gk|nggak|ngga|enggak|tak|not|no longer) (?:ada )?(?:minat|berminat|tertarik|interested)\b/,
  ],
  [
    'tidak mau',
    /\b(?:tidak|tdk|gak|ga|gk|nggak|ngga|dont|do not) (?:mau|ingin|want)\b(?=.*\b(?:promo|pesan|wa|chat|iklan|lagi|message|messages|texts)\b)/,
  ],
  ['hapus nomor', /^(?:hapus|hapus saja|hapus aja|delete|delete me|out|off)$/],
  ['hapus nomor', /\bremove\b$/],
  [
    'jangan promo',
    /\b(?:jangan|jgn|jangan ada|no|no more|ga usah|gak usah) (?:promo|promosi|iklan|broadcast|ads|promos)\b/,
  ],
  [
    'cukup',
    /\b(?:cukup|capek|cape|capai|bosan|bosen|muak|kesal|kesel|enough|tired)\b(?=.*\b(?:promo|promonya|wa|chat|pesan|pesannya|iklan|iklannya|messages|texts|ads)\b)|^enough$/,
  ],
  [
    'salah nomor',
    /\bbukan (?:nomor|nomornya|nomer|no|pelanggan|customer|member|orang) (?:\w+ )?(?:yang bersangkutan|ybs|beliau|dia|anda|kamu|ini|disini|sini|tersebut)\b|\bsaya bukan (?:pelanggan|customer|member|orangnya|yang bersangkutan)\b/,
  ],
  [
    'dari mana nomor',
    /\b(?:dapat|dapet|tau|tahu|ambil) (?:nomor|nomer|no|kontak)(?: (?:hp|wa))? (?:saya|sy|aku|gue|gw|ini)\b.*\bmana\b|\bmana\b.*\b(?:dapat|dapet|tau|tahu) (?:nomor|nomer|no|kontak)\b|\bhow did you get my number\b/,
  ],
  [
    'blokir',
    /\b(?:saya|aku|gue|gw|will|i|ill) (?:akan |mau |bakal |will )?(?:blokir|blok|block|laporkan|lapor|lapori|report)\b|^(?:blokir|blok|block|report)$/,
  ],
  ['spam', /\b(?:spam|spamming|nyepam)\b/],
  ['terganggu', /\b(?:ganggu|mengganggu|menganggu|terganggu|risih|annoying|bothering)\b/],
  [
    'blokir',
    /\b(?:blokir|blok|block|report|laporkan|lapor)\b(?=.*\b(?:nomor|number|anda|kalian|ini|you|spam|polisi|wa)\b)/,
  ],
  ['salah nomor', /\b(?:salah (?:nomor|nomer|sambung|orang)|wrong (?:number|person))\b/],
];
