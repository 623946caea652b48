import { expect, test } from '@jest/globals';
import { wordsNamed, wordsToDecline } from './own-way-out.js';
import { offersWayOut, WAY_OUT, wayOutOf } from './way-out.js';

test.each([
  ['Promo besok! Balas TIDAK untuk berhenti', ['tidak']],
  ['Promo besok! Balas *TIDAK* untuk berhenti.', ['tidak']],
  ['Balas “Tidak” utk berhenti ya kak', ['tidak']],
  ['Ketik NO untuk berhenti berlangganan', ['no']],
  ['Balas 0 jika tidak ingin menerima promo lagi.', ['0']],
  ['Kirim KELUAR untuk keluar dari daftar ini', ['keluar']],
  ['Balas dengan kata CUKUP jika Anda tidak mau dikirimi pesan lagi', ['cukup']],
  ['Balas TIDAK MAU untuk berhenti', ['tidak mau']],
  ['Balas YA untuk ikut atau TIDAK untuk berhenti', ['tidak']],
  ['Reply YES to join or NO to stop', ['no']],
  ['Reply 9 to opt out', ['9']],
  ['Reply QUIT if you no longer want to receive messages', ['quit']],
  ['Untuk berhenti, balas TIDAK', ['tidak']],
  ['Untuk berhenti berlangganan silakan balas BATAL ya', ['batal']],
  ['Tidak mau menerima promo lagi? Balas TIDAK', ['tidak']],
  ['Jika tidak ingin dihubungi lagi, ketik 0', ['0']],
  ['To stop receiving these messages, reply NO', ['no']],
  ['Halo!\n\nMau berhenti? Balas: ENGGAK', ['enggak']],
  ['Balas angka 0 untuk berhenti', ['0']],
  ['Balas TIDAK untuk berhenti 🙏', ['tidak']],
  ['balas TIDAK untuk berhenti menerima promo dari {{outlet}}', ['tidak']],
  ['Balas TIDAK untuk berhenti dari {{outlet}}.', ['tidak']],
  ['Balas TIDAK untuk berhenti menerima pesan promo Kopi Kita', ['tidak']],
  ['Balas TIDAK untuk berhenti dari daftar pelanggan kami di Surabaya', ['tidak']],
  ['Balas TIDAK untuk berhenti (gratis)', ['tidak']],
  ['Balas "TIDAK" ke nomor ini untuk berhenti', ['tidak']],
  ['Bls TIDAK utk berhenti', ['tidak']],
  ['Balas TIDAK utk unsub', ['tidak']],
  ['(balas TIDAK=berhenti)', ['tidak']],
  ['Ketik huruf X untuk berhenti berlangganan', ['x']],
  ['Reply with the number 9 to opt out', ['9']],
  ['Balas KELUAR atau CUKUP untuk berhenti', ['keluar', 'cukup']],
  ['Balas YA untuk berhenti berlangganan', ['ya']],
  ['Tidak ingin dapat promo? Balas TIDAK', ['tidak']],
  ['Balas LEPAS kalau tidak menerima pesan kami lagi', ['lepas']],
  ['Balas TIDAK/NO untuk berhenti', ['tidak', 'no']],
  ['Balas *TIDAK* / *NO* jika tidak mau dikirimi lagi', ['tidak', 'no']],
  ['Balas TIDAK|NO untuk berhenti', ['tidak', 'no']],
  ['Untuk berhenti, balas TIDAK | NO', ['tidak', 'no']],
  ['Reply NO/0 to stop', ['no', '0']],
  ['Untuk berhenti, balas TIDAK/BATAL', ['tidak', 'batal']],
  ['Tidak mau promo lagi? Ketik 0/TIDAK', ['0', 'tidak']],
  ['Balas YA untuk ikut / TIDAK untuk berhenti', ['tidak']],
  ['Ketik TIDAK<spasi>NAMA untuk berhenti', ['tidak']],
  ['Ketik TIDAK (spasi) Nama Anda untuk berhenti berlangganan', ['tidak']],
  ['Ketik UNDUR spasi NAMA spasi KOTA untuk berhenti', ['undur']],
  ['Ketik TIDAK#NAMA utk berhenti', ['tidak']],
  ['Untuk berhenti ketik TIDAK[spasi]NAMA', ['tidak']],
  ['Balas TIDAK,\nuntuk berhenti', ['tidak']],
  ['Balas TIDAK, untuk berhenti', ['tidak']],
  ['Promo besok!\nBalas TIDAK\nuntuk berhenti', ['tidak']],
  ['Balas TIDAK untuk\r\nberhenti', ['tidak']],
  ['Balas TIDAK \n untuk berhenti menerima\npromo kami', ['tidak']],
  ['Untuk berhenti,\nbalas TIDAK', ['tidak']],
  ['Mau berhenti?\nBalas TIDAK', ['tidak']],
  ['Untuk berhenti\nBalas TIDAK', ['tidak']],
  ['Tidak mau promo lagi?\nKetik 0', ['0']],
  ['Balas TIDAK untuk berhenti\nsalam hangat, toko kami', ['tidak']],
  ['Balas TIDAK jika merasa terganggu', ['tidak']],
  ['Jika terganggu, balas TIDAK', ['tidak']],
  ['Merasa terganggu? Balas TIDAK', ['tidak']],
  ['Bila pesan ini mengganggu, balas TIDAK', ['tidak']],
  ['Jika Anda tidak ingin menerima info ini lagi, mohon balas TIDAK', ['tidak']],
  ['Tidak ingin menerima promo lagi? Anda dapat membalas TIDAK', ['tidak']],
  ['Ketik TIDAK bila tidak ingin kami hubungi', ['tidak']],
  ['Tidak mau promo lagi\nKetik 0', ['0']],
  ['Berhenti? Balas 0', ['0']],
  ['Promo besok. Berhenti langganan: balas 0', ['0']],
  ['Unsubscribe: reply N', ['n']],
  ['Opt-out: reply OUT', ['out']],
  ['Reply NO if you do not want these messages', ['no']],
  ['Jika ingin dihapus dari daftar, balas HAPUS', ['hapus']],
  ['Balas HAPUS jika ingin nomor dihapus', ['hapus']],
  ['To be removed from this list, reply NO', ['no']],
])('%j names %j', (text, words) => {
  expect(wordsNamed(text)).toEqual(words);
  expect(offersWayOut(text)).toBe(true);
  expect(wayOutOf(text, null, null)).toEqual({ how: 'TYPED', line: null, reason: null, words });
});

