import { detail, turnedAway, type ReasonCatalogue, type ReasonSentences } from './reason-catalogue.ts';
import type { ReasonParams } from './outlet-status-schema.ts';

/** What WhatsApp refuses without a word to us, so that only the phone can tell. */
const SILENT_REFUSALS =
  'lihat pesan di HP: bisa karena sudah ada 4 perangkat tertaut, WhatsApp di HP terlalu lama, atau versi Koneksi terlalu lama.';

/** Why an account is banned for a while, by WhatsApp's code. */
const BAN_CAUSES: Record<string, string> = {
  '101': ', karena mengirim ke terlalu banyak orang yang tidak mengenalnya (101)',
  '102': ', karena banyak penerima memblokirnya (102)',
  '103': ', karena membuat terlalu banyak grup (103)',
  '104': ', karena mengirim pesan yang sama ke terlalu banyak orang (104)',
  '106': ', karena mengirim terlalu banyak lewat daftar siaran (106)',
};

const RELINK = 'Klik Koneksikan lalu pindai QR dengan HP outlet; tautan yang lama diganti.';

const REFUSALS: Record<string, ReasonSentences> = {
  '409': {
    message: 'WhatsApp menolak jenis klien yang dipakai Koneksi (409).',
    action: 'Hubungi admin sistem untuk memperbarui Koneksi, lalu klik Koneksikan.',
  },
  '411': {
    message: 'Akun ini belum dapat memakai perangkat tertaut (411).',
    action: 'Perbarui WhatsApp di HP outlet, lalu klik Koneksikan.',
  },
  '413': { message: 'Tanda masuk tautan ini sudah kedaluwarsa menurut WhatsApp (413).', action: RELINK },
  '414': { message: 'Tanda masuk tautan ini tidak sah menurut WhatsApp (414).', action: RELINK },
  '415': { message: 'WhatsApp tidak mengenal tautan ini (415).', action: RELINK },
};

const KEEPS_TRYING = 'Koneksi terus mencoba sendiri.';

/** The internet is blamed where no outlet gets to WhatsApp, and only guessed at where nobody can tell. */
function unreachable(params: ReasonParams): ReasonSentences {
  const sent = turnedAway(params);
  switch (params.reach) {
    case 'alone':
      return {
        message: `WhatsApp tidak menjawab outlet ini${detail(params)}, sedangkan outlet lain tersambung.`,
        action: `Internet di server baik. ${KEEPS_TRYING} Bila tetap begitu, klik Koneksikan atau hubungi admin sistem.`,
      };
    case 'server':
      return {
        message: `WhatsApp tidak dapat dijangkau dari server ini${detail(params)}, oleh outlet lain pun tidak.`,
        action: sent ? `WhatsApp menolak dulu. ${KEEPS_TRYING}` : `Periksa internet di server. ${KEEPS_TRYING}`,
      };
    default:
      return {
        message: `WhatsApp tidak dapat dijangkau${detail(params)}.`,
        action: sent ? KEEPS_TRYING : `${KEEPS_TRYING} Bila tetap begitu, periksa internet di server.`,
      };
  }
}

