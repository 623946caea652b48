import type { ImportReason } from '@koneksi/contracts/contact-import';
import { normalizePhoneNumber } from '@koneksi/contracts/phone-number';

type PhoneRead = { phone: string } | { reason: ImportReason };

/** The number in a cell, in any of the forms that people, spreadsheets and address books leave it. */
export function readPhone(cell: string): PhoneRead {
  const text = undress(cell);
  if (text === '') return { reason: 'PHONE_MISSING' };
  const scientific = /^\+?(\d+)(?:[.,](\d+))?E\+?(\d{1,2})$/i.exec(text);
  if (scientific) return fromScientific(scientific[1]!, scientific[2] ?? '', Number(scientific[3]));
  const phone = asPhone(text);
  if (phone) return { phone };
  const several = text.split(/[/,;|&\n]|\s(?:atau|dan|or|and)\s/i).filter((part) => asPhone(part.trim()) !== null);
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

function asPhone(text: string): string | null {
  // A number that passed through a column of decimals, or one with separators of thousands.
  const plain = text.replace(/^(\+?\d{8,15})[.,]0+$/, '$1');
  return normalizePhoneNumber(/^\d{1,3}(,\d{3})+$/.test(plain) ? plain.replace(/,/g, '') : plain);
}

/** Only where every digit is written: a spreadsheet that shows fewer has rounded the rest away. */
function fromScientific(whole: string, decimals: string, exponent: number): PhoneRead {
  if (decimals.length !== exponent) return { reason: 'PHONE_SHORTENED' };
  const phone = normalizePhoneNumber(whole + decimals);
  return phone ? { phone } : { reason: 'PHONE_INVALID' };
}
