/** The servers that share the outlets, on the page of the system. */
export const NODE_ID = {
  title: 'Server',
  lead: 'Outlet dibagi rata di antara server ini. Bila satu mati, yang lain mengambil outletnya dalam 15 detik.',
  alone:
    'Koneksi berjalan di satu server ini saja. Bila ia berhenti, semua outlet terputus sampai ia menyala lagi; tautannya tetap tersimpan.',
  notLoaded: 'Daftar server belum termuat',
  list: 'Daftar server',
  row: {
    self: 'Server ini',
    outlets: '{{count}} outlet',
    version: 'Versi {{version}}',
    since: 'menyala sejak',
    heard: 'Terdengar',
    unheard: 'Belum terdengar',
    silent: 'Tidak terdengar {{length}}',
    drained: 'Dikosongkan',
    standsIn: 'Dikosongkan, tetapi melayani karena tidak ada yang lain',
    leaving: 'Sedang berhenti',
    older: 'Versi lama: tidak mengambil outlet baru',
  },
  drain: {
    action: 'Kosongkan',
    name: 'Kosongkan {{name}}',
    title: 'Kosongkan {{name}}?',
    body: 'Outletnya ({{count}}) pindah ke server lain tanpa QR, 10 per detik untuk tiap server. Server ini tetap menyala, tetapi tidak mengambil outlet sampai dikembalikan atau dinyalakan ulang.',
    done: '{{name}} sedang dikosongkan.',
  },
  undrain: {
    action: 'Kembalikan',
    name: 'Kembalikan {{name}}',
    title: 'Kembalikan {{name}}?',
    body: 'Server ini mengambil bagiannya lagi. Tiap outlet yang pindah tersambung kembali dalam beberapa detik, tanpa QR.',
    done: '{{name}} bekerja lagi.',
  },
};

export type NodeCatalogue = typeof NODE_ID;
