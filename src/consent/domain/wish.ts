import type { OptOutKeyword } from '@koneksi/contracts/opt-outs';
import { offersWayOut } from '@koneksi/contracts/way-out';
import { copiedInstruction } from './copied-instruction.js';
import { saidBehindSigns } from './said-behind-signs.js';
import { firstSaying, isChoiceWithYes, keywordOf, REFUSAL_WORDS } from './wish-words.js';

/**
 * What a message says about hearing more: a wish that is obeyed at once; words that look like one and wait for a person,
 * named by what of our lists stands in it, never by the message; or nothing of the kind (`null`).
 */
export type Wish = { kind: 'sure'; keyword: OptOutKeyword } | { kind: 'unsure'; words: string };

/** Longer texts are stories; the first words of one are looked at all the same. */
const LONGEST = 600;
/** Whoever refuses is brief; in a longer text the same words may be about something else. */
const BRIEF = 14;

const NOT = String.raw`(?:jangan|jangn|jgn|janganlah|(?:ga|gak|nggak|ngga|enggak|kagak|kaga|ndak) usah|gausah|gk usah|gosah|tidak usah|tak usah|tdk usah|tidak perlu|ga perlu|gak perlu|gk perlu|tdk perlu|(?:mohon|tolong|tlg|harap|minta|agar|supaya|please)(?: untuk)? (?:tidak|tdk|tak|gak|ga|nggak|ngga|not)(?: to| usah)?|dont|do not|never|stopp?|setop|berhenti|hentikan|please stop)`;
const FILLED = String.raw`(?: (?:di|saya|sy|aku|me|pernah|lagi|coba|tolong|untuk|to|the|kasih|in|any|more))?`;
const WRITE = String.raw`(?:dikirim|dikirimi|dikirimin|dikirimkan|dihubungi|dichat|disms|dispam|diganggu|diwa|ditelpon|ditelepon|diblast|dibroadcast|kirim|kirimi|kirimin|kirimkan|ngirim|ngirimin|mengirim|krim|krm|wa|whatsapp|chat|ngechat|cet|hubungi|hubungin|menghubungi|sms|kontak|text|texting|message|messaging|send|sending|contact|contacting|call|calling|spam|ganggu|mengganggu|blast|broadcast|share|bagikan)(?: ?2| kirim)?`;
const NEWS = String.raw`(?:promo|promosi|iklan|pesan|wa|whatsapp|chat|sms|spam|broadcast|blast|info promo|penawaran|notif|notifikasi|message|messages|msg|texts|ads|promos|promotions|newsletter|offers|langganan)`;
const ME = String.raw`(?:saya|sy|aku|gue|gw|gua|kami|ku|me|my|ini)`;

