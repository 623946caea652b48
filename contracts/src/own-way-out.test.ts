import { expect, test } from '@jest/globals';
import { wordsNamed } from './own-way-out.js';
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
])('%j names none, and our own line stands below it', (text) => {
  expect(wordsNamed(text)).toEqual([]);
  expect(wayOutOf(text, 'id', null)).toEqual({ how: 'APPENDED', line: WAY_OUT.id, reason: null });
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
  ])
    wordsNamed(text.repeat(4_096 / text.length));
  expect(performance.now() - from).toBeLessThan(200);
});
