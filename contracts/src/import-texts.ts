import type { ImportDrop, ImportReason } from './contact-import.ts';
import type { OutletImportReason } from './outlet-import.ts';
import type { Locale } from './reason-texts.ts';

const IMPORT_TEXTS: Record<ImportReason | OutletImportReason, Record<Locale, string>> = {
  PHONE_MISSING: { id: 'Nomor kosong.', en: 'No number.' },
  PHONE_INVALID: { id: 'Bukan nomor HP yang sah.', en: 'Not a valid mobile number.' },
  PHONE_SHORTENED: {
    id: 'Spreadsheet memotong nomor ini. Format kolomnya sebagai Teks, isi ulang nomornya, lalu simpan lagi.',
    en: 'The spreadsheet cut this number short. Format its column as Text, fill the number in again, then save anew.',
  },
  PHONE_MASKED: {
    id: 'Nomor ini disamarkan; tidak semua angkanya tertulis.',
    en: 'This number is masked; not all of its digits are written.',
  },
  PHONE_LANDLINE: {
    id: 'Nomor telepon rumah atau kantor, bukan nomor HP.',
    en: 'A landline, not a mobile number.',
  },
  SEVERAL_PHONES: { id: 'Lebih dari satu nomor dalam satu sel.', en: 'More than one number in one cell.' },
  REPEATED: { id: 'Nomor ini sudah ada di baris sebelumnya.', en: 'An earlier line has this number.' },
  OUTLET_UNKNOWN: { id: 'Tidak ada outlet Anda yang bernama ini.', en: 'No outlet of yours is called so.' },
  OUTLET_AMBIGUOUS: {
    id: 'Lebih dari satu outlet bernama ini. Tulis nomor WhatsApp outletnya.',
    en: 'More than one outlet is called so. Write the WhatsApp number of the outlet.',
  },
  OUTLET_NUMBER_INVALID: { id: 'Bukan nomor telepon yang sah.', en: 'Not a valid phone number.' },
  OUTLET_NAME_MISSING: { id: 'Nama outlet kosong.', en: 'No name of the outlet.' },
  OUTLET_NAME_WRONG: {
    id: 'Nama outlet lebih dari 80 karakter.',
    en: 'The name of the outlet is longer than 80 characters.',
  },
  OUTLET_NAME_TAKEN: {
    id: 'Outlet lain sudah bernama ini dengan nomor lain. Beri nama lain, atau ubah nomornya pada outlet itu.',
    en: 'Another outlet has this name with another number. Name it otherwise, or change the number of that outlet.',
  },
  OUTLET_CITY_WRONG: { id: 'Nama kota lebih dari 60 karakter.', en: 'The city is longer than 60 characters.' },
  OUTLET_TAGS_WRONG: {
    id: 'Paling banyak 10 label, masing-masing 30 karakter.',
    en: 'At most 10 tags of 30 characters each.',
  },
  FLAG_UNCLEAR: {
    id: 'Kolom aktif atau sambung otomatis bukan ya atau tidak.',
    en: 'The column of active or of auto-reconnect says neither yes nor no.',
  },
  ROW_HIDDEN: {
    id: 'Baris ini tersembunyi di spreadsheet, misalnya oleh filter. Tampilkan barisnya bila memang dimaksud, lalu unggah lagi.',
    en: 'The spreadsheet hides this row, as by a filter. If it is meant, show it and upload the file again.',
  },
};

export function importReasonText(reason: ImportReason | OutletImportReason, locale: Locale): string {
  return IMPORT_TEXTS[reason][locale];
}

const DROP_TEXTS: Record<ImportDrop, Record<Locale, string>> = {
  NAME_TOO_LONG: {
    id: 'Nama lebih dari 80 karakter tidak diambil.',
    en: 'Names longer than 80 characters are left out.',
  },
  FIELD_TOO_LONG: {
    id: 'Isian lebih dari 200 karakter tidak diambil.',
    en: 'Values longer than 200 characters are left out.',
  },
  TAG_TOO_LONG: {
    id: 'Label lebih dari 30 karakter tidak diambil.',
    en: 'Tags longer than 30 characters are left out.',
  },
  TOO_MANY_TAGS: { id: 'Hanya 20 label pertama yang diambil.', en: 'Only the first 20 tags are taken.' },
  OTHER_NUMBERS: {
    id: 'Punya lebih dari satu nomor; hanya nomor HP pertama yang diambil.',
    en: 'They have more than one number; only the first mobile one is taken.',
  },
  BROKEN_CHARACTER: {
    id: 'Ada karakter rusak (�) di dalamnya; bagian lain tetap diambil.',
    en: 'They hold a broken character (�); the rest is taken.',
  },
  CONSENT_UNCLEAR: {
    id: 'Jawaban soal berhenti tidak jelas, jadi dianggap berhenti.',
    en: 'Whether they opted out is not clear, so they are taken as opted out.',
  },
  BIRTHDAY_UNCLEAR: {
    id: 'Tanggal lahir tidak terbaca: disimpan apa adanya, tetapi tidak mendapat ucapan ulang tahun. Tulis seperti 17/05/1990 (hari dulu) atau 17 Mei 1990.',
    en: 'Their birthday cannot be read: it is kept as written, but no birthday wish reaches them. Write it as 17/05/1990 (day first) or 17 May 1990.',
  },
  ROW_HIDDEN: {
    id: 'Baris tersembunyi di spreadsheet, misalnya oleh filter, tidak diambil. Tampilkan barisnya bila memang dimaksud, lalu unggah lagi.',
    en: 'Rows that the spreadsheet hides, as by a filter, are left out. If they are meant, show them and upload the file again.',
  },
  OTHER_SHEET: {
    id: 'Lembar lain di file ini juga berisi nomor dan tidak diambil; barisnya dihitung di lembar itu. Simpan lembar itu sebagai file sendiri, lalu unggah.',
    en: 'Other sheets of this file hold numbers too and are left out; their rows are counted there. Save such a sheet as a file of its own, then upload it.',
  },
};

export function importDropText(reason: ImportDrop, locale: Locale): string {
  return DROP_TEXTS[reason][locale];
}