/** Whole sayings that are a refusal wherever they stand in a brief message. */
const SURE: readonly [RegExp, OptOutKeyword][] = [
  [new RegExp(String.raw`\b${NOT}${FILLED} ${WRITE}(?: \w+){0,3} ${NEWS}\b`), 'STOP'],
  [
    new RegExp(
      String.raw`\b${NOT}${FILLED} ${WRITE}(?: (?:ke|nomor|nomer|no|number|hp|${ME})){0,4} (?:lagi|lg|terus|mulu|anymore|again)\b`,
    ),
    'STOP',
  ],
  [
    new RegExp(
      String.raw`\b${NOT}${FILLED} (?:ganggu|mengganggu|spam|hubungi|hubungin|contact|contacting|call|calling|text|texting|message|messaging|chat|wa|blast|broadcast) ${ME}\b`,
    ),
    'STOP',
  ],
  [
    /\b(?:hapus|hapuskan|hapusin|hps|delete|remove|keluarkan|keluarin|cabut|buang)(?: \w+)? (?:nomor|nomer|no|number|kontak|contact|data|nama|name)(?: (?:hp|wa|kontak|telp))? (?:saya|sy|aku|gue|gw|gua|kami|ku|ini|me)\b/,
    'STOP',
  ],
  [
    /\b(?:remove|delete|take|keluarkan|keluarin|hapus) (?:me|saya|aku|my (?:number|name|contact|phone))(?: \w+)? ?(?:from|off|dari|of)?\b/,
    'STOP',
  ],
  [
    new RegExp(
      String.raw`\b(?:tidak|tdk|gak|ga|gk|nggak|ngga|enggak|engga|tak|ogah|dont|do not|no longer|not)(?: (?:lagi|saya))? (?:mau|mo|ingin|pengen|minat|berminat|tertarik|want|wish|bersedia)(?: (?:lagi|lg|untuk|to|di|saya|any|more))* (?:terima|menerima|nerima|dapat|dapet|receive|get|dikirim|dikirimi|dikirimin|dihubungi|diganggu|dichat|dispam|diwa|ditelpon|ditelepon|diblast|dibroadcast)\b`,
    ),
    'STOP',
  ],
  [
    new RegExp(String.raw`\b(?:tidak|tdk|gak|ga|gk|nggak|ngga|tak|dont|do not|no) (?:mau|ingin|want|more) ${NEWS}\b`),
    'STOP',
  ],
  // Of water and of newspapers too one hears no more.
  [
    new RegExp(
      String.raw`\b(?:berhenti|stop|batal|batalkan|cancel|hentikan) (?:my )?(?:berlangganan|langganan|subscription|subscribe)(?:$| (?:dari|from|untuk|${NEWS}|${ME}|ya|yah|dong|kak|min|aja|saja|lagi|lg|please|pls|anda|kalian|toko|terima|thanks|makasih|tolong|mohon|sekarang|now|the|this)\b)`,
    ),
    'UNSUBSCRIBE',
  ],
  [/\b(?:unsubscribe|unsub|opt out|optout|opt me out|unreg)\b/, 'UNSUBSCRIBE'],
  [/\blose my number\b|\bleave me alone\b/, 'STOP'],
  [
    new RegExp(
      String.raw`\b(?:nomor|nomer|no|kontak|data|nama)(?: (?:hp|wa|telp|kontak))? ${ME}(?: \w+){0,2} (?:dihapus|hapus|dihapuskan|dikeluarkan|keluarkan|dicabut|dihilangkan|diremove|didelete)\b`,
    ),
    'STOP',
  ],
  [
    /\b(?:dikeluarkan|keluarkan|dihapus|hapus|dicabut|remove|removed|delete) (?:dari|from) (?:\w+ ){0,2}(?:list|daftar|broadcast|blast|database|kontak)\b/,
    'STOP',
  ],
];
/** What turns the sense around: `jangan berhenti kirim promo`, `jangan lupa kirim`. */
const INVERTED =
  /\b(?:jangan|jgn|dont|do not|never|ga usah|gak usah|tidak usah|non) (?:sampai |pernah )?(?:stop|setop|berhenti|henti|unsubscribe|lupa|bosan|ragu|sungkan|forget)\b|\bnon ?stop\b|\b(?:tidak|gak|ga) (?:akan |mau )?(?:stop|berhenti|unsubscribe)\b/;
/** What goods, orders and places are called: a word of refusal beside them may be about those. */
const OF_GOODS =
  /\b(?:barang|order|orderan|pesanan|paket|kurir|alamat|ready|stok|stock|harga|ukuran|size|warna|meja|jam|hari|besok|nanti|dulu|produk|lampu|lama|baru|ganti|bayar|transfer|bus|jalan|by|video|motion|watch|after|before|until|sebelum|setelah|sesudah|(?<!selamat )(?:malam|pagi|siang|sore))(?:nya)?\b|\bstop kontak\b/;

/** What is said of one of several things that were ordered as well. */
const OF_AN_ORDER = /\b(?:cancel|quit|end|revoke)\b|\bremove\b(?! me\b)/i;

/** Whoever says that they wrote it tells nobody to, and wishes it still: `sudah balas STOP`, `I did reply stop`. */
const REPORTED =
  /\b(?:sudah|sdh|udah|udh|dah|telah|tadi|kemarin|barusan|saya|aku|sy|gue|gw)(?: (?:sudah|sdh|udah|udh|telah|saya|aku|sy|juga|pernah|coba|lama|berkali|kali|\dx)){0,3} (?:balas|bales|ketik|kirim|tulis|jawab)(?: (?:kata|pesan|wa|chat))? (?:stop|setop|berhenti|unsubscribe|unreg)\b|\b(?:i|ive|already)(?: (?:have|did|just|already|also|even|really)){0,3} (?:reply|replied|text|texted|send|sent|type|typed|answer|answered|write|wrote)(?: (?:the|word|with|back|you)){0,2} (?:stop|unsubscribe)\b/;

/** Many ask without a mark. */
const QUESTION =
  /^(?:(?:kak|min|mas|mba|pak|bu|halo|hai|hi|hello|maaf|sorry|mau tanya) )*(?:apa (?:arti|artinya|itu|maksud|maksudnya)|apakah|gimana|bagaimana|cara|caranya|how (?:do|to|can)|what (?:is|does))\b/;
