import { PHONE_NOT_TOLD, turnedAway, type ReasonCatalogue, type ReasonSentences } from './reason-catalogue.ts';
import type { ReasonParams } from './outlet-status-schema.ts';

/** What WhatsApp refuses without a word to us, so that only the phone can tell. */
const silentRefusals = (client: string, pinned?: string): string =>
  `lihat pesan di HP: bisa karena sudah ada 4 perangkat tertaut, WhatsApp di HP terlalu lama, atau versi WhatsApp Web di Koneksi terlalu lama${pinned ? ` (ditetapkan di server: WA_VERSION ${pinned})` : client && ` (dari ${client})`}.`;

/** Why an account is banned for a while, by WhatsApp's code. */
const BAN_CAUSES: Record<string, string> = {
  '101': ', karena mengirim ke terlalu banyak orang yang tidak mengenalnya',
  '102': ', karena banyak penerima memblokirnya',
  '103': ', karena membuat terlalu banyak grup',
  '104': ', karena mengirim pesan yang sama ke terlalu banyak orang',
  '106': ', karena mengirim terlalu banyak lewat daftar siaran',
};

const RELINK = 'Klik Koneksikan lalu pindai QR atau masukkan kode dengan HP outlet; tautan yang lama diganti.';

const REFUSALS: Record<string, ReasonSentences> = {
  '409': {
    message: 'WhatsApp menolak jenis klien yang dipakai Koneksi.',
    action: 'Hubungi admin sistem untuk memperbarui Koneksi, lalu klik Koneksikan.',
  },
  '411': {
    message: 'Akun ini belum dapat memakai perangkat tertaut.',
    action: 'Perbarui WhatsApp di HP outlet, lalu klik Koneksikan.',
  },
  '413': { message: 'Tanda masuk tautan ini sudah kedaluwarsa menurut WhatsApp.', action: RELINK },
  '414': { message: 'Tanda masuk tautan ini tidak sah menurut WhatsApp.', action: RELINK },
  '415': { message: 'WhatsApp tidak mengenal tautan ini.', action: RELINK },
};

const trying = (retries: boolean): string =>
  retries ? 'Koneksi terus mencoba sendiri.' : 'Koneksi sedang mencoba sekarang.';

/** The internet is blamed where no outlet gets to WhatsApp, and only guessed at where nobody can tell. */
function unreachable(params: ReasonParams, retries: boolean): ReasonSentences {
  const tries = trying(retries);
  const sent = turnedAway(params);
  switch (params.reach) {
    case 'alone':
      return {
        message: 'WhatsApp tidak menjawab outlet ini, sedangkan outlet lain tersambung.',
        action: `Internet di server baik. ${tries} Bila tetap begitu, klik Koneksikan atau hubungi admin sistem.`,
      };
    case 'server':
      return {
        message: 'WhatsApp tidak dapat dijangkau dari server ini, oleh outlet lain pun tidak.',
        action: sent ? `WhatsApp menolak dulu. ${tries}` : `Periksa internet di server. ${tries}`,
      };
    default:
      return {
        message: 'WhatsApp tidak dapat dijangkau.',
        action: sent ? tries : `${tries} Bila tetap begitu, periksa internet di server.`,
      };
  }
}