test.each([
  '',
  'Balas TIDAK jika tidak ikut acara',
  'Balas YA untuk ikut, TIDAK untuk lewat',
  'Balas SEHAT untuk berhenti merokok',
  'Buat yang mau berhenti merokok, balas INFO',
  'Balas SEHAT untuk berhenti dari rokok 🚭',
  'Balas PULANG untuk keluar dari kantor lebih awal',
  'Promo keluar dari gudang, balas MAU',
  'Balas pesan ini untuk memesan',
  'Balas pesan ini untuk berhenti',
  'Ketik 1 untuk pesan, 2 untuk alamat',
  'Tidak ada promo lagi besok, balas PESAN',
  'Kami tidak akan berhenti. Balas HADIR',
  'Reply YES to get more info',
  'Kemarin tidak dapat promo? Balas MAU',
  'Did not receive our message? Reply RESEND',
  'Tidak dapat info promo? Balas INFO',
  'Tidak menerima pesan kami? Balas LAGI',
  'Tidak mau promo hambar? Balas HADIR',
  'Balas YA/TIDAK untuk konfirmasi',
  'Ketik PESAN<spasi>JUMLAH untuk memesan',
  'Balas HADIR\nuntuk ikut',
  'Jika jaringan terganggu, balas CEK',
  'Layanan terganggu? Balas CEK',
  'Balas CEK jika terganggu jaringannya',
  'Keluar kota? Balas INFO',
  'Kapan promo berhenti? Balas INFO',
  'Berhenti merokok? Balas SEHAT',
  'Jika barang ingin dihapus dari keranjang, balas HAPUS',
  'Untuk dihapus dari keranjang balas HAPUS',
  'Kalau tidak mau ketinggalan,\nBalas HADIR',
])('%j names none, and our own line stands below it', (text) => {
  expect(wordsNamed(text)).toEqual([]);
  expect(wayOutOf(text, 'id', null)).toEqual({ how: 'APPENDED', line: WAY_OUT.id, reason: null });
});

