import { expect, test } from '@jest/globals';
import { nearMissesOf } from './blast-near-misses.ts';

test.each<[typed: string, meant: string]>([
  ['{nama}', '{{nama}}'],
  ['{{nama}', '{{nama}}'],
  ['{nama}}', '{{nama}}'],
  ['{ {nama} }', '{{nama}}'],
  ['{{{nama}}}', '{{nama}}'],
  ['[nama]', '{{nama}}'],
  ['[[Nama]]', '{{nama}}'],
  ['<nama>', '{{nama}}'],
  ['<<NAMA>>', '{{nama}}'],
  ['${nama}', '{{nama}}'],
  ['#{kota}', '{{kota}}'],
  ['%nama%', '{{nama}}'],
  ['%%name%%', '{{nama}}'],
  ['#nama#', '{{nama}}'],
  ['__kota__', '{{kota}}'],
  ['{name}', '{{nama}}'],
  ['{first_name}', '{{nama}}'],
  ['[First Name]', '{{nama}}'],
  ['*|FNAME|*', '{{nama}}'],
  ['{var1}', '{{var1}}'],
  ['{{contact.nama}}', '{{nama}}'],
  ['{{nama, Kak}}', '{{nama|Kak}}'],
  ['{{nama;Kak}}', '{{nama|Kak}}'],
  ['{{"nama"}}', '{{nama}}'],
  ['{{na\u200bma}}', '{{nama}}'],
  ['｛｛nama｝｝', '{{nama}}'],
  ['{{nama|Kak}', '{{nama|Kak}}'],
  ['{% nama %}', '{{nama}}'],
  ['[kota]', '{{kota}}'],
  ['{{kota.nama}}', '{{kota.nama}}'],
  ['$nama', '{{nama}}'],
  ['$name$', '{{nama}}'],
  ['<%= nama %>', '{{nama}}'],
  ['&lt;nama&gt;', '{{nama}}'],
  ['«nama»', '{{nama}}'],
  ['【Nama】', '{{nama}}'],
  ['((nama))', '{{nama}}'],
  ['::nama::', '{{nama}}'],
  ['@kota@', '{{kota}}'],
  ['\\{nama\\}', '{{nama}}'],
  ['[nama anda]', '{{nama}}'],
  ['[Isi Nama]', '{{nama}}'],
  ['<your name>', '{{nama}}'],
  ['%s', '{{nama}}'],
  ['{}', '{{nama}}'],
  ['{{nama|upper}}', '{{nama}}'],
  ['{{ name | default: "Kak" }}', '{{nama|Kak}}'],
  ['{{nama || "Kak"}}', '{{nama|Kak}}'],
  // One brace, or another bracket at the other end.
  ['{nama', '{{nama}}'],
  ['nama}', '{{nama}}'],
  ['{kota]', '{{kota}}'],
  ['[nama}', '{{nama}}'],
  ['{(nama)}', '{{nama}}'],
  ['{!nama}', '{{nama}}'],
  ['{~kota~}', '{{kota}}'],
  ['<nama/>', '{{nama}}'],
  ['[nama/Kak]', '{{nama|Kak}}'],
  ['「nama」', '{{nama}}'],
  ['⟨Kota⟩', '{{kota}}'],
  ['%(nama)s', '{{nama}}'],
  ['%1$s', '{{nama}}'],
  ['@nama', '{{nama}}'],
  ['%nama', '{{nama}}'],
  ['[nama toko]', '{{outlet}}'],
  ['<Outlet Name>', '{{outlet}}'],
  // Where the value is missing, customers would read these.
  ['{{nama|Kak|Bu}}', '{{nama}}'],
  ['{{nama|first}}', '{{nama}}'],
  ['{{nama|%kota%}}', '{{kota}}'],
])('%s is told from %s', (typed, meant) => {
  const misses = nearMissesOf(`Halo ${typed}, apa kabar?`, ['kota']);
  expect(misses.map((miss) => miss.meant)).toContain(meant);
});

test.each([
  'Halo {{nama}}, {{ NAMA | Kak }} dari {{outlet}}',
  'Diskon 50% untuk 100% pelanggan',
  'Naik 10% lalu turun 20% lagi',
  'Ketik DAFTAR [kota tujuan] (nama) <spasi> jumlah',
  'Tagar #promo #akhirpekan #50persen',
  'Surel: toko@contoh.id, sosmed @toko.kita',
  'A < B dan C > D, :) :-} ;-{',
  '*tebal* _miring_ ~coret~ `mono` ```kode```',
  'Buka [09.00-21.00] setiap hari',
  'https://contoh.id/a%20b%20c?x=[1]&y=<2>',
  'Harga $5, Rp{10.000',
  '__hemat__ sekali',
  'Bayar $10, kembali $nol; US$kota',
  'Kode :nama: dan ^ di atas, 100%s d ukuran S',
  '«Promo» 【Diskon】 ((gratis)) a@b.id c@d.id',
  '{{nama|Sobat Koneksi}}, {{kota|default kota}}',
  'Ikuti @nama.toko, surel nama@toko.id, 1/2 porsi [1/2], 50%name',
  '{{nama|Kak/Bu}} di kota :} lalu ;-{ kota',
  '',
])('%j means what it says', (message) => {
  expect(nearMissesOf(message, ['kota'])).toEqual([]);
});

test.each(['{', '{{', '[', '%', '<', '{ ', '#{', '{{nama', '｛'])(
  'a message of nothing but %j is read in no time',
  (piece) => {
    const message = piece.repeat(4_096 / piece.length);
    const began = performance.now();
    nearMissesOf(message, ['kota']);
    expect(performance.now() - began).toBeLessThan(1_500);
  },
);