export const INDONESIAN_REASONS: ReasonCatalogue = {
  PAIRING: () => ({
    message: 'Menunggu perangkat ditautkan.',
    action: 'Buka WhatsApp di HP outlet, pilih Perangkat tertaut, lalu pindai QR atau masukkan kode.',
  }),
  LINKING: () => ({ message: 'HP sudah menerima, perangkat sedang ditautkan.', action: 'Tunggu beberapa detik.' }),
  RECONNECTING: ({ attempt }, _, retries) => ({
    message: attempt ? `Menyambung kembali, percobaan ke-${attempt}.` : 'Menyambung kembali.',
    action: retries
      ? 'Tidak perlu apa-apa; Koneksi mencoba lagi sendiri.'
      : 'Tidak perlu apa-apa; Koneksi sedang mencoba sekarang.',
  }),
  DEGRADED: () => ({
    message: 'WhatsApp tidak lagi menjawab di sambungan ini.',
    action: 'Tidak perlu apa-apa; sambungan sedang diganti.',
  }),
  WAITING_TURN: (_, __, retries) => ({
    message: 'Menunggu giliran untuk menyambung.',
    action: retries
      ? 'Tidak perlu apa-apa; Koneksi menyambung begitu gilirannya tiba.'
      : 'Tidak perlu apa-apa; sedang antre.',
  }),
  WHATSAPP_UNREACHABLE: (params, _, retries) => unreachable(params, retries),
  QR_EXPIRED: ({ method, clientSince, pinned }, when) =>
    method === 'pairing-code'
      ? {
          message: 'Waktu kode habis dan WhatsApp tidak memberi kabar.',
          action: `Klik Koneksikan untuk kode yang baru. Kalau kodenya tadi sudah diketik, ${silentRefusals(when(clientSince), pinned)}`,
        }
      : {
          message: 'Waktu QR habis dan WhatsApp tidak memberi kabar.',
          action: `Klik Koneksikan untuk QR yang baru. Kalau tadi sudah dipindai, ${silentRefusals(when(clientSince), pinned)}`,
        },
  STORE_DOWN: (_, __, retries) => ({
    message: 'Basis data Koneksi tidak menjawab.',
    action: `Hubungi admin sistem. ${retries ? 'Sambungan kembali sendiri setelah basis data hidup.' : 'Koneksi sedang mencoba sekarang.'}`,
  }),
  LOGGED_OUT: () => ({
    message: 'Tautan dilepas dari HP atau oleh WhatsApp.',
    action: 'Klik Koneksikan lalu pindai QR atau masukkan kode dengan HP outlet.',
  }),
  REPLACED: (_, __, retries) => ({
    message: 'Sesi ini dipakai di tempat lain.',
    action: retries
      ? 'Pastikan tidak ada server lain yang memakai sesi ini. Koneksi mencoba sekali lagi sendiri.'
      : 'Pastikan tidak ada server lain yang memakai sesi ini, lalu klik Koneksikan.',
  }),
  REMOVED_BY_WHATSAPP: () => ({
    message: 'Tautan dilepas tidak lama setelah dibuat, biasanya oleh WhatsApp sendiri.',
    action:
      'Lihat di WhatsApp HP outlet apakah ada pemberitahuan, tunggu beberapa menit, lalu klik Koneksikan dan tautkan lagi.',
  }),
  PHONE_AWAY: () => ({
    message: 'WhatsApp melepas tautan karena HP outlet 14 hari tidak online.',
    action: 'Nyalakan HP outlet dan sambungkan ke internet, lalu klik Koneksikan dan pindai QR atau masukkan kode.',
  }),
  PASSKEY_REQUIRED: () => ({
    message: 'WhatsApp meminta passkey akun ini, dan tautannya tidak jadi.',
    action:
      'Hapus passkey di HP outlet (Setelan, Akun, Passkey), klik Koneksikan, lalu tautkan sekali lagi. Kalau WhatsApp meminta membuat passkey baru, nomor ini belum bisa ditautkan: hubungi admin sistem, dan jangan hapus akunnya.',
  }),
  BLOCKED: () => ({
    message: 'WhatsApp menutup tautan ini: akunnya dikunci atau pindah ke HP baru.',
    action:
      'Klik Koneksikan lalu pindai QR atau masukkan kode dengan HP outlet yang sekarang. Kalau WhatsApp di HP itu mengatakan nomornya diblokir, ajukan peninjauan di sana dulu.',
  }),
  BANNED: () => ({
    message: 'WhatsApp memblokir nomor ini.',
    action:
      'Buka WhatsApp di HP outlet dan ajukan peninjauan. Setelah nomornya bisa dipakai lagi di sana, klik Koneksikan: outlet tersambung sendiri, atau muncul QR untuk dipindai.',
  }),
  RESTRICTED: ({ until, detail: code = '' }, when, retries) => ({
    message: `WhatsApp membatasi nomor ini${until ? ` sampai ${when(until)}` : ''}${BAN_CAUSES[code] ?? ''}.`,
    action: until
      ? `Tunggu sampai pembatasan berakhir${retries ? '; Koneksi menyambung sendiri setelah itu' : ', lalu klik Koneksikan'}.`
      : 'WhatsApp tidak mengatakan sampai kapan. Lihat di WhatsApp HP outlet, dan klik Koneksikan setelah pembatasan dicabut.',
  }),
  OUTDATED: ({ pinned }, _, retries) => ({
    message: 'WhatsApp menolak versi aplikasi ini.',
    action: pinned
      ? `Hubungi admin sistem: versinya ditetapkan sendiri (WA_VERSION ${pinned}). Hapus atau naikkan WA_VERSION, mulai ulang Koneksi, lalu klik Koneksikan.`
      : `Hubungi admin sistem untuk memperbarui Koneksi${retries ? '. Koneksi menanyakan versi yang lebih baru dan mencoba lagi sendiri' : ', lalu klik Koneksikan'}.`,
  }),
  CONFIG_ERROR: (params) =>
    REFUSALS[params.detail ?? ''] ?? {
      message: 'Pengaturan akun atau server tidak cocok dengan WhatsApp.',
      action: 'Hubungi admin sistem, lalu klik Koneksikan.',
    },
  WRONG_NUMBER: ({ number, detail }) => ({
    message: number
      ? `Tautan ini milik nomor +${number}, bukan nomor outlet ini.${detail === PHONE_NOT_TOLD ? ' WhatsApp belum dapat diberi tahu bahwa tautannya diputus.' : ''}`
      : 'Tautan ini milik nomor lain, bukan nomor outlet ini.',
    action: 'Klik Koneksikan lalu pindai QR atau masukkan kode dengan HP yang nomornya sama dengan nomor outlet.',
  }),
  NEVER_LINKED: () => ({
    message: 'Outlet ini belum pernah ditautkan.',
    action: 'Klik Koneksikan lalu pindai QR atau masukkan kode dengan HP outlet.',
  }),
  UNLINKED: ({ detail }) =>
    detail === PHONE_NOT_TOLD
      ? {
          message: 'Tautan diputus dari Koneksi, tetapi WhatsApp belum dapat diberi tahu.',
          action: 'Untuk menautkan lagi, klik Koneksikan.',
        }
      : {
          message: 'Tautan diputus dari Koneksi.',
          action: 'Klik Koneksikan lalu pindai QR atau masukkan kode untuk menautkan lagi.',
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