export const INDONESIAN_REASONS: ReasonCatalogue = {
  PAIRING: () => ({
    message: 'Menunggu perangkat ditautkan.',
    action: 'Buka WhatsApp di HP outlet, pilih Perangkat tertaut, lalu pindai QR atau masukkan kode.',
  }),
  LINKING: () => ({ message: 'HP sudah menerima, perangkat sedang ditautkan.', action: 'Tunggu beberapa detik.' }),
  RECONNECTING: ({ attempt }) => ({
    message: attempt ? `Menyambung kembali, percobaan ke-${attempt}.` : 'Menyambung kembali.',
    action: 'Tidak perlu apa-apa; Koneksi mencoba lagi sendiri.',
  }),
  DEGRADED: () => ({
    message: 'WhatsApp tidak lagi menjawab di sambungan ini.',
    action: 'Tidak perlu apa-apa; sambungan sedang diganti.',
  }),
  WAITING_TURN: () => ({
    message: 'Menunggu giliran untuk menyambung.',
    action: 'Tidak perlu apa-apa; Koneksi menyambung begitu gilirannya tiba.',
  }),
  WHATSAPP_UNREACHABLE: (params) => unreachable(params),
  QR_EXPIRED: ({ method }) =>
    method === 'pairing-code'
      ? {
          message: 'Waktu kode habis dan WhatsApp tidak memberi kabar.',
          action: `Klik Koneksikan untuk kode yang baru. Kalau kodenya tadi sudah diketik, ${SILENT_REFUSALS}`,
        }
      : {
          message: 'Waktu QR habis dan WhatsApp tidak memberi kabar.',
          action: `Klik Koneksikan untuk QR yang baru. Kalau tadi sudah dipindai, ${SILENT_REFUSALS}`,
        },
  STORE_DOWN: () => ({
    message: 'Basis data Koneksi tidak menjawab.',
    action: 'Hubungi admin sistem. Sambungan kembali sendiri setelah basis data hidup.',
  }),
  LOGGED_OUT: () => ({
    message: 'Tautan dilepas dari HP atau oleh WhatsApp.',
    action: 'Klik Koneksikan lalu pindai QR dengan HP outlet.',
  }),
  REPLACED: () => ({
    message: 'Sesi ini dipakai di tempat lain.',
    action: 'Pastikan tidak ada server lain yang memakai sesi ini, lalu klik Koneksikan.',
  }),
  REMOVED_BY_WHATSAPP: () => ({
    message: 'Tautan dilepas tidak lama setelah dibuat, biasanya oleh WhatsApp sendiri.',
    action:
      'Lihat di WhatsApp HP outlet apakah ada pemberitahuan, tunggu beberapa menit, lalu klik Koneksikan dan tautkan lagi.',
  }),
  PHONE_AWAY: () => ({
    message: 'WhatsApp melepas tautan karena HP outlet 14 hari tidak online.',
    action: 'Nyalakan HP outlet dan sambungkan ke internet, lalu klik Koneksikan dan pindai QR.',
  }),
  PASSKEY_REQUIRED: () => ({
    message: 'WhatsApp meminta passkey akun ini, dan tautannya tidak jadi.',
    action:
      'Hapus passkey di HP outlet (Setelan, Akun, Passkey), klik Koneksikan, lalu tautkan sekali lagi. Kalau WhatsApp meminta membuat passkey baru, nomor ini belum bisa ditautkan: hubungi admin sistem, dan jangan hapus akunnya.',
  }),
  BLOCKED: (params) => ({
    message: `WhatsApp menutup tautan ini${detail(params)}: akunnya dikunci atau pindah ke HP baru.`,
    action:
      'Klik Koneksikan lalu pindai QR dengan HP outlet yang sekarang. Kalau WhatsApp di HP itu mengatakan nomornya diblokir, ajukan peninjauan di sana dulu.',
  }),
  BANNED: (params) => ({
    message: `WhatsApp memblokir nomor ini${detail(params)}.`,
    action: 'Buka WhatsApp di HP outlet dan ajukan peninjauan. Klik Koneksikan setelah WhatsApp membukanya.',
  }),
  RESTRICTED: ({ until, detail: code = '' }, when) => ({
    message: `WhatsApp membatasi nomor ini${until ? ` sampai ${when(until)}` : ''}${BAN_CAUSES[code] ?? ''}.`,
    action: until
      ? 'Tunggu sampai pembatasan berakhir; Koneksi menyambung sendiri setelah itu.'
      : 'WhatsApp tidak mengatakan sampai kapan. Lihat di WhatsApp HP outlet, dan klik Koneksikan setelah pembatasan dicabut.',
  }),
  OUTDATED: () => ({
    message: 'WhatsApp menolak versi aplikasi ini.',
    action: 'Hubungi admin sistem untuk memperbarui Koneksi.',
  }),
  CONFIG_ERROR: (params) =>
    REFUSALS[params.detail ?? ''] ?? {
      message: `Pengaturan akun atau server tidak cocok dengan WhatsApp${detail(params)}.`,
      action: 'Hubungi admin sistem, lalu klik Koneksikan.',
    },
  WRONG_NUMBER: ({ number }) => ({
    message: number
      ? `Tautan ini milik nomor +${number}, bukan nomor outlet ini.`
      : 'Tautan ini milik nomor lain, bukan nomor outlet ini.',
    action: 'Klik Koneksikan dan pindai dengan HP yang nomornya sama dengan nomor outlet.',
  }),
  NEVER_LINKED: () => ({
    message: 'Outlet ini belum pernah ditautkan.',
    action: 'Klik Koneksikan lalu pindai QR dengan HP outlet.',
  }),
  UNLINKED: ({ detail, number }) =>
    detail
      ? {
          message: 'Tautan diputus dari Koneksi, tetapi WhatsApp belum dapat diberi tahu.',
          action: `Hapus Koneksi dari Perangkat tertaut di HP ${number ? `+${number}` : 'outlet'}. Untuk menautkan lagi, klik Koneksikan.`,
        }
      : {
          message: 'Tautan diputus dari Koneksi.',
          action: 'Klik Koneksikan lalu pindai QR untuk menautkan lagi.',
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
