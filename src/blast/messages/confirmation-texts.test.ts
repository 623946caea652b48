import { expect, test } from '@jest/globals';
import { offersWayOut, WAY_OUT } from '@koneksi/contracts/way-out';
import { readWish } from '../../consent/domain/wish.js';
import { CONFIRMATION_TEXTS } from './confirmation-texts.js';

// The other end may be a shop with a Koneksi of its own, or with an answering machine.
test.each(Object.values(CONFIRMATION_TEXTS))('%j reads like no wish', (text) => {
  expect(readWish(text)).toBeNull();
  expect(offersWayOut(text)).toBe(false);
});

test.each([
  ...Object.values(WAY_OUT).map((line) => `Promo akhir pekan di toko kami!\n\n${line}`),
  'Terima kasih telah menghubungi kami. Kami buka pukul 9. Balas BERHENTI untuk berhenti berlangganan.',
  // That line alone is what a customer copies who was told to answer it.
  'Ada promo baru, kak. Ketik STOP untuk berhenti berlangganan',
  'Thanks for your message! Reply STOP to unsubscribe.',
])('nor is %j one that is obeyed', (text) => expect(readWish(text)?.kind).not.toBe('sure'));
