import type { ImportReason } from '@koneksi/contracts/contact-import';
import { readPhoneNumber, type Homeland, type PhoneReading } from '@koneksi/contracts/phone-number';

/** Why a cell is no number to write to. */
type PhoneReason = Extract<ImportReason, `PHONE_${string}` | 'SEVERAL_PHONES'>;

export type PhoneRead = { phone: string } | { reason: PhoneReason };

/** The number in a cell, in any of the forms that people, spreadsheets and address books leave it. */
export function readPhone(cell: string, homeland?: Homeland): PhoneRead {
  const text = undress(cell);
  if (text === '') return { reason: 'PHONE_MISSING' };
  const scientific = /^\+?(\d+)(?:[.,](\d+))?E\+?(\d{1,2})$/i.exec(text);
  if (scientific) return fromScientific(scientific[1]!, scientific[2] ?? '', Number(scientific[3]), homeland);
  const reading = readNumber(text, homeland);
  if (reading.kind === 'mobile') return { phone: reading.digits };
  if (reading.kind === 'landline') return { reason: 'PHONE_LANDLINE' };
  if (isMasked(text)) return { reason: 'PHONE_MASKED' };
  const several = text
    .split(BETWEEN_NUMBERS)
    .map((part) => readNumber(part.trim(), homeland))
    .filter(({ kind }) => kind !== 'none');
  if (several.length < 2) return { reason: 'PHONE_INVALID' };
  // A mobile number and an office are told apart; of two mobile ones a person must choose.
  const mobiles = new Set(several.flatMap((read) => (read.kind === 'mobile' ? [read.digits] : [])));
  const [phone] = mobiles;
  return phone && mobiles.size === 1 ? { phone } : { reason: 'SEVERAL_PHONES' };
}

/** As {@link readPhone}, also where people wrote words beside the numbers: `0812… (WA)`, `Rina 0812…`. */
export function readPhoneAmongWords(cell: string, homeland?: Homeland): PhoneRead {
  const read = readPhone(cell, homeland);
  if (!('reason' in read) || read.reason !== 'PHONE_INVALID') return read;
  const text = undress(cell);
  const parts = text.split(BETWEEN_NUMBERS).filter((part) => /\d/.test(part));
  // `021… kantor, HP 0812…`; where one of them is something else, a person looks.
  const reads =
    parts.length < 2 ? [readAmongWords(text, homeland)] : parts.map((part) => readAmongWords(part, homeland));
  const phones = new Set(reads.flatMap((each) => (each && 'phone' in each ? [each.phone] : [])));
  const [phone] = phones;
  if (!phone || reads.includes(null)) return read;
  return phones.size === 1 ? { phone } : { reason: 'SEVERAL_PHONES' };
}

/** The one number in a text, or that it is a landline; `null` where there is none, or more. */
function readAmongWords(text: string, homeland?: Homeland): PhoneRead | null {
  const [found, another] = text.match(/\+?\d[\d\s().-]*\d|\d/g) ?? [];
  if (!found || another || !/^(?:\+|0|62)/.test(found) || !STANDS_ALONE(found).test(text)) return null;
  const alone = readPhone(found, homeland);
  return 'phone' in alone || alone.reason === 'PHONE_LANDLINE' ? alone : null;
}

/** As {@link readPhoneAmongWords}, of an outlet: WhatsApp Business runs on landlines too. */
export function readOutletPhone(cell: string): PhoneRead {
  const read = readPhoneAmongWords(cell);
  if (!('reason' in read) || read.reason !== 'PHONE_LANDLINE') return read;
  const reading = readNumber(undress(cell));
  return reading.kind === 'none' ? read : { phone: reading.digits };
}

/** Neither letters nor marks for hidden digits touch it. */
const STANDS_ALONE = (number: string): RegExp =>
  new RegExp(`(?:^|[\\s:(/,.=[{<"-])${number.replace(/[+().]/g, '\\$&')}(?:$|[\\s),;/.\\]}>"-])`);

const BETWEEN_NUMBERS = /[/,;|&\n]|\s(?:atau|dan|or|and)\s/i;

/** `https://wa.me/62812…?text=Halo`, as shops hand them out. */
const CHAT_LINK =
  /^(?:https?:\/\/)?(?:www\.)?(?:wa\.me\/|(?:(?:api|web)\.whatsapp\.com\/|whatsapp:\/\/)send\/?\?phone=)(?:%2B)?(\+?\d[\d -]*)(?:[/?&#].*)?$/i;

/** Without what surrounds a number: characters nobody sees, Excel's ways to say "text", links and WhatsApp's own ids. */
function undress(cell: string): string {
  return cell
    .replace(/[\p{Cf}\0]/gu, '')
    .replace(/[‐-―−]/g, '-')
    .trim()
    .replace(/^="(.*)"$/, '$1')
    .replace(/^['`’‘“"]+|['’”"]{1,3}$/g, '')
    .replace(/^=(?=[+\d])/, '')
    .replace(/^tel:/i, '')
    .replace(CHAT_LINK, '$1')
    .replace(/@(?:c\.us|s\.whatsapp\.net)$/i, '')
    .trim();
}

function readNumber(text: string, homeland?: Homeland): PhoneReading {
  // A number that passed through a column of decimals, or one with separators of thousands.
  const plain = text.replace(/^(\+?\d{8,15})[.,]0+$/, '$1');
  return readPhoneNumber(/^\d{1,3}(,\d{3})+$/.test(plain) ? plain.replace(/,/g, '.') : plain, homeland);
}

/** `62*******01`, `******90`: marketplaces show no more of a customer's number. */
function isMasked(text: string): boolean {
  const bare = text.replaceAll('...', '…').replace(/[\s().-]/g, '');
  if (/^[*•●x#_]{3,}\d{2,4}$/i.test(bare)) return true;
  return /^\+?\d[\d*•●…x#_]*$/i.test(bare) && /[*•●x#_]{2}|…/i.test(bare);
}

/** Only where every digit is written: a spreadsheet that shows fewer has rounded the rest away. */
function fromScientific(whole: string, decimals: string, exponent: number, homeland?: Homeland): PhoneRead {
  if (decimals.length !== exponent) return { reason: 'PHONE_SHORTENED' };
  const reading = readNumber(whole + decimals, homeland);
  return reading.kind === 'mobile' ? { phone: reading.digits } : { reason: 'PHONE_INVALID' };
}
