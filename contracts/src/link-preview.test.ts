import { expect, test } from '@jest/globals';
import { linkPreviewOf } from './link-preview.ts';

test.each([
  ['Katalog Lebaran: https://toko.id/lebaran', 'https://toko.id/lebaran', 'Katalog Lebaran', 'toko.id/lebaran'],
  ['*Diskon 20%*\n\nPesan di sini 👉 https://www.toko.id', 'https://www.toko.id', 'Pesan di sini', 'toko.id'],
  [
    'Promo akhir pekan\nhttps://toko.id/?utm_source=wa',
    'https://toko.id/?utm_source=wa',
    'Promo akhir pekan',
    'toko.id',
  ],
  ['www.toko.id/menu', 'www.toko.id/menu', 'toko.id', 'toko.id/menu'],
  ['Lihat (https://toko.id/a).', 'https://toko.id/a', 'Lihat', 'toko.id/a'],
  ['(Lihat https://toko.id/b).', 'https://toko.id/b', 'Lihat', 'toko.id/b'],
  ['Wiki https://id.example/Toko_(usaha)', 'https://id.example/Toko_(usaha)', 'Wiki', 'id.example/Toko_(usaha)'],
  [
    'Wiki (https://id.example/Toko_(usaha)), ya',
    'https://id.example/Toko_(usaha)',
    'Wiki ya',
    'id.example/Toko_(usaha)',
  ],
  ['*https://toko.id/promo*!', 'https://toko.id/promo', 'toko.id', 'toko.id/promo'],
  ['Kode https://toko.id/a_', 'https://toko.id/a_', 'Kode', 'toko.id/a_'],
  ['_*https://toko.id*_', 'https://toko.id', 'toko.id', 'toko.id'],
  ['Satu https://a.id dan dua https://b.id', 'https://a.id', 'Satu dan dua', 'a.id'],
  ['HTTPS://TOKO.ID/Promo', 'HTTPS://TOKO.ID/Promo', 'toko.id', 'toko.id/Promo'],
  ['Menu https://toko.id/kopi%20susu', 'https://toko.id/kopi%20susu', 'Menu', 'toko.id/kopi susu'],
  ['Rusak https://toko.id/%E0%A4%A', 'https://toko.id/%E0%A4%A', 'Rusak', 'toko.id/%E0%A4%A'],
  // A host of look-alike letters is told as what it is.
  ['Bank https://xn--bnk-cma.id', 'https://xn--bnk-cma.id', 'Bank', 'xn--bnk-cma.id'],
  ['Bank https://bаnk.id', 'https://bаnk.id', 'Bank', 'xn--bnk-6cd.id'],
  // Nothing within a line turns the rest of it around.
  ['Pro\u202emo https://toko.id/%E2%80%AEfdp', 'https://toko.id/%E2%80%AEfdp', 'Promo', 'toko.id/fdp'],
])('%j leads with what the message says of its link', (text, matchedText, title, description) => {
  expect(linkPreviewOf(text)).toEqual({ matchedText, title, description });
  expect(text).toContain(matchedText);
});

test.each([
  'Halo kak, pesanan siap',
  'Harga Rp10.000. Buka 08.00',
  'https://',
  'https://localhost/x',
  'www.',
  'http://[',
  'https://bank.id@jahat.example/masuk',
  'ftp://toko.id',
  'surel: kak@toko.id',
  '',
])('%j has no preview', (text) => {
  expect(linkPreviewOf(text)).toBeNull();
});

test('it is as long as a phone shows, and cut between characters', () => {
  const preview = linkPreviewOf(`${'🌶️'.repeat(200)}kata https://toko.id/${'a'.repeat(2_000)}`);
  expect([...preview!.title].length).toBeLessThanOrEqual(90);
  expect(preview!.title).not.toMatch(/[\ud800-\udbff]…$/u);
  expect([...preview!.description].length).toBeLessThanOrEqual(90);
});

test('marks without end take no longer than as many letters', () => {
  const link = `https://toko.id/a${')'.repeat(1_000_000)}`;
  expect(linkPreviewOf(`Lihat ${link}`)?.matchedText).toBe('https://toko.id/a');
});
