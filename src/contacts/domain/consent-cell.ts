import { plainHeader } from './header-words.js';

/** Which answer in a column means that nothing may be sent: `Unsubscribed: yes` or `AllowBroadcast: no`. */
export type StopsWhen = 'yes' | 'no';

const STOPS = words(
  'berhenti stop stopped unsubscribed unsub optedout optout blocked blocklisted blocklist blacklisted blacklist diblokir dnd donotcontact tidakmau',
);
const STAYS = words('subscribed enabled active aktif optedin optin confirmed langganan berlangganan bersedia boleh');
const YES = words('ya y yes true t 1 x v on benar sudah iya ok');
const NO = words('tidak no n false f 0 off belum salah bukan null none tdk gak nggak');
const DATE = /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}/;

const STOP_HEADER =
  /unsubscri|unsub$|optout|optedout|bl(?:ock|ack)list|donotcontact|donotmessage|^dnd$|^dnc$|berhenti|stoppromo|jangandihubungi|jangankirim/;
const ALLOW_HEADER =
  /allowbroadcast|allowmarketing|acceptsmarketing|accepts\w*marketing|optin$|optedin|^subscribed?$|marketingconsent|^consent$|bolehdikirim|bersediadihubungi|izinpromo/;

/** Whether a cell says that this customer wants no messages; `null` where it says nothing that is understood. */
export function saysStop(cell: string, when: StopsWhen): boolean | null {
  const said = plainHeader(cell);
  if (said === '') return /[✓✔☑]/u.test(cell) ? when === 'yes' : false;
  if (STOPS.has(said)) return true;
  if (STAYS.has(said)) return false;
  if (YES.has(said) || DATE.test(cell.trim())) return when === 'yes';
  if (NO.has(said)) return when === 'no';
  return null;
}

/** What a column of consent says by which answer; `null` where the column is about something else. */
export function guessConsent(header: string, values: readonly string[]): StopsWhen | null {
  const plain = plainHeader(header);
  const when = STOP_HEADER.test(plain) ? 'yes' : ALLOW_HEADER.test(plain) ? 'no' : null;
  if (when) {
    const understood = values.filter((value) => saysStop(value, when) !== null).length;
    return understood >= values.length * 0.8 ? when : null;
  }
  // `Status` says many things; only where it tells of somebody who left is it about consent.
  const isStatus = /status/.test(plain) && values.every((value) => isWord(value));
  return isStatus && values.some((value) => STOPS.has(plainHeader(value))) ? 'yes' : null;
}

function isWord(value: string): boolean {
  const said = plainHeader(value);
  return STOPS.has(said) || STAYS.has(said);
}

function words(list: string): Set<string> {
  return new Set(list.split(' '));
}
