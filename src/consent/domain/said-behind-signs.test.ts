import { describe, expect, test } from '@jest/globals';
import { readOffered } from './offered-words.js';
import { readWish, type Wish } from './wish.js';

const outcome = (wish: Wish | null): string => wish?.kind ?? 'neither';

test.each([
  ['1. Balas STOP', 'sure'],
  ['1. STOP', 'sure'],
  ['2) stop ya kak', 'sure'],
  ['(3) STOP', 'sure'],
  ['[4] STOP', 'sure'],
  ['5 - STOP', 'sure'],
  ['2 = STOP', 'sure'],
  ['#1 STOP', 'sure'],
  ['1️⃣ STOP', 'sure'],
  ['② BERHENTI', 'sure'],
  ['a) STOP', 'sure'],
  ['ii. stop', 'sure'],
  ['*1. STOP*', 'sure'],
  ['- 1. STOP', 'sure'],
  ['- STOP', 'sure'],
  ['• STOP', 'sure'],
  ['➡️ STOP', 'sure'],
  ['Opsi 2: STOP', 'sure'],
  ['pilih 2. STOP', 'sure'],
  ['2 (STOP)', 'sure'],
  ['1. Balas STOP untuk berhenti.', 'sure'],
  ['1. STOP\n2. UNREG', 'sure'],
  ['Re: STOP', 'sure'],
  ['RE: Bls: stop', 'sure'],
  ['Re: tolong jangan kirim promo lagi', 'sure'],
  ['> STOP', 'sure'],
  ['> > Balas STOP untuk berhenti', 'sure'],
  ['> Promo besok! Balas STOP untuk berhenti\nSTOP', 'sure'],
  ['Pada Jum, 27 Nov 2026, Toko Maju menulis:\n> Promo besok\n\nSTOP', 'sure'],
  ['On Fri, Toko wrote:\n> Reply STOP to unsubscribe.\nstop please', 'sure'],
  ['STOP|BERHENTI', 'sure'],
  ['STOP / BERHENTI', 'sure'],
  ['STOP atau BERHENTI', 'sure'],
  ['stop or unsubscribe', 'sure'],
  ['STOP, BERHENTI', 'sure'],
  ['Balas STOP|BERHENTI untuk berhenti', 'sure'],
  ['Balas STOP\nUntuk berhenti', 'sure'],
  ['Balas STOP.\nUntuk berhenti.', 'sure'],
  ['Untuk Berhenti:\nBalas STOP', 'sure'],
  ['Balas:\nSTOP', 'sure'],
  // They may be somebody else's words.
  ['Fwd: STOP', 'unsure'],
  ['FW: Balas STOP untuk berhenti', 'unsure'],
  ['Fwd: Balas STOP untuk berhenti', 'unsure'],
  ['Fwd: Fwd: 1. STOP', 'unsure'],
  ['---------- Forwarded message ---------\nBalas STOP untuk berhenti', 'unsure'],
  ['*Diteruskan berkali-kali*\nbalas stop', 'unsure'],
  ['[28/11 10.22] Toko Maju: Balas STOP untuk berhenti', 'unsure'],
  ['Budi: STOP', 'unsure'],
  ['1 stop', 'unsure'],
  ['fwd stop', 'unsure'],
  ['> STOP\nini maksudnya apa ya kak?', 'unsure'],
  ['YA/STOP', 'unsure'],
  ['lanjut atau stop', 'neither'],
  ['1. stop kontak\n2. lampu', 'neither'],
  ['1. stop kontak', 'neither'],
  ['Pesanan: cancel', 'neither'],
  ['#2 cancel', 'neither'],
  ['2. cancel', 'neither'],
  ['3) remove', 'unsure'],
  ['1. quit\n2. end', 'neither'],
  ['1. jangan kirim lagi', 'sure'],
  ['1. remove me', 'sure'],
  ['2 cancel ya kak', 'neither'],
  ['Fwd: Promo akhir pekan diskon 50%!\n\nBalas STOP untuk berhenti.', 'neither'],
  ['Balas STOP untuk berhenti\nPromo akhir pekan ini', 'unsure'],
  ['Jawaban: 1. STOP', 'unsure'],
  ['> Promo besok\nsiap kak', 'neither'],
])('%j: %s', (message, expected) => expect(outcome(readWish(message))).toBe(expected));

