/** Notices that a browser shows though no page of ours is open: on the profile, and on the page of alerts. */
export const PUSH_ID = {
  title: 'Notifikasi di perangkat ini',
  lead: 'Browser menampilkan pemberitahuan juga saat Koneksi tidak dibuka. Apa yang dikabarkan ditentukan oleh aturan pemberitahuan yang menyebut Anda.',
  state: {
    unsupported:
      'Browser ini belum dapat menerima notifikasi. Buka Koneksi lewat https; di iPhone dan iPad, pasang dulu lewat Bagikan → Tambah ke Layar Utama.',
    blocked: 'Notifikasi diblokir untuk situs ini. Izinkan di pengaturan situs browser, lalu coba lagi.',
    off: 'Mati di perangkat ini.',
    on: 'Menyala di perangkat ini.',
  },
  turnOn: 'Nyalakan notifikasi',
  turnOff: 'Matikan',
  test: 'Kirim tes',
  tested: 'Tes diterima layanan notifikasi browser. Bila tidak muncul, periksa izin notifikasi di perangkat ini.',
  notTested: 'Tes tidak terkirim: {{fault}}',
  others: 'Perangkat lain milik Anda',
  remove: 'Matikan notifikasi di {{browser}}',
  refused: 'Browser tidak memberi alamat notifikasi. Coba lagi, atau gunakan browser lain.',
  browserOn: '{{browser}} di {{system}}',
  fault: {
    NO_BROWSER: 'belum ada perangkat yang menyalakan notifikasi.',
    BROWSER_GONE: 'browser itu sudah mencabut notifikasi, jadi dihapus dari daftar.',
    PUSH_REFUSED: 'layanan notifikasi browser menolak pesan ini.',
    PUSH_UNREACHABLE: 'layanan notifikasi browser tidak dapat dijangkau dari server.',
    other: 'terjadi kesalahan di server.',
  },
};

export type PushCatalogue = typeof PUSH_ID;