test.each([
  ['Balas TIDAK jika tidak tertarik', 'tidak'],
  ['Balas TIDAK jika Anda tidak tertarik dengan promo ini', 'tidak'],
  ['ketik BATAL jika tidak mau lagi', 'batal'],
  ['Ketik TIDAK kalau gak minat ya kak', 'tidak'],
  ['Balas TIDAK MINAT jika tidak minat', 'tidak minat'],
  ['Balas dengan angka 2 jika tidak berminat', '2'],
  ['Balas 1 jika tertarik, 2 jika tidak', '2'],
  ['Balas YA jika tertarik atau TIDAK jika tidak tertarik', 'tidak'],
  ['Balas YA jika tidak tertarik', 'ya'],
  ['(balas TIDAK = tidak tertarik)', 'tidak'],
  ['Balas TIDAK apabila tidak berkenan', 'tidak'],
  ['Balas CUKUP bila keberatan', 'cukup'],
  ['Jika tidak tertarik, balas TIDAK', 'tidak'],
  ['Kalau nggak tertarik lagi balas aja GAK', 'gak'],
  ['Yang tidak minat boleh balas TIDAK', 'tidak'],
  ['Tidak tertarik dengan promo ini? Ketik SKIP', 'skip'],
  ['reply NO if not interested', 'no'],
  ["Reply NO if you're no longer interested in our offers", 'no'],
  ["Reply NO if you don't want this anymore", 'no'],
  ['Jika tidak mau balas TIDAK', 'tidak'],
  ['Jika tidak mau\nBalas TIDAK', 'tidak'],
  ['Tidak mau?\nBalas TIDAK', 'tidak'],
  ['Jika tidak berkenan\nmohon balas TIDAK', 'tidak'],
  ['Jika kurang berkenan, balas TIDAK', 'tidak'],
])('%j names a word for having no interest, in the offer or in any', (text, word) => {
  expect([wordsNamed(text), wordsToDecline(text)]).toEqual([[], [word]]);
  expect(wayOutOf(text, 'id', null)).toMatchObject({ how: 'APPENDED', line: WAY_OUT.id, words: [], unsure: [word] });
});

test.each([
  'Balas TIDAK jika tidak bisa hadir',
  'Balas TIDAK jika tidak mau ikut arisan',
  'Balas TIDAK jika tidak jadi',
  'Balas YA jika hadir, TIDAK jika tidak',
  'Ketik BATAL untuk membatalkan pesanan',
  'Tidak mau ketinggalan? Balas MAU',
  'Tidak tertarik promo? Balas MAU',
  'Kami tidak tertarik perang harga. Balas HADIR',
  'Jika tidak tertarik abaikan saja, jika mau balas PESAN',
  'Balas INFO jika tertarik, abaikan jika tidak',
])('%j is about what it offers, and an answer to it an answer', (text) => {
  expect([wordsNamed(text), wordsToDecline(text)]).toEqual([[], []]);
});

test.each([
  ['balas 2 untuk berhenti', '2'],
  ['Balas TIDAK jika tidak tertarik menerima promo kami lagi', 'tidak'],
])('%j names it for hearing no more', (text, word) => {
  expect([wordsNamed(text), wordsToDecline(text)]).toEqual([[word], []]);
});

test.each([
  'Balas HADIR\nUntuk berhenti, balas STOP',
  'Balas HADIR,\nUntuk berhenti: balas STOP',
  'balas hadir\nuntuk berhenti, balas stop',
  'balas hadir, untuk berhenti: ketik stop',
  'Balas HADIR\n\nuntuk berhenti balas STOP',
  'balas stop untuk berhenti\nketik menu ya',
])('of %j a word for something else names nothing', (text) => {
  expect(wordsNamed(text).filter((word) => word !== 'stop')).toEqual([]);
});

test('words that are obeyed always are not kept with the blast; own ones are, also where our line is switched off', () => {
  expect(wayOutOf('Balas STOP untuk berhenti', null, null)).toEqual({ how: 'TYPED', line: null, reason: null });
  expect(wayOutOf('Balas TIDAK untuk berhenti', null, 'sudah')).toEqual({
    how: 'OFF',
    line: null,
    reason: 'sudah',
    words: ['tidak'],
  });
});

test('a text of nothing but such phrases is read in a moment', () => {
  const from = performance.now();
  for (const text of [
    'balas a ',
    'balas atau untuk mau ',
    'tidak mau lagi ',
    'untuk berhenti ini ',
    'x, ',
    'kirim pesan ',
    'balas tertarik, a jika ',
    'jika tidak minat balas ',
    'balas a/b ',
    'balas a<spasi>b ',
    'balas a,\nuntuk ',
    'untuk berhenti\nbalas a ',
    'berhenti? balas a ',
    'jika tidak mau\nbalas ',
    'mohon bisa anda ',
    ' \n ',
    '<spasi>',
  ])
    wayOutOf(text.repeat(4_096 / text.length), null, null);
  expect(performance.now() - from).toBeLessThan(1_000);
});
