import type { Locale } from './reason-texts.ts';

type Texts = Record<Locale, string>;

/** Where a blast stands. `finished`: nothing is waiting or on its way any more; receipts may still arrive. */
export const BLAST_STATUSES = ['scheduled', 'running', 'paused', 'canceled', 'finished'] as const;
export type BlastStatus = (typeof BLAST_STATUSES)[number];

/**
 * Where one recipient stands; each is in exactly one. `sending`: on the wire or about to be. `sent`: WhatsApp
 * acknowledged it. `unknown`: it may have been sent and nobody can say; a person decides.
 */
export const RECIPIENT_STATUSES = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'failed',
  'skipped',
  'unknown',
] as const;
export type RecipientStatus = (typeof RECIPIENT_STATUSES)[number];

/** Why a recipient was skipped or failed, or what is uncertain. */
export const RECIPIENT_REASONS = {
  OPTED_OUT: { id: 'Berhenti berlangganan.', en: 'Opted out.' },
  WISH_HELD: {
    id: 'Mungkin ingin berhenti; menunggu keputusan di Kontak › Berhenti.',
    en: 'They may want no messages; it waits for a decision under Contacts › Opted out.',
  },
  OWN_NUMBER: { id: 'Ini nomor salah satu outlet sendiri.', en: 'This is the number of one of your own outlets.' },
  EMPTY_MESSAGE: { id: 'Pesan untuk penerima ini kosong.', en: 'The message for this recipient is empty.' },
  NOT_ON_WHATSAPP: { id: 'Nomor ini tidak ada di WhatsApp.', en: 'This number is not on WhatsApp.' },
  OUTLET_UNHEALTHY: { id: 'Outlet tidak terhubung saat blast dibuat.', en: 'The outlet was not connected.' },
  CONTACT_DELETED: { id: 'Kontak ini sudah dihapus.', en: 'This contact has been deleted.' },
  LEFT_AUDIENCE: {
    id: 'Kontak ini tidak lagi berlabel yang dituju.',
    en: 'This contact no longer has the tags that were meant.',
  },
  DUPLICATE: {
    id: 'Nomornya kini sama dengan penerima lain.',
    en: 'The number is now the same as another recipient’s.',
  },
  TOO_OFTEN: {
    id: 'Sudah menerima sebanyak yang diperbolehkan dalam tujuh hari.',
    en: 'Has had as many blasts as are allowed in seven days.',
  },
  TOO_LATE: { id: 'Batas waktunya sudah lewat.', en: 'The time it was good for has passed.' },
  TOO_LONG: {
    id: 'Dengan isian penerima ini, pesannya terlalu panjang.',
    en: 'With what is filled in for this recipient the message is too long.',
  },
  CANCELED: { id: 'Blast dibatalkan.', en: 'The blast was canceled.' },
  REFUSED: { id: 'WhatsApp menolak pesan ini.', en: 'WhatsApp refused this message.' },
  RESTRICTED: {
    id: 'WhatsApp tidak mengizinkan nomor outlet memulai percakapan baru.',
    en: 'WhatsApp does not let the outlet’s number start new chats.',
  },
  NO_TOKEN: {
    id: 'WhatsApp baru mengizinkan nomor ini dihubungi setelah ia menulis lebih dulu.',
    en: 'WhatsApp lets this number be written to only after it has written first.',
  },
  NEW_CHAT_REFUSED: {
    id: 'WhatsApp menolak percakapan baru dengan nomor ini tanpa menyebut sebabnya: nomor outlet dibatasi, atau nomor ini harus menulis lebih dulu.',
    en: 'WhatsApp refused a new chat with this number without saying why: the outlet’s number is restricted, or this number has to write first.',
  },
  CANNOT_ENCRYPT: {
    id: 'Pesan tidak dapat dienkripsi untuk nomor ini.',
    en: 'The message could not be encrypted for this number.',
  },
  UPLOAD_FAILED: { id: 'Berkas tidak dapat diunggah ke WhatsApp.', en: 'The file could not be uploaded to WhatsApp.' },
  UNREADABLE: {
    id: 'Isi pesan ini rusak di basis data dan tidak dapat dibuka.',
    en: 'What this message says is damaged in the database and cannot be opened.',
  },
  NO_ACKNOWLEDGEMENT: {
    id: 'WhatsApp belum memastikan pesan ini. Periksa di HP sebelum mengirim ulang.',
    en: 'WhatsApp did not confirm this message. Look at the phone before sending it again.',
  },
  INTERRUPTED: {
    id: 'Pengiriman terputus di tengah jalan. Periksa di HP sebelum mengirim ulang.',
    en: 'Sending was interrupted. Look at the phone before sending it again.',
  },
} as const satisfies Record<string, Texts>;
export type RecipientReason = keyof typeof RECIPIENT_REASONS;

