/** What outlets mean to those who watch them. */
export const KINDS_ID = {
  problem: 'Bermasalah',
  unstable: 'Tidak stabil',
  setup: 'Disiapkan',
  paused: 'Dijeda',
  healthy: 'Sehat',
};

export const STATE_ID = {
  notLinked: 'Belum tertaut',
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
  lasted: '{{from}}–{{to}} ({{length}})',
};

export const FINDER_ID = {
  label: 'Cari outlet atau halaman',
  page: 'Halaman',
  slash: 'Ke kotak pencarian halaman ini',
  ctrlK: 'Cari outlet atau halaman',
  help: 'Daftar tombol ini',
  escape: 'Tutup yang terbuka',
};
