import { readWish } from '../../consent/domain/wish.js';
import { plainHeader } from '../../spreadsheets/domain/header-words.js';

/**
 * Which answer in a column means that nothing may be sent: `Unsubscribed: yes`, `AllowBroadcast: no`, or in a column of
 * many things the words that say so.
 */
export type StopsWhen = 'yes' | 'no' | 'words';

const STOPS = words(
  'berhenti stop stopped unsubscribed unsubscribe unsub optedout optout blocked blocklisted blocklist blacklisted blacklist diblokir blokir blok dnd dnc donotcontact donotdisturb tidakmau tidaksetuju tidakbersedia tidakboleh menolak ditolak denied declined revoked withdrawn suppressed dihentikan jangandihubungi jangankirim complained',
);
const STAYS = words(
  'subscribed enabled active aktif optedin optin confirmed langganan berlangganan bersedia boleh setuju mau diizinkan disetujui granted accepted allowed agreed approved',
);
/** Not `t`, which is true in English and `tidak` here. */
const YES = words('ya y yes true 1 x v on benar sudah iya ok');
const NO = words(
  'tidak no n false f 0 off belum salah bukan null none tdk gak nggak nonaktif tidakaktif inactive disabled notsubscribed neversubscribed',
);
/** `Unsubscribed by admin`, `blacklist 2025` */
const STOP_BEGINS = /^(?:unsub|blocklist|blacklist|diblokir|blokir|berhenti|optout|optedout|donot|dnc|dnd)/;
/** `gak mau`, `ga usah`, `not allowed` */
const REFUSES = /^(?:tidak|tdk|gak|ga|gk|nggak|ngga|enggak|tak|jangan|jgn|stop|not|no)\b/;
const STATUS_HEADER = /status|^keterangan$|^ket$|^catatan$|^notes?$|^remarks?$|subscription|consent/;
/** What people tick, and what they cross out or leave empty, in place of a word. */
const TICKED = /[✓✔☑✅👍🗹]/u;
const CROSSED = /[✗✘✕✖×❌❎☒⛔🚫☐👎]/u;
const DATE = /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}/;

const STOP_HEADER =
  /unsubscri|unsub$|optout|optedout|bl(?:ock|ack)list|blocked|blokir|suppress|donot\w+|^dnd$|^dnc$|berhenti|stop(?:promo|wa|broadcast|blast)|^stop$|jangan\w*(?:hubungi|kirim|wa|blast|promo)|tolakpromo|menolak|nomarketing/;
const ALLOW_HEADER =
  /allow(?:s|ed)?(?:broadcast|marketing|promo|wa$|whatsapp|messag|contact|blast)|acceptsmarketing|accepts\w*marketing|optin(?:$|wa|sms|whatsapp|promo|marketing|status|date)|optedin|^subscribed?$|marketingconsent|^consent$|bolehdikirim|bersedia|^izin$|izin(?:promo|marketing|kirim|wa)|langganan$|^newsletter|marketing(?:sms|wa|whatsapp|email|optin|allowed|permission)?$|^(?:sms|wa|whatsapp|email)marketing|(?:mau|terima|boleh|setuju)\w*(?:promo|kirim|hubungi|broadcast|blast|info|wa$|wa[^r]|whatsapp|chat)|terima\w*pesan(?!an)|persetujuan|^setuju|consent$/;

/** Whether a cell says that this customer wants no messages; `null` where it says nothing that is understood. */
export function saysStop(cell: string, when: StopsWhen): boolean | null {
  const said = plainHeader(cell);
  if (said === '') return saysBySign(cell, when);
  if (STOPS.has(said)) return true;
  if (STAYS.has(said)) return false;
  // Of a column that says many things only its own words are understood, and what a customer would say.
  const isWish = STOP_BEGINS.test(said) || readWish(cell)?.kind === 'sure';
  if (when === 'words') return isWish;
  if (YES.has(said) || DATE.test(cell.trim())) return when === 'yes';
  if (NO.has(said)) return when === 'no';
  if (isWish) return true;
  return when === 'no' && REFUSES.test(cell.trim().toLowerCase()) ? true : null;
}

/** A cross beside `Berhenti` may be the mark that it is so. */
function saysBySign(cell: string, when: StopsWhen): boolean | null {
  if (when === 'words') return false;
  if (TICKED.test(cell)) return when === 'yes';
  if (!CROSSED.test(cell)) return false;
  return when === 'no' ? true : null;
}

/** What a column of consent says by which answer; `null` where the column is about something else. */
export function guessConsent(header: string, values: readonly string[]): StopsWhen | null {
  const plain = plainHeader(header);
  const when = STOP_HEADER.test(plain) ? 'yes' : ALLOW_HEADER.test(plain) ? 'no' : null;
  if (when) {
    // What is not understood is held back and counted: rather that than a wish taken for a word like any other.
    const understood = values.filter((value) => saysStop(value, when) !== null).length;
    return understood >= values.length / 2 ? when : null;
  }
  // `Status` says many things; it is about consent where it tells of somebody who left, or of nothing but who stays.
  if (!STATUS_HEADER.test(plain) || values.length === 0) return null;
  const isAbout = values.some((value) => saysStop(value, 'words') === true) || values.every(isWord);
  return isAbout ? 'words' : null;
}

function isWord(value: string): boolean {
  const said = plainHeader(value);
  return STOPS.has(said) || STAYS.has(said);
}

function words(list: string): Set<string> {
  return new Set(list.split(' '));
}
