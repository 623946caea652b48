import { formatPhoneNumber } from '@koneksi/contracts/phone-number';
import { phoneText } from './phone-text';

/** A number of any country as people read it; the pages of contacts have the numbering plans at hand for their forms. */
export function numberText(digits: string): string {
  const quick = phoneText(digits);
  return quick.includes(' ') ? quick : formatPhoneNumber(digits);
}
