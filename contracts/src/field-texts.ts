import type { Locale } from './reason-texts.ts';

type Texts = Record<Locale, string>;

/** Faults of a field that no schema words well by itself. */
export const FIELD_TEXTS = {
  NAME_TAKEN: { id: 'Nama ini sudah dipakai.', en: 'This name is taken.' },
  REQUIRED: { id: 'Wajib diisi.', en: 'Required.' },
  UNKNOWN_FIELD: { id: 'Isian ini tidak dikenal.', en: 'There is no such field.' },
  WRONG_TYPE: { id: 'Jenis nilainya salah.', en: 'The value has the wrong type.' },
  INVALID: { id: 'Nilainya tidak sah.', en: 'The value is not valid.' },
  EMAIL: { id: 'Bukan alamat email.', en: 'Not an email address.' },
  UUID: { id: 'Bukan ID yang sah.', en: 'Not a valid id.' },
  DATE_TIME: {
    id: 'Bukan waktu ISO 8601 seperti 2026-01-31T17:00:00Z.',
    en: 'Not an ISO 8601 instant such as 2026-01-31T17:00:00Z.',
  },
  INSTANT_RANGE: {
    id: 'Hanya waktu dari tahun 1970 sampai 9999.',
    en: 'Only instants from the year 1970 to 9999.',
  },
  TOO_FAR_AHEAD: {
    id: 'Terlalu jauh di depan: paling lambat tahun 2999. Periksa tahunnya.',
    en: 'Too far ahead: the year 2999 at the latest. Look at the year.',
  },
  CHARACTERS: {
    id: 'Ada karakter rusak yang tidak dapat disimpan.',
    en: 'It holds a broken character that cannot be kept.',
  },
  PHONE_NUMBER: {
    id: 'Bukan nomor telepon; tulis sebagai 0812…, 62812… atau +62812….',
    en: 'Not a phone number; write it as 0812…, 62812… or +62812….',
  },
  PHONE_LANDLINE: {
    id: 'Ini nomor telepon rumah atau kantor; tulis nomor HP yang dipakai WhatsApp.',
    en: 'This is a landline; write the mobile number that WhatsApp is on.',
  },
  OUTLET_UNKNOWN: { id: 'Outlet ini tidak ada.', en: 'There is no such outlet.' },
  OUTLETS_NEEDED: { id: 'Pilih paling sedikit satu outlet.', en: 'Choose at least one outlet.' },
  DUPLICATE: { id: 'Sudah disebut sebelumnya.', en: 'Named twice.' },
  RESERVED_NAME: { id: 'Nama ini sudah punya arti lain di pesan.', en: 'This name has another meaning in messages.' },
  TOO_MANY_NAMES: { id: 'Terlalu banyak isian.', en: 'Too many fields.' },
  TOO_MANY_FIELDS: { id: 'Maksimal 20 isian.', en: 'At most 20 fields.' },
  FILE_NEEDED: { id: 'Kirim file CSV, Excel (.xlsx), atau vCard.', en: 'Send a CSV, Excel (.xlsx) or vCard file.' },
  FILE_EMPTY: { id: 'File ini kosong.', en: 'This file is empty.' },
  FILE_NOT_CSV: {
    id: 'File ini bukan CSV, Excel (.xlsx), atau kontak HP (.vcf). Di spreadsheet, pilih Simpan sebagai lalu CSV.',
    en: 'This is no CSV, Excel (.xlsx) or phone contacts (.vcf) file. In the spreadsheet choose Save as, then CSV.',
  },
  FILE_OLD_WORKBOOK: {
    id: 'Ini file Excel lama (.xls) atau berkata sandi. Di Excel, pilih Simpan sebagai lalu Excel (.xlsx) atau CSV tanpa kata sandi.',
    en: 'This is an old Excel file (.xls) or one with a password. In Excel choose Save as, then Excel (.xlsx) or CSV without a password.',
  },
  FILE_TOO_MANY_COLUMNS: {
    id: 'File ini punya lebih dari 200 kolom. Hapus kolom yang tidak perlu, lalu simpan lagi sebagai CSV.',
    en: 'This file has more than 200 columns. Delete those you do not need and save it as CSV again.',
  },
  FILE_TOO_MANY_OUTLETS: {
    id: 'Maksimal 5.000 outlet dalam satu file. Bagi menjadi beberapa file, lalu impor satu per satu.',
    en: 'At most 5,000 outlets in one file. Divide it into several files and import them one by one.',
  },
  FILE_CELL_TOO_LONG: {
    id: 'Ada sel atau baris yang terlalu panjang: maksimal 10.000 karakter per sel. Mungkin ada tanda kutip (") yang tidak ditutup.',
    en: 'A cell or line is too long: at most 10,000 characters in a cell. A quotation mark (") may never be closed.',
  },
  PHONE_COLUMN_NEEDED: { id: 'Pilih satu kolom yang berisi nomor.', en: 'Choose one column that holds the numbers.' },
  COLUMN_UNKNOWN: { id: 'Kolom ini tidak ada di file.', en: 'The file has no such column.' },
  HEADER_LINE_UNKNOWN: { id: 'Baris ini kosong atau tidak ada di file.', en: 'This line is empty or not in the file.' },
  COLUMNS_DIFFER: { id: 'Jumlah kolom berbeda dari file.', en: 'The file has another number of columns.' },
  COLUMN_TWICE: { id: 'Dua kolom tidak dapat berarti sama.', en: 'Two columns cannot mean the same.' },
  WRONG_CODE: {
    id: 'Kode ini salah, sudah dipakai, atau sudah berganti.',
    en: 'This code is wrong, was used, or has changed.',
  },
  WRONG_PASSWORD: { id: 'Kata sandi saat ini salah.', en: 'This is not your current password.' },
  GUESSABLE_PASSWORD: {
    id: 'Kata sandi ini termasuk yang pertama dicoba orang. Pakai beberapa kata yang tidak ada hubungannya.',
    en: 'This password is among the first that are tried. Use a few words that have nothing to do with each other.',
  },
  SAME_PASSWORD: { id: 'Ini kata sandi yang lama.', en: 'This is the old password.' },
  OWN_PASSWORD: {
    id: 'Ubah kata sandi sendiri di Profil, dengan kata sandi yang lama.',
    en: 'Change your own password under Profile, with the old one.',
  },
  CAPTION_TOO_LONG: {
    id: 'Maksimal 1.024 karakter di bawah gambar atau dokumen.',
    en: 'At most 1,024 characters under a picture or document.',
  },
  NO_HEALTHY_OUTLET: {
    id: 'Tidak ada outlet terpilih yang terhubung.',
    en: 'None of the chosen outlets is connected.',
  },
  NEVER_COMES: { id: 'Hari libur itu menutupi semua tanggalnya.', en: 'These holidays leave no day for it.' },
  NO_SUCH_FIELD: { id: 'Tidak ada kontak dengan kolom ini.', en: 'No contact has this field.' },
  NO_BIRTHDAYS: {
    id: 'Tidak ada tanggal lahir yang terbaca di kolom ini. Tulis misalnya 17/05/1990 atau 17 Mei 1990.',
    en: 'No birthday can be read in this field. Write it as 17/05/1990 or 17 Mei 1990, for example.',
  },
  NO_RECIPIENTS: { id: 'Tidak ada penerima.', en: 'There are no recipients.' },
  MESSAGE_EMPTY: { id: 'Pesan ini kosong untuk nomor ini.', en: 'The message is empty for this number.' },
  MEDIA_UNKNOWN: { id: 'Berkas ini tidak ada; unggah dulu.', en: 'There is no such file; upload it first.' },
  FILE_KIND: {
    id: 'Hanya gambar (JPEG, PNG, WebP), video (MP4) dan dokumen (PDF, Word, Excel, PowerPoint).',
    en: 'Only pictures (JPEG, PNG, WebP), videos (MP4) and documents (PDF, Word, Excel, PowerPoint).',
  },
  PICTURE_BROKEN: {
    id: 'Gambar ini rusak atau tidak lengkap, jadi tidak dapat dibuka. Simpan ulang lalu unggah lagi.',
    en: 'This picture is broken or incomplete and cannot be opened. Save it again, then upload it.',
  },
  PICTURE_TOO_LARGE: {
    id: 'Gambar ini terlalu besar: maksimal 220 juta piksel.',
    en: 'This picture is too large: at most 220 million pixels.',
  },
  PICTURE_MOVES: {
    id: 'Gambar bergerak tidak tampil di WhatsApp sebagai gambar. Simpan sebagai JPEG, atau kirim sebagai video MP4.',
    en: 'A moving picture does not show in WhatsApp as a picture. Save it as JPEG, or send it as an MP4 video.',
  },
  PICTURE_HEIC: {
    id: 'Gambar HEIC tidak tampil di semua HP. Di HP, simpan atau bagikan sebagai JPEG lalu unggah lagi.',
    en: 'HEIC pictures do not show on every phone. Save or share it as JPEG on the phone, then upload it.',
  },
  FILM_BROKEN: {
    id: 'Video ini rusak atau tidak lengkap. Simpan ulang sebagai MP4.',
    en: 'This video is broken or incomplete. Save it again as MP4.',
  },
  FILM_CODEC: {
    id: 'Video ini tidak diputar di semua HP. Simpan sebagai MP4 dengan H.264 dan AAC.',
    en: 'This video does not play on every phone. Save it as MP4 with H.264 and AAC.',
  },
  FILE_TOO_LARGE: { id: 'Berkas paling besar 16 MB.', en: 'A file may be at most 16 MB.' },
  PACE_ORDER: {
    id: 'Jeda terpendek tidak boleh lebih lama daripada jeda terpanjang.',
    en: 'The shortest pause may not be longer than the longest.',
  },
  HOURS_ALIKE: {
    id: 'Jam mulai dan jam selesainya sama. Isi dua jam yang berbeda, atau matikan jam tenang.',
    en: 'It starts and ends at the same time. Give two different times, or switch quiet hours off.',
  },
  NOT_AFTER_START: {
    id: 'Harus sesudah waktu mulainya.',
    en: 'Must be after the time it starts.',
  },
  WEBHOOK_URL: {
    id: 'Harus alamat http:// atau https:// tanpa nama pengguna dan kata sandi.',
    en: 'Must be an http:// or https:// address without a name and password.',
  },
  ADDRESS_NOT_PUBLIC: {
    id: 'Alamat ini bukan alamat publik. Bila memang dimaksud, izinkan jaringannya dengan EGRESS_ALLOW.',
    en: 'This is no public address. If it is meant, allow its network by EGRESS_ALLOW.',
  },
  PORT_NOT_HTTP: {
    id: 'Porta ini milik layanan lain, seperti surel atau basis data. Gunakan porta yang menerima webhook, biasanya 443.',
    en: 'This port belongs to another service, such as mail or a database. Use one that takes webhooks, usually 443.',
  },
  IN_THE_PAST: { id: 'Waktu ini sudah lewat.', en: 'This instant is in the past.' },
} as const satisfies Record<string, Texts>;

