import type { ImportReason } from './contact-import.ts';
import type { Locale } from './reason-texts.ts';

const IMPORT_TEXTS: Record<ImportReason, Record<Locale, string>> = {
  PHONE_MISSING: { id: 'Nomor kosong.', en: 'No number.' },
  PHONE_INVALID: { id: 'Bukan nomor HP yang sah.', en: 'Not a valid mobile number.' },
  PHONE_SHORTENED: {
    id: 'Spreadsheet memotong nomor ini. Format kolomnya sebagai Teks, isi ulang nomornya, lalu simpan lagi.',
    en: 'The spreadsheet cut this number short. Format its column as Text, fill the number in again, then save anew.',
  },
  PHONE_MASKED: {
    id: 'Nomor ini disamarkan; nomor lengkapnya tidak ada di file.',
    en: 'This number is masked; the file does not hold all of it.',
  },
  PHONE_LANDLINE: {
    id: 'Nomor telepon rumah atau kantor, bukan nomor HP.',
    en: 'A landline, not a mobile number.',
  },
  SEVERAL_PHONES: { id: 'Lebih dari satu nomor dalam satu sel.', en: 'More than one number in one cell.' },
  REPEATED: { id: 'Nomor ini sudah ada di baris sebelumnya.', en: 'An earlier line has this number.' },
  NAME_TOO_LONG: { id: 'Nama lebih dari 80 karakter.', en: 'The name is longer than 80 characters.' },
  FIELD_TOO_LONG: { id: 'Ada isian yang lebih dari 200 karakter.', en: 'A field is longer than 200 characters.' },
  TAG_TOO_LONG: { id: 'Ada label yang lebih dari 30 karakter.', en: 'A tag is longer than 30 characters.' },
  TOO_MANY_TAGS: { id: 'Lebih dari 20 label.', en: 'More than 20 tags.' },
};

export function importReasonText(reason: ImportReason, locale: Locale): string {
  return IMPORT_TEXTS[reason][locale];
}