/** Signs that tell somebody to stop, and say nothing else. */
const SIGNS = /^(?:\s|\u{1f6d1}|\u26d4|\u{1f6ab}|\u270b|\ufe0f)+$/u;

/**
 * The one outcome of a message, of what it says by itself and what by the words of the blasts it may answer: obeyed where
 * either is sure, else held by what it says itself.
 */
export function oneWish(own: Wish | null, named: Wish | null): Wish | null {
  if (own?.kind !== 'sure' && named?.kind === 'sure') return named;
  return own ?? named;
}

/** Whatever was said, a person decides on it. */
export function unsure(wish: Wish | null): Wish | null {
  return wish?.kind === 'sure' ? { kind: 'unsure', words: 'stop' } : wish;
}

/** Decides in memory alone; what is written is neither kept nor logged. */
export function readWish(message: string): Wish | null {
  const wish = readPlain(message);
  const said = wish?.kind === 'sure' ? null : saidBehindSigns(message);
  if (!said) return wish;
  if (said.by === 'writer') return oneWish(wish, readPlain(said.texts.join('\n')));
  const [first, ...others] = said.texts.map(readWhole);
  if (first?.kind !== 'sure' || others.some((other) => other?.kind !== 'sure')) return wish;
  // `2. cancel` and `Pesanan: cancel` are about that.
  if (first.keyword === 'STOP' && OF_AN_ORDER.test(said.texts.join('\n'))) return wish;
  return said.by === 'list' ? first : (wish ?? unsure(first));
}

/** Where it says nothing else. */
function readWhole(message: string): Wish | null {
  const whole = keywordOf(message.slice(0, LONGEST));
  if (whole)
    return isChoiceWithYes(message) ? unsure({ kind: 'sure', keyword: whole }) : { kind: 'sure', keyword: whole };
  const copied = copiedInstruction(message);
  const [told, ...others] = copied?.words.map(keywordOf) ?? [];
  if (!told || others.includes(null)) return null;
  return copied?.isAsked ? { kind: 'unsure', words: 'stop' } : { kind: 'sure', keyword: told };
}

function readPlain(message: string): Wish | null {
  const whole = readWhole(message);
  if (whole) return whole;
  const opening = keywordOf(firstSaying(message));
  if (message.trim() !== '' && SIGNS.test(message)) return { kind: 'unsure', words: 'stop' };
  const text = plain(message.slice(0, LONGEST));
  const isInverted = INVERTED.test(text);
  if (opening && !isInverted && !asks(message)) return { kind: 'sure', keyword: opening };
  const words = text.split(' ');
  const isReport = REPORTED.test(text);
  const said = SURE.find(([pattern]) => pattern.test(text)) ?? (isReport ? ([REPORTED, 'STOP'] as const) : undefined);
  // Whoever tells others what to write, as shops' own answers do, wishes nothing.
  const isOffer = offersWayOut(message) && !isReport;
  if (said && !isInverted && !isOffer && words.length <= BRIEF && !asks(message) && !OF_GOODS.test(text)) {
    return { kind: 'sure', keyword: said[1] };
  }
  return looksLike(text, said !== undefined || opening !== null, isInverted);
}

function looksLike(text: string, isSaid: boolean, isInverted: boolean): Wish | null {
  const found = isInverted ? [] : REFUSAL_WORDS.filter(([, pattern]) => pattern.test(text)).map(([word]) => word);
  if (found.length > 0) return { kind: 'unsure', words: found.slice(0, 5).join(', ') };
  return isSaid && !isInverted ? { kind: 'unsure', words: 'stop' } : null;
}

function asks(message: string): boolean {
  const told = message.trim();
  if (QUESTION.test(plain(told))) return true;
  // `stop?` and `STOP??` ask for nothing.
  return told.includes('?') && plain(told).split(' ').length > 2;
}

function plain(message: string): string {
  return (
    message
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\p{Cf}\p{M}'’ʼ]/gu, '')
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .replace(/(\p{L})\1{2,}/gu, '$1')
      // `gamau`, `g usah`, `di wa`
      .replace(/\b(?:g|ga|gak|gk|ngga|nggak|engga|enggak) ?(mau|usah|perlu|minat|ingin)\b/g, 'ga $1')
      .replace(
        /\bdi (wa|chat|sms|kirim|kirimi|kirimin|hubungi|spam|blast|broadcast|ganggu|telpon|telepon|remove|delete|hapus|keluarkan|hentikan|stop)\b/g,
        'di$1',
      )
      .trim()
  );
}