export type FieldTextCode = keyof typeof FIELD_TEXTS;

/** What zod reports about one field, as far as wording needs it. */
interface Issue {
  code?: string | undefined;
  input?: unknown;
  expected?: unknown;
  origin?: unknown;
  format?: unknown;
  minimum?: unknown;
  maximum?: unknown;
  values?: unknown;
  params?: unknown;
}

/** The sentence a person reads for one fault that a schema found. */
export function fieldText(issue: Issue, locale: Locale): string {
  const text = textOf(issue);
  return typeof text === 'string' ? FIELD_TEXTS[text][locale] : text[locale];
}

/** The texts that a schema of ours named in `params: { text }` when it refused a value by its own rule. */
export function ownTexts(issue: Issue): Texts | null {
  const text = (issue.params as { text?: unknown } | undefined)?.text;
  return typeof text === 'string' && text in FIELD_TEXTS ? FIELD_TEXTS[text as FieldTextCode] : null;
}

function textOf(issue: Issue): FieldTextCode | Texts {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'REQUIRED' : 'WRONG_TYPE';
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'invalid_format':
      return FORMATS[String(issue.format)] ?? 'INVALID';
    case 'invalid_value':
      return oneOf(issue.values);
    case 'unrecognized_keys':
      return 'UNKNOWN_FIELD';
    case 'custom':
      return ownTexts(issue) ?? 'INVALID';
    default:
      return 'INVALID';
  }
}

