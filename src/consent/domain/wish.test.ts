import { expect, test } from '@jest/globals';
import { readWish } from './wish.js';

test.each([
  ['STOP', 'STOP'],
  ['stop', 'STOP'],
  ['  Stop \n', 'STOP'],
  ['"STOP"', 'STOP'],
  ['*STOP*', 'STOP'],
  ['“stop”', 'STOP'],
  ['stop!!!', 'STOP'],
  ['Stop.', 'STOP'],
  ['stop?', 'STOP'],
  ['STOPPP', 'STOP'],
  ['s t o p', 'STOP'],
  ['S.T.O.P', 'STOP'],
  ['ＳＴＯＰ', 'STOP'],
  ['st\u200bop\ufeff', 'STOP'],
  ['stop 🙏🏼', 'STOP'],
  ['Tolong stop ya kak 🙏', 'STOP'],
  ['please stop, thank you', 'STOP'],
  ['Stop promo', 'STOP'],
  ['STOP WA', 'STOP'],
  ['Jangan kirim lagi', 'STOP'],
  ['tolong jangan WA saya lagi!', 'STOP'],
  ['BERHENTI', 'BERHENTI'],
  ['berhenti.', 'BERHENTI'],
  ['Mohon berhenti berlangganan', 'BERHENTI'],
  ['saya mau berhenti', 'BERHENTI'],
  ['brenti dong', 'BERHENTI'],
  ['UNSUBSCRIBE', 'UNSUBSCRIBE'],
  ['Unsubscribe me please', 'UNSUBSCRIBE'],
  ['unsub', 'UNSUBSCRIBE'],
  ['UNREG PROMO', 'UNSUBSCRIBE'],
  ['batal langganan', 'UNSUBSCRIBE'],
  ['STOP\nJangan kirim promo lagi', 'STOP'],
  ['Stop. Thank you', 'STOP'],
  ['STOP STOP', 'STOP'],
  ['stop stop stop!!', 'STOP'],
  ['stop '.repeat(30), 'STOP'],
  ['STOP BERHENTI', 'STOP'],
  ['STOPALL', 'STOP'],
  ['CANCEL', 'STOP'],
  ['St0p', 'STOP'],
  ['sotp', 'STOP'],
  ['Tolong hapus nomor saya', 'STOP'],
  ['hapus no hp saya dong kak', 'STOP'],
  ['Mohon hapus saya dari daftar', 'STOP'],
  ['jangan kirim promo lagi ke nomor ini', 'STOP'],
  ['jangan kirim lagi ya kak', 'STOP'],
  ['Jgn kirim kirim promo lagi', 'STOP'],
  ['gak usah kirim promo lagi min', 'STOP'],
  ['tolong jangan hubungi saya lagi', 'STOP'],
  ['jangan ganggu saya', 'STOP'],
  ['saya tidak mau menerima promo lagi', 'STOP'],
  ['ga mau dikirimi wa lagi', 'STOP'],
  ['Please stop sending me messages', 'STOP'],
  ["don't text me anymore", 'STOP'],
  ['do not contact me again', 'STOP'],
  ['Remove me from your list', 'STOP'],
  ['take me off this list', 'STOP'],
  ['leave me alone', 'STOP'],
  ['berhneti', 'BERHENTI'],
  ['Berhenti! saya sudah tidak di kota ini', 'BERHENTI'],
  ['mau unsubscribe dong kak', 'UNSUBSCRIBE'],
  ['saya mau berhenti berlangganan promo', 'UNSUBSCRIBE'],
  ['optout', 'STOP'],
  ['unsubscibe', 'UNSUBSCRIBE'],
  // Who obeyed what we wrote, and heard from us again.
  ['Saya sudah balas STOP! Jangan kirim promo lagi', 'STOP'],
  ['saya sudah ketik stop. jangan kirim lagi', 'STOP'],
  ['Kemarin sudah kirim STOP. Tolong hapus nomor saya', 'STOP'],
  ['tadi aku udah bales berhenti, stop dong', 'STOP'],
  ['Sudah 2x ketik STOP, masih dikirim. Berhenti kirim promo', 'STOP'],
  ['I did reply stop. please stop texting me', 'STOP'],
  ['I have already sent stop, unsubscribe me', 'UNSUBSCRIBE'],
  ['sudah balas stop kok', 'STOP'],
  ['i already replied with stop', 'STOP'],
])('%j amounts to %s', (message, keyword) => {
  expect(readWish(message)).toEqual({ kind: 'sure', keyword });
});

test.each([
  ['stop kontak dulu ya barangnya ready?'],
  ['stop by tomorrow'],
  ['stop order dulu'],
  ['berhenti di lampu merah'],
  ['how do I unsubscribe from the newsletter of the other shop that you told me about last week, please?'],
  ['gimana cara berhenti berlangganan?'],
  ['maaf kak saya tidak minat'],
  ['not interested, thanks'],
  ['ini spam ya'],
  ['saya merasa terganggu'],
  ['salah nomor kak'],
  ['saya blokir nomor ini ya'],
  ['hapus nomor lama saya, ganti yang baru ya'],
  ['jangan kirim ke alamat lama lagi ya'],
])('%j looks like a refusal and waits for a person', (message) => {
  expect(readWish(message)).toMatchObject({ kind: 'unsure', words: expect.stringMatching(/./) });
});

test('a person is shown words of our lists, never the message', () => {
  expect(readWish('saya tidak minat, nama saya Rahasia Sekali')).toEqual({ kind: 'unsure', words: 'tidak minat' });
});

test.each([
  [''],
  ['   '],
  ['🙏'],
  ['terima kasih kak'],
  ["don't stop"],
  ['jangan stop'],
  ['jangan berhenti'],
  ['jangan berhenti kirim promo ya'],
  ['non-stop'],
  ['bus stop'],
  ['apakah stop kontak masih ada'],
  ['kapan berhenti jualan?'],
  ['kirim lagi'],
  ['subscribe'],
  ['nonstop'],
  ['buka nonstop 24 jam?'],
  ['halte bus stop mana kak?'],
  ['jangan lupa kirim promo ya'],
  ['jangan kirim dulu ya, besok saja'],
  ['tolong kirim promo lagi'],
  ['pesanan saya batal ya'],
  ['hapus pesanan saya yang kemarin'],
  ['saya mau pesan 2'],
  ['ada stopmap warna merah?'],
  ['dont forget my order'],
  ['tidak usah pakai plastik ya'],
  ['minat kak, harganya berapa?'],
  ['kak mau tanya, stok ready?'],
  ['jangan pedas ya kak'],
  ['saya tidak mau yang pedas'],
])('%j is a message like any other', (message) => {
  expect(readWish(message)).toBeNull();
});

test.each(['Ketik STOP untuk berhenti berlangganan', 'Text STOP to opt out', 'Balas UNREG utk stop langganan'])(
  '%j tells others what to write: a person looks at it',
  (text) => expect(readWish(text)).toMatchObject({ kind: 'unsure' }),
);

test('who quotes such a line and says it themselves is obeyed', () => {
  expect(readWish('STOP\n> Balas STOP untuk berhenti.')).toEqual({ kind: 'sure', keyword: 'STOP' });
});
