import type { ReasonCode } from './outlet-status.ts';
import type { ReasonParams } from './outlet-status-schema.ts';

export const LOCALES = ['id', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

interface Sentences {
  /** What happened. */
  message: string;
  /** Who must do what. */
  action: string;
}

type Catalogue = Record<ReasonCode, (params: ReasonParams, when: (iso?: string) => string) => Sentences>;

const detail = ({ detail }: ReasonParams): string => (detail ? ` (${detail})` : '');

const INDONESIAN: Catalogue = {
  PAIRING: () => ({
    message: 'Menunggu perangkat ditautkan.',
    action: 'Buka WhatsApp di HP outlet, pilih Perangkat tertaut, lalu scan QR atau masukkan kode.',
  }),
  LINKING: () => ({ message: 'QR sudah discan, perangkat sedang ditautkan.', action: 'Tunggu beberapa detik.' }),
  RECONNECTING: ({ attempt }) => ({
    message: attempt ? `Menyambung kembali, percobaan ke-${attempt}.` : 'Menyambung kembali.',
    action: 'Tidak perlu apa-apa; Koneksi mencoba lagi sendiri.',
  }),
  DEGRADED: () => ({
    message: 'WhatsApp tidak lagi menjawab di sambungan ini.',
    action: 'Tidak perlu apa-apa; sambungan sedang diganti.',
  }),
  WHATSAPP_UNREACHABLE: (params) => ({
    message: `WhatsApp tidak dapat dijangkau${detail(params)}.`,
    action: 'Periksa internet di server. Koneksi terus mencoba sendiri.',
  }),
  QR_EXPIRED: () => ({
    message: 'QR tidak discan sampai waktunya habis.',
    action: 'Klik Koneksikan untuk QR yang baru, lalu scan dengan HP outlet.',
  }),
  STORE_DOWN: () => ({
    message: 'Basis data Koneksi tidak menjawab.',
    action: 'Hubungi admin sistem. Sambungan kembali sendiri setelah basis data hidup.',
  }),
  LOGGED_OUT: () => ({
    message: 'Tautan dilepas dari HP atau oleh WhatsApp.',
    action: 'Klik Koneksikan lalu scan QR dengan HP outlet.',
  }),
  REPLACED: () => ({
    message: 'Sesi ini dipakai di tempat lain.',
    action: 'Pastikan tidak ada server lain yang memakai sesi ini, lalu klik Koneksikan.',
  }),
  BLOCKED: (params) => ({
    message: `WhatsApp memblokir nomor ini${detail(params)}.`,
    action: 'Buka WhatsApp di HP outlet dan ajukan peninjauan, lalu klik Koneksikan.',
  }),
  RESTRICTED: ({ until }, when) => ({
    message: until ? `WhatsApp membatasi nomor ini sampai ${when(until)}.` : 'WhatsApp membatasi nomor ini.',
    action: 'Tunggu sampai pembatasan berakhir; Koneksi menyambung sendiri setelah itu.',
  }),
  OUTDATED: () => ({
    message: 'WhatsApp menolak versi aplikasi ini.',
    action: 'Hubungi admin sistem untuk memperbarui Koneksi.',
  }),
  CONFIG_ERROR: (params) => ({
    message: `Pengaturan akun atau server tidak cocok dengan WhatsApp${detail(params)}.`,
    action: 'Hubungi admin sistem, lalu klik Koneksikan.',
  }),
  WRONG_NUMBER: ({ number }) => ({
    message: number
      ? `Tautan ini milik nomor +${number}, bukan nomor outlet ini.`
      : 'Tautan ini milik nomor lain, bukan nomor outlet ini.',
    action: 'Klik Koneksikan dan scan dengan HP yang nomornya sama dengan nomor outlet.',
  }),
  NEVER_LINKED: () => ({
    message: 'Outlet ini belum pernah ditautkan.',
    action: 'Klik Koneksikan lalu scan QR dengan HP outlet.',
  }),
  UNLINKED: ({ detail }) =>
    detail
      ? {
          message: 'Tautan diputus dari Koneksi, tetapi WhatsApp belum dapat diberi tahu.',
          action: 'Hapus Koneksi dari Perangkat tertaut di HP outlet. Untuk menautkan lagi, klik Koneksikan.',
        }
      : {
          message: 'Tautan diputus dari Koneksi.',
          action: 'Klik Koneksikan lalu scan QR untuk menautkan lagi.',
        },
  AUTO_RECONNECT_OFF: () => ({
    message: 'Terputus, dan sambung otomatis dimatikan.',
    action: 'Klik Koneksikan, atau nyalakan sambung otomatis.',
  }),
  INACTIVE: () => ({
    message: 'Outlet ini dinonaktifkan.',
    action: 'Admin dapat mengaktifkannya lagi di halaman Outlet.',
  }),
  PAUSED_BY: ({ by, at }, when) => ({
    message: `Dijeda${by ? ` oleh ${by}` : ''}${at ? ` pada ${when(at)}` : ''}.`,
    action: 'Klik Lanjutkan untuk menyambung lagi.',
  }),
};

const ENGLISH: Catalogue = {
  PAIRING: () => ({
    message: 'Waiting for the device to be linked.',
    action: "On the outlet's phone open WhatsApp, Linked devices, then scan the QR or type the code.",
  }),
  LINKING: () => ({ message: 'The QR was scanned; the device is being linked.', action: 'Wait a few seconds.' }),
  RECONNECTING: ({ attempt }) => ({
    message: attempt ? `Reconnecting, attempt ${attempt}.` : 'Reconnecting.',
    action: 'Nothing to do; Koneksi tries again by itself.',
  }),
  DEGRADED: () => ({
    message: 'WhatsApp no longer answers on this connection.',
    action: 'Nothing to do; the connection is being replaced.',
  }),
  WHATSAPP_UNREACHABLE: (params) => ({
    message: `WhatsApp cannot be reached${detail(params)}.`,
    action: "Check the server's internet connection. Koneksi keeps trying by itself.",
  }),
  QR_EXPIRED: () => ({
    message: 'No one scanned the QR in time.',
    action: "Press Connect for a new QR, then scan it with the outlet's phone.",
  }),
  STORE_DOWN: () => ({
    message: "Koneksi's database does not answer.",
    action: 'Tell the system administrator. The link returns by itself once the database is back.',
  }),
  LOGGED_OUT: () => ({
    message: 'The link was removed on the phone or by WhatsApp.',
    action: "Press Connect and scan the QR with the outlet's phone.",
  }),
  REPLACED: () => ({
    message: 'This session is in use somewhere else.',
    action: 'Make sure no other server uses this session, then press Connect.',
  }),
  BLOCKED: (params) => ({
    message: `WhatsApp has blocked this number${detail(params)}.`,
    action: "Open WhatsApp on the outlet's phone and ask for a review, then press Connect.",
  }),
  RESTRICTED: ({ until }, when) => ({
    message: until ? `WhatsApp restricts this number until ${when(until)}.` : 'WhatsApp restricts this number.',
    action: 'Wait until the restriction ends; Koneksi reconnects by itself after that.',
  }),
  OUTDATED: () => ({
    message: 'WhatsApp refuses this version of the client.',
    action: 'Ask the system administrator to update Koneksi.',
  }),
  CONFIG_ERROR: (params) => ({
    message: `The account or server settings do not suit WhatsApp${detail(params)}.`,
    action: 'Tell the system administrator, then press Connect.',
  }),
  WRONG_NUMBER: ({ number }) => ({
    message: number
      ? `The link belongs to +${number}, which is not this outlet's number.`
      : "The link belongs to another number than this outlet's.",
    action: "Press Connect and scan with the phone that has the outlet's number.",
  }),
  NEVER_LINKED: () => ({
    message: 'This outlet has never been linked.',
    action: "Press Connect and scan the QR with the outlet's phone.",
  }),
  UNLINKED: ({ detail }) =>
    detail
      ? {
          message: 'The link was removed from Koneksi, but WhatsApp could not be told.',
          action: "Remove Koneksi under Linked devices on the outlet's phone. To link again, press Connect.",
        }
      : {
          message: 'The link was removed from Koneksi.',
          action: 'Press Connect and scan the QR to link again.',
        },
  AUTO_RECONNECT_OFF: () => ({
    message: 'Offline, and automatic reconnecting is switched off.',
    action: 'Press Connect, or switch automatic reconnecting on.',
  }),
  INACTIVE: () => ({
    message: 'This outlet is deactivated.',
    action: 'An administrator can activate it on the Outlets page.',
  }),
  PAUSED_BY: ({ by, at }, when) => ({
    message: `Paused${by ? ` by ${by}` : ''}${at ? ` on ${when(at)}` : ''}.`,
    action: 'Press Resume to connect again.',
  }),
};

const CATALOGUES: Record<Locale, Catalogue> = { id: INDONESIAN, en: ENGLISH };

const clocks: Record<Locale, Intl.DateTimeFormat> = {
  id: new Intl.DateTimeFormat('id-ID', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Jakarta' }),
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Jakarta' }),
};

/** The two sentences people see for a reason. Instants are told in WIB (UTC+7). */
export function reasonSentences(code: ReasonCode, params: ReasonParams, locale: Locale): Sentences {
  const when = (iso?: string): string => (iso ? `${clocks[locale].format(new Date(iso))} WIB` : '');
  return CATALOGUES[locale][code](params, when);
}