const FORMATS: Record<string, FieldTextCode> = { email: 'EMAIL', uuid: 'UUID', datetime: 'DATE_TIME' };

function tooSmall({ origin, minimum: limit }: Issue): FieldTextCode | Texts {
  const minimum = String(limit);
  if (origin === 'string') {
    return limit === 1 ? 'REQUIRED' : { id: `Minimal ${minimum} karakter.`, en: `At least ${minimum} characters.` };
  }
  if (origin === 'array') return { id: `Minimal ${minimum} buah.`, en: `At least ${minimum} of them.` };
  return { id: `Paling kecil ${minimum}.`, en: `No less than ${minimum}.` };
}

function tooBig({ origin, maximum: limit }: Issue): Texts {
  const maximum = String(limit);
  if (origin === 'string') return { id: `Maksimal ${maximum} karakter.`, en: `At most ${maximum} characters.` };
  if (origin === 'array') return { id: `Maksimal ${maximum} buah.`, en: `At most ${maximum} of them.` };
  return { id: `Paling besar ${maximum}.`, en: `No more than ${maximum}.` };
}

function oneOf(values: unknown): FieldTextCode | Texts {
  if (!Array.isArray(values)) return 'INVALID';
  const choices = values.join(', ');
  return { id: `Pilih salah satu: ${choices}.`, en: `Choose one of: ${choices}.` };
}
