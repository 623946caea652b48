/** What outlets mean to those who watch them. */
export const KINDS_ID = {
  problem: 'Bermasalah',
  unstable: 'Tidak stabil',
  setup: 'Disiapkan',
  paused: 'Dijeda',
  healthy: 'Sehat',
};

export const STATE_ID = {
  notLinked: 'Tidak tertaut',
  pairing: 'Menautkan',
  autoOff: 'Otomatis mati',
};

export const WALL_ID = {
  open: 'Layar dinding',
  leave: 'Tutup layar dinding',
  well: 'Semua sehat',
  troubled: '{{count}} bermasalah',
  struck: '{{count}} outlet',
  lasted: '{{length}} (sejak {{time}})',
  noCity: 'Tanpa kota',
};

/** What WhatsApp lets an outlet do with people it does not know. */
export const LIMITS_ID = {
  locked: 'Chat baru dikunci WhatsApp.',
  lockedUntil: 'Chat baru dikunci WhatsApp sampai {{time}}.',
  capped: 'Jatah chat baru habis.',
  cappedUntil: 'Jatah chat baru habis; dihitung lagi {{time}}.',
  left: 'Sisa jatah {{count}} chat baru.',
  title: 'Chat baru',
  open: 'Boleh',
  until: 'Dibatasi sampai',
  limited: 'chat baru dibatasi',
  unknown: 'WhatsApp belum mengatakannya.',
};

export const ALERTS_ID = {
  desktop: 'Pemberitahuan desktop',
  sound: 'Bunyi saat ada masalah',
  many: '{{count}} outlet bermasalah',
  refused: 'Browser tidak mengizinkan pemberitahuan untuk halaman ini. Izinkan di setelan browser.',
};

export const FLEET_ID = {
  struck: '{{count}} dari {{fleet}} outlet, satu sebab',
  unknown: 'Sebagian besar outlet bermasalah sekaligus.',
  over: 'Kembali: {{count}} outlet terhubung lagi.',
  lasted: '{{span}} ({{length}})',
};

export const INCIDENTS_ID = {
  title: 'Gangguan',
  lead: 'Outlet yang rusak bersamaan karena satu sebab dihitung sebagai satu gangguan. Yang dijeda dengan sengaja bukan gangguan.',
  lasting: 'Berlangsung',
  over: 'Selesai',
  lasts: 'sejak {{from}} ({{length}})',
  lasted: '{{span}} ({{length}})',
  drift: 'Basis data dan koneksi tidak sama.',
  others: '{{names}} dan {{count}} lainnya',
  struck: '{{count}} outlet',
  stillDown: '{{down}} dari {{count}} outlet belum pulih',
  take: 'Saya tangani',
  takeOver: 'Ambil alih',
  taken: 'Anda menangani gangguan ini.',
  takenBy: 'Ditangani {{name}} sejak {{time}}',
  nobody: 'Belum ada yang menangani',
  show: 'Lihat outlet',
  hide: 'Sembunyikan outlet',
  well: 'pulih {{time}}',
  down: 'belum pulih',
  open: 'Lihat gangguan',
  notLoaded: 'Daftar gangguan tidak dapat dimuat',
  noneTitle: 'Belum ada gangguan',
  none: 'Begitu outlet bermasalah lebih dari sebentar, sebab, lama, dan siapa yang menanganinya tercatat di sini.',
};

export const FINDER_ID = {
  label: 'Cari outlet atau halaman',
  act: 'Tindakan',
  page: 'Halaman',
  slash: 'Ke kotak pencarian halaman ini',
  ctrlK: 'Cari outlet atau halaman',
  help: 'Daftar tombol ini',
  escape: 'Tutup yang terbuka',
};

export const SYSTEM_ID = {
  title: 'Sistem',
  version: 'Versi WhatsApp Web',
  versionHint: 'Versi yang ditunjukkan Koneksi kepada WhatsApp. HP menolak menautkan versi yang terlalu lama.',
  shown: 'Versi yang dipakai',
  source: 'Asal',
  confirmed: 'Terakhir dipastikan WhatsApp',
  asked: 'Terakhir ditanyakan',
  ask: 'Tanyakan sekarang',
  sources: {
    pinned: 'dipatok dengan WA_VERSION',
    whatsapp: 'dari situs WhatsApp',
    library: 'bawaan Koneksi',
  },
  current: 'Tidak perlu apa-apa: Koneksi menanyakannya setiap hari dan sebelum menautkan.',
  pinned: 'Dipatok: Koneksi tidak menanyakan versi baru. Hapus WA_VERSION bila HP mulai menolak tautan.',
  askFailed: 'WhatsApp tidak menjawab saat terakhir ditanyakan; versi yang tersimpan tetap dipakai.',
  old: 'Sudah lama tidak dipastikan: HP mungkin menolak menautkan. Tanyakan sekarang, atau perbarui Koneksi.',
  nobodyAsks: 'Tidak ada situs yang ditanyai di sini; versi bawaan dipakai.',
};
