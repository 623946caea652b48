import type { ImportReason } from '@koneksi/contracts/contact-import';
import { readPhoneNumber, type Homeland, type PhoneReading } from '@koneksi/contracts/phone-number';

export type PhoneRead = { phone: string } | { reason: ImportReason };

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
    .split(/[/,;|&\n]|\s(?:atau|dan|or|and)\s/i)
    .filter((part) => readNumber(part.trim(), homeland).kind !== 'none');
  return { reason: several.length > 1 ? 'SEVERAL_PHONES' : 'PHONE_INVALID' };
}

/** Without what surrounds a number: characters nobody sees, Excel's ways to say "text", links and WhatsApp's own ids. */
function undress(cell: string): string {
  return cell
    .replace(/[\p{Cf}\0]/gu, '')
    .replace(/[‐-―−]/g, '-')
    .trim()
    .replace(/^="(.*)"$/, '$1')
    .replace(/^['`’]+/, '')
    .replace(/^(?:tel:|(?:https?:\/\/)?(?:api\.whatsapp\.com\/send\/?\?phone=|wa\.me\/))/i, '')
    .replace(/@(?:c\.us|s\.whatsapp\.net)$/i, '')
    .trim();
}

function readNumber(text: string, homeland?: Homeland): PhoneReading {
  // A number that passed through a column of decimals, or one with separators of thousands.
  const plain = text.replace(/^(\+?\d{8,15})[.,]0+$/, '$1');
  return readPhoneNumber(/^\d{1,3}(,\d{3})+$/.test(plain) ? plain.replace(/,/g, '') : plain, homeland);
}

/** `62*******01`: marketplaces show no more of a customer's number. */
function isMasked(text: string): boolean {
  const bare = text.replaceAll('...', '…').replace(/[\s().-]/g, '');
  return /^\+?\d[\d*•●…x#]*$/i.test(bare) && /[*•●x#]{2}|…/i.test(bare);
}

/** Only where every digit is written: a spreadsheet that shows fewer has rounded the rest away. */
function fromScientific(whole: string, decimals: string, exponent: number, homeland?: Homeland): PhoneRead {
  if (decimals.length !== exponent) return { reason: 'PHONE_SHORTENED' };
  const reading = readNumber(whole + decimals, homeland);
  return reading.kind === 'mobile' ? { phone: reading.digits } : { reason: 'PHONE_INVALID' };
}
