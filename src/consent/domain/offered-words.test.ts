import { expect, test } from '@jest/globals';
import { readOffered } from './offered-words.js';

test.each([
  ['TIDAK', ['tidak']],
  ['tidak', ['tidak']],
  ['Tidak kak, terima kasih 🙏', ['tidak']],
  ['"TIDAK"', ['tidak']],
  ['tidakk', ['tidak']],
  ['tidka', ['tidak']],
  ['tidak tidak', ['tidak']],
  ['tdk', ['tidak']],
  ['ga usah', ['tidak']],
  ['Ga usah kak', ['tidak']],
  ['gak mau lagi', ['tidak']],
  ['nggak', ['tidak']],
  ['enggak mau', ['tidak']],
  ['saya tidak mau lagi', ['tidak']],
  ['gausah', ['tidak']],
  ['tidak usah lagi ya min', ['tidak']],
  ['no thanks', ['no']],
  ['nope', ['no']],
  ['tidak', ['no']],
  ['0', ['0']],
  ['KELUAR', ['keluar']],
  ['kelaur', ['keluar']],
  ['tolong keluar', ['keluar']],
  ['9', ['stop dulu', '9']],
  ['Cukup ya', ['cukup']],
  ['YA', ['ya']],
  ['Ya.', ['ya']],
  ['yaaa kak', ['ya']],
  ['Iya kak', ['ya']],
  ['y', ['ya']],
  ['yes', ['ya']],
  ['Oke', ['oke']],
  ['X', ['x']],
  ['emoh', ['tidak']],
  ['mboten', ['tidak']],
  ['oke TIDAK', ['tidak']],
  // Who writes down what they were told to.
  ['Balas TIDAK', ['tidak']],
  ['Balas TIDAK untuk berhenti', ['tidak']],
  ['"Balas TIDAK untuk berhenti." 🙏', ['tidak']],
  ['Balas TIDAK untuk berhenti menerima promo Kopi Kita', ['tidak']],
  ['balas tidak ya', ['tidak']],
  ['Ketik TIDAK', ['tidak']],
  ['ketik tidka', ['tidak']],
  ['Jawab: TIDAK', ['tidak']],
  ['jawabannya tidak', ['tidak']],
  ['ok saya jawab tidak', ['tidak']],
  ['Saya balas TIDAK', ['tidak']],
  ['saya bilang TIDAK', ['tidak']],
  ['Saya sudah balas TIDAK', ['tidak']],
  ['TIDAK untuk berhenti', ['tidak']],
  ['Untuk berhenti, balas TIDAK', ['tidak']],
  ['Kirim TIDAK untuk berhenti', ['tidak']],
  ['kirim keluar', ['keluar']],
  ['balas batal', ['batal']],
  ['Reply NO', ['no']],
  ['Reply NO to stop receiving these messages', ['no']],
  ['balas 0', ['0']],
  ['Balas angka 9', ['9']],
  ['Balas YA', ['ya']],
  ['Balas YA untuk berhenti', ['ya']],
  ['Balas KELUAR atau CUKUP untuk berhenti', ['keluar', 'cukup']],
  ['Balas TIDAK/NO untuk berhenti', ['tidak', 'no']],
])('%j to who named %j is obeyed', (answer, words) => {
  expect(readOffered(answer)!(words)).toEqual({ kind: 'sure', keyword: 'STOP' });
});

test.each([
  ['Tidak bisa hari Sabtu', ['tidak'], 'tidak'],
  ['gak jadi pesan kak', ['tidak'], 'tidak'],
  ['keluar jam berapa barangnya', ['keluar'], 'keluar'],
  ['ga usah', ['0'], 'tidak mau'],
  ['gak usah kak', [], 'tidak mau'],
  ['nggak mau lagi', [], 'tidak mau'],
  ['emoh', [], 'tidak mau'],
  ['ok ga usah', [], 'tidak mau'],
  ['Balas TIDAK?', ['tidak'], 'stop'],
  ['bales ga kak', ['tidak'], 'stop'],
  ['kirim tidak ya', ['tidak'], 'stop'],
  ['balas tidak bisa Sabtu', ['tidak'], 'stop'],
  ['Ketik TIDAK spasi NAMA untuk berhenti', ['tidak'], 'stop'],
])('%j to who named %j waits for a person', (answer, words, shown) => {
  expect(readOffered(answer)!(words)).toEqual({ kind: 'unsure', words: shown });
});

test.each([
  ['Ya', ['tidak']],
  ['ya mau', ['tidak']],
  ['harganya berapa?', ['tidak']],
  ['10', ['0']],
  ['tidak', ['keluar']],
  ['kak', ['tidak']],
  ['kak', ['ya']],
  ['makasih', ['ya']],
  ['tidak', []],
  ['ga mau yang pedas', []],
  ['Promo besok! Balas TIDAK untuk berhenti', ['tidak']],
  ['Balas YA', ['tidak']],
  ['balas dong', ['tidak']],
  ['Balas TIDAK', ['keluar']],
  ['kapan kirim', ['tidak']],
])('%j to who named %j is an answer like any other', (answer, words) => {
  expect(readOffered(answer)!(words)).toBeNull();
});

test.each([
  ['TIDAK', 'tidak minat'],
  ['tidak kak, sudah punya', 'tidak minat'],
  ['gak mau', 'tidak minat'],
  ['Balas TIDAK', 'tidak minat'],
  ['Balas TIDAK jika tidak tertarik', 'tidak minat'],
  ['Jika tidak tertarik dengan promo ini, balas TIDAK', 'tidak minat'],
  ['2', null],
  ['mau kak', null],
])('%j to who named TIDAK for declining: %j', (answer, shown) => {
  expect(readOffered(answer)!([], ['tidak'])).toEqual(shown === null ? null : { kind: 'unsure', words: shown });
});

test('of two words each says its own', () => {
  const read = (answer: string): unknown => readOffered(answer)!(['keluar'], ['tidak']);
  expect(read('KELUAR')).toEqual({ kind: 'sure', keyword: 'STOP' });
  expect(read('TIDAK')).toEqual({ kind: 'unsure', words: 'tidak minat' });
});

test('nothing, and a story that begins with no such word, is no answer by one', () => {
  expect(readOffered('  ')).toBeNull();
  const story = 'saya sudah pindah ke Surabaya dan tidak belanja di toko ini lagi, mohon maaf ya kak';
  expect(readOffered(`tidak bisa kak, ${story}`)!(['tidak'])).toBeNull();
  expect(readOffered(`TIDAK: ${story}`)!(['tidak'])).toEqual({ kind: 'unsure', words: 'stop' });
});
