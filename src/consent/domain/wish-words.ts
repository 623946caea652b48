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
  ],
  BERHENTI: [
    'berhenti',
    'brhenti',
    'brenti',
    'berenti',
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
    'tolong tlg mohon please pls plis dong donk ya yah ka kak kakak min admin gan sis bang bg mas mba mbak pak bu bos ' +
    'halo hai hi aja saja deh sekarang skrg thanks thx makasih terimakasih terima kasih trims tq thank you'
  )
    .split(' ')
    .map(withoutRepeats),
);

const KEYWORDS = new Map(
  Object.entries(PHRASES).flatMap(([keyword, phrases]) =>
    phrases.map((phrase) => [withoutRepeats(phrase), keyword as OptOutKeyword] as const),
  ),
);

/** The keyword this message amounts to, as a whole: `STOP` for `Tolong stopp!! 🙏` and `STOP STOP`, else `null`. */
export function keywordOf(message: string): OptOutKeyword | null {
  const said = essence(message);
  const words = said.split(' ');
  // Said over and over it is one word all the same.
  const once = words.length > 1 && new Set(words).size === 1 ? words[0]! : said;
  return KEYWORDS.get(once) ?? allOf(words);
}

/** `STOP BERHENTI UNSUBSCRIBE` */
function allOf(words: readonly string[]): OptOutKeyword | null {
  const keywords = words.map((word) => KEYWORDS.get(word));
  return words.length > 1 && keywords.every((keyword) => keyword !== undefined) ? keywords[0]! : null;
}

function essence(message: string): string {
  const words = message
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Cf}\p{M}]/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  // `S T O P`
  const spoken = words.length > 2 && words.every((word) => word.length === 1) ? [words.join('')] : words;
  const plain = spoken.map(withoutRepeats);
  const first = plain.findIndex((word) => !COURTESIES.has(word));
  const last = plain.findLastIndex((word) => !COURTESIES.has(word));
  return first < 0 ? '' : plain.slice(first, last + 1).join(' ');
}

/** `stopppp` is `stop`. */
function withoutRepeats(text: string): string {
  return text.replace(/(\p{L})\1+/gu, '$1');
}

/** What of a message makes a person look at it: our word for it, and how it is recognised in plain words. */
export const REFUSAL_WORDS: readonly (readonly [word: string, pattern: RegExp])[] = [
  [
    'stop',
    /^(?:tolong |mohon |please |kak |min |pls )*(?:stop|setop|berhenti|brenti|henti|hentikan|unsub|cancel|quit)\b(?! by\b.*\bstore)/,
  ],
  ['stop', /\b(?:mau|minta|ingin|pengen|tolong|mohon|want to|please) (?:di ?)?(?:stop|berhenti|hentikan)\b/],
  [
    'unsubscribe',
    /\b(?:unsubscribe|unsub|opt out|optout|unreg|berhenti langganan|berhenti berlangganan|stop langganan)\b/,
  ],
  [
    'jangan kirim',
    /\b(?:jangan|jgn|ga usah|gak usah|tidak usah|dont|do not) (?:\w+ )?(?:kirim|kirimi|kirimin|wa|chat|hubungi|sms|send|message|text|contact|call)\b(?=.*\b(?:lagi|promo|pesan|wa|chat|saya|me|terus)\b)/,
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
