import { expect, test } from '@jest/globals';
import { optOutKeyword } from './opt-out-keyword.js';

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
])('%j amounts to %s', (message, keyword) => {
  expect(optOutKeyword(message)).toBe(keyword);
});

test.each([
  [''],
  ['   '],
  ['🙏'],
  ['terima kasih kak'],
  ['stop by tomorrow'],
  ["don't stop"],
  ['jangan stop'],
  ['jangan berhenti'],
  ['jangan berhenti kirim promo ya'],
  ['non-stop'],
  ['bus stop'],
  ['apakah stop kontak masih ada'],
  ['kapan berhenti jualan?'],
  ['stop order dulu'],
  ['berhenti di lampu merah'],
  ['kirim lagi'],
  ['subscribe'],
  ['nonstop'],
  ['stop stop'],
  ['how do I unsubscribe from the newsletter of the other shop that you told me about last week, please?'],
  [`${'stop '.repeat(30)}`],
])('%j is a message like any other', (message) => {
  expect(optOutKeyword(message)).toBeNull();
});