/** Why people of the chosen audience get no message; told by the preview. */
export const SKIP_REASONS = {
  DUPLICATE: { id: 'Nomor ganda', en: 'Named twice' },
  CONTACT_GONE: { id: 'Kontak tidak ada lagi', en: 'No such contact' },
  INVALID: { id: 'Nomor tidak sah', en: 'Not a phone number' },
  NOT_ON_WHATSAPP: { id: 'Tidak ada di WhatsApp', en: 'Not on WhatsApp' },
  OPTED_OUT: { id: 'Berhenti berlangganan', en: 'Opted out' },
  WISH_HELD: { id: 'Mungkin ingin berhenti', en: 'May want to opt out' },
  OWN_NUMBER: { id: 'Nomor outlet sendiri', en: 'An outlet’s own number' },
  TOO_OFTEN: { id: 'Terlalu sering dalam 7 hari', en: 'Too often in 7 days' },
  EMPTY_MESSAGE: { id: 'Pesan kosong', en: 'Empty message' },
  OUTLET_UNHEALTHY: { id: 'Outlet tidak terhubung', en: 'Outlet not connected' },
} as const satisfies Record<string, Texts>;
export type SkipReason = keyof typeof SKIP_REASONS;

/** Why an outlet's part waits. `{until}` is a time of day in the outlet's zone. Without one a person must act. */
export const HOLD_CODES = {
  OUTLET_UNHEALTHY: {
    id: 'Outlet tidak terhubung; dilanjutkan sendiri begitu tersambung.',
    en: 'The outlet is not connected; goes on by itself once it is.',
  },
  NOT_YET: { id: 'Dijadwalkan {until}.', en: 'Scheduled for {until}.' },
  QUIET_HOURS: { id: 'Jam tenang sampai {until}.', en: 'Quiet hours until {until}.' },
  DAILY_CAP: { id: 'Batas harian tercapai; dilanjutkan {until}.', en: 'Daily cap reached; goes on {until}.' },
  RESTRICTED: {
    id: 'Dibatasi sampai {until}: WhatsApp tidak mengizinkan percakapan baru.',
    en: 'Restricted until {until}: WhatsApp allows no new chats.',
  },
  STOPPED_RESTRICTED: {
    id: 'Dihentikan: WhatsApp dua kali menolak percakapan baru. Tunggu, periksa HP, lalu lanjutkan.',
    en: 'Stopped: WhatsApp refused new chats twice. Wait, look at the phone, then resume.',
  },
  STOPPED_REFUSALS: {
    id: 'Dihentikan: terlalu banyak pesan ditolak WhatsApp. Periksa nomor penerima, lalu lanjutkan.',
    en: 'Stopped: WhatsApp refused too many messages. Check the recipients, then resume.',
  },
} as const satisfies Record<string, Texts>;
export type HoldCode = keyof typeof HOLD_CODES;

/** Where an outlet lies. None of the three has summer time. */
export const OUTLET_ZONES = {
  'Asia/Jakarta': { abbreviation: 'WIB', offsetMinutes: 420 },
  'Asia/Makassar': { abbreviation: 'WITA', offsetMinutes: 480 },
  'Asia/Jayapura': { abbreviation: 'WIT', offsetMinutes: 540 },
} as const;
export type OutletZone = keyof typeof OUTLET_ZONES;