test.each([
  ['Balas TIDAK\nUntuk berhenti', 'sure'],
  ['Balas TIDAK.\nUntuk berhenti.', 'sure'],
  ['Untuk berhenti\nBalas TIDAK', 'sure'],
  ['Balas\nTIDAK', 'sure'],
  ['TIDAK|NO', 'sure'],
  ['TIDAK | NO', 'sure'],
  ['TIDAK/NO', 'sure'],
  ['tidak \\ no', 'sure'],
  ['TIDAK atau NO', 'sure'],
  ['TIDAK or NO', 'sure'],
  ['TIDAK, NO', 'sure'],
  ['TIDAK (NO)', 'sure'],
  ['Balas TIDAK|NO untuk berhenti', 'sure'],
  ['Balas TIDAK, NO untuk berhenti', 'sure'],
  ['1. TIDAK', 'sure'],
  ['2) Balas TIDAK untuk berhenti', 'sure'],
  ['- tidak kak', 'sure'],
  ['Kak/min, tidak', 'sure'],
  ['Pak/Bu tidak', 'sure'],
  ['maaf / tidak', 'sure'],
  ['tidak / makasih', 'sure'],
  ['Re: TIDAK', 'sure'],
  ['> Promo besok! Balas TIDAK untuk berhenti\nTIDAK', 'sure'],
  ['1. TIDAK\n2. NO', 'sure'],
  ['Fwd: TIDAK', 'unsure'],
  ['Fwd: Balas TIDAK untuk berhenti', 'unsure'],
  ['Budi: tidak', 'unsure'],
  ['2 tidak', 'unsure'],
  ['TIDAK/YA', 'unsure'],
  // An answer to the offer, or to something else.
  ['YA/TIDAK', 'neither'],
  ['Balas YA/TIDAK', 'neither'],
  ['Kak/min, ya/tidak', 'neither'],
  ['ok/tidak', 'neither'],
  ['ready atau tidak kak?', 'neither'],
  ['1. ya\n2. tidak', 'neither'],
  ['1. Ya', 'neither'],
  ['2 tidak pedas', 'neither'],
  ['1. tidak pedas\n2. pedas', 'neither'],
  ['bisa 28/11 atau tidak?', 'neither'],
])('%j to who named TIDAK and NO: %s', (answer, expected) =>
  expect(outcome(readOffered(answer)!(['tidak', 'no']))).toBe(expected),
);

test.each([
  ['1. 2', 'neither'],
  ['Jumlah: 2', 'neither'],
  ['1/2 kg ya kak', 'neither'],
  ['2', 'sure'],
])('%j to who named 2: %s', (answer, expected) => expect(outcome(readOffered(answer)!(['2']))).toBe(expected));

test('of who names TIDAK for declining, behind signs too a person decides', () => {
  for (const answer of ['1. TIDAK', 'Re: TIDAK', 'TIDAK|NO', 'Balas TIDAK\nJika tidak tertarik'])
    expect(readOffered(answer)!([], ['tidak', 'no'])).toEqual({ kind: 'unsure', words: 'tidak minat' });
});

describe('what people answer shops', () => {
  const HARMLESS = [
    'tidak apa-apa kak',
    'ga papa kok min',
    'ora opo-opo mas',
    'mboten nopo-nopo mbak',
    'nggih, matur nuwun',
    'yo wis, sesuk wae',
    'iki regane piro?',
    'isih ono stok e?',
    'kulo pesen kalih nggih',
    'oke siap kak, ditunggu',
    'tidak pedas ya kak',
    'gak pakai gula, es sedikit',
    'no sugar please',
    'no problem, thanks!',
    'not yet, maybe tomorrow',
    'size 40 or 41 is fine',
    'merah atau biru?',
    'COD atau transfer?',
    'ready atau tidak kak?',
    'bisa kirim hari ini/besok?',
    'jam 10/11 saya ambil',
    '1/2 kg aja',
    '1. Kopi susu\n2. Roti bakar',
    '1) dua porsi\n2) tanpa sambal',
    '- alamat: Jl. Mawar 3\n- penerima: Budi',
    'Nama: Siti\nAlamat: Jl. Melati 5',
    'No. 2 ya kak',
    'a. merah',
    '2 ya min',
    'Fwd: bukti transfer',
    'Re: pesanan kemarin',
    '[28/11 10.22] Siti: pesanan saya sudah dikirim?',
    '> Stok terbatas\nmasih ada kak?',
    'Budi: pesan 3 ya',
    'lampu tidak menyala, bisa ditukar?',
    'nomor resi berapa?',
    'busnya lewat halte mana?',
    'saya belum sempat, besok ya',
    'can I pay on arrival?',
    'nuwun sewu, tokonya buka jam pinten?',
    'pengiriman sudah sampai, terima kasih 🙏',
    'mau yang nonstop ya',
  ];

  test.each(HARMLESS)('%j is no wish', (text) => {
    expect(outcome(readWish(text))).toBe('neither');
    expect(outcome(readOffered(text)!(['keluar', '0', 'cukup'], ['lewat']))).toBe('neither');
  });

  test.each(['1. ', '- ', 'Re: ', 'Fwd: ', '> ', 'Budi: '])('nor is any behind %j', (sign) => {
    for (const text of HARMLESS) expect([text, outcome(readWish(`${sign}${text}`))]).toEqual([text, 'neither']);
  });
});

test('signs without end are read in a moment', () => {
  for (const text of ['1. ', '> ', 'Re: ', 'Fwd: ', '- ', '1. STOP\n', 'a|', 'a/b atau '])
    expect(outcome(readWish(text.repeat(20_000 / text.length)))).toBe('neither');
});
