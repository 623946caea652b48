import { expect, test } from '@jest/globals';
import type { MediaType } from '@koneksi/contracts/blast-limits';
import { fileNameFor } from './file-name.js';

const DOCX: MediaType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

test.each<[given: string, type: MediaType, name: string]>([
  ['Daftar harga.pdf', 'application/pdf', 'Daftar harga.pdf'],
  ['Foto.JPEG', 'image/jpeg', 'Foto.JPEG'],
  ['promo.apk', DOCX, 'promo.docx'],
  ['promo', DOCX, 'promo.docx'],
  ['Harga v1.2', DOCX, 'Harga v1.2.docx'],
  ['surat.docx.exe', DOCX, 'surat.docx.docx'],
  ['x\u202Efdp.exe', 'application/pdf', 'xfdp.pdf'],
  ['a\u200bb\u2067c.pdf', 'application/pdf', 'abc.pdf'],
  ['../../etc/passwd', 'application/pdf', 'passwd.pdf'],
  ['..\\..\\Windows\\system.ini', 'application/pdf', 'system.pdf'],
  ['../..', 'application/pdf', 'berkas.pdf'],
  ['.pdf', 'application/pdf', 'pdf.pdf'],
  ['satu:dua?.pdf', 'application/pdf', 'satu_dua_.pdf'],
  ['Keluarga 👨‍👩‍👧.png', 'image/png', 'Keluarga 👨‍👩‍👧.png'],
  ['x'.repeat(120), 'application/pdf', `${'x'.repeat(116)}.pdf`],
])('%j becomes fit for customers', (given, type, name) => {
  expect(fileNameFor(given, type)).toBe(name);
});
