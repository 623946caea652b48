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
};
