import { describe, expect, test } from '@jest/globals';
import { languageOf } from './text-language.js';
import { offersWayOut, WAY_OUT, wayOutLength, withWayOut } from './way-out.js';

describe('a text that offers a way out', () => {
  test.each([
    ...Object.values(WAY_OUT),
    'Promo akhir pekan!\nBalas *STOP* untuk berhenti',
    'Tidak mau promo lagi? Balas BERHENTI',
    'Ketik “STOP” utk berhenti langganan.',
    'Balas dengan kata STOP, maka kami berhenti.',
    'Sale today only. To opt out, reply STOP',
    'Text STOP to 12345 to end',
    'reply: stop',
    'Unsubscribe: https://toko.example/u/1',
    'kirim   UNREG   ke nomor ini',
    'Reply with STOP if you want no more of this',
  ])('%j', (text) => expect(offersWayOut(text)).toBe(true));

  test.each([
    '',
    'Promo non stop sampai malam!',
    'Kami kirim tanpa berhenti ke seluruh kota',
    'Kirim stop kontak ke toko',
    'Jangan berhenti kirim foto terbaik Anda',
    'Balas pesan ini untuk memesan',
    'STOP! Diskon besar',
    'Send stopwatch pictures to win',
    'We reply non-stop until midnight',
  ])('not %j', (text) => expect(offersWayOut(text)).toBe(false));

  test('stands below the words; alone where there are none', () => {
    expect(withWayOut('Halo', WAY_OUT.id)).toBe('Halo\n\nBalas STOP untuk berhenti.');
    expect(withWayOut('', WAY_OUT.en)).toBe('Reply STOP to unsubscribe.');
    expect(withWayOut('Halo', null)).toBe('Halo');
    expect(wayOutLength('Halo', WAY_OUT.id)).toBe(28);
    expect(wayOutLength('Halo', null)).toBe(0);
  });
});

test.each([
  ['Halo kak {{nama}}, diskon 20% hari ini di toko kami', 'id'],
  ['Dear {{nama}}, our sale is on until tomorrow', 'en'],
  ['please stop texting me', 'en'],
  ['tolong stop kirim ya kak', 'id'],
  ['STOP', null],
  ['stop promo!!', null],
  ['', null],
  ['🎉🎉', null],
])('the language of %j is %s', (text, language) => expect(languageOf(text)).toBe(language));
